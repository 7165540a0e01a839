//! Promotions that several partners fund: shares, budget, window, and what comes back.

use coalition_tests::both_databases;
use coalition_tests::harness::actors::{Brand, Coalition, NOW, fresh_id};
use coalition_tests::harness::http::Answer;
use serde_json::{Value, json};

both_databases!(
    an_award_is_split_among_those_who_fund_it,
    what_comes_back_comes_back_in_the_same_shares,
    over_its_budget_an_award_is_cut,
    a_campaign_that_is_not_running_awards_nothing_and_loses_no_sale,
    rules_name_only_campaigns_that_their_partner_takes_part_in,
    a_partner_sees_the_campaigns_it_takes_part_in,
    a_redemption_may_be_had_under_a_campaign,
    what_cannot_be_a_campaign_is_refused,
);

async fn open(coalition: &Coalition, slug: &str, budget: i64, shares: &[(&str, i64)]) -> Value {
    coalition.operator.post("/v1/campaigns", &campaign(slug, budget, shares)).await.ok(201)
}

fn campaign(slug: &str, budget: i64, shares: &[(&str, i64)]) -> Value {
    let shares: Vec<Value> = shares.iter().map(|(partner, share)| json!({ "partner": partner, "basis_points": share })).collect();
    json!({ "slug": slug, "budget_points": budget, "from": "2026-11-01T00:00:00Z", "to": "2026-12-01T00:00:00Z", "shares": shares })
}

async fn patch(coalition: &Coalition, campaign: &Value, patch: Value) -> Value {
    coalition.operator.patch(&format!("/v1/campaigns/{}", id(campaign)), &patch).await.ok(200)
}

async fn used(coalition: &Coalition, campaign: &Value) -> i64 {
    let now = coalition.operator.get(&format!("/v1/campaigns/{}", id(campaign))).await.ok(200);
    now["used_points"].as_i64().unwrap()
}

fn id(of: &Value) -> &str {
    of["id"].as_str().expect("an id")
}

async fn refund(brand: &Brand, transaction: &Value, more: Value) -> Answer {
    let mut body = json!({ "external_id": fresh_id("ref") });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    brand.http.post(&format!("/v1/transactions/{}/refunds", id(transaction)), &body).await
}

/// What each partner's account has come to.
async fn account(coalition: &Coalition, name: &str) -> i64 {
    let accounts = coalition.trial_balance().await;
    accounts.iter().find(|row| row["account"] == name).map_or(0, |row| row["balance"].as_i64().unwrap())
}

fn bonus(sold: &Value) -> &Value {
    sold["effects"].as_array().unwrap().iter().find(|effect| effect["key"] == "bonus").expect("a bonus")
}

/// Three brands; the first's rules give 101 points under the campaign beside its own.
async fn three(coalition: &Coalition, budget: i64) -> (Brand, Value) {
    let brand = coalition.brand("bakehouse").await;
    for slug in ["grocer", "cellar"] {
        coalition.brand(slug).await;
    }
    let campaign = open(coalition, "harvest", budget, &[("bakehouse", 5_000), ("grocer", 3_000), ("cellar", 2_000)]).await;
    brand.deploy("puppet", &json!({ "bonus": 101, "campaign": "harvest" })).await;
    (brand, campaign)
}

async fn an_award_is_split_among_those_who_fund_it(coalition: Coalition) {
    let (brand, campaign) = three(&coalition, 1_000).await;
    let ada = brand.enrol("ADA-1").await;
    let sold = brand.sell(&ada, 1_000).await;
    assert_eq!(sold["points"], json!({ "awarded": 111, "pending": 0, "capped": 0 }));
    let shares =
        json!([{ "partner": "bakehouse", "points": 51 }, { "partner": "grocer", "points": 30 }, { "partner": "cellar", "points": 20 }]);
    assert_eq!(sorted(&bonus(&sold)["shares"]), sorted(&shares), "the largest remainder gets the odd point");
    assert_eq!(bonus(&sold)["cut_by"], Value::Null);
    for (slug, points) in [("bakehouse", -61), ("grocer", -30), ("cellar", -20)] {
        assert_eq!(account(&coalition, &format!("partner:{slug}:issued")).await, points, "{slug}");
    }
    assert_eq!(used(&coalition, &campaign).await, 101);
    assert_eq!(brand.available(&ada).await, 111);
    coalition.verify().await;
}

fn sorted(shares: &Value) -> Vec<(String, i64)> {
    let mut all: Vec<_> = shares
        .as_array()
        .unwrap()
        .iter()
        .map(|part| (part["partner"].as_str().unwrap().to_owned(), part["points"].as_i64().unwrap()))
        .collect();
    all.sort();
    all
}

async fn what_comes_back_comes_back_in_the_same_shares(coalition: Coalition) {
    let brand = coalition.brand("bakehouse").await;
    coalition.brand("grocer").await;
    let campaign = open(&coalition, "harvest", 10_000, &[("bakehouse", 6_667), ("grocer", 3_333)]).await;
    // The puppet gives its bonus for anything that is bought: it comes back with the last of it.
    brand.deploy("puppet", &json!({ "unit": 100, "bonus": 100, "campaign": "harvest" })).await;
    let ada = brand.enrol("ADA-1").await;
    let sold = brand.sell(&ada, 3_000).await;
    assert_eq!(used(&coalition, &campaign).await, 100);
    refund(&brand, &sold, json!({ "amount": 1_000 })).await.ok(201);
    assert_eq!(used(&coalition, &campaign).await, 100, "the bonus stands");
    let last = refund(&brand, &sold, json!({})).await.ok(201);
    assert_eq!(last["points"], json!({ "recovered": 120, "arrears": 0, "shortfall": 0 }));
    assert_eq!(used(&coalition, &campaign).await, 0, "its budget has them again");
    for (slug, points) in [("bakehouse", 30 + 67), ("grocer", 33)] {
        assert_eq!(account(&coalition, &format!("partner:{slug}:recovered")).await, points, "{slug}");
    }
    // A purchase tells of what came back of it.
    let told = brand.http.get(&format!("/v1/transactions/{}", id(&sold))).await.ok(200);
    assert_eq!(told["left"], 0);
    let parts: Vec<_> =
        told["refunds"].as_array().unwrap().iter().map(|part| (part["amount"].clone(), part["points"]["recovered"].clone())).collect();
    assert_eq!(parts, [(json!(1_000), json!(10)), (json!(2_000), json!(120))]);
    coalition.verify().await;
}

async fn over_its_budget_an_award_is_cut(coalition: Coalition) {
    let (brand, campaign) = three(&coalition, 150).await;
    let ada = brand.enrol("ADA-1").await;
    brand.sell(&ada, 1_000).await;
    let second = brand.sell(&ada, 1_000).await;
    assert_eq!(second["points"], json!({ "awarded": 59, "pending": 0, "capped": 52 }));
    assert_eq!((&bonus(&second)["points"], &bonus(&second)["cut_by"]), (&json!(49), &json!("campaign-budget")));
    let third = brand.sell(&ada, 1_000).await;
    assert_eq!((&third["points"]["awarded"], &bonus(&third)["cut_by"]), (&json!(10), &json!("campaign-budget")), "the base award stands");
    assert_eq!(used(&coalition, &campaign).await, 150);
    // More is granted; and what was cut is on record.
    patch(&coalition, &campaign, json!({ "budget_points": 200 })).await;
    assert_eq!(bonus(&brand.sell(&ada, 1_000).await)["points"], 50);
    let decision = second["decisions"][0]["id"].as_str().unwrap();
    assert_eq!(brand.http.get(&format!("/v1/decisions/{decision}")).await.ok(200)["capped"], 52);
    coalition.verify().await;
}

async fn a_campaign_that_is_not_running_awards_nothing_and_loses_no_sale(coalition: Coalition) {
    let (brand, campaign) = three(&coalition, 10_000).await;
    let ada = brand.enrol("ADA-1").await;
    patch(&coalition, &campaign, json!({ "closed": true })).await;
    let closed = brand.sell(&ada, 1_000).await;
    assert_eq!((&closed["status"], &bonus(&closed)["cut_by"]), (&json!("posted"), &json!("campaign-closed")));
    patch(&coalition, &campaign, json!({ "closed": false, "to": NOW })).await;
    let over = brand.sell(&ada, 1_000).await;
    assert_eq!((&over["points"]["awarded"], &bonus(&over)["cut_by"]), (&json!(10), &json!("campaign-not-running")));
    // What was bought while it ran counts, also when it is posted later.
    let mut late = brand.purchase(&ada, 1_000);
    late["occurred_at"] = json!("2026-11-20T12:00:00Z");
    assert_eq!(bonus(&brand.post(&late).await.ok(201))["points"], 101);
    coalition.verify().await;
}

async fn rules_name_only_campaigns_that_their_partner_takes_part_in(coalition: Coalition) {
    let brand = coalition.brand("bakehouse").await;
    let component = coalition_tests::harness::plugins::component("puppet").unwrap();
    let plugin = brand.upload(&component).await;
    let config = json!({ "bonus": 5, "campaign": "harvest" });
    let refused = brand.activate(&plugin, &config).await.problem(422, "unknown-campaign");
    assert_eq!(refused["errors"][0]["pointer"], "/campaigns/0");
    coalition.brand("grocer").await;
    open(&coalition, "harvest", 100, &[("grocer", 10_000)]).await;
    brand.activate(&plugin, &config).await.problem(422, "unknown-campaign");
    let other = open(&coalition, "winter", 100, &[("grocer", 1), ("bakehouse", 9_999)]).await;
    let config = json!({ "bonus": 5, "campaign": "winter" });
    patch(&coalition, &other, json!({ "closed": true })).await;
    brand.activate(&plugin, &config).await.problem(422, "unknown-campaign");
    patch(&coalition, &other, json!({ "closed": false })).await;
    brand.activate(&plugin, &config).await.ok(200);
}

async fn a_partner_sees_the_campaigns_it_takes_part_in(coalition: Coalition) {
    let bakehouse = coalition.brand("bakehouse").await;
    let grocer = coalition.brand("grocer").await;
    let both = open(&coalition, "harvest", 100, &[("bakehouse", 5_000), ("grocer", 5_000)]).await;
    let one = open(&coalition, "winter", 100, &[("grocer", 10_000)]).await;
    let slugs = |list: Value| -> Vec<String> {
        list["items"].as_array().unwrap().iter().map(|item| item["slug"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(slugs(coalition.operator.get("/v1/campaigns").await.ok(200)), ["winter", "harvest"]);
    assert_eq!(slugs(grocer.http.get("/v1/campaigns").await.ok(200)), ["winter", "harvest"]);
    assert_eq!(slugs(bakehouse.http.get("/v1/campaigns").await.ok(200)), ["harvest"]);
    bakehouse.http.get(&format!("/v1/campaigns/{}", id(&both))).await.ok(200);
    bakehouse.http.get(&format!("/v1/campaigns/{}", id(&one))).await.any_problem(404);
    bakehouse.http.patch(&format!("/v1/campaigns/{}", id(&both)), &json!({ "budget_points": 5 })).await.any_problem(403);
}

async fn a_redemption_may_be_had_under_a_campaign(coalition: Coalition) {
    let brand = coalition.brand("bakehouse").await;
    coalition.brand("grocer").await;
    let campaign = open(&coalition, "treats", 250, &[("bakehouse", 5_000), ("grocer", 5_000)]).await;
    brand.deploy("puppet", &json!({ "quote_campaign": "treats" })).await;
    let ada = brand.enrol("ADA-1").await;
    brand.sell(&ada, 50_000).await;
    let me = coalition.session(&ada).await;
    let order = json!({ "partner": "bakehouse", "reward": "mug" });
    let first = me.post("/v1/redemptions", &order).await.ok(201);
    let second = me.post("/v1/redemptions", &order).await.ok(201);
    assert_eq!(used(&coalition, &campaign).await, 200);
    me.post("/v1/redemptions", &order).await.problem(409, "not-eligible");
    me.post_empty(&format!("/v1/redemptions/{}/void", id(&first))).await.ok(200);
    assert_eq!(used(&coalition, &campaign).await, 100, "what is given up is free again");
    brand.capture(id(&second), Some(250)).await.ok(200);
    assert_eq!(used(&coalition, &campaign).await, 50, "half of it was taken");
    let back = json!({ "external_id": fresh_id("rev") });
    brand.http.post(&format!("/v1/redemptions/{}/reverse", id(&second)), &back).await.ok(200);
    assert_eq!(used(&coalition, &campaign).await, 0);
    coalition.verify().await;
}

async fn what_cannot_be_a_campaign_is_refused(coalition: Coalition) {
    coalition.brand("bakehouse").await;
    let good = campaign("harvest", 100, &[("bakehouse", 10_000)]);
    for (pointer, value) in [
        ("/slug", json!("Harvest!")),
        ("/budget_points", json!(-1)),
        ("/to", json!("2026-11-01T00:00:00Z")),
        ("/shares", json!([{ "partner": "bakehouse", "basis_points": 9_999 }])),
        ("/shares", json!([])),
        ("/shares", json!([{ "partner": "bakehouse", "basis_points": 5_000 }, { "partner": "bakehouse", "basis_points": 5_000 }])),
    ] {
        let mut body = good.clone();
        *body.pointer_mut(pointer).unwrap() = value;
        let refused = coalition.operator.post("/v1/campaigns", &body).await.any_problem(400);
        assert_eq!(refused["errors"][0]["pointer"], pointer, "{refused:#}");
    }
    coalition.operator.post("/v1/campaigns", &campaign("x", 1, &[("nobody", 10_000)])).await.problem(422, "unknown-partner");
    coalition.operator.post("/v1/campaigns", &good).await.ok(201);
    coalition.operator.post("/v1/campaigns", &good).await.problem(409, "slug-taken");
}
