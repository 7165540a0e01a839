//! Every award can be explained, and decided again with the same outcome.

use coalition_tests::both_databases;
use coalition_tests::harness::actors::Coalition;
use serde_json::json;

both_databases!(a_decision_shows_what_the_rules_saw_and_said, every_decision_replays_to_the_same, nobody_elses_decisions_are_seen);

async fn a_decision_shows_what_the_rules_saw_and_said(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({ "bonus": 7 })).await;
    let ada = brand.enrol("ADA-1").await;
    let sold = brand.sell(&ada, 1_000).await;
    let id = sold["decisions"][0]["id"].as_str().unwrap();
    for http in [&brand.http, &coalition.operator] {
        let decision = http.get(&format!("/v1/decisions/{id}")).await.ok(200);
        assert_eq!(decision["id"], id);
        for field in ["event", "member", "config", "output", "fuel", "digest"] {
            assert!(!decision[field].is_null(), "no {field} in {decision:#}");
        }
        assert_eq!(decision["config"]["bonus"], 7, "{decision:#}");
        assert_eq!(decision["event"]["purchase"]["total"], 1_000, "{decision:#}");
        assert!(!decision["member"].to_string().contains("ADA-1"), "the rules see a pseudonym: {decision:#}");
        assert!(!decision["member"].to_string().contains(&ada.id), "the rules see a pseudonym: {decision:#}");
    }
}

async fn every_decision_replays_to_the_same(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({ "remembers": true, "everything": true })).await;
    let ada = brand.enrol("ADA-1").await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(brand.sell(&ada, 1_000).await["decisions"][0]["id"].as_str().unwrap().to_owned());
    }
    // Neither what is live now nor what the member has become changes what was seen then.
    brand.deploy("puppet", &json!({ "unit": 1 })).await;
    for id in ids {
        let replay = brand.http.post_empty(&format!("/v1/decisions/{id}/replay")).await.ok(200);
        assert_eq!(replay["identical"], true, "{replay:#}");
        assert_eq!(replay["digest"].as_str().unwrap().len(), 64);
    }
}

async fn nobody_elses_decisions_are_seen(coalition: Coalition) {
    let bakehouse = coalition.brand_with_puppet("bakehouse", &json!({})).await;
    let freshmart = coalition.brand("freshmart").await;
    let ada = bakehouse.enrol("ADA-1").await;
    let sold = bakehouse.sell(&ada, 1_000).await;
    let id = sold["decisions"][0]["id"].as_str().unwrap();
    freshmart.http.get(&format!("/v1/decisions/{id}")).await.any_problem(404);
    freshmart.http.post_empty(&format!("/v1/decisions/{id}/replay")).await.any_problem(404);
}
