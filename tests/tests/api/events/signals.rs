//! A friend's purchase rewards who brought them: one hop, once, taken back when the purchase is.

use coalition_tests::both_databases;
use coalition_tests::harness::actors::{Brand, Coalition, Member};
use coalition_tests::harness::eventually::eventually;
use serde_json::{Value, json};

both_databases!(
    a_friends_purchase_rewards_the_referrer_until_it_comes_back,
    signals_reach_whom_they_name_and_nobody_else,
    a_household_hears_what_one_of_it_has_done
);

async fn brought(brand: &Brand, card: &str, more: Value) -> Member {
    let mut body = json!({ "card": card });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let created = brand.http.post("/v1/members", &body).await.ok(201);
    Member { id: created["id"].as_str().unwrap().to_owned(), card: card.to_owned() }
}

async fn a_friends_purchase_rewards_the_referrer_until_it_comes_back(coalition: Coalition) {
    let config = json!({
        "handles": ["purchase", "signal"], "unit": 100, "expires_days": 30,
        "counters": [{ "name": "friends", "window": "year" }],
        "answers": [
            { "on": "purchase", "signals": [["referrer", "friend-bought"]] },
            { "on": "signal:friend-bought", "points": 200, "key": "friend", "counts": "friends", "tells": true, "badge": true, "voucher": true },
        ],
    });
    let shop = coalition.brand_with_puppet("shop", &config).await;
    let ada = shop.enrol("ADA-1").await;
    let ben = brought(&shop, "BEN-1", json!({ "referrer": ada.id })).await;
    let sold = shop.sell(&ben, 1_000).await;
    assert!(!sold.to_string().contains(&ada.id), "the till learns nothing of who brought them: {sold:#}");
    shop.until_available(&ada, 200).await;
    assert_eq!(shop.available(&ben).await, 10);
    let decisions = shop.decisions(&coalition.operator, &ada).await;
    let signal = decisions.iter().find(|decision| decision["kind"] == "signal").unwrap();
    let event = &signal["event"]["signal"];
    assert_eq!((&event["kind"], &event["relation"]), (&json!("friend-bought"), &json!("referrer")), "{signal:#}");
    for id in [&ben.id, &ada.id, &sold["id"].as_str().unwrap().to_owned()] {
        assert!(!signal.to_string().contains(id.as_str()), "no id of another enters: {signal:#}");
    }
    let list = async |what: &str| coalition.operator.get(&format!("/v1/members/{}/{what}", ada.id)).await.ok(200)["items"].clone();
    assert_eq!(list("vouchers").await[0]["status"], "open");
    assert_eq!(list("badges").await.as_array().unwrap().len(), 1);

    // A part that comes back leaves the rest a purchase: the friend has still bought.
    let refund = async |number: &str, more: Value| {
        let mut body = json!({ "external_id": number });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        shop.http.post(&format!("/v1/transactions/{}/refunds", sold["id"].as_str().unwrap()), &body).await.ok(201)
    };
    refund("r-1", json!({ "amount": 400 })).await;
    assert_eq!(shop.available(&ben).await, 6);
    refund("r-2", json!({})).await;
    assert_eq!(shop.available(&ben).await, 0);
    shop.until_available(&ada, 0).await;
    eventually("the voucher to be revoked", || async { (list("vouchers").await[0]["status"] == "revoked").then_some(()) }).await;
    let counters = list("counters").await;
    let friends = counters.as_array().unwrap().iter().find(|counter| counter["counter"] == "friends").unwrap();
    assert_eq!(friends["value"], 0, "{counters:#}");
    assert_eq!(list("badges").await, json!([]));
    let kinds: Vec<_> = shop.decisions(&coalition.operator, &ada).await.iter().map(|decision| decision["kind"].clone()).collect();
    assert_eq!(kinds, ["reversal", "signal"]);
    coalition.verify().await;
}

async fn signals_reach_whom_they_name_and_nobody_else(coalition: Coalition) {
    let to = |relations: &[&str]| relations.iter().map(|relation| json!([relation, "hello"])).collect::<Vec<_>>();
    let config = json!({
        "handles": ["activity:visit", "activity:referral", "signal"],
        "answers": [
            { "on": "activity:visit", "signals": to(&["referrer", "enroller", "household"]) },
            { "on": "activity:referral", "signals": to(&["referred", "enrolled"]) },
            { "on": "signal:hello", "points": 1, "key": "hello" },
        ],
    });
    let shop = coalition.brand_with_puppet("shop", &config).await;
    // Another brand's rules say the same, and hear nothing.
    let deaf = json!({ "handles": ["activity:visit"], "answers": [{ "on": "activity:visit", "points": 9, "signals": to(&["referrer"]) }] });
    let other = coalition.brand_with_puppet("other", &deaf).await;
    let ada = shop.enrol("ADA-1").await;
    let staff = shop.enrol("STAFF-1").await;
    let ben = brought(&shop, "BEN-1", json!({ "referrer": ada.id, "enrolled_by": staff.id })).await;
    let cat = brought(&shop, "CAT-1", json!({ "referrer": ada.id })).await;
    shop.report(&shop.activity(&ben, "visit")).await.ok(201);
    shop.until_available(&ada, 1).await;
    shop.until_available(&staff, 1).await;
    shop.report(&shop.activity(&ada, "referral")).await.ok(201);
    shop.until_available(&ben, 1).await;
    shop.until_available(&cat, 1).await;
    // Who has nobody tells nobody.
    shop.report(&shop.activity(&ada, "visit")).await.ok(201);
    other.report(&other.activity(&ben, "visit")).await.ok(201);
    shop.report(&shop.activity(&staff, "referral")).await.ok(201);
    shop.until_available(&ben, 11).await;
    assert_eq!((shop.available(&ada).await, shop.available(&cat).await, shop.available(&staff).await), (1, 1, 1));
    // A word about somebody makes them nobody's customer.
    other.http.get(&format!("/v1/members/{}", ada.id)).await.any_problem(404);
    let fixed = shop.http.put(&format!("/v1/members/{}/relations", ben.id), &json!({ "referrer": cat.id })).await;
    fixed.problem(409, "relations-fixed");
    coalition.verify().await;
}

async fn a_household_hears_what_one_of_it_has_done(coalition: Coalition) {
    let config = json!({
        "handles": ["activity:visit", "signal"],
        "answers": [
            { "on": "activity:visit", "points": 1, "key": "visit", "signals": [["household", "been-here"]] },
            { "on": "signal:been-here", "points": 5, "key": "been-here" },
        ],
    });
    let shop = coalition.brand_with_puppet("shop", &config).await;
    let (ada, ben, cat) = (shop.enrol("ADA-1").await, shop.enrol("BEN-1").await, shop.enrol("CAT-1").await);
    let (by_ada, by_ben) = (coalition.session(&ada).await, coalition.session(&ben).await);
    let made = by_ada.post("/v1/households", &json!({ "name": "Ours" })).await.ok(201);
    let path = format!("/v1/households/{}/members", made["id"].as_str().unwrap());
    by_ada.post(&path, &json!({ "member": ben.id })).await.ok(201);
    by_ben.post(&path, &json!({})).await.ok(201);
    shop.report(&shop.activity(&ben, "visit")).await.ok(201);
    shop.until_available(&ada, 5).await;
    let decisions = shop.decisions(&coalition.operator, &ben).await;
    let visit = decisions.iter().find(|decision| decision["kind"] == "activity").unwrap();
    assert_eq!(visit["member"]["relations"], json!(["household"]), "{visit:#}");
    assert!(!visit.to_string().contains(&ada.id), "rules know that there is one, and not who: {visit:#}");
    // Who has left hears nothing, and nobody outside does.
    by_ada.delete(&path).await.ok_empty(204);
    shop.report(&shop.activity(&ben, "visit")).await.ok(201);
    shop.report(&shop.activity(&cat, "visit")).await.ok(201);
    shop.until_available(&cat, 1).await;
    assert_eq!((shop.available(&ada).await, shop.available(&ben).await), (5, 2));
    coalition.verify().await;
}
