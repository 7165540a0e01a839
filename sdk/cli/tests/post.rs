//! Posting receipts: what is sent, what is sent again, and what the user is told.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "tests stop where they fail"
)]

mod common;

use std::collections::{HashMap, HashSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use common::{FakeGateway, Home, Reply, Seen, expect, expect_with_stdin};
use serde_json::{Value, json};

/// A gateway that keeps what it was given, by business id, and knows everybody but the card NOBODY.
#[derive(Default)]
struct Ledger {
    posted: Mutex<HashMap<String, Value>>,
    order: Mutex<Vec<String>>,
}

impl Ledger {
    fn post(&self, receipt: Value) -> Value {
        let id = receipt["external_id"].as_str().unwrap().to_owned();
        assert!(receipt.get("partner").is_none() && receipt.get("member_card").is_none(), "{receipt}");
        if receipt["member"]["card"] == "NOBODY" {
            return json!({"title": "Unknown member", "status": 404, "code": "member-not-found", "detail": "No member has this card."});
        }
        let mut posted = self.posted.lock().unwrap();
        if posted.contains_key(&id) {
            return json!({"status": "posted", "external_id": id, "points": {"awarded": 1, "pending": 0, "capped": 0}, "replayed": true});
        }
        posted.insert(id.clone(), receipt);
        self.order.lock().unwrap().push(id.clone());
        let status = if id.ends_with("later") { "deferred" } else { "posted" };
        json!({"status": status, "external_id": id, "points": {"awarded": 2, "pending": 1, "capped": 0}})
    }

    fn answer(&self, seen: &Seen) -> Reply {
        if seen.path == "/v1/transactions/batch" {
            assert_eq!(seen.headers["content-type"], "application/x-ndjson");
            let results: Vec<Value> = seen.text().lines().map(|line| self.post(serde_json::from_str(line).unwrap())).collect();
            return Reply::Json(200, json!({ "results": results }));
        }
        let mut answer = self.post(serde_json::from_slice(&seen.body).unwrap());
        let replayed = answer.as_object_mut().unwrap().remove("replayed").is_some();
        match answer["status"].as_u64() {
            Some(status) => Reply::Json(u16::try_from(status).unwrap(), answer),
            None if replayed => Reply::With(200, vec![("Idempotency-Replayed", "true".to_owned())], answer),
            None => Reply::Json(201, answer),
        }
    }
}

fn receipt(partner: &str, id: &str, card: &str) -> String {
    json!({"partner": partner, "external_id": id, "member_card": card, "occurred_at": "2017-01-01T11:53:26Z", "currency": "USD", "total": 50}).to_string()
}

fn receipts(count: usize) -> String {
    (0..count).map(|n| receipt(["bakehouse", "freshmart"][n % 2], &format!("r-{n}"), &format!("HH{:03}", n % 7)) + "\n").collect()
}

#[test]
fn receipts_are_posted_once_however_often_they_are_sent() {
    let home = Home::new();
    let ledger: &'static Ledger = Box::leak(Box::default());
    let gateway = FakeGateway::start(|seen| ledger.answer(seen));
    let file = home.write("receipts.ndjson.gz", common::gzip(&receipts(250)));

    let said = expect(&mut home.at(&gateway, &["post", &file, "--batch", "20", "--json"]), 0);
    let counts = said.json();
    assert_eq!(
        (&counts["posted"], &counts["replayed"], &counts["refused"], &counts["points"]),
        (&json!(250), &json!(0), &json!(0), &json!(500))
    );
    assert!(said.err.contains("several partners"), "{}", said.err);
    assert!(gateway.seen("/v1/transactions/batch").len() >= 13);

    // Again, one by one: nothing changes.
    let again = expect(&mut home.at(&gateway, &["post", &file, "--single", "--json"]), 0).json();
    assert_eq!((&again["posted"], &again["replayed"], &again["points"]), (&json!(0), &json!(250), &json!(0)));
    assert_eq!(gateway.seen("/v1/transactions").len(), 250);
    assert_eq!(gateway.seen("/oauth/token").len(), 1);
}

#[test]
fn receipts_of_one_member_keep_their_order() {
    let home = Home::new();
    let file = home.write("receipts.ndjson", receipts(200));
    for more in [["--batch", "5"].as_slice(), ["--single", "--concurrency", "16"].as_slice()] {
        let ledger: &'static Ledger = Box::leak(Box::default());
        let gateway = FakeGateway::start(|seen| ledger.answer(seen));
        expect(&mut home.at(&gateway, &[["post", &file].as_slice(), more].concat()), 0);
        let posted = ledger.posted.lock().unwrap();
        let mut last: HashMap<String, u32> = HashMap::new();
        for id in ledger.order.lock().unwrap().iter() {
            let number: u32 = id.trim_start_matches("r-").parse().unwrap();
            let before = last.insert(posted[id]["member"]["card"].to_string(), number);
            assert!(before.is_none_or(|before| before < number), "{more:?}: {id}");
        }
    }
}

#[test]
fn one_partners_lines_are_picked_from_stdin() {
    let home = Home::new();
    let ledger: &'static Ledger = Box::leak(Box::default());
    let gateway = FakeGateway::start(|seen| ledger.answer(seen));
    let said = expect_with_stdin(&mut home.at(&gateway, &["post", "-", "--partner", "freshmart", "--json"]), &receipts(100), 0);
    assert_eq!((&said.json()["posted"], &said.json()["skipped"]), (&json!(50), &json!(50)));
    assert!(said.err.is_empty(), "{}", said.err);
    let nobody = ["post", "-", "--partner", "frshmart"];
    let said = expect_with_stdin(&mut home.at(&gateway, &nobody), &receipts(10), 0);
    assert!(said.err.contains("is the slug right?"), "{}", said.err);
    assert!(ledger.posted.lock().unwrap().keys().all(|id| id.trim_start_matches("r-").parse::<u32>().unwrap() % 2 == 1));
}

#[test]
fn refused_lines_are_explained_and_kept_for_mending() {
    let home = Home::new();
    let ledger: &'static Ledger = Box::leak(Box::default());
    let gateway = FakeGateway::start(|seen| ledger.answer(seen));
    let lines =
        [receipt("b", "one", "A"), receipt("b", "two", "NOBODY"), "{not json".to_owned(), receipt("b", "three-later", "A"), String::new()];
    let file = home.write("mixed.ndjson", lines.join("\n"));
    let refused = home.folder.path().join("refused.ndjson");
    for single in [false, true] {
        let mut arguments = vec!["post", &file, "--refused", refused.to_str().unwrap()];
        arguments.extend(single.then_some("--single"));
        let said = expect(&mut home.at(&gateway, &arguments), 1);
        for part in ["Refused", "member-not-found", "No member has this card.", "line 2 (two)", "not-a-receipt", "line 3"] {
            assert!(said.out.contains(part), "{part}:\n{}", said.out);
        }
        assert_eq!(said.out.contains("Deferred"), !single, "{}", said.out);
        let kept = std::fs::read_to_string(&refused).unwrap();
        let kept: HashSet<&str> = kept.lines().collect();
        assert!(kept.len() == 2 && kept.contains("{not json") && kept.iter().any(|line| line.contains("\"two\"")), "{kept:?}");
    }
}

#[test]
fn trouble_that_passes_is_waited_out() {
    let home = Home::new();
    let ledger: &'static Ledger = Box::leak(Box::default());
    let calls: &'static AtomicU32 = Box::leak(Box::default());
    let gateway = FakeGateway::start(|seen| match calls.fetch_add(1, Ordering::SeqCst) {
        0 => Reply::With(503, vec![("Retry-After", "1".to_owned())], json!({"title": "Busy", "status": 503, "code": "busy"})),
        // Taken, but the answer is lost: sent again, it is a replay.
        1 => {
            ledger.answer(seen);
            Reply::HangUp
        }
        2 => Reply::With(429, vec![("Retry-After", "0".to_owned())], json!({"title": "Slow down", "status": 429, "code": "rate-limited"})),
        // One item of the batch comes too early, its neighbours don't.
        3 => match ledger.answer(seen) {
            Reply::Json(status, mut body) => {
                body["results"][2] = json!({"title": "Busy", "status": 503, "code": "busy"});
                Reply::Json(status, body)
            }
            other => other,
        },
        _ => ledger.answer(seen),
    });
    let file = home.write("receipts.ndjson", receipts(10));
    let started = std::time::Instant::now();
    let said = expect(&mut home.at(&gateway, &["post", &file, "--concurrency", "1", "--json"]), 0);
    assert!(started.elapsed().as_millis() >= 1000, "Retry-After is kept");
    assert_eq!(said.json()["retries"], 4);
    assert_eq!(ledger.posted.lock().unwrap().len(), 10);
    assert_eq!(said.json()["replayed"].as_u64().unwrap() + said.json()["posted"].as_u64().unwrap(), 10);
}

#[test]
fn a_gateway_that_stays_away_ends_it_with_what_was_done() {
    let home = Home::new();
    let ledger: &'static Ledger = Box::leak(Box::default());
    let calls: &'static AtomicU32 = Box::leak(Box::default());
    let gateway = FakeGateway::start(|seen| if calls.fetch_add(1, Ordering::SeqCst) == 0 { ledger.answer(seen) } else { Reply::HangUp });
    let file = home.write("receipts.ndjson", receipts(30));
    let arguments = ["post", &file, "--batch", "10", "--concurrency", "1", "--give-up-after", "1", "--json"];
    let said = expect(&mut home.at(&gateway, &arguments), 3);
    assert!(said.err.contains("gave up") && said.err.contains("not posted twice"), "{}", said.err);
    let posted = said.json()["posted"].as_u64().unwrap();
    assert!((1..=10).contains(&posted), "{posted}");
}

#[test]
fn a_client_without_the_right_is_told_at_once() {
    let home = Home::new();
    let gateway = FakeGateway::start(|_| {
        Reply::Json(403, json!({"title": "Forbidden", "status": 403, "code": "forbidden", "detail": "The scope transactions is missing."}))
    });
    let file = home.write("receipts.ndjson", receipts(10));
    let said = expect(&mut home.at(&gateway, &["post", &file]), 3);
    assert!(said.err.contains("The scope transactions is missing."), "{}", said.err);
}

#[test]
fn a_body_over_the_limit_is_sent_in_halves() {
    let home = Home::new();
    let ledger: &'static Ledger = Box::leak(Box::default());
    let gateway = FakeGateway::start(|seen| {
        if seen.text().lines().count() > 3 {
            Reply::Json(413, json!({"title": "Too large", "status": 413, "code": "body-too-large"}))
        } else {
            ledger.answer(seen)
        }
    });
    let file = home.write("receipts.ndjson", receipts(20));
    assert_eq!(expect(&mut home.at(&gateway, &["post", &file, "--json"]), 0).json()["posted"], 20);
}

#[test]
fn a_file_that_is_not_there_is_a_usage_error() {
    let home = Home::new();
    let gateway = FakeGateway::start(|_| Reply::HangUp);
    expect(&mut home.at(&gateway, &["post", "/nowhere.ndjson"]), 2);
    expect(&mut home.at(&gateway, &["post", home.folder.path().to_str().unwrap()]), 2);
    expect(&mut home.at(&gateway, &["post", "x", "--single", "--batch", "5"]), 2);
}
