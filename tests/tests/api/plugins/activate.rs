//! One live version a partner; the change is atomic, and a bad configuration never gets that far.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use coalition_tests::both_databases;
use coalition_tests::harness::actors::Coalition;
use coalition_tests::harness::{components, plugins};
use serde_json::json;

both_databases!(
    a_configuration_changes_what_is_awarded,
    a_bad_configuration_is_refused_with_pointers,
    what_activate_does_not_take,
    after_activate_has_answered_no_decision_names_the_old_version,
);

async fn a_configuration_changes_what_is_awarded(coalition: Coalition) {
    let brand = coalition.brand("bakehouse").await;
    let id = brand.deploy("puppet", &json!({ "unit": 100 })).await;
    let ada = brand.enrol("ADA-1").await;
    assert_eq!(brand.sell(&ada, 1_000).await["points"]["awarded"], 10);
    brand.activate(&id, &json!({ "unit": 10 })).await.ok(200);
    assert_eq!(brand.sell(&ada, 1_000).await["points"]["awarded"], 100);
    brand.activate(&id, &json!({})).await.ok(200);
    assert_eq!(brand.sell(&ada, 1_000).await["points"]["awarded"], 10);
    coalition.verify().await;
}

async fn a_bad_configuration_is_refused_with_pointers(coalition: Coalition) {
    let brand = coalition.brand("bakehouse").await;
    let id = brand.deploy("puppet", &json!({})).await;
    let refused = brand.activate(&id, &json!({ "unit": -5 })).await;
    assert!(matches!(refused.status.as_u16(), 400 | 422), "{}", refused.text());
    let problem = refused.any_problem(refused.status.as_u16());
    let pointer = problem["errors"][0]["pointer"].as_str().unwrap_or_default();
    assert!(pointer.ends_with("/unit"), "{problem:#}");
    let unknown = brand.activate(&id, &json!({ "colour": "red" })).await;
    assert!(matches!(unknown.status.as_u16(), 400 | 422), "{}", unknown.text());
    // What was live is live.
    let ada = brand.enrol("ADA-1").await;
    assert_eq!(brand.sell(&ada, 1_000).await["points"]["awarded"], 10);
}

async fn what_activate_does_not_take(coalition: Coalition) {
    let brand = coalition.brand("bakehouse").await;
    let id = brand.deploy("puppet", &json!({})).await;
    let path = format!("/v1/plugins/{id}/activate");
    for bad in [json!({}), json!({ "mode": "loud" }), json!({ "mode": "live", "colour": "red" }), json!({ "mode": "live", "config": 5 })] {
        let answer = brand.http.post(&path, &bad).await;
        assert!(matches!(answer.status.as_u16(), 400 | 422), "{bad}: {}", answer.text());
        answer.any_problem(answer.status.as_u16());
    }
    brand.activate("plg_01kkkkkkkkekkbkkkkkkkkkkkk", &json!({})).await.any_problem(404);
    brand.activate("nothing", &json!({})).await.any_problem(404);
}

async fn after_activate_has_answered_no_decision_names_the_old_version(coalition: Coalition) {
    let brand = coalition.brand("bakehouse").await;
    let second = coalition.another_gateway();
    let puppet = plugins::component("puppet").unwrap();
    let versions = [components::variant(&puppet, "one"), components::variant(&puppet, "two")];
    let mut ids = Vec::new();
    for version in &versions {
        ids.push(brand.upload(version).await);
    }
    brand.activate(&ids[0], &json!({})).await.ok(200);
    let mut digests = Vec::new();
    for id in &ids {
        digests.push(brand.http.get(&format!("/v1/plugins/{id}")).await.ok(200)["digest"].as_str().unwrap().to_owned());
    }

    let is_over = Arc::new(AtomicBool::new(false));
    let is_activated = Arc::new(AtomicBool::new(false));
    let mut tills = Vec::new();
    for number in 0..12 {
        let member = brand.enrol(&format!("MEMBER-{number}")).await;
        let mut brand = brand.clone();
        if number % 2 == 1 {
            brand.http = brand.http.at(&second.url());
        }
        let (is_over, is_activated, new) = (Arc::clone(&is_over), Arc::clone(&is_activated), digests[1].clone());
        tills.push(tokio::spawn(async move {
            let mut seen = [0, 0];
            while !is_over.load(Ordering::SeqCst) {
                let is_after = is_activated.load(Ordering::SeqCst);
                let sold = brand.sell(&member, 100).await;
                let is_new = sold["decisions"][0]["digest"] == new.as_str();
                assert!(is_new || !is_after, "posted after the change, decided by the old version: {sold:#}");
                seen[usize::from(is_new)] += 1;
            }
            seen
        }));
    }
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    brand.activate(&ids[1], &json!({})).await.ok(200);
    is_activated.store(true, Ordering::SeqCst);
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    is_over.store(true, Ordering::SeqCst);
    let mut seen = [0, 0];
    for till in tills {
        let [old, new] = till.await.unwrap();
        seen = [seen[0] + old, seen[1] + new];
    }
    assert!(seen[0] > 0 && seen[1] > 0, "both versions have decided: {seen:?}");
    coalition.verify().await;
}
