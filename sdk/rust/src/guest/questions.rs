//! What the gateway asks with, from the contract's records to the SDK's types.

use super::wit;
use crate::{
    Activity, Anniversary, Attributes, AwardHeld, BadgeHeld, CoalitionEvent, Context, CounterHeld, CounterTotal, Currency, Enrolment,
    Event, EventBody, Instant, Line, Member, Money, Month, PeriodClose, Points, Purchase, Quantity, QuoteRequest, Redemption, Refund,
    Scalar, SignalReceived, TierHeld, Totals, VoucherHeld, Window,
};

fn all<A, B: From<A>>(list: Vec<A>) -> Vec<B> {
    list.into_iter().map(Into::into).collect()
}

fn attributes(list: Vec<wit::Attribute>) -> Attributes {
    let named = |attribute: wit::Attribute| (attribute.name, attribute.value.into());
    Attributes(list.into_iter().map(named).collect())
}

// The gateway sends ISO 4217 codes; anything else is no currency.
fn currency(code: &str) -> Currency {
    Currency::parse(code).unwrap_or(Currency::NONE)
}

impl From<wit::Scalar> for Scalar {
    fn from(scalar: wit::Scalar) -> Self {
        match scalar {
            wit::Scalar::Text(text) => Self::Text(text),
            wit::Scalar::Number(number) => Self::Number(number),
            wit::Scalar::Flag(flag) => Self::Flag(flag),
        }
    }
}

impl From<wit::Instant> for Instant {
    fn from(instant: wit::Instant) -> Self {
        Self { ms: instant.ms, offset_minutes: instant.offset_minutes }
    }
}

impl From<wit::Money> for Money {
    fn from(money: wit::Money) -> Self {
        Self::new(money.minor, currency(&money.currency))
    }
}

impl From<wit::Window> for Window {
    fn from(window: wit::Window) -> Self {
        match window {
            wit::Window::Day => Self::Day,
            wit::Window::Week => Self::Week,
            wit::Window::Month => Self::Month,
            wit::Window::Quarter => Self::Quarter,
            wit::Window::Year => Self::Year,
            wit::Window::Lifetime => Self::Lifetime,
        }
    }
}

impl From<wit::Event> for Event {
    fn from(event: wit::Event) -> Self {
        Self {
            id: event.id,
            at: event.at.into(),
            seed: event.seed,
            body: event.body.into(),
            store: event.store,
            channel: event.channel,
            attributes: attributes(event.attributes),
        }
    }
}

impl From<wit::EventBody> for EventBody {
    fn from(body: wit::EventBody) -> Self {
        match body {
            wit::EventBody::Purchase(purchase) => Self::Purchase(purchase.into()),
            wit::EventBody::Refund(refund) => Self::Refund(Refund {
                original: refund.original,
                original_at: refund.original_at.into(),
                returned: refund.returned.into(),
                kept: refund.kept.into(),
                awarded: Points::new(refund.awarded),
                clawed_back: Points::new(refund.clawed_back),
            }),
            wit::EventBody::Activity(activity) => Self::Activity(activity.into()),
            wit::EventBody::Redemption(redemption) => Self::Redemption(Redemption {
                id: redemption.id,
                reward: redemption.reward,
                step: redemption.step,
                quantity: redemption.quantity,
                points: Points::new(redemption.points),
                value: redemption.value.into(),
            }),
            wit::EventBody::Enrolment(enrolment) => Self::Enrolment(Enrolment { relations: enrolment.relations }),
            wit::EventBody::Anniversary(anniversary) => Self::Anniversary(Anniversary { kind: anniversary.kind, years: anniversary.years }),
            wit::EventBody::PeriodClose(close) => Self::PeriodClose(PeriodClose {
                window: close.window.into(),
                from_ms: close.from,
                to_ms: close.to,
                totals: all(close.totals),
            }),
            wit::EventBody::Signal(signal) => Self::Signal(SignalReceived {
                kind: signal.kind,
                relation: signal.relation,
                source: signal.source,
                attributes: attributes(signal.attributes),
            }),
            wit::EventBody::Coalition(event) => {
                Self::Coalition(CoalitionEvent { partner: event.partner, kind: event.kind, total: event.total.map(Into::into) })
            }
            wit::EventBody::Other(activity) => Self::Other(activity.into()),
        }
    }
}

impl From<wit::Activity> for Activity {
    fn from(activity: wit::Activity) -> Self {
        Self { kind: activity.kind }
    }
}

impl From<wit::CounterTotal> for CounterTotal {
    fn from(total: wit::CounterTotal) -> Self {
        Self { counter: total.counter, total: total.total, members: total.members }
    }
}

impl From<wit::Purchase> for Purchase {
    fn from(purchase: wit::Purchase) -> Self {
        let currency = currency(&purchase.currency);
        let line = |line: wit::Line| Line {
            number: line.number,
            sku: line.sku,
            category: line.category,
            quantity: Quantity::from_milli(line.quantity_milli),
            amount: Money::new(line.amount, currency),
            attributes: attributes(line.attributes),
        };
        Self { total: Money::new(purchase.total, currency), lines: purchase.lines.into_iter().map(line).collect() }
    }
}

impl From<wit::Member> for Member {
    fn from(member: wit::Member) -> Self {
        Self {
            id: member.id,
            enrolled: member.enrolled.into(),
            coalition_tier: member.coalition_tier,
            tier: member.tier.map(Into::into),
            relations: member.relations,
            activity: Totals {
                purchases: member.activity.purchases,
                spend_minor: member.activity.spend,
                first_at_ms: member.activity.first_at,
                last_at_ms: member.activity.last_at,
            },
            months: all(member.months),
            counters: all(member.counters),
            badges: all(member.badges),
            vouchers: all(member.vouchers),
            awarded: all(member.awarded),
            balance: member.balance.map(Points::new),
            attributes: attributes(member.attributes),
        }
    }
}

impl From<wit::Month> for Month {
    fn from(month: wit::Month) -> Self {
        Self { month: month.month, purchases: month.purchases, spend_minor: month.spend }
    }
}

impl From<wit::Counter> for CounterHeld {
    fn from(counter: wit::Counter) -> Self {
        Self { name: counter.name, values: counter.values }
    }
}

impl From<wit::TierHeld> for TierHeld {
    fn from(tier: wit::TierHeld) -> Self {
        Self { name: tier.name, since_ms: tier.since, until_ms: tier.until }
    }
}

impl From<wit::BadgeHeld> for BadgeHeld {
    fn from(badge: wit::BadgeHeld) -> Self {
        Self { name: badge.name, period: badge.period, at_ms: badge.at }
    }
}

impl From<wit::VoucherHeld> for VoucherHeld {
    fn from(voucher: wit::VoucherHeld) -> Self {
        Self { template: voucher.template, issued: voucher.issued, open: voucher.open }
    }
}

impl From<wit::AwardHeld> for AwardHeld {
    fn from(award: wit::AwardHeld) -> Self {
        Self { key: award.key, points: Points::new(award.points) }
    }
}

impl From<wit::Context> for Context {
    fn from(context: wit::Context) -> Self {
        Self {
            at: context.at.into(),
            seed: context.seed,
            store: context.store,
            channel: context.channel,
            attributes: attributes(context.attributes),
        }
    }
}

impl From<wit::QuoteRequest> for QuoteRequest {
    fn from(request: wit::QuoteRequest) -> Self {
        Self {
            reward: request.reward,
            quantity: request.quantity,
            amount: request.amount.map(Into::into),
            basket: request.basket.map(Into::into),
            context: request.context.into(),
        }
    }
}
