//! What is personal stays out of rules, but for flags and bands that the member agrees to, partner by partner.

use coalition_tests::both_databases;
use coalition_tests::harness::actors::{Brand, Coalition, Member};
use serde_json::{Value, json};

both_databases!(rules_see_what_a_member_agrees_to_and_no_more);

async fn seen(brand: &Brand, member: &Member) -> Value {
    let sold = brand.sell(member, 100).await;
    let id = sold["decisions"][0]["id"].as_str().unwrap().to_owned();
    let replay = brand.http.post_empty(&format!("/v1/decisions/{id}/replay")).await.ok(200);
    assert_eq!(replay["identical"], true, "{replay:#}");
    brand.http.get(&format!("/v1/decisions/{id}")).await.ok(200)["member"].clone()
}

async fn rules_see_what_a_member_agrees_to_and_no_more(coalition: Coalition) {
    let needs = json!({ "needs": ["birthday-window", "age-band", "x-diet"] });
    let shop = coalition.brand_with_puppet("shop", &needs).await;
    let other = coalition.brand_with_puppet("other", &needs).await;
    let body =
        json!({ "card": "ADA-1", "name": "Ada Lovelace", "birthday": "1990-11-18", "attributes": { "x-diet": "vegan", "x-shoe": 38 } });
    let created = shop.http.post("/v1/members", &body).await.ok(201);
    let ada = Member { id: created["id"].as_str().unwrap().to_owned(), card: "ADA-1".to_owned() };
    assert_eq!(seen(&shop, &ada).await["attributes"], Value::Null);
    let me = coalition.session(&ada).await;
    let consents = |facts: Value| json!({ "consents": [{ "partner": "shop", "facts": facts }] });
    let path = format!("/v1/members/{}/consents", ada.id);
    shop.http.put(&path, &consents(json!(["age-band"]))).await.any_problem(403);
    shop.session(&ada).await.put("/v1/me/consents", &consents(json!(["age-band"]))).await.any_problem(403);
    me.put("/v1/me/consents", &consents(json!(["birthday"]))).await.any_problem(400);
    me.put("/v1/me/consents", &json!({ "consents": [{ "partner": "nobody", "facts": ["age-band"] }] }))
        .await
        .problem(422, "partner-not-found");
    let set = me.put("/v1/me/consents", &consents(json!(["age-band", "birthday-window", "x-diet"]))).await.ok(200);
    assert_eq!(set["consents"][0]["partner"], "shop");
    assert_eq!(coalition.operator.get(&path).await.ok(200), set);
    let view = seen(&shop, &ada).await;
    assert_eq!(view["attributes"], json!({ "birthday-window": true, "age-band": "35-44", "x-diet": "vegan" }));
    for secret in ["Lovelace", "1990", "11-18", "ADA-1", &ada.id] {
        assert!(!view.to_string().contains(secret), "{secret} in {view:#}");
    }
    assert_eq!(seen(&other, &ada).await["attributes"], Value::Null, "another partner's rules were not agreed to");
    // What rules offer rests on the same.
    shop.http.get(&format!("/v1/members/{}/offers", ada.id)).await.ok(200);
    coalition.operator.put(&path, &consents(json!(["age-band"]))).await.ok(200);
    assert_eq!(seen(&shop, &ada).await["attributes"], json!({ "age-band": "35-44" }));
    me.put("/v1/me/consents", &json!({ "consents": [] })).await.ok(200);
    assert_eq!(seen(&shop, &ada).await["attributes"], Value::Null);
    // Erasure takes what was agreed to with it.
    me.put("/v1/me/consents", &consents(json!(["age-band"]))).await.ok(200);
    coalition.operator.delete(&format!("/v1/members/{}", ada.id)).await;
    assert_eq!(coalition.operator.get(&path).await.ok(200), json!({ "consents": [] }));
    coalition.operator.put(&path, &consents(json!(["age-band"]))).await.problem(409, "member-erased");
    coalition.verify().await;
}
