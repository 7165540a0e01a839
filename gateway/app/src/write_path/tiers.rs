//! Counting towards the coalition's tiers, and writing down what the ends of periods have made of them.

use coalition_domain::tiers::{Standing, TierChange};
use coalition_domain::{Instant, PartnerId};
use coalition_store::entities::{qualifying, tier_changes};
use serde_json::{Value, json};
use uuid::Uuid;

use super::world::{MemberWorld, World};
use crate::App;
use crate::tiers::{Counts, StandingFact, TierPolicy, day};

/// Why a tier is held from now on.
const REACHED: &str = "By what was counted";
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Something that counts, or counts back.
#[derive(Clone, Copy)]
pub(crate) struct Counted {
    pub(crate) what: Counts,
    /// Whose award it is, or where it was spent.
    pub(crate) partner: PartnerId,
    /// When it happened; what counts back, when what it takes back did.
    pub(crate) at: Instant,
    /// Below zero, it counts back: what was reached by it stays until the period's end.
    pub(crate) amount: i64,
    /// The purchase or refund.
    pub(crate) subject: Uuid,
}

/// Counts, and takes up what is reached by it at once.
pub(crate) fn count(app: &App, world: &World, member: &mut MemberWorld, counted: &Counted) {
    let settings = &world.settings;
    let Some(policy) = settings.tiers.clone().filter(|policy| policy.counts == counted.what && counted.amount != 0) else { return };
    let covered = world.partners.get(&counted.partner.uuid()).is_some_and(|partner| {
        let is_money = counted.what == Counts::Spend;
        policy.covers(&partner.row.slug) && (!is_money || partner.row.currency == settings.base_currency.as_str())
    });
    if !covered {
        return;
    }
    add(app, world, member, &policy, counted);
    let at = if counted.amount > 0 { counted.at } else { world.now };
    settle_as_of(app, world, member, &policy, at);
}

/// Adds to what is counted: in the member's document, and as a row.
fn add(app: &App, world: &World, member: &mut MemberWorld, policy: &TierPolicy, counted: &Counted) {
    let Counted { partner, at, amount, subject, .. } = *counted;
    let settings = &world.settings;
    member.rows.qualifying.push(qualifying::Model {
        member_id: member.row.id,
        id: app.new_id(),
        partner_id: partner.uuid(),
        counts: policy.counts.name().to_owned(),
        occurred_at: at.0,
        amount,
        subject_id: subject,
        recorded_at: 0,
        commit_id: Uuid::nil(),
    });
    let late = u32::try_from(settings.backdating_d_max).unwrap_or(u32::MAX);
    let oldest = policy.rules().oldest_day(&settings.calendar, late, world.now);
    let fact = fact(world, member);
    let mut days = fact.days(policy);
    let sum = days.entry(day(settings, at)).or_default();
    *sum = sum.saturating_add(amount);
    policy.counts.name().clone_into(&mut fact.counts);
    fact.days = days.into_iter().filter(|(day, amount)| *day >= oldest && *amount != 0).collect();
}

/// Counts what another account of the same person had counted, day by day, and takes the higher of both tiers. `subject` is the merge.
pub(crate) fn take_over(app: &App, world: &World, member: &mut MemberWorld, other: &StandingFact, subject: Uuid) {
    let settings = &world.settings;
    let Some(policy) = settings.tiers.clone() else { return };
    let mut days = fact(world, member).days(&policy);
    for (day, amount) in other.days(&policy) {
        let noon = Instant(day.saturating_mul(DAY_MS).saturating_add(DAY_MS / 2));
        let offset = i64::from(settings.calendar.offset_minutes(noon)).saturating_mul(60_000);
        member.rows.qualifying.push(qualifying::Model {
            member_id: member.row.id,
            id: app.new_id(),
            partner_id: settings.operator.uuid(),
            counts: policy.counts.name().to_owned(),
            occurred_at: noon.plus_ms(-offset).0,
            amount,
            subject_id: subject,
            recorded_at: 0,
            commit_id: Uuid::nil(),
        });
        let sum = days.entry(day).or_default();
        *sum = sum.saturating_add(amount);
    }
    let rank = |tier: &Option<String>| tier.as_ref().and_then(|name| policy.levels.iter().position(|level| level.name == *name));
    let fact = fact(world, member);
    policy.counts.name().clone_into(&mut fact.counts);
    fact.days = days.into_iter().collect();
    let holds = other.until.is_none_or(|until| until > world.now.0);
    if holds && rank(&other.tier) > rank(&fact.tier) {
        fact.tier.clone_from(&other.tier);
        fact.until = other.until;
        member.rows.tier_changes.push(tier_changes::Model {
            member_id: member.row.id,
            id: app.new_id(),
            partner_id: settings.operator.uuid(),
            tier: other.tier.clone(),
            until_at: other.until,
            reason: "Merged".to_owned(),
            decision_id: Uuid::nil(),
            recorded_at: 0,
            commit_id: Uuid::nil(),
        });
    }
    settle_as_of(app, world, member, &policy, world.now);
}

/// Writes what is due by now.
pub(crate) fn settle(app: &App, world: &World, member: &mut MemberWorld) {
    if let Some(policy) = world.settings.tiers.clone() {
        let known = member.profiles.get(&world.settings.operator.uuid()).and_then(|profile| profile.facts.standing.as_ref());
        if known.is_some_and(|known| known.until.is_some_and(|until| until <= world.now.0)) {
            settle_as_of(app, world, member, &policy, world.now);
        }
    }
}

fn fact<'a>(world: &World, member: &'a mut MemberWorld) -> &'a mut StandingFact {
    let profile = member.profile(world.settings.operator);
    profile.changed = true;
    profile.facts.standing.get_or_insert_default()
}

fn settle_as_of(app: &App, world: &World, member: &mut MemberWorld, policy: &TierPolicy, counted_at: Instant) {
    let known = fact(world, member);
    let (before, days) = (known.standing(), known.days(policy));
    let changes = policy.rules().settle(&world.settings.calendar, &days, &before, counted_at, world.now);
    let mut held = before.tier;
    for TierChange { standing, .. } in changes {
        let known = fact(world, member);
        known.tier.clone_from(&standing.tier);
        known.until = standing.until.map(|until| until.0);
        let reason = match (&held, &standing.tier) {
            (held, tier) if held == tier => "Reached again",
            (_, None) => "Not reached again in its time",
            (_, Some(_)) => REACHED,
        };
        note(app, member, &standing, reason);
        held = standing.tier;
    }
}

/// For the till: the tier that was reached by what is decided now, as an effect.
pub(crate) fn reached(world: &World, member: &MemberWorld) -> Option<Value> {
    let change = member.rows.tier_changes.iter().rev().find(|row| row.partner_id.is_nil())?;
    let (tier, until) = (change.tier.as_ref()?, change.until_at.map(Instant));
    let operator = world.partners.get(&world.settings.operator.uuid()).map(|operator| operator.row.slug.clone());
    (change.reason == REACHED)
        .then(|| json!({"kind": "set_tier", "partner": operator, "tier": tier, "until": until, "text": format!("{tier} reached")}))
}

fn note(app: &App, member: &mut MemberWorld, standing: &Standing, reason: &str) {
    member.rows.tier_changes.push(tier_changes::Model {
        member_id: member.row.id,
        id: app.new_id(),
        // Nobody's rules: the program's terms.
        partner_id: Uuid::nil(),
        tier: standing.tier.clone(),
        until_at: standing.until.map(|until| until.0),
        reason: reason.to_owned(),
        decision_id: Uuid::nil(),
        recorded_at: 0,
        commit_id: Uuid::nil(),
    });
}
