//! A component is taken once, and known by its bytes.

use coalition_tests::both_databases;
use coalition_tests::harness::actors::Coalition;
use coalition_tests::harness::plugins;
use serde_json::json;

both_databases!(a_component_is_taken_once, versions_are_listed_with_what_they_did, nobody_elses_versions_are_seen);

async fn a_component_is_taken_once(coalition: Coalition) {
    let brand = coalition.brand("bakehouse").await;
    let component = plugins::component("puppet").unwrap();
    let upload = async || brand.http.post_raw("/v1/plugins", "application/wasm", component.clone()).await;
    let taken = upload().await.ok(201);
    assert!(taken["id"].as_str().unwrap().starts_with("plg_"));
    assert_eq!((taken["name"].as_str(), taken["status"].as_str()), (Some("puppet"), Some("ready")));
    assert_eq!(taken["digest"].as_str().unwrap().len(), 64);
    assert_eq!(taken["describe"]["rewards"][0]["id"], "mug", "{taken:#}");
    let again = upload().await.ok(200);
    assert_eq!((&again["id"], &again["digest"]), (&taken["id"], &taken["digest"]));

    let path = format!("/v1/plugins/{}", taken["id"].as_str().unwrap());
    let read = brand.http.get(&path).await.ok(200);
    assert_eq!((&read["digest"], &read["version"]), (&taken["digest"], &taken["version"]));
}

async fn versions_are_listed_with_what_they_did(coalition: Coalition) {
    let brand = coalition.brand("bakehouse").await;
    let id = brand.deploy("puppet", &json!({})).await;
    let ada = brand.enrol("ADA-1").await;
    for _ in 0..3 {
        brand.sell(&ada, 100).await;
    }
    let listed = brand.http.get("/v1/plugins").await.ok(200);
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    assert_eq!(listed["items"][0]["id"], id.as_str());
    let read = brand.http.get(&format!("/v1/plugins/{id}")).await.ok(200);
    assert!(read.to_string().contains("live"), "that it is live is told: {read:#}");
}

async fn nobody_elses_versions_are_seen(coalition: Coalition) {
    let bakehouse = coalition.brand("bakehouse").await;
    let freshmart = coalition.brand("freshmart").await;
    let id = bakehouse.deploy("puppet", &json!({})).await;
    let foreign = freshmart.http.get(&format!("/v1/plugins/{id}")).await;
    foreign.any_problem(404);
    assert_eq!(foreign.text(), freshmart.http.get("/v1/plugins/plg_01kkkkkkkkekkbkkkkkkkkkkkk").await.text());
    freshmart.activate(&id, &json!({})).await.any_problem(404);
    assert_eq!(freshmart.http.get("/v1/plugins").await.ok(200)["items"], json!([]));
    // The same bytes are another version for another partner.
    let own = freshmart.deploy("puppet", &json!({})).await;
    assert_ne!(own, id);
}
