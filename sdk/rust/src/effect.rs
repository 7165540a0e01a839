//! What a rule wants to happen. An answer is a list of effects; the gateway checks it against the manifest and its caps, and writes all of it or nothing.

use crate::{Attributes, Message, Moment, Money, Points, Scalar};

/// The effects of one decision, in order.
///
/// ```
/// use coalition_sdk::{Award, Effects, Points};
/// let mut effects = Effects::new();
/// effects.award(Award::new("base", Points::new(12), "earned"));
/// effects.progress("visits", 1);
/// assert_eq!(effects.len(), 2);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effects(Vec<Effect>);

impl Effects {
    /// None yet.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Awards points. An award that comes to nothing is left out, since the gateway takes only those above zero.
    pub fn award(&mut self, award: Award) -> &mut Self {
        if award.points.is_positive() {
            self.0.push(Effect::Award(award));
        }
        self
    }

    /// Takes points back; legal only in answer to a refund, and never more than is left under that key.
    pub fn recover(&mut self, key: impl Into<String>, points: Points, reason: impl Into<Message>) -> &mut Self {
        if points.is_positive() {
            self.0.push(Effect::Recover(Recovery { key: key.into(), points, reason: reason.into() }));
        }
        self
    }

    /// Moves a counter of the manifest. The gateway can take it back on a refund, so prefer it to state. A step of zero is left out.
    pub fn progress(&mut self, counter: impl Into<String>, delta: i64) -> &mut Self {
        if delta != 0 {
            self.0.push(Effect::Progress(Progress { counter: counter.into(), delta }));
        }
        self
    }

    /// Grants a badge once for `period`; an empty period is once for ever.
    pub fn grant_badge(&mut self, name: impl Into<String>, period: impl Into<String>) -> &mut Self {
        self.0.push(Effect::GrantBadge(Badge { name: name.into(), period: period.into() }));
        self
    }

    /// Takes a badge away.
    pub fn revoke_badge(&mut self, name: impl Into<String>, period: impl Into<String>) -> &mut Self {
        self.0.push(Effect::RevokeBadge(Badge { name: name.into(), period: period.into() }));
        self
    }

    /// Sets the member's tier at this partner; `None` takes it away.
    pub fn set_tier(&mut self, tier: Option<&str>, until: Option<Moment>, reason: impl Into<Message>) -> &mut Self {
        self.0.push(Effect::SetTier(TierChange { tier: tier.map(str::to_owned), until, reason: reason.into() }));
        self
    }

    /// Issues a voucher.
    pub fn issue_voucher(&mut self, voucher: Voucher) -> &mut Self {
        self.0.push(Effect::IssueVoucher(voucher));
        self
    }

    /// Revokes a voucher by its id.
    pub fn revoke_voucher(&mut self, id: impl Into<String>) -> &mut Self {
        self.0.push(Effect::RevokeVoucher(id.into()));
        self
    }

    /// Tells the member something.
    pub fn tell(&mut self, message: impl Into<Message>) -> &mut Self {
        self.0.push(Effect::Tell(message.into()));
        self
    }

    /// Tells this program something about the member's relation, such as the `referrer`: an event of its own, one hop away.
    pub fn signal(&mut self, relation: impl Into<String>, kind: impl Into<String>, attributes: Attributes) -> &mut Self {
        self.0.push(Effect::Signal(Signal { relation: relation.into(), kind: kind.into(), attributes }));
        self
    }

    /// Instructs the partner's own systems, in the answer to the till and on the webhook. It moves nothing.
    pub fn instruct(&mut self, kind: impl Into<String>, attributes: Attributes) -> &mut Self {
        self.0.push(Effect::Instruct(Instruction { kind: kind.into(), attributes }));
        self
    }

    /// How many.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Them, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Effect> {
        self.0.iter()
    }
}

impl IntoIterator for Effects {
    type Item = Effect;
    type IntoIter = std::vec::IntoIter<Effect>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Effects {
    type Item = &'a Effect;
    type IntoIter = std::slice::Iter<'a, Effect>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

/// One thing that a rule wants to happen.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Effect {
    /// See [`Effects::award`].
    Award(Award),
    /// See [`Effects::recover`].
    Recover(Recovery),
    /// See [`Effects::progress`].
    Progress(Progress),
    /// See [`Effects::grant_badge`].
    GrantBadge(Badge),
    /// See [`Effects::revoke_badge`].
    RevokeBadge(Badge),
    /// See [`Effects::set_tier`].
    SetTier(TierChange),
    /// See [`Effects::issue_voucher`].
    IssueVoucher(Voucher),
    /// See [`Effects::revoke_voucher`].
    RevokeVoucher(String),
    /// See [`Effects::tell`].
    Tell(Message),
    /// See [`Effects::signal`].
    Signal(Signal),
    /// See [`Effects::instruct`].
    Instruct(Instruction),
}

/// Points for the member, and why.
///
/// ```
/// use coalition_sdk::{Award, Message, Moment, Points};
/// let award = Award::new("welcome", Points::new(100), Message::new("welcome"))
///     .available(Moment::AfterDays(14))
///     .expires(Moment::AfterMonths(12));
/// # let _ = award;
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Award {
    /// Unique in one answer; a refund pairs the award with its re-evaluation by it.
    pub key: String,
    /// Above zero.
    pub points: Points,
    /// What the member's statement says.
    pub reason: Message,
    /// The receipt's lines it is for; empty: all of it.
    pub lines: Vec<u32>,
    /// From when the points can be spent.
    pub available: Availability,
    /// Until when; none: as the program has it.
    pub expires: Option<Moment>,
    /// A campaign agreed with the operator, who pays for it as agreed.
    pub campaign: Option<String>,
}

impl Award {
    /// `points` under `key`, for `reason`, to be spent at once.
    #[must_use]
    pub fn new(key: impl Into<String>, points: Points, reason: impl Into<Message>) -> Self {
        Self {
            key: key.into(),
            points,
            reason: reason.into(),
            lines: Vec::new(),
            available: Availability::Now,
            expires: None,
            campaign: None,
        }
    }

    /// For these lines of the receipt.
    #[must_use]
    pub fn for_lines(mut self, lines: impl IntoIterator<Item = u32>) -> Self {
        self.lines = lines.into_iter().collect();
        self
    }

    /// To be spent from `moment` on; pending until then.
    #[must_use]
    pub fn available(mut self, moment: Moment) -> Self {
        self.available = Availability::Later(moment);
        self
    }

    /// Pending until the partner reports `action`, such as the end of a return period or a stay.
    #[must_use]
    pub fn available_on(mut self, action: impl Into<String>) -> Self {
        self.available = Availability::OnAction(action.into());
        self
    }

    /// To be spent until `moment`.
    #[must_use]
    pub const fn expires(mut self, moment: Moment) -> Self {
        self.expires = Some(moment);
        self
    }

    /// Paid by a campaign of the manifest.
    #[must_use]
    pub fn campaign(mut self, campaign: impl Into<String>) -> Self {
        self.campaign = Some(campaign.into());
        self
    }
}

/// From when points can be spent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Availability {
    /// At once.
    Now,
    /// From that moment on.
    Later(Moment),
    /// When the partner reports this action.
    OnAction(String),
}

/// Points taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recovery {
    /// The award's key.
    pub key: String,
    /// Above zero.
    pub points: Points,
    /// What the member's statement says.
    pub reason: Message,
}

/// A counter's step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// A counter of the manifest.
    pub counter: String,
    /// What is added; may be below zero.
    pub delta: i64,
}

/// A badge, unique for a member and period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Badge {
    /// A badge of the manifest.
    pub name: String,
    /// Such as `2026-W48`; empty: once for ever.
    pub period: String,
}

/// A member's new tier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TierChange {
    /// A tier of the manifest; none: no tier.
    pub tier: Option<String>,
    /// Until when; none: until changed.
    pub until: Option<Moment>,
    /// What the member is told.
    pub reason: Message,
}

/// Something of worth that the member can use once at this partner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voucher {
    /// Unique in one answer.
    pub key: String,
    /// A reward of the manifest.
    pub template: String,
    /// What it is worth; none for "one coffee".
    pub value: Option<Money>,
    /// Until when.
    pub expires: Option<Moment>,
    /// What the member is told.
    pub reason: Message,
    /// What the till needs.
    pub attributes: Attributes,
}

impl Voucher {
    /// A voucher for the reward `template`.
    #[must_use]
    pub fn new(key: impl Into<String>, template: impl Into<String>, reason: impl Into<Message>) -> Self {
        Self {
            key: key.into(),
            template: template.into(),
            value: None,
            expires: None,
            reason: reason.into(),
            attributes: Attributes::default(),
        }
    }

    /// Worth this much.
    #[must_use]
    pub const fn worth(mut self, value: Money) -> Self {
        self.value = Some(value);
        self
    }

    /// To be used until `moment`.
    #[must_use]
    pub const fn expires(mut self, moment: Moment) -> Self {
        self.expires = Some(moment);
        self
    }

    /// Tells the till something.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<Scalar>) -> Self {
        self.attributes = self.attributes.with(name, value);
        self
    }
}

/// Word to this program about a related member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signal {
    /// The relation, such as `referrer`.
    pub relation: String,
    /// The signal's kind.
    pub kind: String,
    /// What goes with it.
    pub attributes: Attributes,
}

/// Word to the partner's own systems.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instruction {
    /// Its kind.
    pub kind: String,
    /// What goes with it.
    pub attributes: Attributes,
}
