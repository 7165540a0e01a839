//! What happened: a purchase, a refund, and the other events that the contract knows.

use crate::{Attributes, Currency, Instant, Money, Points, Window};

/// Something that happened to a member, given to [`Program::on_event`](crate::Program::on_event).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The gateway's id of it.
    pub id: String,
    /// When it happened, by the till; never the rule's clock.
    pub at: Instant,
    /// Feeds [`Chance`](crate::Chance): from the event's id and a secret of the program, so that a till can't choose it.
    pub seed: u64,
    /// What it was.
    pub body: EventBody,
    /// The store, as the till names it.
    pub store: Option<String>,
    /// The channel, such as `pos` or `web`.
    pub channel: Option<String>,
    /// What else the till sent.
    pub attributes: Attributes,
}

impl Event {
    /// The purchase, if it is one.
    #[must_use]
    pub const fn purchase(&self) -> Option<&Purchase> {
        match &self.body {
            EventBody::Purchase(purchase) => Some(purchase),
            _ => None,
        }
    }
}

/// The kinds of events. A program gets those that its manifest [handles](crate::Manifest::handles).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EventBody {
    /// Goods were bought.
    Purchase(Purchase),
    /// Goods came back.
    Refund(Refund),
    /// Something that is not a purchase: a review, a visit, a quiz.
    Activity(Activity),
    /// A reward was held, captured, voided or reversed.
    Redemption(Redemption),
    /// The member joined.
    Enrolment(Enrolment),
    /// A birthday, or a year since joining.
    Anniversary(Anniversary),
    /// A counter's window ended.
    PeriodClose(PeriodClose),
    /// What this program said about a related member.
    Signal(SignalReceived),
    /// Something that happened at another partner.
    Coalition(CoalitionEvent),
    /// A kind that a later contract knows; only for programs that handle it.
    Other(Activity),
}

/// A basket that was paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Purchase {
    /// What was paid, after discounts.
    pub total: Money,
    /// What it was paid for; empty when the till sends totals only.
    pub lines: Vec<Line>,
}

impl Purchase {
    /// The currency of the whole purchase.
    #[must_use]
    pub const fn currency(&self) -> Currency {
        self.total.currency()
    }
}

/// One line of a receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its position in the receipt as posted; it keeps its number when other lines come back.
    pub number: u32,
    /// The article.
    pub sku: String,
    /// The partner's own category.
    pub category: String,
    /// How much of it.
    pub quantity: Quantity,
    /// What was paid for the whole line, after discounts.
    pub amount: Money,
    /// What else the till sent about it.
    pub attributes: Attributes,
}

/// A quantity in thousandths: a piece is 1 000, 35.27 litres are 35 270.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quantity(i64);

impl Quantity {
    /// From thousandths.
    #[must_use]
    pub const fn from_milli(milli: i64) -> Self {
        Self(milli)
    }

    /// In thousandths.
    #[must_use]
    pub const fn milli(self) -> i64 {
        self.0
    }

    /// Whole pieces: the begun one doesn't count.
    #[must_use]
    pub const fn pieces(self) -> i64 {
        self.0.div_euclid(1_000)
    }
}

/// Goods that came back. The gateway has put points, counters and vouchers back before a program sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refund {
    /// The id of the purchase.
    pub original: String,
    /// When it was made.
    pub original_at: Instant,
    /// What came back this time.
    pub returned: Purchase,
    /// What the member still keeps of it.
    pub kept: Purchase,
    /// Points the purchase was awarded.
    pub awarded: Points,
    /// Points taken back by all its refunds so far.
    pub clawed_back: Points,
}

/// Something that is not a purchase; its details are the event's attributes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activity {
    /// Its kind, such as `review`; `x-` is the partner's own.
    pub kind: String,
}

/// A step in the life of a redemption.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redemption {
    /// Its id.
    pub id: String,
    /// The reward.
    pub reward: String,
    /// Which step: `held`, `captured`, `voided`, `expired`, `reversed`.
    pub step: String,
    /// How many.
    pub quantity: u32,
    /// For how many points.
    pub points: Points,
    /// Worth how much.
    pub value: Money,
}

/// The member joined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrolment {
    /// Kinds of related members, such as `referrer`; never who they are.
    pub relations: Vec<String>,
}

/// A yearly day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anniversary {
    /// `birthday` or `enrolment`.
    pub kind: String,
    /// Which one; 0 for a birthday.
    pub years: u32,
}

/// A window ended in which the member has a counter that is not zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeriodClose {
    /// Which window.
    pub window: Window,
    /// Its first millisecond.
    pub from_ms: i64,
    /// The first millisecond after it.
    pub to_ms: i64,
    /// Over all members of this partner, for counters that ask for it.
    pub totals: Vec<CounterTotal>,
}

/// A counter over all members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CounterTotal {
    /// Its name.
    pub counter: String,
    /// The sum.
    pub total: i64,
    /// Over how many members.
    pub members: u64,
}

/// What this program said about a related member, one hop away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignalReceived {
    /// The signal's kind.
    pub kind: String,
    /// What the member is to the one that the signal came from, such as the `referrer`.
    pub relation: String,
    /// The event that caused it.
    pub source: String,
    /// What the sending rule added.
    pub attributes: Attributes,
}

/// Something that happened at another partner: its kind and total, nothing more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoalitionEvent {
    /// The partner's slug.
    pub partner: String,
    /// The event's kind.
    pub kind: String,
    /// What was paid.
    pub total: Option<Money>,
}
