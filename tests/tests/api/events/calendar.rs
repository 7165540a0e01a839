//! What the calendar brings comes once, in the program's time zone, however often gateways begin again.

use coalition_tests::both_databases;
use coalition_tests::harness::actors::{Coalition, Member};
use serde_json::json;

both_databases!(a_period_closes_once_with_what_was_counted_in_it, anniversaries_come_once_a_year_and_are_caught_up);

async fn a_period_closes_once_with_what_was_counted_in_it(mut coalition: Coalition) {
    let config = json!({
        "handles": ["purchase", "period-close"], "unit": 0,
        "counters": [{ "name": "visits", "window": "month", "totals": true }, { "name": "days", "window": "day" }],
        "answers": [
            { "on": "purchase", "counts": "visits" },
            { "on": "period-close", "points": 100, "times": "counter:visits", "key": "mine" },
            { "on": "period-close", "points": 1, "times": "total:visits", "key": "all" },
        ],
    });
    let mut shop = coalition.brand_with_puppet("shop", &config).await;
    let quiet = coalition.brand_with_puppet("quiet", &json!({ "counters": [{ "name": "visits", "window": "month" }] })).await;
    let ada = shop.enrol("ADA-1").await;
    let ben = shop.enrol("BEN-1").await;
    let cat = quiet.enrol("CAT-1").await;
    for (member, visits) in [(&ada, 2), (&ben, 1)] {
        for _ in 0..visits {
            shop.sell(member, 100).await;
        }
    }
    quiet.sell(&cat, 100).await;
    // The month's last minute is not its end.
    coalition.set_clock("2026-11-30T23:59:00Z").await;
    shop.sell(&ben, 100).await;
    assert_eq!(shop.available(&ben).await, 0);
    let mut another = coalition.another_gateway();
    coalition.set_clock("2026-12-01T00:00:00Z").await;
    shop.until_available(&ada, 204).await;
    shop.until_available(&ben, 204).await;
    let decisions = shop.decisions(&coalition.operator, &ada).await;
    assert_eq!(decisions.len(), 1);
    let close = &decisions[0]["event"];
    assert_eq!(close["at"]["ms"], 1_796_083_199_999_i64, "the window's last millisecond: {close:#}");
    assert_eq!(close["period_close"]["window"], "month");
    assert_eq!(close["period_close"]["totals"], json!([{ "counter": "visits", "total": 4, "members": 2 }]));
    // Late word of November moves its counter, and closes nothing again; nor does another start.
    let mut late = shop.purchase(&ada, 100);
    late["occurred_at"] = json!("2026-11-29T12:00:00Z");
    shop.post(&late).await.ok(201);
    another.kill9().unwrap();
    coalition.crash_and_restart();
    shop.http = coalition.here(&shop.http);
    coalition.set_clock("2026-12-02T12:00:00Z").await;
    let mut december = shop.purchase(&ben, 100);
    december["occurred_at"] = json!("2026-12-02T12:00:00Z");
    shop.post(&december).await.ok(201);
    assert_eq!((shop.available(&ada).await, shop.available(&ben).await), (204, 204));
    // Nobody served at New Year: it is caught up, with what was counted in December.
    coalition.crash_and_restart();
    shop.http = coalition.here(&shop.http);
    coalition.set_clock("2027-02-03T12:00:00Z").await;
    shop.until_available(&ben, 204 + 101).await;
    assert_eq!(shop.available(&ada).await, 204);
    assert_eq!(shop.decisions(&coalition.operator, &ben).await.len(), 2);
    coalition.verify().await;
}

async fn anniversaries_come_once_a_year_and_are_caught_up(mut coalition: Coalition) {
    let program = json!({
        "name": "Test", "points_name": "points", "base_currency": "USD", "time_zone": "Europe/Warsaw",
    });
    coalition.operator.put("/v1/program", &program).await.ok(200);
    let config = json!({ "handles": ["anniversary"], "answers": [
        { "on": "anniversary:enrolment", "points": 10, "times": "years", "key": "years" },
        { "on": "anniversary:birthday", "points": 1_000, "key": "birthday" },
    ] });
    let mut shop = coalition.brand_with_puppet("shop", &config).await;
    let other = coalition.brand_with_puppet("other", &config).await;
    let body = json!({ "card": "ADA-1", "birthday": "1990-12-24" });
    let created = shop.http.post("/v1/members", &body).await.ok(201);
    let ada = Member { id: created["id"].as_str().unwrap().to_owned(), card: "ADA-1".to_owned() };
    let ben = other.enrol("BEN-1").await;
    let created = shop.http.post("/v1/members", &json!({ "card": "CAT-1", "birthday": "1991-12-24" })).await.ok(201);
    let cat = Member { id: created["id"].as_str().unwrap().to_owned(), card: "CAT-1".to_owned() };
    let agree = async |member: &Member| {
        let consents = json!({ "consents": [{ "partner": "shop", "facts": ["birthday-window"] }] });
        coalition.operator.put(&format!("/v1/members/{}/consents", member.id), &consents).await.ok(200);
    };
    agree(&cat).await;
    let mut another = coalition.another_gateway();
    // Without consent there is no birthday. Who agrees on the same day has it: by then that day is over for both.
    coalition.set_clock("2026-12-25T12:00:00Z").await;
    shop.until_available(&cat, 1_000).await;
    agree(&ada).await;
    coalition.set_clock("2027-11-20T22:59:00Z").await;
    assert_eq!(shop.available(&ada).await, 0);
    // In Warsaw the day begins an hour before midnight in London.
    coalition.set_clock("2027-11-20T23:00:00Z").await;
    shop.until_available(&ada, 10).await;
    other.until_available(&ben, 10).await;
    let decision = shop.decisions(&coalition.operator, &ada).await.remove(0);
    assert_eq!(decision["event"]["anniversary"], json!({ "kind": "enrolment", "years": 1 }));
    assert_eq!(decision["event"]["at"], json!({ "ms": 1_826_751_600_000_i64, "offset_minutes": 60 }));
    // Two gateways, one of them killed, and weeks in which none served.
    another.kill9().unwrap();
    coalition.crash_and_restart();
    shop.http = coalition.here(&shop.http);
    coalition.set_clock("2028-01-10T12:00:00Z").await;
    shop.until_available(&ada, 1_010).await;
    coalition.set_clock("2029-12-01T12:00:00Z").await;
    shop.until_available(&ada, 1_010 + 20 + 1_000 + 30).await;
    let decisions = shop.decisions(&coalition.operator, &ada).await;
    assert_eq!(decisions.len(), 5, "{decisions:#?}");
    assert!(decisions.iter().all(|decision| !decision.to_string().contains("1990")), "{decisions:#?}");
    coalition.verify().await;
}
