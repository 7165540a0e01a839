//! A case: what rules are asked, and what they are to answer, in one JSON file.
//!
//! ```json
//! {
//!   "about": "The tenth coffee is free",
//!   "config": {"stamps": 10},
//!   "member": {"id": "m", "enrolled": {"ms": 0}, "counters": [{"name": "coffees", "values": [9]}]},
//!   "state": {"key": "text, or [bytes]"},
//!   "event": {"id": "e", "at": {"ms": 0}, "seed": 1, "kind": "purchase", "purchase": {"currency": "USD", "total": 320}},
//!   "expect": {"effects": []},
//!   "fuel_max": 40000
//! }
//! ```
//!
//! In place of `event` stands `offers` (a context), `quote` (a request) or `describe: true`; in place of `effects` then
//! `offers`, `quotation`, `manifest`, or `refusal`, `problems`, `failure` where that is what is to happen.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use coalition_rules::contract::{
    Context, Effect, Event, Instant, Manifest, Member, Offer, Problem, Quotation, QuoteRequest, Refusal, Totals,
};
use coalition_rules::{Failure, Limits, LogLine, Program, Run, State, Usage};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::error::{CliError, Result};
use crate::paths;

/// A case as it stands in its file. Its parts keep the author's own formatting.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// What it is there for.
    pub about: Option<String>,
    config: Option<Box<RawValue>>,
    member: Option<Box<RawValue>>,
    state: Option<Box<RawValue>>,
    event: Option<Box<RawValue>>,
    offers: Option<Box<RawValue>>,
    quote: Option<Box<RawValue>>,
    describe: Option<bool>,
    expect: Option<Box<RawValue>>,
    /// The most fuel that the run may use; none: the sandbox's limit.
    pub fuel_max: Option<u64>,
}

/// What rules answered, or are to answer. Members that are not there did not happen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// Of an event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effects: Option<Vec<Effect>>,
    /// The state afterwards, where the event changed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<BTreeMap<String, Bytes>>,
    /// A business denial, of an event or a quote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Refusal>,
    /// Of a context.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offers: Option<Vec<Offer>>,
    /// Of a quote request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quotation: Option<Quotation>,
    /// Of a configuration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manifest: Option<Manifest>,
    /// Of a wrong configuration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problems: Option<Vec<Problem>>,
    /// The code of a failed run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
}

/// A value of the state: text where it is UTF-8, else its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Bytes {
    /// UTF-8.
    Text(String),
    /// Anything else.
    Raw(Vec<u8>),
}

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        String::from_utf8(bytes).map_or_else(|error| Self::Raw(error.into_bytes()), Self::Text)
    }
}

impl From<Bytes> for Vec<u8> {
    fn from(bytes: Bytes) -> Self {
        match bytes {
            Bytes::Text(text) => text.into_bytes(),
            Bytes::Raw(bytes) => bytes,
        }
    }
}

/// What is asked.
#[derive(Debug)]
pub enum Question {
    /// `on-event`.
    Event(Box<Event>),
    /// `offers`.
    Offers(Context),
    /// `quote`.
    Quote(QuoteRequest),
    /// `describe`.
    Describe,
}

/// A case that was understood.
#[derive(Debug)]
pub struct Asked {
    question: Question,
    config: String,
    member: Member,
    state: State,
    /// What is to be answered, where the case says so.
    pub expect: Option<Answer>,
}

/// What came of it.
#[derive(Debug)]
pub struct Ran {
    /// The answer.
    pub answer: Answer,
    /// Fuel, memory, time.
    pub usage: Usage,
    /// What the rules logged.
    pub logs: Vec<LogLine>,
    /// Why it failed, in words.
    pub failure: Option<String>,
}

/// The case files in a folder, sorted by name.
///
/// # Errors
/// When there is no such folder, or no case in it.
pub fn files(cases: &Path) -> Result<Vec<PathBuf>> {
    let none = |why: String| {
        CliError::usage(why)
            .fix("write cases/NAME.json with \"config\", \"member\" and \"event\"; --bless adds what is answered as \"expect\"")
    };
    let entries = std::fs::read_dir(cases).map_err(|error| none(format!("can't read {}: {error}", cases.display())))?;
    let mut files: Vec<PathBuf> =
        entries.flatten().map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|extension| extension == "json")).collect();
    files.sort();
    if files.is_empty() { Err(none(format!("there is no case in {}", cases.display()))) } else { Ok(files) }
}

impl Case {
    /// Reads a file.
    ///
    /// # Errors
    /// When it is no case.
    pub fn read(path: &Path) -> Result<Self> {
        paths::read_json(path, "a case")
    }

    /// Reads its parts into the contract's types.
    ///
    /// # Errors
    /// When a part doesn't fit; the part is named.
    pub fn understand(&self) -> Result<Asked> {
        let describe = self.describe.unwrap_or(false);
        let asked = [self.event.is_some(), self.offers.is_some(), self.quote.is_some(), describe];
        if asked.into_iter().filter(|asked| *asked).count() != 1 {
            return Err(CliError::usage("a case has exactly one of \"event\", \"offers\", \"quote\" and \"describe\": true"));
        }
        let question = if let Some(event) = part(self.event.as_deref(), "event")? {
            Question::Event(Box::new(event))
        } else if let Some(context) = part(self.offers.as_deref(), "offers")? {
            Question::Offers(context)
        } else if let Some(request) = part(self.quote.as_deref(), "quote")? {
            Question::Quote(request)
        } else {
            Question::Describe
        };
        let state: BTreeMap<String, Bytes> = part(self.state.as_deref(), "state")?.unwrap_or_default();
        Ok(Asked {
            config: self.config.as_ref().map_or_else(|| "{}".to_owned(), |config| config.get().to_owned()),
            member: part(self.member.as_deref(), "member")?.unwrap_or_else(|| newcomer(question.at())),
            state: state_of(state)?,
            expect: part(self.expect.as_deref(), "expect")?,
            question,
        })
    }

    /// The file's text with another expectation and fuel ceiling; all else as the author wrote it.
    ///
    /// # Errors
    /// When the answer can't be written.
    pub fn with_expectation(&self, answer: &Answer, fuel_max: Option<u64>) -> Result<String> {
        let broken = |error: serde_json::Error| CliError::machine(format!("the answer can't be written as JSON: {error}"));
        let mut members = Vec::new();
        if let Some(about) = &self.about {
            members.push(("about", serde_json::to_string(about).map_err(broken)?));
        }
        let parts = [
            ("config", &self.config),
            ("member", &self.member),
            ("state", &self.state),
            ("event", &self.event),
            ("offers", &self.offers),
            ("quote", &self.quote),
        ];
        members.extend(parts.into_iter().filter_map(|(name, part)| part.as_ref().map(|part| (name, part.get().to_owned()))));
        if self.describe == Some(true) {
            members.push(("describe", "true".to_owned()));
        }
        let expect = serde_json::to_string_pretty(answer).map_err(broken)?;
        members.push(("expect", expect.replace('\n', "\n  ")));
        if let Some(fuel_max) = fuel_max {
            members.push(("fuel_max", fuel_max.to_string()));
        }
        let members: Vec<String> = members.into_iter().map(|(name, text)| format!("  \"{name}\": {text}")).collect();
        Ok(format!("{{\n{}\n}}\n", members.join(",\n")))
    }
}

impl Question {
    fn at(&self) -> Instant {
        match self {
            Self::Event(event) => event.at,
            Self::Offers(context) => context.at,
            Self::Quote(request) => request.context.at,
            Self::Describe => Instant { ms: 0, offset_minutes: 0 },
        }
    }
}

impl Asked {
    /// Asks the program.
    #[must_use]
    pub fn run(&self, program: &Program) -> Ran {
        match &self.question {
            Question::Event(event) => {
                let run = program.on_event(event, &self.member, &self.config, &self.state);
                ran(run, |result| match result {
                    Ok(effects) => Answer { effects: Some(effects), ..Answer::default() },
                    Err(refusal) => Answer { refusal: Some(refusal), ..Answer::default() },
                })
            }
            Question::Offers(context) => {
                let run = program.offers(context, &self.member, &self.config, &self.state);
                ran(run, |offers| Answer { offers: Some(offers), ..Answer::default() })
            }
            Question::Quote(request) => {
                let run = program.quote(request, &self.member, &self.config, &self.state);
                ran(run, |result| match result {
                    Ok(quotation) => Answer { quotation: Some(quotation), ..Answer::default() },
                    Err(refusal) => Answer { refusal: Some(refusal), ..Answer::default() },
                })
            }
            Question::Describe => ran(program.describe(&self.config), |result| match result {
                Ok(manifest) => Answer { manifest: Some(manifest), ..Answer::default() },
                Err(problems) => Answer { problems: Some(problems), ..Answer::default() },
            }),
        }
    }
}

fn ran<T>(run: Run<T>, answer: impl FnOnce(T) -> Answer) -> Ran {
    let (answer, failure) = match run.outcome {
        Ok(outcome) => (answer(outcome), None),
        Err(failure) => (Answer { failure: Some(failure.code().to_owned()), ..Answer::default() }, Some(in_words(&failure))),
    };
    let state = run.state.map(|state| bytes_of(&state));
    Ran { answer: Answer { state, ..answer }, usage: run.usage, logs: run.logs, failure }
}

/// A failure with its code and what it says.
#[must_use]
pub fn in_words(failure: &Failure) -> String {
    format!("{}: {failure}", failure.code())
}

fn part<T: serde::de::DeserializeOwned>(raw: Option<&RawValue>, name: &str) -> Result<Option<T>> {
    raw.map(|raw| serde_json::from_str(raw.get()).map_err(|error| CliError::usage(format!("\"{name}\" does not fit: {error}")))).transpose()
}

/// The state with these keys.
fn state_of(map: BTreeMap<String, Bytes>) -> Result<State> {
    let limits = Limits::default();
    let mut state = State::default();
    for (key, value) in map {
        if !state.put(key, value.into(), &limits) {
            return Err(CliError::usage(format!(
                "\"state\" is over its bounds: {} keys, {} bytes in all, {} bytes a key",
                limits.state_keys_max, limits.state_bytes_max, limits.state_key_bytes_max
            )));
        }
    }
    Ok(state)
}

/// The keys of a state.
#[must_use]
pub fn bytes_of(state: &State) -> BTreeMap<String, Bytes> {
    state.iter().map(|(key, value)| (key.to_owned(), Bytes::from(value.to_owned()))).collect()
}

/// A member of whom nothing is known but the moment.
#[must_use]
pub fn newcomer(enrolled: Instant) -> Member {
    Member {
        id: "member".to_owned(),
        enrolled,
        coalition_tier: None,
        tier: None,
        relations: Vec::new(),
        activity: Totals::default(),
        months: Vec::new(),
        counters: Vec::new(),
        badges: Vec::new(),
        vouchers: Vec::new(),
        awarded: Vec::new(),
        balance: None,
        attributes: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(text: &str) -> Case {
        serde_json::from_str(text).unwrap()
    }

    const EVENT: &str = r#"{"id": "e", "at": {"ms": 5}, "seed": 1, "kind": "purchase", "purchase": {"currency": "USD", "total": 320}}"#;

    #[test]
    fn a_case_asks_one_thing() {
        assert!(case("{}").understand().unwrap_err().message.contains("exactly one"));
        assert!(case(&format!(r#"{{"event": {EVENT}, "describe": true}}"#)).understand().is_err());
        let asked = case(&format!(r#"{{"event": {EVENT}}}"#)).understand().unwrap();
        assert_eq!((asked.config.as_str(), asked.member.enrolled.ms), ("{}", 5));
        assert!(asked.expect.is_none());
    }

    #[test]
    fn typos_are_found_in_every_part() {
        assert!(serde_json::from_str::<Case>(r#"{"evnt": {}}"#).is_err());
        for wrong in [
            format!(r#"{{"event": {EVENT}, "expect": {{"efects": []}}}}"#),
            format!(r#"{{"event": {EVENT}, "member": {{"id": "m"}}}}"#),
            format!(r#"{{"event": {EVENT}, "state": {{"k": 5}}}}"#),
        ] {
            assert_eq!(case(&wrong).understand().unwrap_err().exit, crate::error::Exit::Usage, "{wrong}");
        }
    }

    #[test]
    fn blessing_keeps_what_the_author_wrote() {
        let text = "{\n  \"about\": \"x\",\n  \"config\": {\"b\": 1,\n     \"a\": 2},\n  \"event\": EVENT,\n  \"expect\": {\n    \"effects\": []\n  },\n  \"fuel_max\": 20000\n}\n"
            .replace("EVENT", EVENT);
        let read = case(&text);
        let answer = read.understand().unwrap().expect.unwrap();
        assert_eq!(read.with_expectation(&answer, read.fuel_max).unwrap(), text);
    }

    #[test]
    fn state_is_text_where_it_can_be() {
        assert_eq!(Bytes::from(b"3".to_vec()), Bytes::Text("3".to_owned()));
        assert_eq!(Bytes::from(vec![0xff]), Bytes::Raw(vec![0xff]));
        assert_eq!(serde_json::from_str::<Bytes>("[1,2]").unwrap(), Bytes::Raw(vec![1, 2]));
    }
}
