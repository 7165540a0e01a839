//! Whatever a till gets wrong has its documented problem, changes nothing, and leaves the gateway alive.

use coalition_tests::both_databases;
use coalition_tests::harness::actors::{Brand, Coalition, Member};
use serde_json::{Value, json};

both_databases!(
    what_is_not_a_purchase_is_refused,
    times_are_bounded,
    another_currency_is_refused,
    an_unknown_member_is_a_problem_of_its_own,
    bodies_are_bounded,
    the_largest_amounts_do_not_overflow,
);

/// A purchase with two lines, right in everything.
fn good(brand: &Brand, member: &Member) -> Value {
    let mut purchase = brand.purchase(member, 300);
    purchase["lines"] = json!([
        { "sku": "1", "category": "ROLLS", "quantity": 1, "amount": 100 },
        { "sku": "2", "category": "CAKES", "quantity": 1.125, "amount": 200 },
    ]);
    purchase
}

async fn what_is_not_a_purchase_is_refused(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({})).await;
    let ada = brand.enrol("ADA-1").await;
    let good = good(&brand, &ada);
    let with = |pointer: &str, value: Value| {
        let mut changed = good.clone();
        *changed.pointer_mut(pointer).expect(pointer) = value;
        changed
    };
    let added = |pointer: &str, name: &str, value: Value| {
        let mut changed = good.clone();
        changed.pointer_mut(pointer).expect(pointer)[name] = value;
        changed
    };
    let without = |name: &str| {
        let mut changed = good.clone();
        changed.as_object_mut().unwrap().remove(name);
        changed
    };
    let bad = [
        ("an unknown field", added("", "totall", json!(300))),
        ("an unknown field of a line", added("/lines/0", "colour", json!("red"))),
        ("an unknown field of the member", added("/member", "name", json!("Ada"))),
        ("no external id", without("external_id")),
        ("no member", without("member")),
        ("no time", without("occurred_at")),
        ("no currency", without("currency")),
        ("no total", without("total")),
        ("an empty external id", with("/external_id", json!(""))),
        ("a huge external id", with("/external_id", json!("x".repeat(10_000)))),
        ("a number as an external id", with("/external_id", json!(17))),
        ("a member by nothing", with("/member", json!({}))),
        ("a member by two names", with("/member", json!({ "id": ada.id, "card": ada.card }))),
        ("a total as text", with("/total", json!("300"))),
        ("a broken total", with("/total", json!(300.5))),
        ("a negative total", with("/total", json!(-300))),
        ("a total beyond all integers", with("/total", json!(1e30))),
        ("a total of null", with("/total", Value::Null)),
        ("a sum that does not match", with("/total", json!(301))),
        ("a negative line", with("/lines/0/amount", json!(-100))),
        ("lines that overflow", with("/lines", json!([line(i64::MAX), line(i64::MAX), line(302)]))),
        ("a negative quantity", with("/lines/0/quantity", json!(-1))),
        ("a quantity with four decimals", with("/lines/0/quantity", json!(1.0001))),
        ("a quantity beyond measure", with("/lines/0/quantity", json!(1e300))),
        ("a quantity as text", with("/lines/0/quantity", json!("one"))),
        ("lines that are no list", with("/lines", json!({}))),
        ("a time without an offset", with("/occurred_at", json!("2026-11-21T10:00:00"))),
        ("a date for a time", with("/occurred_at", json!("2026-11-21"))),
        ("a number for a time", with("/occurred_at", json!(1_700_000_000))),
        ("no such day", with("/occurred_at", json!("2026-02-30T10:00:00Z"))),
        ("a currency in small letters", with("/currency", json!("usd"))),
        ("attributes that are no object", added("", "attributes", json!([1]))),
        ("a list", json!([good])),
        ("text", json!("purchase")),
    ];
    for (name, body) in bad {
        let answer = brand.post(&body).await;
        assert_eq!(answer.status, 400, "{name}: {}", answer.text());
        answer.any_problem(400);
    }
    for (name, body) in [("nothing", ""), ("half of it", "{\"external_id\": \"x\","), ("not JSON", "external_id=x"), ("not UTF-8", "\u{0}")]
    {
        let answer = brand.http.post_raw("/v1/transactions", "application/json", body).await;
        assert_eq!(answer.status, 400, "{name}: {}", answer.text());
        answer.any_problem(400);
    }
    brand.http.post_raw("/v1/transactions", "application/json", vec![b'"', 0xff, 0xfe, b'"']).await.any_problem(400);
    let twice = format!("{{\"total\": 1, {}", &good.to_string()[1..]);
    brand.http.post_raw("/v1/transactions", "application/json", twice).await.any_problem(400);
    let as_text = brand.http.post_raw("/v1/transactions", "text/plain", good.to_string()).await;
    assert!(matches!(as_text.status.as_u16(), 400 | 415), "{}", as_text.text());
    as_text.any_problem(as_text.status.as_u16());

    assert_eq!(brand.available(&ada).await, 0, "nothing of it was taken");
    assert_eq!(brand.http.get("/v1/transactions").await.ok(200)["items"], json!([]));
    let named = brand.post(&with("/total", json!(-300))).await.any_problem(400);
    assert_eq!(named["errors"][0]["pointer"], "/total", "the field is named: {named:#}");
    brand.post(&good).await.ok(201);
    coalition.verify().await;
}

fn line(amount: i64) -> Value {
    json!({ "sku": "1", "category": "X", "quantity": 1, "amount": amount })
}

async fn times_are_bounded(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({})).await;
    let ada = brand.enrol("ADA-1").await;
    let at = |time: &str| {
        let mut purchase = brand.purchase(&ada, 100);
        purchase["occurred_at"] = json!(time);
        purchase
    };
    for good in ["2026-11-21T12:04:00Z", "2026-11-21T13:04:00+01:00", "2026-10-22T12:30:00Z", "2026-11-21T11:59:59.123456Z"] {
        brand.post(&at(good)).await.ok(201);
    }
    for bad in ["2026-11-21T12:30:00Z", "2026-10-20T12:00:00Z", "1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"] {
        brand.post(&at(bad)).await.any_problem(400);
    }
}

async fn another_currency_is_refused(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({})).await;
    let ada = brand.enrol("ADA-1").await;
    let mut purchase = brand.purchase(&ada, 100);
    purchase["currency"] = json!("EUR");
    brand.post(&purchase).await.any_problem(422);
}

async fn an_unknown_member_is_a_problem_of_its_own(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({})).await;
    let ada = brand.enrol("ADA-1").await;
    for nobody in [json!({ "card": "NOBODY" }), json!({ "id": "mbr_01kkkkkkkkekkbkkkkkkkkkkkk" }), json!({ "alias": "nobody" })] {
        let mut purchase = brand.purchase(&ada, 100);
        purchase["member"] = nobody;
        brand.post(&purchase).await.problem(404, "member-not-found");
        // Nothing is kept of it: the same id is good for the right member.
        purchase["member"] = json!({ "id": ada.id });
        brand.post(&purchase).await.ok(201);
    }
}

async fn bodies_are_bounded(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({})).await;
    let ada = brand.enrol("ADA-1").await;
    let mut huge = good(&brand, &ada);
    huge["attributes"] = json!({ "text": "x".repeat(24 << 20) });
    let answer = brand.http.post("/v1/transactions", &huge).send().await;
    // The gateway may hang up on whoever goes on sending; whoever reads its answer reads 413.
    if let Ok(answer) = answer {
        answer.any_problem(413);
    }
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for body in [deep.clone(), format!("{{\"attributes\":{deep}}}"), format!("{{\"external_id\":{deep}}}")] {
        let answer = brand.http.post_raw("/v1/transactions", "application/json", body).await;
        assert!(matches!(answer.status.as_u16(), 400 | 413), "{}", answer.text());
    }
    let mut many = good(&brand, &ada);
    many["total"] = json!(0);
    many["lines"] = (0..100_000).map(|_| line(0)).collect();
    let answer = brand.post(&many).await;
    assert!(matches!(answer.status.as_u16(), 400 | 413), "{}", answer.text());
    brand.post(&good(&brand, &ada)).await.ok(201);
}

async fn the_largest_amounts_do_not_overflow(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({})).await;
    let ada = brand.enrol("ADA-1").await;
    for total in [i64::MAX, i64::MAX - 1, 1 << 53] {
        let answer = brand.post(&brand.purchase(&ada, total)).await;
        assert!(matches!(answer.status.as_u16(), 201 | 400), "{}", answer.text());
        if answer.status == 400 {
            answer.any_problem(400);
        }
    }
    brand.deploy("puppet", &json!({ "mood": "boasts" })).await;
    let boast = brand.post(&brand.purchase(&ada, 100)).await.ok(201);
    assert!(["posted", "deferred"].contains(&boast["status"].as_str().unwrap()), "{boast:#}");
    coalition.trial_balance().await;
    coalition.verify().await;
}
