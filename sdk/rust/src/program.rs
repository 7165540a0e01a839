//! The trait a rule author implements, and the ways in which a decision can end without effects.

use std::fmt;

use crate::{
    ArithmeticError, Context, Effects, Event, Manifest, Member, Message, Offer, Quotation, QuoteRequest, State,
    settings::{Problem, Problems, Setting},
};

/// A loyalty program's rules. A program is a function of what it is given: no clock, no chance, no I/O, and nothing survives a call but [`State`].
/// Whatever is not implemented does nothing: a program without offers has none.
pub trait Program {
    /// What a merchant can change, declared with [`settings!`](crate::settings!). Every field of it needs a default: the gateway asks a new program to
    /// describe itself with an empty configuration.
    type Config: Setting;

    /// What this program is, under this configuration.
    fn describe(config: &Self::Config) -> Manifest;

    /// What is wrong with a configuration that its types and bounds can't say. What is reported here stops an activation, with pointers to the fields.
    fn check(config: &Self::Config, problems: &mut Problems) {
        let _ = (config, problems);
    }

    /// What follows from an event.
    ///
    /// # Errors
    /// [`Stop::Refused`] is an answer: this event earns nothing here, and why. [`Stop::Broken`] is a failure: the event is kept, and decided later.
    fn on_event(event: &Event, member: &Member, config: &Self::Config, state: &mut State) -> Result<Effects, Stop> {
        let _ = (event, member, config, state);
        Ok(Effects::new())
    }

    /// What this member can get now, and how far the rest is.
    ///
    /// # Errors
    /// [`Fault`]: the member sees no offers of this partner until it is mended.
    fn offers(context: &Context, member: &Member, config: &Self::Config, state: &State) -> Result<Vec<Offer>, Fault> {
        let _ = (context, member, config, state);
        Ok(Vec::new())
    }

    /// The binding price of a reward. Stock and limits per member are the gateway's to count.
    ///
    /// # Errors
    /// [`Stop::Refused`]: not this member, not now, and why. [`Stop::Broken`] is a failure.
    fn quote(request: &QuoteRequest, member: &Member, config: &Self::Config, state: &State) -> Result<Quotation, Stop> {
        let _ = (member, config, state);
        Err(Refusal::no_such_reward(&request.reward).into())
    }
}

/// Reads and checks a configuration, as an activation does.
pub(crate) fn configure<P: Program>(text: &str) -> Result<P::Config, Vec<Problem>> {
    let config = crate::settings::read(text)?;
    let mut problems = Problems::default();
    P::check(&config, &mut problems);
    let found = problems.into_found();
    if found.is_empty() { Ok(config) } else { Err(found) }
}

/// A business denial with a reason that the member can read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// For machines, lower case with hyphens.
    pub code: String,
    /// For people.
    pub reason: Message,
}

impl Refusal {
    /// A denial.
    #[must_use]
    pub fn new(code: impl Into<String>, reason: impl Into<Message>) -> Self {
        Self { code: code.into(), reason: reason.into() }
    }

    /// The denial of a reward that this program doesn't have; its text is `no-such-reward`, which every manifest has, filled with `{reward}`.
    #[must_use]
    pub fn no_such_reward(reward: &str) -> Self {
        Self::new("unknown-reward", Message::new("no-such-reward").with("reward", reward))
    }
}

/// A rule that can't decide. It ends the run as a crash would, with its text in the program's log: the event is recorded as deferred, and decided
/// again when a mended version is live. A sale is never lost, and nothing is awarded by guess.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault(pub String);

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Fault {}

impl From<ArithmeticError> for Fault {
    fn from(error: ArithmeticError) -> Self {
        Self(error.to_string())
    }
}

/// Why there are no effects, or no price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// An answer: no, and why.
    Refused(Refusal),
    /// A failure.
    Broken(Fault),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Broken(fault)
    }
}

impl From<ArithmeticError> for Stop {
    fn from(error: ArithmeticError) -> Self {
        Self::Broken(error.into())
    }
}
