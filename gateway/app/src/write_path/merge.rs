//! Deciding a merge: one person had two cards, and has one account from now on.
//!
//! Points that can be spent or wait, and what is owed, go over. What partners know is united partner by partner, as [`Facts::unite`] has it; where
//! both accounts have a state of a partner's rules, that of the account that stays is kept. Redemptions stay where they were made.

use coalition_domain::{LedgerError, MemberId, MergeId, PartnerId};
use coalition_store::commit::MemberChange;
use coalition_store::entities::{badges, merges, tier_changes};
use uuid::Uuid;

use super::command::Item;
use super::household::{asked_by, part};
use super::purchase::{keep_state, note_business_id};
use super::redeem;
use super::tiers;
use super::unit::Unit;
use super::world::{MemberWorld, ProfileWorld, World};
use crate::App;
use crate::answer::Answer;
use crate::error::Error;
use crate::merges::MergeView;
use crate::views::BalanceSummary;

/// Merges one member into another and notes what is to be written.
pub(crate) fn merge(app: &App, world: &World, unit: &mut Unit, item: &Item) -> Result<Answer, Error> {
    let target = item.counterpart.ok_or_else(Error::member_not_found)?;
    let former = unit.member(item.subject)?;
    redeem::settle(app, world, former)?;
    if former.row.status == "merged" {
        return Err(already_merged());
    }
    if target == item.subject {
        return Err(Error::conflict("same-member", "Both are the same member."));
    }
    if !former.deferrals.is_empty() {
        return Err(Error::conflict(
            "decisions-deferred",
            "Purchases of this member still wait to be decided, which happens by itself once their partner's rules can run: merge then.",
        ));
    }
    let id = MergeId(app.new_id());
    let new_id = || app.new_id();
    let (former, member) = unit.pair(MemberId(item.subject), MemberId(target))?;
    if member.row.status != "active" {
        return Err(Error::member_not_found());
    }
    let estate = former.ledger.give_all(id.uuid(), world.now, &new_id).map_err(|error| match error {
        LedgerError::HoldsOpen { count } => Error::conflict(
            "holds-open",
            format!("Points of this member are held for {count} redemptions: capture or void them, or wait until they have ended."),
        ),
        other => Error::internal(&other),
    })?;
    let received = member.ledger.receive_all(&estate, id.uuid(), world.now, &new_id);
    received.map_err(|error| Error::unprocessable("points-overflow", error.to_string()))?;
    member.slide(&world.settings.calendar);
    unite_profiles(app, id, former, member);
    let counted = former.profiles.get(&world.settings.operator.uuid()).and_then(|profile| profile.facts.standing.clone());
    if let Some(counted) = counted {
        tiers::take_over(app, world, member, &counted, id.uuid());
    }
    part(app, former, &item.command);
    former.rows.merges.push(merges::Model {
        member_id: former.row.id,
        id: id.uuid(),
        into_id: target,
        requested_by: asked_by(&item.command),
        recorded_at: 0,
        commit_id: Uuid::nil(),
    });
    former.rows.member.push(MemberChange::MergedInto(target));
    "merged".clone_into(&mut former.row.status);
    former.row.merged_into = Some(target);
    let view = MergeView { id, from: former.id(), into: member.id(), balance: BalanceSummary::of(member.ledger.balances()) };
    let answer = Answer::ok(&view)?;
    note_business_id(former, &item.command, id.uuid(), &answer);
    Ok(answer)
}

pub(crate) fn already_merged() -> Error {
    Error::conflict("already-merged", "This member was merged before, and answers as the other.")
}

fn unite_profiles(app: &App, id: MergeId, former: &MemberWorld, member: &mut MemberWorld) {
    for (partner, theirs) in &former.profiles {
        let owner = PartnerId(*partner);
        let mine = member.profile(owner);
        let had = mine.facts.clone();
        mine.facts.unite(&theirs.facts);
        mine.linked_at = mine.linked_at.into_iter().chain(theirs.linked_at).min();
        mine.changed = true;
        note_what_is_new(app, id, member, owner, &had, theirs);
        if theirs.state_version > 0 && member.profile(owner).state_version == 0 {
            keep_state(member, owner, theirs.state.clone());
        }
    }
}

/// Badges and the tier that came with the other account get rows of their own here, by the merge and no decision.
fn note_what_is_new(app: &App, id: MergeId, member: &mut MemberWorld, owner: PartnerId, had: &crate::facts::Facts, theirs: &ProfileWorld) {
    let now = member.profile(owner).facts.clone();
    for badge in now.badges.iter().filter(|badge| !had.badges.iter().any(|held| held.name == badge.name && held.period == badge.period)) {
        member.rows.badges.push(badges::Model {
            member_id: member.row.id,
            id: app.new_id(),
            partner_id: owner.uuid(),
            badge: badge.name.clone(),
            period: badge.period.clone(),
            step: "granted".to_owned(),
            decision_id: id.uuid(),
            recorded_at: 0,
            commit_id: Uuid::nil(),
        });
    }
    if let (None, Some(tier)) = (&had.tier, &theirs.facts.tier) {
        member.rows.tier_changes.push(tier_changes::Model {
            member_id: member.row.id,
            id: app.new_id(),
            partner_id: owner.uuid(),
            tier: Some(tier.name.clone()),
            until_at: tier.until,
            reason: "Merged".to_owned(),
            decision_id: id.uuid(),
            recorded_at: 0,
            commit_id: Uuid::nil(),
        });
    }
}
