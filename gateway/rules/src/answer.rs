//! Whether an answer can be carried out: the last door between a rule and the ledger. Numbers are bounded, names are those that the
//! manifest declared, and keys that a refund pairs by are unique. The caps of the program are not looked at here; they cut, this refuses.

use std::collections::HashSet;

use crate::contract::{
    Attribute, Availability, Award, Badge, Effect, Event, EventBody, Instruction, Manifest, Message, Moment, Money, Offer, Quotation,
    Recovery, Refusal, Scalar, Signal, Voucher,
};
use crate::limits::Limits;
use crate::words::{is_currency, is_label, is_relation, is_token, shown};

/// Points and minor units that also a reader of JSON with floats reads exactly: 2^53 − 1.
const AMOUNT_MAX: i64 = (1 << 53) - 1;
const ATTRIBUTES_MAX: usize = 32;
const ATTRIBUTE_BYTES_MAX: usize = 1 << 10;
/// A century, so that no calendar overflows.
const DAYS_MAX: u32 = 36_525;
const MONTHS_MAX: u32 = 1_200;
/// The last millisecond of the year 9999.
const MS_MAX: i64 = 253_402_300_799_999;

type Checked = Result<(), String>;

/// The answer to an event.
pub(crate) fn decision(answer: &Result<Vec<Effect>, Refusal>, event: &Event, manifest: &Manifest, limits: &Limits) -> Checked {
    let effects = match answer {
        Ok(effects) => effects,
        Err(refused) => return refusal(refused),
    };
    if effects.len() > limits.effects_max {
        return Err(format!("{} effects; {} are allowed", effects.len(), limits.effects_max));
    }
    let mut check = Decision {
        event,
        manifest,
        awards: HashSet::new(),
        recovered: HashSet::new(),
        vouchers: HashSet::new(),
        badges: HashSet::new(),
        signals: HashSet::new(),
        tier: false,
        points: 0,
    };
    let wrong: Vec<_> = effects.iter().filter_map(|effect| check.effect(effect).err()).take(8).collect();
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("; ")) }
}

struct Decision<'a> {
    event: &'a Event,
    manifest: &'a Manifest,
    awards: HashSet<&'a str>,
    recovered: HashSet<&'a str>,
    vouchers: HashSet<&'a str>,
    badges: HashSet<(&'a str, &'a str)>,
    signals: HashSet<(&'a str, &'a str)>,
    tier: bool,
    points: i64,
}

impl<'a> Decision<'a> {
    fn effect(&mut self, effect: &'a Effect) -> Checked {
        match effect {
            Effect::Award(award) => self.award(award),
            Effect::Recover(recovery) => self.recover(recovery),
            Effect::Progress(progress) => {
                let known = self.manifest.counters.iter().any(|counter| counter.name == progress.counter);
                ensure(known, || format!("progress: the manifest has no counter `{}`", shown(&progress.counter)))?;
                ensure(progress.delta.unsigned_abs() <= AMOUNT_MAX.unsigned_abs(), || {
                    format!("progress of `{}`: {} is too much", progress.counter, progress.delta)
                })
            }
            Effect::GrantBadge(badge) | Effect::RevokeBadge(badge) => self.badge(badge),
            Effect::SetTier(change) => {
                if let Some(tier) = &change.tier {
                    ensure(self.manifest.tiers.contains(tier), || format!("set-tier: the manifest has no tier `{}`", shown(tier)))?;
                }
                ensure(!std::mem::replace(&mut self.tier, true), || "set-tier twice in one answer".to_owned())?;
                optional(change.until.as_ref(), moment)?;
                text(&change.reason)
            }
            Effect::IssueVoucher(voucher) => self.voucher(voucher),
            Effect::RevokeVoucher(id) => ensure(is_label(id), || format!("revoke-voucher: `{}` is no id", shown(id))),
            Effect::Tell(message) => text(message),
            Effect::Signal(signal) => self.signal(signal),
            Effect::Instruct(instruction) => instruct(instruction),
            Effect::Other(other) => Err(format!("`{}` is not executed by this gateway yet", shown(&other.kind))),
        }
    }

    fn award(&mut self, award: &'a Award) -> Checked {
        let key = shown(&award.key);
        ensure(is_label(&award.key), || format!("award: `{key}` is no key"))?;
        ensure(self.awards.insert(&award.key), || format!("award `{key}`: the key is there twice"))?;
        ensure(award.points > 0, || format!("award `{key}`: {} points; only more than zero can be awarded", award.points))?;
        self.points = self.points.saturating_add(award.points);
        ensure(self.points <= AMOUNT_MAX, || format!("award `{key}`: more points in one answer than {AMOUNT_MAX}"))?;
        let lines = self.event.body.purchase().map_or(&[][..], |purchase| &purchase.lines);
        for number in &award.lines {
            // A receipt's lines are in the order of their numbers.
            let known = lines.binary_search_by_key(number, |line| line.number).is_ok();
            ensure(known, || format!("award `{key}`: the receipt has no line {number}"))?;
        }
        match &award.available {
            Availability::Now => {}
            Availability::Later(later) => moment(later)?,
            Availability::OnAction(action) => ensure(is_token(action), || format!("award `{key}`: `{}` is no action", shown(action)))?,
        }
        optional(award.expires.as_ref(), moment)?;
        self.campaign(award.campaign.as_deref())?;
        text(&award.reason)
    }

    fn recover(&mut self, recovery: &'a Recovery) -> Checked {
        let key = shown(&recovery.key);
        let is_refund = matches!(self.event.body, EventBody::Refund(_));
        ensure(is_refund, || format!("recover `{key}`: only in answer to a refund"))?;
        ensure(is_label(&recovery.key), || format!("recover: `{key}` is no key"))?;
        ensure(self.recovered.insert(&recovery.key), || format!("recover `{key}`: the key is there twice"))?;
        ensure(recovery.points > 0, || format!("recover `{key}`: {} points; only more than zero can be taken back", recovery.points))?;
        amount("recover", recovery.points)?;
        text(&recovery.reason)
    }

    /// One hop, and paired by relation and kind when a refund runs the rules again.
    fn signal(&mut self, signal: &'a Signal) -> Checked {
        let kind = shown(&signal.kind);
        let ends_here = matches!(self.event.body, EventBody::Signal(_) | EventBody::Refund(_));
        ensure(!ends_here, || format!("signal `{kind}`: not in answer to a signal or a refund"))?;
        ensure(is_token(&signal.kind), || format!("signal: `{kind}` is no kind"))?;
        ensure(is_relation(&signal.relation), || format!("signal `{kind}`: `{}` is no relation", shown(&signal.relation)))?;
        ensure(self.signals.insert((&signal.relation, &signal.kind)), || {
            format!("signal `{kind}` to `{}` twice in one answer", signal.relation)
        })?;
        attributes(&signal.attributes)
    }

    fn badge(&mut self, badge: &'a Badge) -> Checked {
        let name = shown(&badge.name);
        ensure(self.manifest.badges.contains(&badge.name), || format!("the manifest has no badge `{name}`"))?;
        ensure(badge.period.is_empty() || is_label(&badge.period), || format!("badge `{name}`: `{}` is no period", shown(&badge.period)))?;
        ensure(self.badges.insert((&badge.name, &badge.period)), || format!("badge `{name}` twice in one answer"))
    }

    fn voucher(&mut self, voucher: &'a Voucher) -> Checked {
        let key = shown(&voucher.key);
        ensure(is_label(&voucher.key), || format!("issue-voucher: `{key}` is no key"))?;
        ensure(self.vouchers.insert(&voucher.key), || format!("issue-voucher `{key}`: the key is there twice"))?;
        let known = self.manifest.rewards.iter().any(|reward| reward.id == voucher.template);
        ensure(known, || format!("issue-voucher `{key}`: the manifest has no reward `{}`", shown(&voucher.template)))?;
        optional(voucher.value.as_ref(), money)?;
        optional(voucher.expires.as_ref(), moment)?;
        attributes(&voucher.attributes)?;
        text(&voucher.reason)
    }

    fn campaign(&self, name: Option<&str>) -> Checked {
        campaign(self.manifest, name)
    }
}

/// The answer of `offers`.
pub(crate) fn offers(offers: &[Offer], manifest: &Manifest, limits: &Limits) -> Checked {
    ensure(offers.len() <= limits.offers_max, || format!("{} offers; {} are allowed", offers.len(), limits.offers_max))?;
    for offer in offers {
        reward(manifest, &offer.reward)?;
        text(&offer.title)?;
        optional(offer.points.as_ref(), |points| amount("points", *points))?;
        optional(offer.value.as_ref(), money)?;
        optional(offer.reason.as_ref(), text)?;
        if let Some(target) = &offer.target {
            ensure(is_label(&target.unit), || format!("offer `{}`: `{}` is no unit", offer.reward, shown(&target.unit)))?;
        }
        optional(offer.valid_until.as_ref(), |until| moment(&Moment::At(*until)))?;
        attributes(&offer.attributes)?;
    }
    Ok(())
}

/// The answer of `quote`.
pub(crate) fn quote(answer: &Result<Quotation, Refusal>, manifest: &Manifest) -> Checked {
    match answer {
        Err(refused) => refusal(refused),
        Ok(quotation) => {
            // A reward that costs nothing is a voucher or an instruction to the till: there is nothing to hold for it.
            ensure(quotation.points > 0, || format!("points: {} is not above zero", quotation.points))?;
            amount("points", quotation.points)?;
            money(&quotation.value)?;
            text(&quotation.title)?;
            optional(quotation.valid.as_ref(), moment)?;
            campaign(manifest, quotation.campaign.as_deref())?;
            attributes(&quotation.till)
        }
    }
}

/// The text that an effect shows to the member, if it does.
pub(crate) fn message(effect: &Effect) -> Option<&Message> {
    match effect {
        Effect::Award(award) => Some(&award.reason),
        Effect::Recover(recovery) => Some(&recovery.reason),
        Effect::SetTier(change) => Some(&change.reason),
        Effect::IssueVoucher(voucher) => Some(&voucher.reason),
        Effect::Tell(message) => Some(message),
        Effect::Progress(_) | Effect::GrantBadge(_) | Effect::RevokeBadge(_) | Effect::RevokeVoucher(_) => None,
        Effect::Signal(_) | Effect::Instruct(_) | Effect::Other(_) => None,
    }
}

fn ensure(holds: bool, otherwise: impl FnOnce() -> String) -> Checked {
    if holds { Ok(()) } else { Err(otherwise()) }
}

fn optional<T>(value: Option<&T>, check: impl FnOnce(&T) -> Checked) -> Checked {
    value.map_or(Ok(()), check)
}

fn refusal(refused: &Refusal) -> Checked {
    ensure(is_token(&refused.code), || format!("refusal: `{}` is no code", shown(&refused.code)))?;
    text(&refused.reason)
}

fn reward(manifest: &Manifest, id: &str) -> Checked {
    ensure(manifest.rewards.iter().any(|reward| reward.id == id), || format!("the manifest has no reward `{}`", shown(id)))
}

fn campaign(manifest: &Manifest, name: Option<&str>) -> Checked {
    name.map_or(Ok(()), |name| {
        ensure(manifest.campaigns.iter().any(|known| known == name), || format!("the manifest has no campaign `{}`", shown(name)))
    })
}

fn instruct(instruction: &Instruction) -> Checked {
    ensure(is_token(&instruction.kind), || format!("instruct: `{}` is no kind", shown(&instruction.kind)))?;
    attributes(&instruction.attributes)
}

fn text(message: &Message) -> Checked {
    ensure(is_label(&message.key), || format!("`{}` is no key of a text", shown(&message.key)))?;
    attributes(&message.args)
}

fn attributes(list: &[Attribute]) -> Checked {
    ensure(list.len() <= ATTRIBUTES_MAX, || format!("{} attributes; {ATTRIBUTES_MAX} are allowed", list.len()))?;
    for (index, attribute) in list.iter().enumerate() {
        let name = shown(&attribute.name);
        ensure(is_token(&attribute.name), || format!("`{name}` is no name of an attribute"))?;
        let twice = list.iter().take(index).any(|earlier| earlier.name == attribute.name);
        ensure(!twice, || format!("the attribute `{name}` is there twice"))?;
        if let Scalar::Text(text) = &attribute.value {
            ensure(text.len() <= ATTRIBUTE_BYTES_MAX, || {
                format!("the attribute `{name}` has {} bytes; {ATTRIBUTE_BYTES_MAX} are allowed", text.len())
            })?;
        }
    }
    Ok(())
}

fn amount(what: &str, amount: i64) -> Checked {
    ensure((0..=AMOUNT_MAX).contains(&amount), || format!("{what}: {amount} is below zero or too much"))
}

fn money(money: &Money) -> Checked {
    ensure(is_currency(&money.currency), || format!("`{}` is no currency", shown(&money.currency)))?;
    amount("money", money.minor)
}

fn moment(moment: &Moment) -> Checked {
    match moment {
        Moment::At(ms) => ensure((0..=MS_MAX).contains(ms), || format!("the moment {ms} ms is before 1970 or after 9999")),
        Moment::AfterDays(days) => ensure(*days <= DAYS_MAX, || format!("after {days} days: {DAYS_MAX} are the most")),
        Moment::AfterMonths(months) => ensure(*months <= MONTHS_MAX, || format!("after {months} months: {MONTHS_MAX} are the most")),
        Moment::EndOf(_) => Ok(()),
    }
}
