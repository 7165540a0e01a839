//! Deciding a redemption's steps: hold, capture, void, reverse.

use std::collections::BTreeSet;

use coalition_domain::money::{points_for_part, value_at};
use coalition_domain::{DecisionId, HoldRequest, Instant, LedgerError, MemberId, PartnerId, Points, RedemptionId, apportion};
use coalition_rules::contract::{self, Quotation, QuoteRequest};
use coalition_store::commit::StockUse;
use coalition_store::entities::{captures, redemptions};
use serde_json::json;
use uuid::Uuid;

use super::campaign;
use super::command::{Command, HoldWork, Item};
use super::effects::{moment, text};
use super::pool;
use super::purchase::{about, note_business_id};
use super::record::Made;
use super::steps;
use super::tiers;
use super::unit::Unit;
use super::world::{MemberWorld, PartnerWorld, RedemptionWorld, World};
use crate::App;
use crate::answer::Answer;
use crate::error::{Error, Kind};
use crate::facts::{self, window};
use crate::live::LiveRules;
use crate::views::RedemptionView;

/// How long points are held where the rules say nothing.
const HOLD_MS_DEFAULT: i64 = 30 * 60 * 1000;
/// The longest that rules may hold them.
const HOLD_MS_MAX: i64 = 7 * 24 * 60 * 60 * 1000;

/// What a quote is asked for and came to; shared by `quote`, which keeps nothing, and `hold`.
pub(crate) struct Quoted {
    pub(crate) live: std::sync::Arc<LiveRules>,
    pub(crate) quotation: Quotation,
    pub(crate) title: String,
    pub(crate) hold_until: Instant,
    pub(crate) view: String,
    pub(crate) output: String,
    pub(crate) fuel: u64,
    pub(crate) per_member: Option<contract::Limit>,
    pub(crate) stocked: bool,
}

fn not_eligible(detail: impl Into<String>) -> Error {
    Error::conflict("not-eligible", detail)
}

/// Asks the partner's rules for a price, and the host's own limits whether it may be had. `available` is what the member can spend, with their household.
pub(crate) fn quote(
    app: &App,
    world: &World,
    member: &MemberWorld,
    available: Points,
    partner: &PartnerWorld,
    wanted: &HoldWork,
    id: &str,
) -> Result<Quoted, Error> {
    let settings = &world.settings;
    let calendar = &settings.calendar;
    let owner = PartnerId(partner.row.id);
    let unknown = || not_eligible("This partner offers no such reward now.");
    let live = partner.live.clone().ok_or_else(unknown)?;
    let reward = live.manifest.rewards.iter().find(|reward| reward.id == wanted.reward).cloned().ok_or_else(unknown)?;
    let none = super::world::ProfileWorld::default();
    let profile = member.profiles.get(&owner.uuid()).unwrap_or(&none);
    let about = facts::About { available, ..about(world, member, owner, &live, world.now) };
    let view = profile.facts.view(&live.manifest, calendar, world.now, &about);
    let request = QuoteRequest {
        reward: wanted.reward.clone(),
        quantity: wanted.quantity,
        amount: wanted.amount.map(|minor| contract::Money { minor, currency: partner.row.currency.clone() }),
        basket: None,
        context: contract::Context {
            at: facts::instant(calendar, world.now),
            seed: facts::seed(&settings.secret, id),
            store: None,
            channel: None,
            attributes: Vec::new(),
        },
    };
    let run = live.program.quote(&request, &view, &live.config, &profile.state);
    app.count_run(live.plugin_id, run.usage.fuel, run.outcome.as_ref().err().is_some_and(coalition_rules::Failure::counts_against_version));
    let failed = |detail: &str| {
        tracing::warn!(plugin.id = %live.plugin_id, detail, "rules could not quote");
        Error {
            retry_after_s: Some(5),
            ..Error::new(Kind::Unavailable, "rules-failed", "The partner's rules could not answer; nothing was held. Try again later.")
        }
    };
    let quotation = match &run.outcome {
        Ok(Ok(quotation)) => quotation.clone(),
        Ok(Err(refusal)) => return Err(not_eligible(text(&live, &refusal.reason))),
        Err(failure) => return Err(failed(&failure.to_string())),
    };
    if quotation.points <= 0 || quotation.value.minor < 0 || quotation.value.currency != partner.row.currency {
        return Err(failed("points must be positive, and the value not negative and in the partner's currency"));
    }
    if let Some(limit) = &reward.per_member {
        let taken = profile.facts.taken(&reward.id, window(limit.window), calendar, world.now);
        if taken.saturating_add(i64::from(wanted.quantity)) > limit.max {
            return Err(not_eligible(format!(
                "A member may have this reward {} times in its period, and has had it {taken} times.",
                limit.max
            )));
        }
    }
    let stocked = reward.stock.is_some();
    if stocked {
        let left = world.stock.get(&(owner.uuid(), reward.id.clone())).copied().unwrap_or(0);
        if left < i64::from(wanted.quantity) {
            return Err(Error::conflict("out-of-stock", format!("{left} left.")));
        }
    }
    if available.0 < quotation.points {
        return Err(insufficient(available, Points(quotation.points)));
    }
    if let Some(slug) = &quotation.campaign {
        campaign::check_hold(world, member, owner, slug, quotation.points)?;
    }
    let longest = world.now.plus_ms(HOLD_MS_MAX);
    let hold_until = match quotation.valid {
        Some(valid) => moment(calendar, world.now, valid).filter(|until| *until > world.now).unwrap_or(longest).min(longest),
        None => world.now.plus_ms(HOLD_MS_DEFAULT),
    };
    let recorded = json!({"request": request, "member": view}).to_string();
    let output = json!({"quotation": quotation}).to_string();
    let title = text(&live, &quotation.title);
    Ok(Quoted { quotation, title, hold_until, view: recorded, output, fuel: run.usage.fuel, per_member: reward.per_member, stocked, live })
}

fn insufficient(available: Points, wanted: Points) -> Error {
    Error::conflict("insufficient-points", format!("{wanted} points are needed, {available} are available."))
}

/// Sets points aside, the member's own or, where they spend with others, their household's.
pub(crate) fn hold(app: &App, world: &World, unit: &mut Unit, item: &Item, wanted: &HoldWork) -> Result<Answer, Error> {
    settle(app, world, unit.member(item.subject)?)?;
    let partner = world.partners.get(&wanted.partner.uuid()).cloned().ok_or_else(Error::not_found)?;
    let id = RedemptionId(app.new_id());
    let spenders = pool::spenders(unit, item);
    let available = pool::available(unit, &spenders);
    let quoted = quote(app, world, unit.member(item.subject)?, available, &partner, wanted, &id.to_string())?;
    let points = Points(quoted.quotation.points);
    let decision = DecisionId(app.new_id());
    let request = HoldRequest { redemption: id, partner: wanted.partner, points, until: quoted.hold_until, decision };
    let payers = pool::hold(app, world, unit, &spenders, &request).map_err(|error| match error {
        LedgerError::Insufficient { available } => insufficient(available, points),
        other => Error::internal(&other),
    })?;
    pool::keep_shares(unit, item.subject, &payers, &request);
    let member = unit.member(item.subject)?;
    member.epochs.insert(wanted.partner.uuid(), quoted.live.epoch);
    member.codes.extend(wanted.code_hash.clone());
    if let Some(slug) = &quoted.quotation.campaign {
        campaign::fund_hold(world, member, slug, points.0);
    }
    let profile = member.profile(wanted.partner);
    let (state_before, state_after) = (profile.state_version, profile.state_version);
    profile.changed = true;
    if let Some(limit) = &quoted.per_member {
        profile.facts.take(&wanted.reward, window(limit.window), i64::from(wanted.quantity), &world.settings.calendar, world.now);
    }
    if quoted.stocked {
        member.stock.push(StockUse {
            partner_id: wanted.partner.uuid(),
            reward: wanted.reward.clone(),
            pieces: i64::from(wanted.quantity),
        });
    }
    let (_, redeem_price) = partner.prices_at(world.now);
    let row = redemptions::Model {
        member_id: member.row.id,
        id: id.uuid(),
        partner_id: wanted.partner.uuid(),
        reward: wanted.reward.clone(),
        quantity: i64::from(wanted.quantity),
        points: points.0,
        value: quoted.quotation.value.minor,
        currency: quoted.quotation.value.currency.clone(),
        settlement_value: value_at(points, redeem_price).ok_or_else(|| Error::internal(&"a settlement value beyond 64 bits"))?,
        title: quoted.title.clone(),
        till: attributes(&quoted.quotation.till)?,
        external_id: wanted.external_id.clone(),
        code: crate::secrets::voucher_code()?,
        held_at: world.now.0,
        hold_until: quoted.hold_until.0,
        stocked: quoted.stocked,
        decision_id: decision.uuid(),
        status: "held".to_owned(),
        captured_points: 0,
        captured_value: 0,
        reversed_points: 0,
        campaign: quoted.quotation.campaign.clone(),
        commit_id: Uuid::nil(),
    };
    let made = Made {
        id: decision,
        owner: wanted.partner,
        kind: "quote",
        subject: id.uuid(),
        status: "applied".to_owned(),
        fuel: quoted.fuel,
        view: quoted.view,
        output: quoted.output,
        capped: 0,
        states: (state_before, state_after),
    };
    member.rows.decisions.push(quoted.live.record(member.row.id, made));
    let answer = Answer::created(&view(&row, &partner, member)?)?;
    steps::tell(app, world, member, &row, "held", row.points)?;
    member.rows.redemptions.push(row.clone());
    member.redemptions.insert(id.uuid(), RedemptionWorld { row, captured: Vec::new() });
    note_business_id(member, &item.command, id.uuid(), &answer);
    Ok(answer)
}

fn attributes(list: &[contract::Attribute]) -> Result<String, Error> {
    let pairs: Result<serde_json::Map<String, serde_json::Value>, serde_json::Error> =
        list.iter().map(|attribute| Ok((attribute.name.clone(), serde_json::to_value(&attribute.value)?))).collect();
    Ok(serde_json::Value::Object(pairs.map_err(|error| Error::internal(&error))?).to_string())
}

fn view(row: &redemptions::Model, partner: &PartnerWorld, member: &MemberWorld) -> Result<RedemptionView, Error> {
    let mut view = RedemptionView::of(row, &partner.row.slug)?;
    view.balance = Some(crate::views::BalanceSummary::of(member.ledger.balances()));
    Ok(view)
}

/// Writes what the clock has made due, holds among it.
pub(crate) fn settle(app: &App, world: &World, member: &mut MemberWorld) -> Result<(), Error> {
    tiers::settle(app, world, member);
    let before = member.ledger.changes().holds_ended.len();
    let new_id = || app.new_id();
    member.ledger.settle_due(world.now, &new_id).map_err(|error| Error::internal(&error))?;
    let ended: Vec<RedemptionId> = member.ledger.changes().holds_ended.iter().skip(before).copied().collect();
    for redemption in ended {
        end(app, world, member, redemption.uuid(), "expired")?;
    }
    Ok(())
}

/// The same for all whom an item touches: where the hold of a household has ended, it has for each of them.
pub(crate) fn settle_together(app: &App, world: &World, unit: &mut Unit, item: &Item) -> Result<(), Error> {
    let new_id = || app.new_id();
    let mut ended: BTreeSet<RedemptionId> = BTreeSet::new();
    for member in unit.members_mut().filter(|member| item.touches(member.row.id)) {
        let before = member.ledger.changes().holds_ended.len();
        member.ledger.settle_due(world.now, &new_id).map_err(|error| Error::internal(&error))?;
        ended.extend(member.ledger.changes().holds_ended.iter().skip(before));
    }
    for redemption in ended {
        end_of(app, world, unit, redemption.uuid(), "expired")?;
    }
    unit.members_mut().filter(|member| item.touches(member.row.id)).for_each(|member| tiers::settle(app, world, member));
    Ok(())
}

/// Ends a redemption at whoever it is of.
pub(crate) fn end_of(app: &App, world: &World, unit: &mut Unit, redemption: Uuid, status: &str) -> Result<(), Error> {
    let is_open = |member: &&mut MemberWorld| member.redemptions.get(&redemption).is_some_and(|known| known.row.status == "held");
    let Some(redeemer) = unit.members_mut().find(is_open) else { return Ok(()) };
    end(app, world, redeemer, redemption, status)
}

/// A hold that comes to nothing: its pieces and its place in the member's limits are free again.
fn end(app: &App, world: &World, member: &mut MemberWorld, redemption: Uuid, status: &str) -> Result<(), Error> {
    let Some(known) = member.redemptions.get_mut(&redemption) else { return Ok(()) };
    status.clone_into(&mut known.row.status);
    let row = known.row.clone();
    if row.stocked {
        member.stock.push(StockUse { partner_id: row.partner_id, reward: row.reward.clone(), pieces: -row.quantity });
    }
    if let Some(slug) = &row.campaign {
        campaign::give_back(world, member, slug, row.points);
    }
    let profile = member.profile(PartnerId(row.partner_id));
    let windows: Vec<_> = profile.facts.rewards.iter().filter(|fact| fact.reward == row.reward).map(|fact| fact.window).collect();
    for kind in windows {
        profile.facts.take(&row.reward, kind, -row.quantity, &world.settings.calendar, Instant(row.held_at));
    }
    profile.changed = true;
    steps::tell(app, world, member, &row, status, row.points)?;
    changed(member, row);
    Ok(())
}

fn changed(member: &mut MemberWorld, row: redemptions::Model) {
    // One that this same batch holds is written as it ends up.
    if let Some(new) = member.rows.redemptions.iter_mut().find(|new| new.id == row.id) {
        *new = row;
        return;
    }
    member.rows.redemptions_changed.retain(|known| known.id != row.id);
    member.rows.redemptions_changed.push(row);
}

fn find(member: &MemberWorld, redemption: RedemptionId) -> Result<redemptions::Model, Error> {
    member.redemptions.get(&redemption.uuid()).map(|known| known.row.clone()).ok_or_else(Error::not_found)
}

fn not_held(row: &redemptions::Model) -> Error {
    match row.status.as_str() {
        "expired" => Error::new(Kind::Gone, "hold-expired", "The hold's time is over; its points are the member's again. Hold anew."),
        "voided" => Error::conflict("already-voided", "This redemption was voided."),
        _ => Error::conflict("already-captured", "This redemption was captured, which is done once."),
    }
}

/// Spends a hold, all or part; the rest is released.
pub(crate) fn capture(
    app: &App,
    world: &World,
    unit: &mut Unit,
    item: &Item,
    (redemption, partner): (RedemptionId, PartnerId),
    amount: Option<i64>,
) -> Result<Answer, Error> {
    let member = unit.member(item.subject)?;
    settle(app, world, member)?;
    let mut row = find(member, redemption)?;
    let known = world.partners.get(&partner.uuid()).filter(|_| row.partner_id == partner.uuid()).cloned().ok_or_else(Error::not_found)?;
    if row.status != "held" {
        return Err(not_held(&row));
    }
    let value = amount.unwrap_or(row.value);
    if !(0..=row.value).contains(&value) || (amount.is_some() && value == 0) {
        return Err(Error::invalid("/amount", format!("minor units between 1 and {}, what is held", row.value)));
    }
    let points = if amount.is_none() { Some(Points(row.points)) } else { points_for_part(Points(row.points), value, row.value) };
    let points = points.filter(|points| points.is_positive()).ok_or_else(|| Error::invalid("/amount", "too small for a point"))?;
    pool::capture(app, world, unit, item.subject, redemption, points)?;
    let member = unit.member(item.subject)?;
    member.rows.captures.push(captures::Model {
        member_id: member.row.id,
        id: app.new_id(),
        redemption_id: row.id,
        partner_id: row.partner_id,
        points: points.0,
        value,
        currency: row.currency.clone(),
        settlement_value: settled_by(&row, points)?,
        recorded_at: 0,
        commit_id: Uuid::nil(),
    });
    if let Some(slug) = &row.campaign {
        campaign::give_back(world, member, slug, row.points.saturating_sub(points.0));
    }
    row.status = "captured".to_owned();
    row.captured_points = points.0;
    row.captured_value = value;
    answer(app, world, (unit, item), &known, row, ("captured", points.0))
}

/// Keeps a redemption as it is now, and tells of the step that it took.
fn answer(
    app: &App,
    world: &World,
    (unit, item): (&mut Unit, &Item),
    partner: &PartnerWorld,
    row: redemptions::Model,
    (step, moved): (&str, i64),
) -> Result<Answer, Error> {
    let member = unit.member(item.subject)?;
    if let Some(known) = member.redemptions.get_mut(&row.id) {
        known.row = row.clone();
    }
    steps::tell(app, world, member, &row, step, moved)?;
    let answer = Answer::ok(&view(&row, partner, member)?)?;
    let id = row.id;
    changed(member, row);
    note_business_id(member, &item.command, id, &answer);
    Ok(answer)
}

/// What a capture of `points` settles of the value that was fixed at the hold.
fn settled_by(row: &redemptions::Model, points: Points) -> Result<i64, Error> {
    let parts = apportion(row.settlement_value, &[points.0, row.points.saturating_sub(points.0)]);
    parts.and_then(|parts| parts.first().copied()).ok_or_else(|| Error::internal(&"a settlement value that can't be shared"))
}

/// Gives a hold up: the same lots come back.
pub(crate) fn void(
    app: &App,
    world: &World,
    unit: &mut Unit,
    item: &Item,
    redemption: RedemptionId,
    partner: &PartnerWorld,
) -> Result<Answer, Error> {
    let member = unit.member(item.subject)?;
    settle(app, world, member)?;
    let row = find(member, redemption)?;
    if row.status != "held" {
        return Err(not_held(&row));
    }
    let new_id = || app.new_id();
    pool::release(unit, item.subject, redemption, world.now, &new_id)?;
    let member = unit.member(item.subject)?;
    end(app, world, member, redemption.uuid(), "voided")?;
    let row = find(member, redemption)?;
    let answer = Answer::ok(&view(&row, partner, member)?)?;
    note_business_id(member, &item.command, redemption.uuid(), &answer);
    Ok(answer)
}

/// Gives back captured points, all or part, to the lots that paid them.
pub(crate) fn reverse(
    app: &App,
    world: &World,
    unit: &mut Unit,
    item: &Item,
    (redemption, partner): (RedemptionId, PartnerId),
    points: Option<i64>,
) -> Result<Answer, Error> {
    let member = unit.member(item.subject)?;
    settle(app, world, member)?;
    let mut row = find(member, redemption)?;
    let known = world.partners.get(&partner.uuid()).filter(|_| row.partner_id == partner.uuid()).cloned().ok_or_else(Error::not_found)?;
    if !matches!(row.status.as_str(), "captured" | "reversed") {
        return Err(Error::conflict("not-captured", "Only what was captured can be reversed; a hold is voided."));
    }
    let left = row.captured_points.saturating_sub(row.reversed_points);
    if left == 0 {
        return Err(Error::conflict("nothing-left", "All of it was reversed before."));
    }
    let wanted = points.unwrap_or(left);
    if !(1..=left).contains(&wanted) {
        return Err(Error::conflict("nothing-left", format!("{left} points are left to reverse.")));
    }
    pool::reverse(app, world, unit, item.subject, (redemption, partner), Points(wanted))?;
    if let Some(slug) = &row.campaign {
        campaign::give_back(world, unit.member(item.subject)?, slug, wanted);
    }
    row.reversed_points = row.reversed_points.saturating_add(wanted);
    if row.reversed_points == row.captured_points {
        row.status = "reversed".to_owned();
    }
    answer(app, world, (unit, item), &known, row, ("reversed", wanted))
}

/// Writes what the clock has made due, for the gateway's own job.
pub(crate) fn settle_only(app: &App, world: &World, member: &mut MemberWorld, command: &Command, id: MemberId) -> Result<Answer, Error> {
    settle(app, world, member)?;
    let answer = Answer::ok(&serde_json::Value::Null)?;
    note_business_id(member, command, id.uuid(), &answer);
    Ok(answer)
}
