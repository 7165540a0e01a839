//! What a member can get: offers with their price, progress towards what is still missing, and binding quotes.

use crate::{Attributes, Instant, Member, Message, Moment, Money, Points, Purchase, Scalar};

/// When and where somebody asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Context {
    /// When.
    pub at: Instant,
    /// Feeds [`Chance`](crate::Chance).
    pub seed: u64,
    /// The store.
    pub store: Option<String>,
    /// The channel, such as `pos` or `web`.
    pub channel: Option<String>,
    /// What else the asker sent.
    pub attributes: Attributes,
}

/// A reward as this member sees it now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// A reward of the manifest.
    pub reward: String,
    /// What it is called.
    pub title: Message,
    /// Its price; none: not for points.
    pub points: Option<Points>,
    /// What it is worth.
    pub value: Option<Money>,
    /// Whether the member can have it now.
    pub eligible: bool,
    /// Why not.
    pub reason: Option<Message>,
    /// How far it is.
    pub target: Option<Target>,
    /// Until when the offer stands, milliseconds since 1970.
    pub valid_until_ms: Option<i64>,
    /// What else a shop or a page wants to know.
    pub attributes: Attributes,
}

impl Offer {
    /// An offer of `reward` that the member can have now.
    #[must_use]
    pub fn new(reward: impl Into<String>, title: impl Into<Message>) -> Self {
        Self {
            reward: reward.into(),
            title: title.into(),
            points: None,
            value: None,
            eligible: true,
            reason: None,
            target: None,
            valid_until_ms: None,
            attributes: Attributes::default(),
        }
    }

    /// For so many points.
    #[must_use]
    pub const fn price(mut self, points: Points) -> Self {
        self.points = Some(points);
        self
    }

    /// Worth this much.
    #[must_use]
    pub const fn worth(mut self, value: Money) -> Self {
        self.value = Some(value);
        self
    }

    /// Not yet, and why.
    #[must_use]
    pub fn not_yet(mut self, reason: impl Into<Message>) -> Self {
        self.eligible = false;
        self.reason = Some(reason.into());
        self
    }

    /// How far: `have` of `need`, counted in `unit` (such as `stamps`, `points`, `minor`).
    #[must_use]
    pub fn target(mut self, have: i64, need: i64, unit: impl Into<String>) -> Self {
        self.target = Some(Target { have, need, unit: unit.into() });
        self
    }

    /// For so many points; where the balance is known and too small, how far it is. The words are the SDK's own, `more-points`.
    #[must_use]
    pub fn for_points(self, points: Points, member: &Member) -> Self {
        let offer = self.price(points);
        match member.balance {
            Some(balance) if balance < points => {
                let missing = points.get().saturating_sub(balance.get());
                offer.not_yet(Message::new("more-points").with("missing", missing)).target(balance.get(), points.get(), "points")
            }
            _ => offer,
        }
    }

    /// Says something more about it.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<Scalar>) -> Self {
        self.attributes = self.attributes.with(name, value);
        self
    }
}

/// Progress towards something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// What the member has.
    pub have: i64,
    /// What it takes.
    pub need: i64,
    /// Counted in what.
    pub unit: String,
}

/// Somebody wants a reward, and asks for its binding price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuoteRequest {
    /// A reward of the manifest.
    pub reward: String,
    /// How many.
    pub quantity: u32,
    /// How much is to be paid, for pay-with-points.
    pub amount: Option<Money>,
    /// The basket at the till, where it sends one.
    pub basket: Option<Purchase>,
    /// When and where.
    pub context: Context,
}

/// A binding price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quotation {
    /// What it costs.
    pub points: Points,
    /// What it is worth at the till.
    pub value: Money,
    /// What it is called.
    pub title: Message,
    /// How long it holds; the gateway cuts it to its own bounds.
    pub valid: Option<Moment>,
    /// A campaign of the manifest that pays for it.
    pub campaign: Option<String>,
    /// What the till needs.
    pub till: Attributes,
}

impl Quotation {
    /// `points` for `value`.
    #[must_use]
    pub fn new(points: Points, value: Money, title: impl Into<Message>) -> Self {
        Self { points, value, title: title.into(), valid: None, campaign: None, till: Attributes::default() }
    }

    /// Holds until `moment`.
    #[must_use]
    pub const fn valid(mut self, moment: Moment) -> Self {
        self.valid = Some(moment);
        self
    }

    /// Tells the till something.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<Scalar>) -> Self {
        self.till = self.till.with(name, value);
        self
    }
}
