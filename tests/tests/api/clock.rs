//! The test clock: it moves business time, and only where the program was made for it.

use coalition_tests::both_databases;
use coalition_tests::harness::actors::Coalition;
use coalition_tests::harness::database::Database;
use coalition_tests::harness::gateway::{self, Gateway};
use coalition_tests::harness::http::Http;
use serde_json::json;

both_databases!(
    the_clock_moves_business_time_at_every_gateway,
    only_the_operator_moves_the_clock,
    a_program_that_is_no_test_has_no_such_clock
);

async fn the_clock_moves_business_time_at_every_gateway(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({})).await;
    let ada = brand.enrol("ADA-1").await;
    let second = coalition.another_gateway();
    coalition.set_clock("2027-03-01T00:00:00Z").await;
    for http in [brand.http.clone(), brand.http.at(&second.url())] {
        let mut purchase = brand.purchase(&ada, 100);
        purchase["occurred_at"] = json!("2027-03-01T00:00:00Z");
        http.post("/v1/transactions", &purchase).await.ok(201);
    }
    // Tokens live by the time of the world: the operator is still known.
    coalition.operator.get("/v1/ledger/trial-balance").await.ok(200);
}

async fn only_the_operator_moves_the_clock(coalition: Coalition) {
    let brand = coalition.brand("bakehouse").await;
    brand.http.put("/v1/test/clock", &json!({ "now": "2027-03-01T00:00:00Z" })).await.any_problem(403);
    for bad in [json!({}), json!({ "now": "soon" }), json!({ "now": "2027-03-01T00:00:00" }), json!({ "now": 5 })] {
        coalition.operator.put("/v1/test/clock", &bad).await.any_problem(400);
    }
}

async fn a_program_that_is_no_test_has_no_such_clock(coalition: Coalition) {
    let database = Database::fresh(coalition.database.kind()).unwrap().expect("the story's own database is there");
    let credentials = gateway::init(&database, &[]).unwrap();
    let real = Gateway::serve(&database).unwrap();
    let operator = Http::new(&real.url()).login(&credentials.client_id, &credentials.client_secret).await;
    let answer = operator.put("/v1/test/clock", &json!({ "now": "2027-03-01T00:00:00Z" })).await;
    let nowhere = operator.put("/v1/test/nothing-here", &json!({ "now": "2027-03-01T00:00:00Z" })).await;
    assert_eq!(answer.any_problem(404)["code"], nowhere.any_problem(404)["code"]);
}
