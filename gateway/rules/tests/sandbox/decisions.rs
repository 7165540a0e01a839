//! What good rules are given and give back, and that it repeats.

use coalition_rules::contract::Effect;
use coalition_rules::{Class, Level, Limits, Sandbox, SandboxConfig, State, output_bytes, output_from_bytes};

use crate::component::{ManifestText, Rules};
use crate::harness::{config, context, decide, event, load, member, request, sandbox};

#[test]
fn good_rules_are_admitted_and_decide() {
    let component = Rules::good().component();
    let admitted = sandbox().admit(&component).unwrap();
    assert_eq!((admitted.manifest.name.as_str(), admitted.class), ("sample", Class::Native));
    let run = decide(&admitted.program);
    let effects = run.outcome.unwrap().unwrap();
    assert!(matches!(&effects[0], Effect::Award(award) if award.key == "base" && award.points == 5));
    assert!(matches!(&effects[1], Effect::Progress(progress) if progress.counter == "stamps" && progress.delta == 1));
    assert!(run.usage.fuel > 0 && run.usage.fuel < 1_000, "{:?}", run.usage);
    assert_eq!(run.usage.memory_bytes, 16 * 65_536);
    assert_eq!(run.state, None);
    let offers = admitted.program.offers(&context(), &member(), "{}", &State::default()).outcome.unwrap();
    assert_eq!((offers[0].reward.as_str(), offers[0].points, offers[0].eligible), ("coffee", Some(100), true));
    let quotation = admitted.program.quote(&request(), &member(), "{}", &State::default()).outcome.unwrap().unwrap();
    assert_eq!((quotation.points, quotation.value.minor), (100, 500));
}

#[test]
fn a_decision_repeats_to_the_byte_also_from_what_was_stored() {
    let component = Rules::doing(PUT_THREE).component();
    let program = load(&component);
    let first = program.on_event(&event(), &member(), "{}", &State::default());
    // As a replay does it: everything read back from what was stored, another sandbox, the clock hardly minded.
    let other = Sandbox::new(config()).unwrap();
    let again = other.load(program.digest(), &component).unwrap().patient();
    let stored = (serde_json::to_vec(&event()).unwrap(), serde_json::to_vec(&member()).unwrap());
    let second =
        again.on_event(&serde_json::from_slice(&stored.0).unwrap(), &serde_json::from_slice(&stored.1).unwrap(), "{}", &State::default());
    let (first_output, second_output) = (output_bytes(&first.outcome.unwrap()), output_bytes(&second.outcome.unwrap()));
    assert_eq!(first_output, second_output);
    assert_eq!(first.usage.fuel, second.usage.fuel);
    assert_eq!(first.state.as_ref().unwrap().to_bytes(), second.state.unwrap().to_bytes());
    assert_eq!(first.state.unwrap().iter().map(|(key, _)| key.len()).sum::<usize>(), 6);
    let read = output_from_bytes(&first_output).unwrap();
    assert_eq!(output_bytes(&read), first_output);
}

/// Puts `stamps[..n]` under keys of one, two and three letters.
const PUT_THREE: &str = r#"(loop $next
    (local.set $n (i32.add (local.get $n) (i32.const 1)))
    (call $put (i32.const 4096) (local.get $n) (i32.const 4096) (local.get $n) (i32.const 64))
    (br_if $next (i32.lt_u (local.get $n) (i32.const 3))))"#;

#[test]
fn state_is_handed_back_only_when_it_changed_and_read_again() {
    let program = load(&Rules::doing(PUT_THREE).component());
    let first = program.on_event(&event(), &member(), "{}", &State::default());
    let state = first.state.unwrap();
    assert_eq!(state.get("sam"), Some(&b"sam"[..]), "the manifest's name is the first of the data");
    let second = program.on_event(&event(), &member(), "{}", &state);
    assert!(second.outcome.is_ok());
    assert_eq!(second.state, None, "the same was put again");
}

#[test]
fn state_can_be_written_only_for_an_event() {
    let mut rules = Rules::good();
    rules.offers = format!("(call $put (i32.const 4096) (i32.const 1) (i32.const 4096) (i32.const 1) (i32.const 64)) {}", rules.offers);
    rules.quote = format!("(call $delete (i32.const 4096) (i32.const 1) (i32.const 64)) {}", rules.quote);
    let program = load(&rules.component());
    let run = program.offers(&context(), &member(), "{}", &State::default());
    assert!(run.outcome.is_ok(), "put answers read-only");
    assert_eq!(run.state, None);
    let run = program.quote(&request(), &member(), "{}", &State::default());
    assert!(run.outcome.is_ok(), "and so does delete");
    assert_eq!(run.state, None);
}

#[test]
fn what_rules_log_is_kept_as_far_as_there_is_room() {
    let program = load(&Rules::doing("(call $log (i32.const 2) (i32.const 4096) (i32.const 6))").component());
    let run = decide(&program);
    assert_eq!(run.logs.len(), 1);
    assert_eq!((run.logs[0].level, run.logs[0].text.as_str()), (Level::Warn, "sample"));
    assert!(run.usage.fuel > Limits::default().fuel_hostcall);

    let mut rules = Rules::good();
    let text = rules.data.put(&[b'x'; 200]);
    rules.on_event = format!(
        "(loop $next
            (call $log (i32.const 0) (i32.const {text}) (i32.const 200))
            (local.set $n (i32.add (local.get $n) (i32.const 1)))
            (br_if $next (i32.lt_u (local.get $n) (i32.const 500))))
        {}",
        rules.on_event
    );
    let run = decide(&load(&rules.component()));
    assert!(run.outcome.is_ok(), "a rule that logs too much is cut, not failed");
    let bytes: usize = run.logs.iter().map(|line| line.text.len()).sum();
    assert!(bytes < Limits::default().log_bytes_max + 100, "{bytes}");
    assert!(run.logs.last().unwrap().text.contains("more lines had no room"));
}

#[test]
fn an_event_larger_than_rules_are_given_is_not_run_and_not_their_fault() {
    let program = load(&Rules::good().component());
    let mut event = event();
    event.attributes.push(coalition_rules::contract::Attribute::new("x-long", "x".repeat(70_000)));
    let failure = program.on_event(&event, &member(), "{}", &State::default()).outcome.unwrap_err();
    assert_eq!(failure.code(), "input-too-large");
    assert!(!failure.counts_against_version());
}

#[test]
fn more_callers_than_instances_wait_for_one() {
    let sandbox = Sandbox::new(SandboxConfig { pool_instances: 2, ..config() }).unwrap();
    let component = Rules::good().component();
    let program = sandbox.load(&coalition_rules::Digest::of(&component), &component).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            let program = program.clone();
            scope.spawn(move || (0..200).for_each(|_| assert!(decide(&program).outcome.is_ok())));
        }
    });
}

#[test]
fn a_program_outlives_the_sandbox_it_came_from() {
    let program = {
        let sandbox = Sandbox::new(config()).unwrap();
        let component = Rules::doing("(loop (br 0))").component();
        sandbox.load(&coalition_rules::Digest::of(&component), &component).unwrap().patient()
    };
    assert_eq!(decide(&program).outcome.unwrap_err().code(), "out-of-fuel");
}

#[test]
fn a_manifest_for_another_configuration_is_asked_for_once_and_checked() {
    let mut rules = Rules::good();
    let bad = rules.data.manifest(&ManifestText { version: "one", ..ManifestText::default() });
    // The length of the configuration decides which manifest is given.
    rules.describe = format!("(if (result i32) (i32.eq (local.get 1) (i32.const 2)) (then {}) (else (i32.const {bad})))", rules.describe);
    let component = rules.component();
    sandbox().admit(&component).unwrap();
    let program = load(&component);
    assert!(program.on_event(&event(), &member(), "{}", &State::default()).outcome.is_ok());
    let failure = program.on_event(&event(), &member(), r#"{"a":1}"#, &State::default()).outcome.unwrap_err();
    assert!(failure.to_string().contains("not a semantic version"), "{failure}");
}
