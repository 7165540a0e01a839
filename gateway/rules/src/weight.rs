//! How many bytes a value takes in the guest's memory (canonical ABI, 32 bits): the measure of what goes in and comes out.
//! It is walked, not serialized, so that weighing costs nanoseconds.

use wasmtime::component::ComponentType;

use crate::contract::{
    Activity, Anniversary, Attribute, Availability, Award, AwardHeld, Badge, BadgeHeld, CoalitionEvent, Context, Counter, CounterDef,
    CounterTotal, Effect, Enrolment, Event, EventBody, Instruction, Limit, Line, LocaleTexts, Manifest, Member, Message, Money, Month,
    Offer, PeriodClose, Problem, Progress, Purchase, Quotation, QuoteRequest, Recovery, Redemption, Refund, Refusal, Reward, Scalar,
    Signal, SignalReceived, Target, TierChange, TierHeld, Totals, Voucher, VoucherHeld,
};

/// What a value holds outside its own record.
pub(crate) trait Weigh: ComponentType {
    /// Bytes of its strings and lists.
    fn heap(&self) -> usize;

    /// All of its bytes.
    fn weight(&self) -> usize {
        Self::SIZE32.saturating_add(self.heap())
    }
}

impl Weigh for String {
    fn heap(&self) -> usize {
        self.len()
    }
}

impl Weigh for str {
    fn heap(&self) -> usize {
        self.len()
    }
}

impl<T: Weigh> Weigh for Vec<T> {
    fn heap(&self) -> usize {
        self.iter().map(Weigh::weight).fold(0, usize::saturating_add)
    }
}

impl<T: Weigh> Weigh for Option<T> {
    fn heap(&self) -> usize {
        self.as_ref().map_or(0, Weigh::heap)
    }
}

impl<T: Weigh, E: Weigh> Weigh for Result<T, E> {
    fn heap(&self) -> usize {
        match self {
            Ok(value) => value.heap(),
            Err(error) => error.heap(),
        }
    }
}

impl Weigh for (String, String) {
    fn heap(&self) -> usize {
        self.0.len().saturating_add(self.1.len())
    }
}

macro_rules! flat {
    ($($ty:ty),*) => { $(impl Weigh for $ty { fn heap(&self) -> usize { 0 } })* };
}

macro_rules! record {
    ($($ty:ident { $($field:ident),* })*) => {
        $(impl Weigh for $ty {
            fn heap(&self) -> usize {
                0usize$(.saturating_add(self.$field.heap()))*
            }
        })*
    };
}

flat!(i64, u32, Month, Totals, Anniversary);

record! {
    Money { currency }
    Attribute { name, value }
    Message { key, args }
    Refusal { code, reason }
    Event { id, body, store, channel, attributes }
    Line { sku, category, attributes }
    Purchase { currency, lines }
    Refund { original, returned, kept }
    Activity { kind }
    Redemption { id, reward, step, value }
    Enrolment { relations }
    PeriodClose { totals }
    CounterTotal { counter }
    SignalReceived { kind, relation, source, attributes }
    CoalitionEvent { partner, kind, total }
    Member { id, coalition_tier, tier, relations, months, counters, badges, vouchers, awarded, attributes }
    AwardHeld { key }
    Counter { name, values }
    TierHeld { name }
    BadgeHeld { name, period }
    VoucherHeld { template, open }
    Award { key, reason, lines, available, campaign }
    Recovery { key, reason }
    Progress { counter }
    Badge { name, period }
    TierChange { tier, reason }
    Voucher { key, template, value, reason, attributes }
    Signal { relation, kind, attributes }
    Instruction { kind, attributes }
    Context { store, channel, attributes }
    Offer { reward, title, value, reason, target, attributes }
    Target { unit }
    QuoteRequest { reward, amount, basket, context }
    Quotation { value, title, campaign, till }
    Manifest { name, version, handles, needs, requires, config_schema, texts, rewards, counters, badges, tiers, campaigns, limits }
    LocaleTexts { locale, entries }
    Reward { id, kind, per_member }
    CounterDef { name }
    Limit { name }
    Problem { pointer, detail }
}

impl Weigh for Scalar {
    fn heap(&self) -> usize {
        if let Self::Text(text) = self { text.len() } else { 0 }
    }
}

impl Weigh for Availability {
    fn heap(&self) -> usize {
        if let Self::OnAction(action) = self { action.len() } else { 0 }
    }
}

impl Weigh for EventBody {
    fn heap(&self) -> usize {
        match self {
            Self::Purchase(body) => body.heap(),
            Self::Refund(body) => body.heap(),
            Self::Activity(body) | Self::Other(body) => body.heap(),
            Self::Redemption(body) => body.heap(),
            Self::Enrolment(body) => body.heap(),
            Self::Anniversary(body) => body.heap(),
            Self::PeriodClose(body) => body.heap(),
            Self::Signal(body) => body.heap(),
            Self::Coalition(body) => body.heap(),
        }
    }
}

impl Weigh for Effect {
    fn heap(&self) -> usize {
        match self {
            Self::Award(effect) => effect.heap(),
            Self::Recover(effect) => effect.heap(),
            Self::Progress(effect) => effect.heap(),
            Self::GrantBadge(effect) | Self::RevokeBadge(effect) => effect.heap(),
            Self::SetTier(effect) => effect.heap(),
            Self::IssueVoucher(effect) => effect.heap(),
            Self::RevokeVoucher(id) => id.len(),
            Self::Tell(message) => message.heap(),
            Self::Signal(effect) => effect.heap(),
            Self::Instruct(effect) | Self::Other(effect) => effect.heap(),
        }
    }
}
