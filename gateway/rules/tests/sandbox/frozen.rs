//! Old plugins keep running: a component built on the day the contract was frozen, kept as bytes, is admitted, describes itself and decides as it did then, to the
//! byte. It writes down all that it is given, of every kind of event, and says one of everything that rules can say: a record that had grown, a case
//! that had moved or a name that had changed would show here. Neither the bytes nor the answers are ever made anew.

use coalition_rules::contract::{Context, Event, Member, QuoteRequest};
use coalition_rules::{Digest, Limits, Program, State, output_bytes};
use serde_json::Value;

use super::harness::{load, sandbox};

const WITNESS: &[u8] = include_bytes!("../data/witness-1.0.0/witness.wasm");
const ANSWERS: &str = include_str!("../data/witness-1.0.0/answers.json");

const RULES_WIT: &str = "5ed38e657d6f18ea3577d9f4f299af3f2cff60912a566e8ebec600e48c497e48";
const TYPES_WIT: &str = "caa0b5b4e38c4bf77d72b961105bb5cbac181080354f65eb04b5ab5ab4d89040";

/// What was asked then, and the very text of what was answered.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    about: String,
    config: String,
    #[serde(default)]
    member: Option<Member>,
    #[serde(default)]
    state: Option<String>,
    #[serde(default)]
    event: Option<Event>,
    #[serde(default)]
    offers: Option<Context>,
    #[serde(default)]
    quote: Option<QuoteRequest>,
    answer: String,
    /// The state that an event left, under its one key.
    #[serde(default)]
    seen: Option<String>,
}

impl Case {
    /// What is answered now, and the state that is left.
    fn ask(&self, program: &Program) -> (String, Option<String>) {
        let mut state = State::default();
        if let Some(seen) = &self.state {
            assert!(state.put("seen".to_owned(), seen.clone().into_bytes(), &Limits::default()));
        }
        let (config, member) = (self.config.as_str(), self.member.as_ref());
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        if let Some(event) = &self.event {
            let run = program.on_event(event, member.unwrap(), config, &state);
            let left = run.state.map(|state| text(state.get("seen").unwrap().to_vec()));
            return (text(output_bytes(&run.outcome.unwrap())), left);
        }
        if let Some(context) = &self.offers {
            return (said(&program.offers(context, member.unwrap(), config, &state).outcome.unwrap()), None);
        }
        if let Some(request) = &self.quote {
            return match program.quote(request, member.unwrap(), config, &state).outcome.unwrap() {
                Ok(quotation) => (said(&quotation), None),
                Err(refusal) => (said(&refusal), None),
            };
        }
        match program.describe(config).outcome.unwrap() {
            Ok(manifest) => (said(&manifest), None),
            Err(problems) => (said(&problems), None),
        }
    }
}

/// Any answer as JSON, in the order of the contract's fields.
fn said<T: serde::Serialize>(answer: &T) -> String {
    serde_json::to_string(answer).unwrap()
}

fn cases() -> Vec<Case> {
    serde_json::from_str(ANSWERS).unwrap()
}

#[test]
fn a_component_of_1_0_0_answers_the_same_bytes() {
    let program = load(WITNESS);
    assert_eq!(program.contract(), "1.0.0");
    for case in cases() {
        let (answer, seen) = case.ask(&program);
        assert_eq!(answer, case.answer, "{}", case.about);
        assert_eq!(seen, case.seen, "what it was given: {}", case.about);
    }
}

/// A released folder is frozen: not a comma of its WIT changes. What is new is an attribute, an import or a folder beside it (sdk/wit/README.md).
#[test]
fn the_contract_of_1_0_0_is_frozen() {
    let files = [
        ("rules.wit", include_bytes!("../../../../sdk/wit/v1/rules.wit").as_slice(), RULES_WIT),
        ("types.wit", include_bytes!("../../../../sdk/wit/v1/types.wit").as_slice(), TYPES_WIT),
    ];
    for (name, bytes, frozen) in files {
        assert_eq!(Digest::of(bytes).to_string(), frozen, "{name} is frozen");
    }
}

#[test]
fn a_component_of_1_0_0_is_admitted() {
    let admitted = sandbox().admit(WITNESS).unwrap_or_else(|violations| panic!("{violations:?}"));
    assert_eq!((admitted.manifest.name.as_str(), admitted.manifest.version.as_str()), ("witness", "1.0.0"));
}

/// The witness has seen every case of the event's body but `other`, which no gateway of 1.0.0 sends, and has answered with every effect.
#[test]
fn it_has_seen_and_said_everything() {
    let mut kinds: Vec<&str> = Vec::new();
    let mut effects: Vec<String> = Vec::new();
    let cases = cases();
    for case in &cases {
        kinds.extend(case.event.as_ref().map(|event| event.body.kind()));
        let answer: Value = serde_json::from_str(&case.answer).unwrap();
        let said = answer["effects"].as_array().into_iter().flatten();
        effects.extend(said.map(|effect| effect["kind"].as_str().unwrap().to_owned()));
    }
    for kind in ["purchase", "refund", "activity", "redemption", "enrolment", "anniversary", "period_close", "signal", "coalition"] {
        assert!(kinds.contains(&kind), "{kind}");
    }
    for effect in [
        "award",
        "recover",
        "progress",
        "grant_badge",
        "revoke_badge",
        "set_tier",
        "issue_voucher",
        "revoke_voucher",
        "tell",
        "signal",
        "instruct",
    ] {
        assert!(effects.iter().any(|said| said == effect), "{effect}");
    }
}
