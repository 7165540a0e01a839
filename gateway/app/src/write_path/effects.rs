//! Carrying out what rules say: awards under the caps, counters, badges, tiers, vouchers, messages, instructions to the till.

use coalition_domain::{
    Calendar, ClawbackRequest, DecisionId, Instant, Lot, LotId, MessageId, NewLot, PartnerId, Points, VoucherId, apportion,
};
use coalition_rules::contract::{Availability, Award, Effect, Message, Moment, Recovery, Refusal, Scalar, Voucher};
use coalition_store::entities::{badges, messages, tier_changes, vouchers};
use serde_json::{Value, json};
use uuid::Uuid;

use super::campaign::{self, Funded};
use super::limits;
use super::purchase::Case;
use super::signals;
use super::tiers::{Counted, count};
use super::world::{MemberWorld, PartnerWorld};
use crate::App;
use crate::error::Error;
use crate::facts::{OpenVoucher, VoucherFact, window};
use crate::live::LiveRules;
use crate::refunds::RefundPoints;
use crate::tiers::Counts;

/// What one decision came to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Applied {
    pub(crate) awarded: i64,
    pub(crate) pending: i64,
    pub(crate) capped: i64,
    pub(crate) refused: bool,
    /// What was recovered in answer to a refund.
    pub(crate) recovered: RefundPoints,
    /// The lots that this is charged to.
    pub(crate) charged: Vec<(LotId, Points)>,
    /// For the till: each effect with the partner it comes from, in words.
    pub(crate) shown: Vec<Value>,
}

impl Applied {
    pub(crate) fn refused(shown: Value) -> Self {
        Self { refused: true, shown: vec![shown], ..Self::default() }
    }
}

/// A message in the program's words: the manifest's text (English, else its first language) with the arguments filled in.
pub(crate) fn text(live: &LiveRules, message: &Message) -> String {
    let texts = &live.manifest.texts;
    let locale = texts.iter().find(|texts| texts.locale == "en").or_else(|| texts.first());
    let template = locale
        .and_then(|texts| texts.entries.iter().find(|(key, _)| *key == message.key))
        .map_or(message.key.as_str(), |(_, text)| text.as_str());
    message.args.iter().fold(template.to_owned(), |text, arg| {
        let value = match &arg.value {
            Scalar::Text(text) => text.clone(),
            Scalar::Number(number) => number.to_string(),
            Scalar::Flag(flag) => flag.to_string(),
        };
        text.replace(&format!("{{{}}}", arg.name), &value)
    })
}

/// A moment of the rules, counted from the event in the program's calendar.
pub(crate) fn moment(calendar: &Calendar, from: Instant, moment: Moment) -> Option<Instant> {
    match moment {
        Moment::At(ms) => Some(Instant(ms)),
        Moment::AfterDays(days) => calendar.after_days(from, days),
        Moment::AfterMonths(months) => calendar.after_months(from, months),
        Moment::EndOf(kind) => calendar.window_end(window(kind), from),
    }
}

pub(crate) fn refusal(partner: &PartnerWorld, live: &LiveRules, refusal: &Refusal) -> Value {
    json!({"partner": partner.row.slug, "kind": "refusal", "code": refusal.code, "text": text(live, &refusal.reason)})
}

/// Carries out the effects of one decision, in their order.
pub(crate) fn apply(case: &Case<'_>, member: &mut MemberWorld, effects: &[Effect]) -> Result<Applied, Error> {
    let Case { app, world, owner, partner, live, decision, .. } = *case;
    let at = case.at;
    let mut applied = Applied::default();
    for effect in effects {
        let mut shown = serde_json::to_value(effect).map_err(|error| Error::internal(&error))?;
        let more = match effect {
            Effect::Award(award) => case.award(member, award, &mut applied)?,
            Effect::Progress(progress) => {
                if let Some(def) = live.manifest.counters.iter().find(|def| def.name == progress.counter) {
                    member.profile(owner).facts.progress(def, progress.delta, &world.settings.calendar, at);
                }
                json!({})
            }
            Effect::GrantBadge(badge) => case.badge(member, &badge.name, &badge.period, true),
            Effect::RevokeBadge(badge) => case.badge(member, &badge.name, &badge.period, false),
            Effect::Recover(recovery) => case.recover(member, recovery, &mut applied)?,
            Effect::SetTier(change) => {
                let until = change.until.and_then(|until| moment(&world.settings.calendar, at, until));
                let facts = &mut member.profile(owner).facts;
                let kept = facts.tier.take().filter(|held| Some(&held.name) == change.tier.as_ref()).map(|held| held.since);
                facts.tier = change.tier.as_ref().map(|name| coalition_rules::contract::TierHeld {
                    name: name.clone(),
                    since: kept.unwrap_or(at.0),
                    until: until.map(|until| until.0),
                });
                let reason = text(live, &change.reason);
                member.rows.tier_changes.push(tier_changes::Model {
                    member_id: member.row.id,
                    id: app.new_id(),
                    partner_id: owner.uuid(),
                    tier: change.tier.clone(),
                    until_at: until.map(|until| until.0),
                    reason: reason.clone(),
                    decision_id: decision.uuid(),
                    recorded_at: 0,
                    commit_id: Uuid::nil(),
                });
                json!({"text": reason})
            }
            Effect::IssueVoucher(voucher) => case.issue(member, voucher)?,
            Effect::RevokeVoucher(id) => {
                let changed = id.parse::<VoucherId>().is_ok_and(|id| revoke_voucher(member, owner, id));
                json!({"changed": changed})
            }
            Effect::Tell(message) => {
                let id = MessageId(app.new_id());
                member.rows.messages.push(messages::Model {
                    member_id: member.row.id,
                    id: id.uuid(),
                    partner_id: owner.uuid(),
                    message: json!({"key": message.key, "text": text(live, message)}).to_string(),
                    plugin_id: live.plugin_id.uuid(),
                    decision_id: decision.uuid(),
                    recorded_at: 0,
                });
                json!({"id": id, "text": text(live, message)})
            }
            Effect::Signal(signal) => {
                signals::send(case, member, signal)?;
                json!({})
            }
            // The sandbox has refused what this gateway does not carry out; instructions only go to the till.
            Effect::Instruct(_) | Effect::Other(_) => json!({}),
        };
        if let (Some(shown), Value::Object(more)) = (shown.as_object_mut(), more) {
            shown.insert("partner".to_owned(), Value::String(partner.row.slug.clone()));
            shown.extend(more);
        }
        applied.shown.push(shown);
    }
    // What was given may rest on them: they stay as they are.
    let is_related = member.row.referred_by.is_some() || member.row.enroller_id.is_some();
    if applied.awarded > 0 && is_related && member.row.relations_fixed_at.is_none() {
        member.rows.relations_fixed.push(member.row.id);
    }
    Ok(applied)
}

impl Case<'_> {
    fn award(&self, member: &mut MemberWorld, award: &Award, applied: &mut Applied) -> Result<Value, Error> {
        let calendar = &self.world.settings.calendar;
        let reason = text(self.live, &award.reason);
        let (at, wanted) = (self.at, Points(self.within_own_limits(member, award.points, applied)));
        let funded = match &award.campaign {
            Some(slug) => campaign::fund(self.world, member, self.partner, slug, at, wanted, applied.awarded),
            None => Funded::by(self.owner, limits::allow(self.world, member, &self.partner.row, at, wanted, applied.awarded)),
        };
        let allowed = funded.points;
        let capped = award.points.saturating_sub(allowed.0);
        applied.capped = applied.capped.saturating_add(capped);
        if !allowed.is_positive() {
            return Ok(json!({"text": reason, "points": 0, "capped": capped, "cut_by": funded.cut_by}));
        }
        let (available_at, action) = match &award.available {
            Availability::Now => (None, None),
            Availability::Later(later) => (moment(calendar, self.at, *later), None),
            Availability::OnAction(action) => (None, Some(action.clone())),
        };
        let (expires_at, sliding) = match award.expires {
            Some(expires) => (moment(calendar, self.at, expires), None),
            None => (self.world.settings.default_expiry(self.at), self.world.settings.sliding()),
        };
        let (mut pending, mut runs_out) = (false, expires_at);
        for (issuer, points) in &funded.parts {
            let lot = NewLot {
                issuer: *issuer,
                points: *points,
                available_at,
                action: action.clone(),
                expires_at,
                earned_at: at,
                price: self.world.partners.get(&issuer.uuid()).map_or(0, |issuer| issuer.prices_at(at).0),
                award_key: award.key.clone(),
                plugin: self.live.plugin_id,
                decision: self.decision,
                transaction: self.transaction,
                sliding,
                campaign: award.campaign.clone(),
                decided_by: (*issuer != self.owner).then_some(self.owner),
                reason: reason.clone(),
            };
            let new_id = || self.app.new_id();
            let id = member
                .ledger
                .award(lot, self.world.now, &new_id)
                .map_err(|error| Error::unprocessable("points-overflow", error.to_string()))?;
            member.slide(calendar);
            if let Some(lot) = member.ledger.lot(id) {
                (pending, runs_out) = (lot.pending, lot.expires_at);
            }
        }
        self.use_own_limits(member, allowed.0, applied);
        applied.awarded = applied.awarded.saturating_add(allowed.0);
        if pending {
            applied.pending = applied.pending.saturating_add(allowed.0);
        }
        let counted = Counted { what: Counts::Points, partner: self.owner, at, amount: allowed.0, subject: self.transaction.uuid() };
        count(self.app, self.world, member, &counted);
        let day = calendar.day(at);
        member.profile(self.owner).facts.add_award(&award.key, allowed, &day);
        let mut shown = json!({"text": reason, "points": allowed.0, "capped": capped, "pending": pending, "expires_at": runs_out});
        if let (Some(_), Some(shown)) = (&award.campaign, shown.as_object_mut()) {
            let slug = |id: &PartnerId| self.world.partners.get(&id.uuid()).map(|partner| partner.row.slug.clone());
            let shares = funded.parts.iter().map(|(issuer, points)| json!({"partner": slug(issuer), "points": points.0}));
            shown.insert("shares".to_owned(), shares.collect());
            shown.insert("cut_by".to_owned(), json!(funded.cut_by));
        }
        Ok(shown)
    }

    /// How much of an award the manifest's own limits let through.
    fn within_own_limits(&self, member: &mut MemberWorld, points: i64, applied: &Applied) -> i64 {
        let calendar = &self.world.settings.calendar;
        let facts = &member.profile(self.owner).facts;
        let mut left = points;
        for limit in &self.live.manifest.limits {
            let room = facts.limit_left(limit, calendar, self.at);
            match limit.name.as_str() {
                "points" => left = left.min(room),
                // An answer counts once, with its first award.
                "awards" if applied.awarded == 0 && room == 0 => left = 0,
                _ => {}
            }
        }
        left
    }

    fn use_own_limits(&self, member: &mut MemberWorld, points: i64, applied: &Applied) {
        let calendar = &self.world.settings.calendar;
        for limit in &self.live.manifest.limits {
            let used = match limit.name.as_str() {
                "points" => points,
                _ => i64::from(applied.awarded == 0),
            };
            if used > 0 {
                member.profile(self.owner).facts.use_limit(limit, used, calendar, self.at);
            }
        }
    }

    fn badge(&self, member: &mut MemberWorld, name: &str, period: &str, grant: bool) -> Value {
        let step = BadgeStep { name, period, grant, at: self.at, decision: self.decision };
        json!({"changed": change_badge(self.app, member, self.owner, &step)})
    }

    /// Takes points of an award back that the rules name by its key: never more than is left under it, from its newest lots first.
    fn recover(&self, member: &mut MemberWorld, recovery: &Recovery, applied: &mut Applied) -> Result<Value, Error> {
        let reason = text(self.live, &recovery.reason);
        let left = member.profile(self.owner).facts.awarded_under(&recovery.key);
        let wanted = recovery.points.min(left);
        let mut lots: Vec<LotId> =
            member.ledger.lots().filter(|lot| lot.decider() == self.owner && *lot.award_key == *recovery.key).map(|lot| lot.id).collect();
        lots.sort_unstable_by(|a, b| b.cmp(a));
        let Some(refund) = self.refund.filter(|_| wanted > 0) else { return Ok(json!({"text": reason, "points": 0})) };
        let before: Vec<Lot> = lots.iter().filter_map(|id| member.ledger.lot(*id).cloned()).collect();
        let mut points = RefundPoints::default();
        for (issuer, origin, part, slug) in self.recovered_from(member, &before, &lots, wanted)? {
            let request = ClawbackRequest {
                partner: issuer,
                origin: &origin,
                points: Points(part),
                policy: self.world.settings.refund_policy.into(),
                subject: refund.uuid(),
                decision: self.decision,
                reason: &reason,
            };
            let new_id = || self.app.new_id();
            let taken = member.ledger.clawback(&request, self.world.now, &new_id).map_err(|error| Error::internal(&error))?;
            let mut came = RefundPoints::default();
            came.take(part, &taken);
            points.add(&came);
            if let Some(slug) = slug {
                campaign::give_back(self.world, member, &slug, came.back());
            }
            if let Some(issuer) = self.world.partners.get(&issuer.uuid()) {
                super::refund::give_credit_back(member, issuer, &came);
            }
        }
        if let Some(first) = before.first() {
            let counted = Counted {
                what: Counts::Points,
                partner: self.owner,
                at: first.earned_at,
                amount: wanted.saturating_neg(),
                subject: refund.uuid(),
            };
            count(self.app, self.world, member, &counted);
        }
        // Whatever paid, the award's own lots bear it, so that a refund of theirs does not ask for it again.
        let mut owed = wanted;
        for Lot { id, remaining, .. } in before {
            let part = remaining.0.min(owed);
            owed = owed.saturating_sub(part);
            if part > 0 {
                applied.charged.push((id, Points(part)));
            }
        }
        applied.recovered.add(&points);
        let profile = member.profile(self.owner);
        profile.facts.take_back(&recovery.key, wanted);
        Ok(
            json!({"text": reason, "points": wanted, "recovered": points.recovered, "arrears": points.arrears, "shortfall": points.shortfall}),
        )
    }

    /// Who gives back how much, from which lots first, and to whose budget: in the shares of a campaign, where it was awarded under one.
    #[expect(clippy::type_complexity, reason = "four things of one step, taken apart where it is made")]
    fn recovered_from(
        &self,
        member: &MemberWorld,
        open: &[Lot],
        lots: &[LotId],
        wanted: i64,
    ) -> Result<Vec<(PartnerId, Vec<LotId>, i64, Option<String>)>, Error> {
        if open.iter().all(|lot| lot.campaign.is_none()) {
            return Ok(vec![(self.owner, lots.to_vec(), wanted, None)]);
        }
        let weights: Vec<i64> = open.iter().map(|lot| member.lots.get(&lot.id.uuid()).map_or(0, |row| row.points)).collect();
        let parts = apportion(wanted, &weights).ok_or_else(|| Error::internal(&"an award's shares don't add up"))?;
        let parts = open.iter().zip(parts).filter(|(_, part)| *part > 0);
        Ok(parts.map(|(lot, part)| (lot.issuer, vec![lot.id], part, lot.campaign.as_deref().map(str::to_owned))).collect())
    }

    fn issue(&self, member: &mut MemberWorld, voucher: &Voucher) -> Result<Value, Error> {
        let id = VoucherId(self.app.new_id());
        let code = crate::secrets::voucher_code()?;
        let expires_at = voucher.expires.and_then(|expires| moment(&self.world.settings.calendar, self.at, expires));
        let reason = text(self.live, &voucher.reason);
        let facts = &mut member.profile(self.owner).facts;
        if facts.vouchers.iter().all(|fact| fact.template != voucher.template) {
            facts.vouchers.push(VoucherFact { template: voucher.template.clone(), issued: 0, open: Vec::new() });
        }
        if let Some(fact) = facts.vouchers.iter_mut().find(|fact| fact.template == voucher.template) {
            fact.issued = fact.issued.saturating_add(1);
            fact.open.retain(|open| open.expires_at.is_none_or(|expires| expires > self.world.now.0));
            fact.open.push(OpenVoucher { id: id.to_string(), expires_at: expires_at.map(|at| at.0) });
        }
        let attributes: serde_json::Map<String, Value> = voucher
            .attributes
            .iter()
            .map(|attribute| Ok((attribute.name.clone(), serde_json::to_value(&attribute.value)?)))
            .collect::<Result<_, serde_json::Error>>()
            .map_err(|error| Error::internal(&error))?;
        member.rows.vouchers.push(vouchers::Model {
            member_id: member.row.id,
            id: id.uuid(),
            partner_id: self.owner.uuid(),
            template: voucher.template.clone(),
            voucher_key: voucher.key.clone(),
            code: code.clone(),
            value: voucher.value.as_ref().map(|value| value.minor),
            currency: voucher.value.as_ref().map(|value| value.currency.clone()),
            expires_at: expires_at.map(|at| at.0),
            status: "open".to_owned(),
            reason: reason.clone(),
            attributes: Value::Object(attributes).to_string(),
            decision_id: self.decision.uuid(),
            created_at: 0,
            commit_id: Uuid::nil(),
        });
        Ok(json!({"id": id, "code": code, "expires_at": expires_at, "text": reason}))
    }
}

/// A badge to be granted or revoked.
pub(crate) struct BadgeStep<'a> {
    pub(crate) name: &'a str,
    pub(crate) period: &'a str,
    pub(crate) grant: bool,
    pub(crate) at: Instant,
    pub(crate) decision: DecisionId,
}

/// Grants or revokes a badge. A badge is unique in its period: granting it again, or revoking what is not held, is no news, and false.
pub(crate) fn change_badge(app: &App, member: &mut MemberWorld, owner: PartnerId, step: &BadgeStep<'_>) -> bool {
    let held = &mut member.profile(owner).facts.badges;
    let known = held.iter().position(|badge| badge.name == step.name && badge.period == step.period);
    match (known, step.grant) {
        (None, true) => {
            held.push(coalition_rules::contract::BadgeHeld { name: step.name.to_owned(), period: step.period.to_owned(), at: step.at.0 })
        }
        (Some(position), false) => {
            held.remove(position);
        }
        _ => return false,
    }
    member.rows.badges.push(badges::Model {
        member_id: member.row.id,
        id: app.new_id(),
        partner_id: owner.uuid(),
        badge: step.name.to_owned(),
        period: step.period.to_owned(),
        step: if step.grant { "granted" } else { "revoked" }.to_owned(),
        decision_id: step.decision.uuid(),
        recorded_at: 0,
        commit_id: Uuid::nil(),
    });
    true
}

/// Revokes an open voucher; false where there is none of this id.
pub(crate) fn revoke_voucher(member: &mut MemberWorld, owner: PartnerId, id: VoucherId) -> bool {
    let name = id.to_string();
    let open = member.profile(owner).facts.vouchers.iter_mut().find(|fact| fact.open.iter().any(|open| open.id == name));
    let Some(fact) = open else { return false };
    fact.open.retain(|open| open.id != name);
    fact.issued = fact.issued.saturating_sub(1);
    // One that this same commit issues is never seen by anybody.
    if let Some(new) = member.rows.vouchers.iter_mut().find(|row| row.id == id.uuid()) {
        "revoked".clone_into(&mut new.status);
    } else {
        member.rows.vouchers_revoked.push(id.uuid());
    }
    true
}
