//! How the records look in JSON, and that they read back.

use serde_json::{Value, json};

use super::*;

fn round<T: serde::Serialize + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug>(json: &Value) -> T {
    let value: T = serde_json::from_value(json.clone()).unwrap_or_else(|error| panic!("{error}: {json}"));
    assert_eq!(serde_json::to_value(&value).unwrap(), *json);
    let text = serde_json::to_vec(&value).unwrap();
    assert_eq!(serde_json::from_slice::<T>(&text).unwrap(), value);
    value
}

fn refused<T: serde::de::DeserializeOwned>(json: Value, says: &str) {
    let error = serde_json::from_value::<T>(json).map(drop).unwrap_err().to_string();
    assert!(error.contains(says), "{error}");
}

#[test]
fn an_event_has_its_kind_beside_its_body() {
    let head = json!({"id": "e", "at": {"ms": 1, "offset_minutes": 60}, "seed": u64::MAX});
    let purchase = json!({"currency": "USD", "total": 10, "lines": [
        {"number": 0, "sku": "s", "category": "c", "quantity_milli": 1500, "amount": 10, "attributes": {"unit": "kg"}}]});
    let bodies = [
        ("purchase", purchase.clone()),
        (
            "refund",
            json!({"original": "o", "original_at": {"ms": 1, "offset_minutes": 0}, "returned": purchase, "kept": {"currency": "USD", "total": 0},
            "awarded": 5, "clawed_back": 1}),
        ),
        ("activity", json!({"kind": "review"})),
        (
            "redemption",
            json!({"id": "r", "reward": "coffee", "step": "held", "quantity": 1, "points": 10, "value": {"amount": 5, "currency": "USD"}}),
        ),
        ("enrolment", json!({"relations": ["referrer"]})),
        ("anniversary", json!({"kind": "enrolment", "years": 2})),
        ("period_close", json!({"window": "month", "from": 0, "to": 1, "totals": [{"counter": "c", "total": 1, "members": 2}]})),
        ("signal", json!({"kind": "joined", "relation": "referrer", "source": "e0", "attributes": {"points": 5}})),
        ("coalition", json!({"partner": "p", "kind": "purchase", "total": {"amount": 5, "currency": "USD"}})),
        ("other", json!({"kind": "later"})),
    ];
    for (kind, body) in bodies {
        let mut event = head.clone();
        event["kind"] = json!(kind);
        event[kind] = body;
        event["store"] = json!("s");
        event["channel"] = json!("pos");
        event["attributes"] = json!({"tender": "card", "first": true, "n": -3});
        assert_eq!(round::<Event>(&event).body.kind(), kind);
    }
}

#[test]
fn what_people_leave_out_has_its_default_and_what_they_mistype_is_refused() {
    let event = |more: Value| {
        let mut event = json!({"id": "e", "at": {"ms": 1}, "kind": "purchase", "purchase": {"currency": "USD", "total": 5, "lines": [{"number": 0, "amount": 5}]}});
        event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        event
    };
    let read: Event = serde_json::from_value(event(json!({}))).unwrap();
    assert_eq!((read.seed, read.at.offset_minutes, read.body.purchase().unwrap().lines[0].quantity_milli), (0, 0, 1000));
    refused::<Event>(event(json!({"chanel": "pos"})), "chanel");
    refused::<Event>(event(json!({"kind": "refund"})), "`kind` is `refund`, but the body is `purchase`");
    refused::<Event>(event(json!({"activity": {"kind": "x"}})), "one body");
    refused::<Event>(json!({"id": "e", "at": {"ms": 1}, "kind": "purchase"}), "missing");
    refused::<Event>(event(json!({"attributes": {"a": 1.5}})), "");
    refused::<Event>(event(json!({"attributes": {"a": null}})), "");
    let twice = r#"{"id": "e", "at": {"ms": 1}, "kind": "activity", "activity": {"kind": "x"}, "attributes": {"a": 1, "a": 2}}"#;
    assert!(serde_json::from_str::<Event>(twice).unwrap_err().to_string().contains("twice"));
    let member: Member = serde_json::from_value(json!({"id": "m", "enrolled": {"ms": 0}})).unwrap();
    assert_eq!(member.activity, Totals::default());
}

#[test]
fn an_effect_is_an_object_with_its_kind() {
    let reason = json!({"key": "thanks", "args": {"n": 5}});
    let effects = [
        json!({"kind": "award", "key": "base", "points": 5, "reason": reason}),
        json!({"kind": "award", "key": "base", "points": 5, "reason": reason, "lines": [0, 2], "available": {"later": {"after_days": 14}},
            "expires": {"end_of": "year"}, "campaign": "summer"}),
        json!({"kind": "award", "key": "base", "points": 5, "reason": reason, "available": {"on_action": "delivered"}, "expires": {"at": 5}}),
        json!({"kind": "recover", "key": "base", "points": 5, "reason": reason}),
        json!({"kind": "progress", "counter": "stamps", "delta": -1}),
        json!({"kind": "grant_badge", "name": "regular", "period": "2026"}),
        json!({"kind": "revoke_badge", "name": "regular"}),
        json!({"kind": "set_tier", "tier": "gold", "until": {"after_months": 12}, "reason": reason}),
        json!({"kind": "set_tier", "reason": reason}),
        json!({"kind": "issue_voucher", "key": "v", "template": "coffee", "value": {"amount": 5, "currency": "USD"}, "reason": reason, "attributes": {"code": "A"}}),
        json!({"kind": "revoke_voucher", "id": "v1"}),
        json!({"kind": "tell", "key": "hello"}),
        json!({"kind": "signal", "relation": "referrer", "signal": "joined"}),
        json!({"kind": "instruct", "instruction": "print", "attributes": {"text": "Hi"}}),
        json!({"kind": "other", "instruction": "later"}),
    ];
    for effect in &effects {
        round::<Effect>(effect);
    }
    let award: Effect = serde_json::from_value(effects[0].clone()).unwrap();
    assert!(matches!(award, Effect::Award(Award { available: Availability::Now, .. })));
    refused::<Effect>(json!({"kind": "award", "key": "base", "points": 5, "reason": reason, "bonus": 1}), "bonus");
    refused::<Effect>(json!({"kind": "award", "key": "base", "points": 5.5, "reason": reason}), "");
}

#[test]
fn offers_quotes_and_manifests_read_back() {
    round::<Offer>(
        &json!({"reward": "coffee", "title": {"key": "t"}, "points": 100, "value": {"amount": 5, "currency": "USD"}, "eligible": false,
        "reason": {"key": "more"}, "target": {"have": 7, "need": 10, "unit": "stamps"}, "valid_until": 5, "attributes": {"image": "a"}}),
    );
    round::<QuoteRequest>(&json!({"reward": "coffee", "quantity": 2, "amount": {"amount": 5, "currency": "USD"},
        "basket": {"currency": "USD", "total": 5}, "context": {"at": {"ms": 1, "offset_minutes": 0}, "seed": 3, "channel": "web"}}));
    round::<Quotation>(
        &json!({"points": 100, "value": {"amount": 5, "currency": "USD"}, "title": {"key": "t"}, "valid": {"after_days": 3}, "till": {"sku": "c"}}),
    );
    round::<Manifest>(&json!({"name": "n", "version": "1.0.0", "handles": ["purchase"], "needs": ["counters"], "config_schema": "{}",
        "texts": [{"locale": "en", "entries": {"t": "Text", "a": "b"}}],
        "rewards": [{"id": "coffee", "kind": "free-product", "stock": 5, "per_member": {"name": "daily", "max": 1, "window": "day"}}],
        "counters": [{"name": "stamps", "window": "lifetime", "keep": 0, "totals": false}], "badges": ["b"], "tiers": ["gold"]}));
    round::<Problem>(&json!({"pointer": "/rate", "detail": "above zero"}));
}
