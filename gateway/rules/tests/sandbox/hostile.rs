//! Rules that mean harm, or might as well: each comes to its own failure, soon, and the process goes on.

use std::time::{Duration, Instant};

use coalition_rules::{Digest, Failure, Limits, Sandbox, SandboxConfig};

use crate::component::{EFFECT_BYTES, ManifestText, Rules};
use crate::harness::{config, decide, load, sandbox};

/// The failure of these rules, which must come soon. Admission must refuse them too.
fn failure(rules: &Rules) -> Failure {
    let component = rules.component();
    let program = load(&component);
    let start = Instant::now();
    let run = decide(&program);
    let took = start.elapsed();
    assert!(took < Duration::from_secs(1), "{took:?}");
    assert!(run.usage.fuel <= run.usage.fuel_limit && run.state.is_none());
    let failure = run.outcome.unwrap_err();
    let violations = sandbox().admit(&component).unwrap_err();
    assert!(violations.iter().all(|violation| !violation.is_ours()), "{violations:?}");
    assert!(violations.iter().any(|violation| violation.code == "sample-failed"), "{violations:?}");
    // It lives, and so do the others.
    assert!(decide(&load(&Rules::good().component())).outcome.is_ok());
    failure
}

fn code(body: &str) -> &'static str {
    failure(&Rules::doing(body)).code()
}

#[test]
fn a_loop_without_end_runs_out_of_fuel() {
    assert_eq!(code("(loop (br 0))"), "out-of-fuel");
}

#[test]
fn a_recursion_without_end_overflows_its_own_stack() {
    let mut rules = Rules::doing("(drop (call $deep (i32.const 1)))");
    rules.more = "(func $deep (param i32) (result i32) (i32.add (local.get 0) (call $deep (i32.add (local.get 0) (i32.const 1)))))".into();
    assert_eq!(failure(&rules).code(), "stack-overflow");
}

#[test]
fn a_trap_says_what_it_was_and_what_was_logged_before() {
    let failure = failure(&Rules::doing("(call $log (i32.const 3) (i32.const 4096) (i32.const 6)) unreachable"));
    assert_eq!(failure.code(), "trap");
    assert!(failure.counts_against_version());
    let text = failure.to_string();
    assert!(text.contains("unreachable") && text.contains("sample"), "{text}");
    assert_eq!(code("(drop (i32.div_u (i32.const 1) (local.get $n)))"), "trap");
    assert_eq!(code("(drop (i32.load (i32.const -4)))"), "trap");
}

#[test]
fn a_hoard_of_memory_is_refused() {
    let body = "(loop $more (br_if $more (i32.ne (memory.grow (i32.const 16)) (i32.const -1)))) unreachable";
    assert_eq!(code(body), "out-of-memory");
}

#[test]
fn memory_that_is_refused_but_not_needed_is_no_failure() {
    let body = "(loop $more (br_if $more (i32.ne (memory.grow (i32.const 16)) (i32.const -1))))";
    let run = decide(&load(&Rules::doing(body).component()));
    assert!(run.outcome.is_ok());
    assert!(run.usage.memory_bytes <= Limits::default().memory_bytes_max as u64);
}

#[test]
fn a_flood_of_host_calls_ends_by_fuel_and_not_by_the_clock() {
    let mut rules = Rules::good();
    let text = rules.data.put(&[b'x'; 60_000]);
    rules.on_event = format!("(loop $next (call $log (i32.const 0) (i32.const {text}) (i32.const 60000)) (br $next)) {}", rules.on_event);
    assert_eq!(failure(&rules).code(), "out-of-fuel");
    assert_eq!(code("(loop $next (call $get (i32.const 4096) (i32.const 1) (i32.const 64)) (br $next))"), "out-of-fuel");
    assert_eq!(
        code("(loop $next (call $put (i32.const 4096) (i32.const 4) (i32.const 4096) (i32.const 4000) (i32.const 64)) (br $next))"),
        "out-of-fuel"
    );
}

#[test]
fn more_than_may_be_copied_is_not() {
    let mut rules = Rules::doing("(call $log (i32.const 0) (i32.const 0) (i32.const 2000000))");
    rules.pages = 32;
    assert_eq!(failure(&rules).code(), "hostcall");
}

#[test]
fn a_list_of_many_views_of_one_text_is_not_copied_out() {
    let mut rules = Rules::good();
    let long = rules.data.put(&vec![b'x'; 60_000]);
    // So many effects, each `revoke-voucher` with the same 60 000 bytes.
    let mut effect = vec![7, 0, 0, 0, 0, 0, 0, 0];
    effect.extend(long.to_le_bytes());
    effect.extend(60_000u32.to_le_bytes());
    effect.resize(EFFECT_BYTES as usize, 0);
    let list = rules.data.put(&effect.repeat(500));
    let answer = rules.data.effects_at(list, 500);
    rules.on_event = format!("i32.const {answer}");
    assert_eq!(failure(&rules).code(), "hostcall");
}

#[test]
fn copying_memory_about_is_paid_for_by_the_byte() {
    let mut rules = Rules::doing("(loop $next (memory.fill (i32.const 65536) (i32.const 1) (i32.const 8000000)) (br $next))");
    rules.pages = 200;
    assert_eq!(failure(&rules).code(), "out-of-fuel");
}

#[test]
fn what_fuel_does_not_end_the_clock_ends_and_that_is_not_held_against_it() {
    let limits = Limits { fuel_max: 1 << 50, ..Limits::default() };
    let sandbox = Sandbox::new(SandboxConfig { limits, ..config() }).unwrap();
    let component = Rules::doing("(loop (br 0))").component();
    let program = sandbox.load(&Digest::of(&component), &component).unwrap();
    // Once after the clock has gone to sleep, too.
    for pause_ms in [0, 0, 300] {
        std::thread::sleep(Duration::from_millis(pause_ms));
        let start = Instant::now();
        let failure = decide(&program).outcome.unwrap_err();
        assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
        assert_eq!(failure.code(), "deadline");
        assert!(!failure.counts_against_version() && !failure.is_deterministic());
    }
}

#[test]
fn an_answer_that_lies_outside_its_memory_is_none() {
    let mut rules = Rules::good();
    rules.on_event = "i32.const 0x7ffffff0".into();
    assert_eq!(failure(&rules).code(), "hostcall");
    let mut rules = Rules::good();
    let answer = rules.data.effects_at(4096, u32::MAX);
    rules.on_event = format!("i32.const {answer}");
    assert_eq!(failure(&rules).code(), "hostcall");
    // Text that isn't UTF-8.
    let mut rules = Rules::good();
    let bytes = rules.data.put(&[0xff, 0xfe]);
    let mut effect = vec![7, 0, 0, 0, 0, 0, 0, 0];
    effect.extend(bytes.to_le_bytes());
    effect.extend(2u32.to_le_bytes());
    let answer = rules.data.effects(&[effect]);
    rules.on_event = format!("i32.const {answer}");
    assert_eq!(failure(&rules).code(), "hostcall");
}

#[test]
fn nonsense_is_not_carried_out() {
    let nonsense = |effects: fn(&mut crate::component::Data) -> Vec<Vec<u8>>, says: &str| {
        let failure = failure(&Rules::answering(effects));
        assert_eq!(failure.code(), "answer", "{failure}");
        assert!(failure.to_string().contains(says), "{failure}");
    };
    nonsense(|data| vec![data.award("base", 0)], "only more than zero");
    nonsense(|data| vec![data.award("base", -5)], "only more than zero");
    nonsense(|data| vec![data.award("base", i64::MAX)], "more points");
    nonsense(|data| vec![data.award("a", (1 << 53) - 1), data.award("b", 1)], "more points");
    nonsense(|data| vec![data.award("base", 1), data.award("base", 2)], "twice");
    nonsense(|data| vec![data.award("", 1)], "no key");
    nonsense(|data| vec![data.award_lines("base", 1, &[4_000_000])], "no line 4000000");
    nonsense(|data| vec![data.recover("base", 1)], "only in answer to a refund");
    nonsense(|data| vec![data.progress("miles", 1)], "no counter `miles`");
    nonsense(|data| vec![data.grant_badge("other")], "no badge `other`");
    nonsense(|data| vec![data.grant_badge("regular"), data.grant_badge("regular")], "twice");
    nonsense(|data| vec![data.set_tier("lead")], "no tier `lead`");
    nonsense(|data| vec![data.issue_voucher("v", "tea")], "no reward `tea`");
    nonsense(|data| vec![data.signal("boss")], "`boss` is no relation");
    nonsense(|data| vec![data.signal("referrer"), data.signal("referrer")], "twice");
    nonsense(|data| vec![data.revoke_voucher("v"); 65], "65 effects");
}

#[test]
fn what_the_manifest_declares_is_carried_out() {
    let rules = Rules::answering(|data| {
        vec![
            data.award_lines("base", 1, &[0]),
            data.grant_badge("regular"),
            data.set_tier("gold"),
            data.issue_voucher("v", "coffee"),
            data.revoke_voucher("old"),
            data.signal("referrer"),
            data.signal("household"),
        ]
    });
    let run = decide(&load(&rules.component()));
    assert_eq!(run.outcome.unwrap().unwrap().len(), 7);
}

#[test]
fn rules_that_do_not_even_start_are_not_loaded() {
    let mut rules = Rules::good();
    rules.more = "(func $start (loop (br 0))) (start $start)".into();
    let component = rules.component();
    let violations = sandbox().admit(&component).unwrap_err();
    assert_eq!(violations[0].code, "unfit");
    assert!(violations[0].detail.contains("fuel"), "{violations:?}");
}

#[test]
fn a_manifest_is_checked_field_by_field() {
    let refused = |manifest: ManifestText<'_>, code: &str, says: &str| {
        let violations = sandbox().admit(&Rules::with_manifest(&manifest).component()).unwrap_err();
        assert!(
            violations.iter().any(|violation| violation.code == code && violation.detail.contains(says)),
            "{code} {says}: {violations:?}"
        );
    };
    let base = ManifestText::default;
    refused(ManifestText { name: "No Name", ..base() }, "manifest-name", "No Name");
    refused(ManifestText { version: "1.0", ..base() }, "manifest-version", "1.0");
    refused(ManifestText { config_schema: "{", ..base() }, "config-schema", "not JSON");
    refused(ManifestText { config_schema: "[]", ..base() }, "config-schema", "object");
    refused(ManifestText { handles: &["purchases"], ..base() }, "unknown-name", "purchases");
    for kind in ["activity:", "activity:dance", "activity:x-", "review", "other"] {
        refused(ManifestText { handles: &["purchase", kind], ..base() }, "unknown-name", "is no kind of event");
    }
    refused(ManifestText { needs: &["secrets"], ..base() }, "unknown-name", "secrets");
    refused(ManifestText { needs: &["x-"], ..base() }, "unknown-name", "x-");
    refused(ManifestText { requires: &["teleport"], ..base() }, "not-executed", "`teleport` is not executed by this gateway yet");
    refused(ManifestText { campaigns: &["summer", "summer"], ..base() }, "manifest-list", "campaigns");
    refused(ManifestText { rewards: &["coffee", "coffee"], ..base() }, "rewards", "twice");
    refused(ManifestText { counters: &["a b"], ..base() }, "counters", "a b");
    refused(ManifestText { tiers: &["gold", "gold"], ..base() }, "manifest-list", "tiers");
    refused(ManifestText { locales: 0, ..base() }, "missing-text", "thanks");
}
