//! Deciding a refund: the rules that made the awards are asked again, on what they saw less what came back, and the difference is taken back.
//!
//! The five steps are those of `sdk/wit/v1/refunds.md`. Points are told by difference, from award to award of one key, so that any order and split
//! of partial refunds ends where one full refund does.

use std::collections::{BTreeMap, BTreeSet};

use coalition_domain::refund::{KeyAward, clawback_by_key, in_proportion};
use coalition_domain::{ClawbackRequest, DecisionId, Instant, PartnerId, Points, RefundId, TransactionId, TransferKind};
use coalition_store::commit::LimitUse;
use coalition_store::entities::{decisions, refunds};
use serde_json::{Value, json};
use uuid::Uuid;

use super::campaign;
use super::command::Command;
use super::effects;
use super::evaluation::{Evaluation, KnownRefund, Said};
use super::limits;
use super::purchase::{self, note_business_id};
use super::react::RefundTaken;
use super::redeem;
use super::returned::{self, Returned};
use super::shares;
use super::signals;
use super::tiers::{Counted, count};
use super::world::{MemberWorld, PartnerWorld, World};
use crate::App;
use crate::answer::Answer;
use crate::error::{Error, Kind};
use crate::purchase::NewTransaction;
use crate::refunds::{NewRefund, RefundAnswer, RefundPoints};
use crate::tiers::Counts;
use crate::views::{BalanceSummary, DecisionSummary};

/// What one refund is decided with; or the reversal of a signal, of which nothing is left.
pub(crate) struct Refunding<'a> {
    pub(crate) app: &'a App,
    pub(crate) world: &'a World,
    pub(crate) id: RefundId,
    /// The purchase, or the signal's event, and when it happened.
    pub(crate) transaction: TransactionId,
    pub(crate) original_at: Instant,
    pub(crate) original: Option<&'a NewTransaction>,
    pub(crate) left: &'a [coalition_domain::refund::Line],
    /// What its decisions are called.
    pub(crate) kind: &'static str,
    pub(crate) is_empty: bool,
    pub(crate) occurred_at: Instant,
    pub(crate) reason: String,
}

/// Decides a refund and notes what is to be written.
pub(crate) fn refund(
    app: &App,
    world: &World,
    member: &mut MemberWorld,
    command: &Command,
    partner: PartnerId,
    transaction: TransactionId,
    input: &NewRefund,
) -> Result<Answer, Error> {
    redeem::settle(app, world, member)?;
    let row = member
        .transactions
        .get(&transaction.uuid())
        .cloned()
        .filter(|row| row.partner_id == partner.uuid())
        .ok_or_else(Error::not_found)?;
    let original: NewTransaction = serde_json::from_str(&row.body).map_err(|error| Error::internal(&error))?;
    let occurred_at = input.occurred_at.unwrap_or(world.now);
    check_time(world, &original, input.occurred_at)?;
    let mut basket = returned::basket(&original, member.refunds_of(transaction))?;
    let reduction = basket.take_back(&input.to_return()).map_err(|error| returned::refused(&error))?;
    let id = RefundId(app.new_id());
    let refunding = Refunding {
        app,
        world,
        id,
        transaction,
        original_at: original.occurred_at,
        original: Some(&original),
        kind: "reevaluation",
        left: basket.left(),
        is_empty: basket.is_empty(),
        occurred_at,
        reason: format!("Refund {} of {}", input.external_id, original.external_id),
    };
    refunding.uncount(member, Counts::Spend, partner, reduction.amount);
    let mut owners = vec![partner];
    if partner != world.settings.operator {
        owners.push(world.settings.operator);
    }
    let mut points = RefundPoints::default();
    let (mut evaluations, mut summaries, mut shown) = (Vec::new(), Vec::new(), Vec::new());
    for owner in &owners {
        let Some(known) = world.partners.get(&owner.uuid()).cloned() else { continue };
        let decided = member.reopened.decision(transaction, *owner).cloned();
        match decided {
            Some(decision) if decision.status == "deferred" => {}
            Some(decision) => {
                let (evaluation, summary) = refunding.take_back(member, &known, *owner, &decision)?;
                refunding.count_back(member, *owner, reduction.amount);
                points.add(&evaluation.points);
                summaries.push(summary);
                evaluations.push(evaluation);
            }
            // Without rules, what was bought was counted all the same.
            None if *owner == partner && row.status == "posted" => refunding.count_back(member, *owner, reduction.amount),
            None => {}
        }
    }
    let returned = Returned { input: input.clone(), amount: reduction.amount, lines: reduction.lines.iter().map(Into::into).collect() };
    for owner in &owners {
        let Some(known) = world.partners.get(&owner.uuid()).cloned() else { continue };
        let taken = RefundTaken { partner: *owner, refund: points, returned: &returned };
        if let Some((applied, summary, charged)) = refunding.react(member, &known, &taken)? {
            points.add(&applied.recovered);
            shown.extend(applied.shown);
            summaries.push(summary);
            match evaluations.iter_mut().find(|evaluation| evaluation.partner == owner.uuid()) {
                Some(evaluation) => evaluation.charged.extend(charged),
                None => evaluations.push(Evaluation {
                    partner: owner.uuid(),
                    original: Uuid::nil(),
                    how: "rules".to_owned(),
                    said: Said::default(),
                    due: BTreeMap::new(),
                    points: RefundPoints::default(),
                    charged,
                    shared: Vec::new(),
                }),
            }
        }
    }
    let row = refunds::Model {
        member_id: member.row.id,
        id: id.uuid(),
        partner_id: partner.uuid(),
        transaction_id: transaction.uuid(),
        external_id: input.external_id.clone(),
        occurred_at: occurred_at.0,
        recorded_at: 0,
        amount: reduction.amount,
        body: serde_json::to_string(&returned).map_err(|error| Error::internal(&error))?,
        evaluations: serde_json::to_string(&evaluations).map_err(|error| Error::internal(&error))?,
        commit_id: Uuid::nil(),
    };
    let answer = Answer::created(&RefundAnswer {
        id,
        external_id: input.external_id.clone(),
        transaction,
        member: member.id(),
        occurred_at,
        amount: reduction.amount,
        left: basket.amount_left(),
        currency: original.currency.to_string(),
        points,
        effects: shown,
        balance: BalanceSummary::of(member.ledger.balances()),
        decisions: summaries,
    })?;
    member.refunds.push(KnownRefund { row: row.clone(), returned, evaluations });
    member.rows.refunds.push(row);
    note_business_id(member, command, id.uuid(), &answer);
    Ok(answer)
}

fn check_time(world: &World, original: &NewTransaction, told: Option<Instant>) -> Result<(), Error> {
    let Some(at) = told else { return Ok(()) };
    if at.0.saturating_sub(world.now.0) > purchase::AHEAD_MS_MAX {
        return Err(Error::invalid("/occurred_at", "more than 5 minutes ahead of the gateway's clock"));
    }
    if at < original.occurred_at {
        return Err(Error::invalid("/occurred_at", "before the purchase"));
    }
    Ok(())
}

/// How a program's part in the purchase was looked at again.
struct Again {
    how: &'static str,
    said: Said,
    decision: DecisionId,
    fuel: i64,
}

impl Refunding<'_> {
    /// Steps 1 to 3 for one program.
    pub(super) fn take_back(
        &self,
        member: &mut MemberWorld,
        known: &PartnerWorld,
        owner: PartnerId,
        decision: &decisions::Model,
    ) -> Result<(Evaluation, DecisionSummary), Error> {
        let original = coalition_rules::output_from_bytes(decision.output.as_bytes()).map_err(|error| Error::internal(&error))?;
        let original = original.map(|effects| Said::of(&effects)).unwrap_or_default();
        let before = member.last_said(self.transaction, owner).unwrap_or_else(|| original.clone());
        let again = self.ask_again(member, owner, decision, &before)?;
        let due = self.due(member, owner, decision, &again.said)?;
        let (points, shared) = self.claw_back(member, owner, decision, again.decision, &due)?;
        self.put_back(member, owner, decision, &before, &again.said);
        let summary = DecisionSummary {
            partner: known.row.slug.clone(),
            id: again.decision,
            plugin: decision.plugin_id.into(),
            name: member.reopened.pinned(decision).map(|rules| rules.manifest.name.clone()).unwrap_or_default(),
            version: member.reopened.pinned(decision).map(|rules| rules.manifest.version.clone()).unwrap_or_default(),
            digest: decision.digest.iter().map(|byte| format!("{byte:02x}")).collect(),
            status: again.how.to_owned(),
            fuel: again.fuel,
        };
        let evaluation = Evaluation {
            partner: owner.uuid(),
            original: decision.id,
            how: again.how.to_owned(),
            said: again.said,
            due,
            points,
            charged: Vec::new(),
            shared,
        };
        Ok((evaluation, summary))
    }

    /// Step 1: the pinned version on what is left of the purchase, the member and the state as they were. What it writes to state is dropped.
    fn ask_again(&self, member: &mut MemberWorld, owner: PartnerId, decision: &decisions::Model, before: &Said) -> Result<Again, Error> {
        let id = DecisionId(self.app.new_id());
        let seen: Value = serde_json::from_str(&decision.view).map_err(|error| Error::internal(&error))?;
        let (mut how, mut fuel) = ("nothing-left", 0);
        let mut output = coalition_rules::output_bytes(&Ok(Vec::new()));
        let mut said = Said::default();
        // What was refused then is refused now: a smaller purchase earns what a bigger one was not given.
        if let Some(original) = self.original.filter(|_| !self.is_empty && decision.status != "refused") {
            let rules = member.reopened.pinned(decision).cloned().ok_or_else(not_ready)?;
            let state = member.reopened.state(owner, decision.state_before);
            let recorded: purchase::Seen = serde_json::from_value(seen.clone()).map_err(|error| Error::internal(&error))?;
            let mut event = purchase::event(self.transaction, original, recorded.offset_minutes, recorded.seed);
            returned::keep_left(&mut event, self.left);
            let run = rules.program.on_event(&event, &recorded.member, &rules.config, &state);
            let failed = run.outcome.as_ref().err();
            self.app.count_run(
                decision.plugin_id.into(),
                run.usage.fuel,
                failed.is_some_and(coalition_rules::Failure::counts_against_version),
            );
            fuel = i64::try_from(run.usage.fuel).unwrap_or(i64::MAX);
            match &run.outcome {
                Ok(answer) => {
                    how = "rules";
                    said = answer.as_ref().map(|effects| Said::of(effects)).unwrap_or_default();
                    output = coalition_rules::output_bytes(answer);
                }
                // The clock on the wall decides nothing: the till asks again.
                Err(failure) if !failure.counts_against_version() => return Err(not_ready()),
                Err(failure) => {
                    how = "in-proportion";
                    output = json!({"failure": {"code": failure.code(), "detail": failure.to_string()}}).to_string().into_bytes();
                    let left = self.left.iter().fold(0_i64, |sum, line| sum.saturating_add(line.amount));
                    let keep = |points: i64| in_proportion(Points(points), left, original.total).0;
                    // An award that several fund is one lot each under the same key.
                    let mut awarded: BTreeMap<String, i64> = BTreeMap::new();
                    for (key, points, _) in member.reopened.awarded(decision.id) {
                        let sum = awarded.entry(key).or_default();
                        *sum = sum.saturating_add(points);
                    }
                    awarded.values_mut().for_each(|points| *points = keep(*points));
                    said = Said { awarded, ..before.clone() };
                }
            }
        }
        let mut view = seen;
        if let Some(view) = view.as_object_mut() {
            view.insert("transaction".to_owned(), json!(self.transaction));
            view.insert("left".to_owned(), json!(self.left.iter().map(returned::LineLeft::from).collect::<Vec<_>>()));
        }
        member.rows.decisions.push(decisions::Model {
            id: id.uuid(),
            kind: self.kind.to_owned(),
            subject_id: self.id.uuid(),
            engine: coalition_rules::ENGINE.to_owned(),
            status: how.to_owned(),
            fuel,
            view: view.to_string(),
            output: String::from_utf8(output).unwrap_or_default(),
            capped: 0,
            state_after: decision.state_before,
            recorded_at: 0,
            commit_id: Uuid::nil(),
            ..decision.clone()
        });
        Ok(Again { how, said, decision: id, fuel })
    }

    /// Step 2: what is due back, by award key.
    fn due(
        &self,
        member: &MemberWorld,
        owner: PartnerId,
        decision: &decisions::Model,
        said: &Said,
    ) -> Result<BTreeMap<String, i64>, Error> {
        let mut keys: BTreeMap<String, KeyAward> = BTreeMap::new();
        for (key, points, gone) in member.reopened.awarded(decision.id) {
            let award = keys.entry(key).or_default();
            award.original = Points(award.original.0.saturating_add(points));
            award.taken = Points(award.taken.0.saturating_add(gone));
        }
        // What was cancelled, or ran out while it waited, and is only about to be written.
        for transfer in member.ledger.changes().transfers.iter().filter(|transfer| transfer.kind == TransferKind::Cancellation) {
            if let Some(key) = transfer.lot.and_then(|lot| member.reopened.key_of(decision.id, lot.uuid())) {
                let award = keys.entry(key).or_default();
                award.taken = Points(award.taken.0.saturating_add(transfer.points.0));
            }
        }
        for (lot, points) in member.refunds.iter().flat_map(|known| &known.evaluations).flat_map(|evaluation| &evaluation.charged) {
            if let Some(key) = member.reopened.key_of(decision.id, *lot) {
                let award = keys.entry(key).or_default();
                award.taken = Points(award.taken.0.saturating_add(*points));
            }
        }
        for (key, points) in member.dues(self.transaction, owner) {
            let award = keys.entry(key).or_default();
            award.taken = Points(award.taken.0.saturating_add(points));
        }
        for (key, points) in &said.awarded {
            keys.entry(key.clone()).or_default().reevaluated = Points(*points);
        }
        let awards: Vec<KeyAward> = keys.values().copied().collect();
        let due = clawback_by_key(&awards).ok_or_else(|| Error::internal(&"a refund's awards don't add up"))?;
        Ok(keys.into_keys().zip(due).filter(|(_, points)| points.is_positive()).map(|(key, points)| (key, points.0)).collect())
    }

    fn claw_back(
        &self,
        member: &mut MemberWorld,
        owner: PartnerId,
        decision: &decisions::Model,
        by: DecisionId,
        due: &BTreeMap<String, i64>,
    ) -> Result<(RefundPoints, Vec<(Uuid, i64)>), Error> {
        let (mut points, mut shared) = (RefundPoints::default(), Vec::new());
        let new_id = || self.app.new_id();
        for (key, wanted) in due {
            for part in shares::parts(member, owner, decision, key, *wanted)? {
                let request = ClawbackRequest {
                    partner: part.issuer,
                    origin: &part.lots,
                    points: Points(part.points),
                    policy: self.world.settings.refund_policy.into(),
                    subject: self.id.uuid(),
                    decision: by,
                    reason: &self.reason,
                };
                let taken = member.ledger.clawback(&request, self.world.now, &new_id).map_err(|error| Error::internal(&error))?;
                let mut came = RefundPoints::default();
                came.take(part.points, &taken);
                points.add(&came);
                if let Some(slug) = &part.campaign {
                    shared.extend(part.lots.iter().map(|lot| (lot.uuid(), part.points)));
                    campaign::give_back(self.world, member, slug, came.back());
                }
                if let Some(issuer) = self.world.partners.get(&part.issuer.uuid()) {
                    give_credit_back(member, issuer, &came);
                }
            }
            member.profile(owner).facts.take_back(key, *wanted);
            self.uncount(member, Counts::Points, owner, *wanted);
        }
        Ok((points, shared))
    }

    /// Counts back towards the tiers, where it had counted: a tier reached by it stays until the period's end.
    fn uncount(&self, member: &mut MemberWorld, what: Counts, partner: PartnerId, amount: i64) {
        let at = self.original_at;
        count(self.app, self.world, member, &Counted { what, partner, at, amount: amount.saturating_neg(), subject: self.id.uuid() });
    }

    /// Step 3: counters by the difference, vouchers and badges that would not have been given.
    fn put_back(&self, member: &mut MemberWorld, owner: PartnerId, decision: &decisions::Model, before: &Said, now: &Said) {
        let calendar = &self.world.settings.calendar;
        let manifest = member.reopened.pinned(decision).map(|rules| std::sync::Arc::clone(&rules.manifest));
        let names: BTreeSet<&String> = before.counters.keys().chain(now.counters.keys()).collect();
        for name in names {
            let [then, now] = [before, now].map(|said| said.counters.get(name).copied().unwrap_or(0));
            let def = manifest.as_ref().and_then(|manifest| manifest.counters.iter().find(|def| def.name == *name));
            if let Some(def) = def.filter(|_| then != now) {
                member.profile(owner).facts.put_back(def, now.saturating_sub(then), calendar, self.original_at);
            }
        }
        let issued: Vec<Uuid> = member
            .reopened
            .vouchers
            .iter()
            .filter(|row| {
                row.decision_id == decision.id && before.vouchers.contains(&row.voucher_key) && !now.vouchers.contains(&row.voucher_key)
            })
            .map(|row| row.id)
            .collect();
        for voucher in issued {
            effects::revoke_voucher(member, owner, voucher.into());
        }
        for (name, period) in before.badges.difference(&now.badges) {
            effects::change_badge(
                self.app,
                member,
                owner,
                &effects::BadgeStep { name, period, grant: false, at: self.occurred_at, decision: DecisionId(decision.id) },
            );
        }
        for (relation, kind) in before.signals.difference(&now.signals) {
            let sent: Vec<_> =
                member.reopened.signals.iter().filter(|row| signals::is(row, decision.id, relation, kind)).cloned().collect();
            for signal in &sent {
                signals::take_back(self.app, member, owner, signal, self.occurred_at);
            }
        }
        member.profile(owner).changed = true;
    }

    fn count_back(&self, member: &mut MemberWorld, owner: PartnerId, amount: i64) {
        let profile = member.profile(owner);
        profile.facts.return_purchase(amount, self.is_empty, &self.world.settings.calendar, self.original_at);
        profile.changed = true;
    }
}

/// A prepaid partner can issue again what came back to it.
pub(crate) fn give_credit_back(member: &mut MemberWorld, partner: &PartnerWorld, points: &RefundPoints) {
    let back = points.back();
    if back > 0
        && let Some(max) = limits::credit(&partner.row)
    {
        member.limits.push(LimitUse { partner_id: partner.row.id, name: limits::CREDIT.to_owned(), used: back.saturating_neg(), max });
    }
}

pub(crate) fn not_ready() -> Error {
    let error = Error::new(
        Kind::Unavailable,
        "rules-unavailable",
        "The rules that made the award can't be asked now; nothing was taken back. Try again.",
    );
    Error { retry_after_s: Some(5), ..error }
}
