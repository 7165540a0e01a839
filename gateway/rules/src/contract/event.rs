//! What happened: the event that `on-event` is given. In JSON its body is flattened:
//! `{"id": "…", "at": {"ms": …}, "kind": "purchase", "purchase": {…}}`.

use serde::de::{Deserializer, Error};
use serde::ser::{SerializeStruct, Serializer};
use serde::{Deserialize, Serialize};
use wasmtime::component::{ComponentType, Lift, Lower};

use super::json;
use super::values::{Attribute, Instant, Money, Window};

/// Something that happened to one member at one partner.
#[derive(ComponentType, Lift, Lower, Clone, Debug, PartialEq, Eq)]
#[component(record)]
pub struct Event {
    /// The gateway's id of the event.
    pub id: String,
    /// When it happened, by business time.
    pub at: Instant,
    /// Chance for rules that need it: from the event's id and a secret of the program.
    pub seed: u64,
    /// What happened.
    pub body: EventBody,
    /// Where.
    pub store: Option<String>,
    /// How: a name of the register's channels.
    pub channel: Option<String>,
    /// What else the partner told.
    pub attributes: Vec<Attribute>,
}

/// The kinds of event.
#[derive(ComponentType, Lift, Lower, Clone, Debug, PartialEq, Eq)]
#[component(variant)]
pub enum EventBody {
    /// Something was bought.
    #[component(name = "purchase")]
    Purchase(Purchase),
    /// Something came back.
    #[component(name = "refund")]
    Refund(Refund),
    /// Something other than buying was done.
    #[component(name = "activity")]
    Activity(Activity),
    /// A redemption moved on.
    #[component(name = "redemption")]
    Redemption(Redemption),
    /// The member joined.
    #[component(name = "enrolment")]
    Enrolment(Enrolment),
    /// A year has passed since something.
    #[component(name = "anniversary")]
    Anniversary(Anniversary),
    /// A counter's window has ended.
    #[component(name = "period-close")]
    PeriodClose(PeriodClose),
    /// This program said something about a related member.
    #[component(name = "signal")]
    Signal(SignalReceived),
    /// Something happened at another partner.
    #[component(name = "coalition")]
    Coalition(CoalitionEvent),
    /// A kind that a later 1.x knows.
    #[component(name = "other")]
    Other(Activity),
}

impl EventBody {
    /// The kind as it stands in JSON: `purchase`, `period_close`, ….
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Purchase(_) => "purchase",
            Self::Refund(_) => "refund",
            Self::Activity(_) => "activity",
            Self::Redemption(_) => "redemption",
            Self::Enrolment(_) => "enrolment",
            Self::Anniversary(_) => "anniversary",
            Self::PeriodClose(_) => "period_close",
            Self::Signal(_) => "signal",
            Self::Coalition(_) => "coalition",
            Self::Other(_) => "other",
        }
    }

    /// The purchase, when it is one.
    #[must_use]
    pub fn purchase(&self) -> Option<&Purchase> {
        if let Self::Purchase(purchase) = self { Some(purchase) } else { None }
    }
}

/// One line of a receipt.
#[derive(ComponentType, Lift, Lower, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[component(record)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Position in the receipt as posted, from 0; it keeps its number when others are returned.
    pub number: u32,
    /// The partner's article number.
    #[serde(default)]
    pub sku: String,
    /// The partner's category.
    #[serde(default)]
    pub category: String,
    /// Thousandths: 1000 is one piece.
    #[component(name = "quantity-milli")]
    #[serde(default = "one_piece")]
    pub quantity_milli: i64,
    /// Minor units of the purchase's currency, after discounts.
    pub amount: i64,
    /// What else the partner told of the line.
    #[serde(default, with = "json::attributes", skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<Attribute>,
}

fn one_piece() -> i64 {
    1000
}

/// What was bought.
#[derive(ComponentType, Lift, Lower, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[component(record)]
#[serde(deny_unknown_fields)]
pub struct Purchase {
    /// ISO 4217.
    pub currency: String,
    /// Minor units, after discounts.
    pub total: i64,
    /// May be empty: not every till sends them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<Line>,
}

/// What came back of a purchase.
#[derive(ComponentType, Lift, Lower, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[component(record)]
#[serde(deny_unknown_fields)]
pub struct Refund {
    /// The purchase's event id.
    pub original: String,
    /// When it was bought.
    #[component(name = "original-at")]
    pub original_at: Instant,
    /// What came back this time.
    pub returned: Purchase,
    /// What the member still keeps.
    pub kept: Purchase,
    /// Points that the purchase was awarded.
    pub awarded: i64,
    /// Points that all its refunds so far took back.
    #[component(name = "clawed-back")]
    pub clawed_back: i64,
}

/// Something other than buying; `kind` is a name of the register's activities or `x-…`.
#[derive(ComponentType, Lift, Lower, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[component(record)]
#[serde(deny_unknown_fields)]
pub struct Activity {
    /// Which.
    pub kind: String,
}

/// A step of a redemption of one of this program's rewards.
#[derive(ComponentType, Lift, Lower, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[component(record)]
#[serde(deny_unknown_fields)]
pub struct Redemption {
    /// The redemption.
    pub id: String,
    /// The manifest's reward.
    pub reward: String,
    /// `held`, `captured`, `voided`, `expired` or `reversed`.
    pub step: String,
    /// Pieces.
    pub quantity: u32,
    /// Points of this step.
    pub points: i64,
    /// What they were worth.
    pub value: Money,
}

/// The member joined.
#[derive(ComponentType, Lift, Lower, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[component(record)]
#[serde(deny_unknown_fields)]
pub struct Enrolment {
    /// Kinds of relation the member came with, never whom with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub relations: Vec<String>,
}

/// A year has passed.
#[derive(ComponentType, Lift, Lower, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[component(record)]
#[serde(deny_unknown_fields)]
pub struct Anniversary {
    /// Since what: `enrolment`, `birthday`.
    pub kind: String,
    /// How many.
    pub years: u32,
}

/// A window has ended.
#[derive(ComponentType, Lift, Lower, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[component(record)]
#[serde(deny_unknown_fields)]
pub struct PeriodClose {
    /// Which kind.
    pub window: Window,
    /// Its first millisecond.
    pub from: i64,
    /// The first millisecond after it.
    pub to: i64,
    /// Over all members of the partner, for counters that ask for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub totals: Vec<CounterTotal>,
}

/// A counter over all members.
#[derive(ComponentType, Lift, Lower, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[component(record)]
#[serde(deny_unknown_fields)]
pub struct CounterTotal {
    /// The manifest's counter.
    pub counter: String,
    /// Its sum.
    pub total: i64,
    /// Members with a counter that isn't zero.
    pub members: u64,
}

/// What this program said about a related member.
#[derive(ComponentType, Lift, Lower, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[component(record)]
#[serde(deny_unknown_fields)]
pub struct SignalReceived {
    /// The signal's own kind.
    pub kind: String,
    /// How this member is related to the one it came from.
    pub relation: String,
    /// The event that caused it.
    pub source: String,
    /// What it carries.
    #[serde(default, with = "json::attributes", skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<Attribute>,
}

/// Something at another partner: only what the grant shows.
#[derive(ComponentType, Lift, Lower, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[component(record)]
#[serde(deny_unknown_fields)]
pub struct CoalitionEvent {
    /// The other partner's slug.
    pub partner: String,
    /// What kind of event.
    pub kind: String,
    /// Its total.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<Money>,
}

impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let optional = [self.store.is_some(), self.channel.is_some(), !self.attributes.is_empty()];
        let len = 5 + optional.iter().filter(|present| **present).count();
        let mut record = serializer.serialize_struct("Event", len)?;
        record.serialize_field("id", &self.id)?;
        record.serialize_field("at", &self.at)?;
        record.serialize_field("seed", &self.seed)?;
        record.serialize_field("kind", self.body.kind())?;
        match &self.body {
            EventBody::Purchase(body) => record.serialize_field("purchase", body)?,
            EventBody::Refund(body) => record.serialize_field("refund", body)?,
            EventBody::Activity(body) => record.serialize_field("activity", body)?,
            EventBody::Redemption(body) => record.serialize_field("redemption", body)?,
            EventBody::Enrolment(body) => record.serialize_field("enrolment", body)?,
            EventBody::Anniversary(body) => record.serialize_field("anniversary", body)?,
            EventBody::PeriodClose(body) => record.serialize_field("period_close", body)?,
            EventBody::Signal(body) => record.serialize_field("signal", body)?,
            EventBody::Coalition(body) => record.serialize_field("coalition", body)?,
            EventBody::Other(body) => record.serialize_field("other", body)?,
        }
        if let Some(store) = &self.store {
            record.serialize_field("store", store)?;
        }
        if let Some(channel) = &self.channel {
            record.serialize_field("channel", channel)?;
        }
        if !self.attributes.is_empty() {
            record.serialize_field("attributes", &Object(&self.attributes))?;
        }
        record.end()
    }
}

struct Object<'a>(&'a [Attribute]);

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        json::attributes::serialize(self.0, serializer)
    }
}

/// The event as it stands in JSON: every body a field of its own, of which exactly the one named by `kind` may be there.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EventJson {
    id: String,
    at: Instant,
    #[serde(default)]
    seed: u64,
    kind: String,
    purchase: Option<Purchase>,
    refund: Option<Refund>,
    activity: Option<Activity>,
    redemption: Option<Redemption>,
    enrolment: Option<Enrolment>,
    anniversary: Option<Anniversary>,
    period_close: Option<PeriodClose>,
    signal: Option<SignalReceived>,
    coalition: Option<CoalitionEvent>,
    other: Option<Activity>,
    store: Option<String>,
    channel: Option<String>,
    #[serde(default, with = "json::attributes")]
    attributes: Vec<Attribute>,
}

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = EventJson::deserialize(deserializer)?;
        let bodies = [
            json.purchase.map(EventBody::Purchase),
            json.refund.map(EventBody::Refund),
            json.activity.map(EventBody::Activity),
            json.redemption.map(EventBody::Redemption),
            json.enrolment.map(EventBody::Enrolment),
            json.anniversary.map(EventBody::Anniversary),
            json.period_close.map(EventBody::PeriodClose),
            json.signal.map(EventBody::Signal),
            json.coalition.map(EventBody::Coalition),
            json.other.map(EventBody::Other),
        ];
        let mut bodies = bodies.into_iter().flatten();
        let body =
            bodies.next().ok_or_else(|| D::Error::custom(format_args!("the field `{}` with the event's body is missing", json.kind)))?;
        if body.kind() != json.kind {
            return Err(D::Error::custom(format_args!("`kind` is `{}`, but the body is `{}`", json.kind, body.kind())));
        }
        if let Some(second) = bodies.next() {
            return Err(D::Error::custom(format_args!("`{}` beside `{}`: an event has one body", second.kind(), body.kind())));
        }
        Ok(Self { id: json.id, at: json.at, seed: json.seed, body, store: json.store, channel: json.channel, attributes: json.attributes })
    }
}
