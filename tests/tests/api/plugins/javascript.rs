//! Rules in JavaScript, live: what brings its engine is taken, decides beside rules in Rust, and says the same as its twin there.

use coalition_tests::both_databases;
use coalition_tests::harness::actors::{Brand, Coalition, Member, fresh_id};
use coalition_tests::harness::binaries::scratch;
use coalition_tests::harness::lock::Lock;
use coalition_tests::harness::{plugins, story};
use serde_json::{Value, json};

both_databases!(a_twin_in_javascript_decides_as_the_one_in_rust);

async fn buys(brand: &Brand, member: &Member, coffees: i64) -> Value {
    let mut purchase = brand.purchase(member, coffees * 350);
    purchase["external_id"] = json!(fresh_id("coffee"));
    purchase["lines"] = json!([{ "sku": "1", "category": "COFFEE", "quantity": coffees, "amount": coffees * 350 }]);
    brand.post(&purchase).await.ok(201)
}

/// What was decided, without whose rules decided it, when, and under which ids.
fn said(sold: &Value) -> Value {
    let mut effects = sold["effects"].clone();
    for effect in effects.as_array_mut().unwrap() {
        for own in ["partner", "expires_at", "id", "code"] {
            effect.as_object_mut().unwrap().remove(own);
        }
    }
    json!({ "status": sold["status"], "points": sold["points"], "effects": effects })
}

async fn a_twin_in_javascript_decides_as_the_one_in_rust(coalition: Coalition) {
    if !plugins::can_build_javascript().unwrap() {
        story::notice("skipped: Node or the packages of sdk/js are not installed (coalition doctor says how to get them)");
        return;
    }
    let config = json!({ "cards": [{ "id": "coffee", "title": "Coffee card", "goods": { "categories": ["COFFEE*"] }, "gives": "a coffee", "worth": 450 }] });
    let (script, rust) = (coalition.brand("cafe").await, coalition.brand("bakehouse").await);
    {
        // Half a minute of the processor, and kept then: the other database's story waits for it rather than doing it beside.
        let _one = Lock::take(&scratch().unwrap().join("javascript.lock")).unwrap();
        script.deploy("stamp-card-js", &config).await;
    }
    rust.deploy("stamp-card", &config).await;
    let (ada, ben) = (script.enrol("ADA-1").await, rust.enrol("BEN-1").await);
    for coffees in [1, 3, 4, 2, 9] {
        let (one, other) = (buys(&script, &ada, coffees).await, buys(&rust, &ben, coffees).await);
        assert_eq!(said(&one), said(&other), "{coffees} coffees");
        let decision = one["decisions"][0]["id"].as_str().unwrap();
        let replay = script.http.call(reqwest::Method::POST, &format!("/v1/decisions/{decision}/replay")).await.ok(200);
        assert_eq!(replay["identical"], true, "{replay:#}");
        let back = json!({ "external_id": fresh_id("back") });
        if coffees == 3 {
            for (brand, sold) in [(&script, &one), (&rust, &other)] {
                brand.http.post(&format!("/v1/transactions/{}/refunds", sold["id"].as_str().unwrap()), &back).await.ok(201);
            }
        }
    }
    assert_eq!(script.available(&ada).await, rust.available(&ben).await);
    let live = &script.http.get("/v1/plugins").await.ok(200)["items"][0];
    assert_eq!((&live["class"], &live["runs"]["traps"]), (&json!("engine"), &json!(0)), "{live:#}");
    coalition.verify().await;
}
