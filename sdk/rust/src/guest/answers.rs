//! What a program answers, from the SDK's types to the contract's records.

use super::wit;
use crate::{
    Attributes, Availability, Award, Badge, Counter, Effect, Instruction, Limit, Manifest, Message, Moment, Money, Offer, Quotation,
    Refusal, Reward, Scalar, Voucher, Window, settings::Problem,
};

fn attributes(attributes: Attributes) -> Vec<wit::Attribute> {
    let named = |(name, value): (String, Scalar)| wit::Attribute {
        name,
        value: match value {
            Scalar::Text(text) => wit::Scalar::Text(text),
            Scalar::Number(number) => wit::Scalar::Number(number),
            Scalar::Flag(flag) => wit::Scalar::Flag(flag),
        },
    };
    attributes.0.into_iter().map(named).collect()
}

impl From<Message> for wit::Message {
    fn from(message: Message) -> Self {
        Self { key: message.key, args: attributes(message.args) }
    }
}

impl From<Money> for wit::Money {
    fn from(money: Money) -> Self {
        Self { minor: money.minor(), currency: money.currency().as_str().to_owned() }
    }
}

impl From<Window> for wit::Window {
    fn from(window: Window) -> Self {
        match window {
            Window::Day => Self::Day,
            Window::Week => Self::Week,
            Window::Month => Self::Month,
            Window::Quarter => Self::Quarter,
            Window::Year => Self::Year,
            Window::Lifetime => Self::Lifetime,
        }
    }
}

impl From<Moment> for wit::Moment {
    fn from(moment: Moment) -> Self {
        match moment {
            Moment::At(ms) => Self::At(ms),
            Moment::AfterDays(days) => Self::AfterDays(days),
            Moment::AfterMonths(months) => Self::AfterMonths(months),
            Moment::EndOf(window) => Self::EndOf(window.into()),
        }
    }
}

impl From<Refusal> for wit::Refusal {
    fn from(refusal: Refusal) -> Self {
        Self { code: refusal.code, reason: refusal.reason.into() }
    }
}

impl From<Problem> for wit::Problem {
    fn from(problem: Problem) -> Self {
        Self { pointer: problem.pointer, detail: problem.detail }
    }
}

impl From<Effect> for wit::Effect {
    fn from(effect: Effect) -> Self {
        match effect {
            Effect::Award(award) => Self::Award(award.into()),
            Effect::Recover(recovery) => {
                Self::Recover(wit::Recovery { key: recovery.key, points: recovery.points.get(), reason: recovery.reason.into() })
            }
            Effect::Progress(progress) => Self::Progress(wit::Progress { counter: progress.counter, delta: progress.delta }),
            Effect::GrantBadge(badge) => Self::GrantBadge(badge.into()),
            Effect::RevokeBadge(badge) => Self::RevokeBadge(badge.into()),
            Effect::SetTier(change) => {
                Self::SetTier(wit::TierChange { tier: change.tier, until: change.until.map(Into::into), reason: change.reason.into() })
            }
            Effect::IssueVoucher(voucher) => Self::IssueVoucher(voucher.into()),
            Effect::RevokeVoucher(id) => Self::RevokeVoucher(id),
            Effect::Tell(message) => Self::Tell(message.into()),
            Effect::Signal(signal) => {
                Self::Signal(wit::Signal { relation: signal.relation, kind: signal.kind, attributes: attributes(signal.attributes) })
            }
            Effect::Instruct(instruction) => Self::Instruct(instruction.into()),
        }
    }
}

impl From<Award> for wit::Award {
    fn from(award: Award) -> Self {
        Self {
            key: award.key,
            points: award.points.get(),
            reason: award.reason.into(),
            lines: award.lines,
            available: match award.available {
                Availability::Now => wit::Availability::Now,
                Availability::Later(moment) => wit::Availability::Later(moment.into()),
                Availability::OnAction(action) => wit::Availability::OnAction(action),
            },
            expires: award.expires.map(Into::into),
            campaign: award.campaign,
        }
    }
}

impl From<Badge> for wit::Badge {
    fn from(badge: Badge) -> Self {
        Self { name: badge.name, period: badge.period }
    }
}

impl From<Voucher> for wit::Voucher {
    fn from(voucher: Voucher) -> Self {
        Self {
            key: voucher.key,
            template: voucher.template,
            value: voucher.value.map(Into::into),
            expires: voucher.expires.map(Into::into),
            reason: voucher.reason.into(),
            attributes: attributes(voucher.attributes),
        }
    }
}

impl From<Instruction> for wit::Instruction {
    fn from(instruction: Instruction) -> Self {
        Self { kind: instruction.kind, attributes: attributes(instruction.attributes) }
    }
}

impl From<Offer> for wit::Offer {
    fn from(offer: Offer) -> Self {
        Self {
            reward: offer.reward,
            title: offer.title.into(),
            points: offer.points.map(crate::Points::get),
            value: offer.value.map(Into::into),
            eligible: offer.eligible,
            reason: offer.reason.map(Into::into),
            target: offer.target.map(|target| wit::Target { have: target.have, need: target.need, unit: target.unit }),
            valid_until: offer.valid_until_ms,
            attributes: attributes(offer.attributes),
        }
    }
}

impl From<Quotation> for wit::Quotation {
    fn from(quotation: Quotation) -> Self {
        Self {
            points: quotation.points.get(),
            value: quotation.value.into(),
            title: quotation.title.into(),
            valid: quotation.valid.map(Into::into),
            campaign: quotation.campaign,
            till: attributes(quotation.till),
        }
    }
}

impl From<Limit> for wit::Limit {
    fn from(limit: Limit) -> Self {
        Self { name: limit.name, max: limit.max, window: limit.window.into() }
    }
}

impl From<Reward> for wit::Reward {
    fn from(reward: Reward) -> Self {
        Self { id: reward.id, kind: reward.kind, stock: reward.stock, per_member: reward.per_member.map(Into::into) }
    }
}

impl From<Counter> for wit::CounterDef {
    fn from(counter: Counter) -> Self {
        Self { name: counter.name, window: counter.window.into(), keep: counter.keep, totals: counter.totals }
    }
}

pub fn manifest(manifest: Manifest, config_schema: String) -> wit::Manifest {
    let texts = |texts: crate::LocaleTexts| wit::LocaleTexts { locale: texts.locale, entries: texts.entries };
    wit::Manifest {
        name: manifest.name,
        version: manifest.version,
        handles: manifest.handles,
        needs: manifest.needs,
        requires: manifest.requires,
        config_schema,
        texts: manifest.texts.into_iter().map(texts).collect(),
        rewards: manifest.rewards.into_iter().map(Into::into).collect(),
        counters: manifest.counters.into_iter().map(Into::into).collect(),
        badges: manifest.badges,
        tiers: manifest.tiers,
        campaigns: manifest.campaigns,
        limits: manifest.limits.into_iter().map(Into::into).collect(),
    }
}
