//! Campaigns in the write path: how much of one is left, and who funds which part of what is awarded under it.
//!
//! An award under a campaign is cut by the caps of whoever's rules give it, by the campaign's budget, and by the credit of those who fund it. Where
//! the campaign can't be used nothing is awarded under it, and the record says why; the purchase, and what else was awarded, stand.

use std::collections::{BTreeMap, BTreeSet};

use coalition_domain::{Instant, PartnerId, Points, split_basis_points};
use coalition_store::ConnectionTrait;
use coalition_store::commit::LimitUse;
use coalition_store::entities::campaigns;
use uuid::Uuid;

use super::limits;
use super::world::{MemberWorld, PartnerWorld, World};
use crate::campaigns::budget_name;
use crate::error::Error;

/// A campaign, as of the batch.
pub(crate) struct CampaignWorld {
    row: campaigns::Model,
    shares: Vec<(PartnerId, u32)>,
}

impl CampaignWorld {
    /// Who funds it.
    pub(crate) fn partners(&self) -> impl Iterator<Item = Uuid> {
        self.shares.iter().map(|(partner, _)| partner.uuid())
    }
}

/// What of an award is given, by whom, and why not all of it is.
pub(crate) struct Funded {
    pub(crate) points: Points,
    /// Each with what it issues; none of nothing.
    pub(crate) parts: Vec<(PartnerId, Points)>,
    /// `campaign-unknown`, `campaign-closed`, `campaign-not-running`, `campaign-budget` or `caps`.
    pub(crate) cut_by: Option<&'static str>,
}

impl Funded {
    /// All by one.
    pub(crate) fn by(partner: PartnerId, points: Points) -> Self {
        Self { points, parts: vec![(partner, points)], cut_by: None }
    }

    const fn nothing(why: &'static str) -> Self {
        Self { points: Points::ZERO, parts: Vec::new(), cut_by: Some(why) }
    }
}

/// Reads campaigns by slug, with who funds them.
pub(crate) async fn load(conn: &impl ConnectionTrait, slugs: BTreeSet<String>) -> Result<BTreeMap<String, CampaignWorld>, Error> {
    let rows = coalition_store::campaigns::by_slug(conn, slugs.into_iter().collect()).await?;
    let shares = coalition_store::campaigns::shares(conn, rows.iter().map(|row| row.id).collect()).await?;
    let of = |row: &campaigns::Model| {
        let mine = shares.iter().filter(|share| share.campaign_id == row.id);
        mine.map(|share| (PartnerId(share.partner_id), u32::try_from(share.basis_points).unwrap_or(0))).collect()
    };
    Ok(rows.into_iter().map(|row| (row.slug.clone(), CampaignWorld { shares: of(&row), row })).collect())
}

/// A campaign that rules of `owner` may use for what happens at `at`; else why not.
fn usable<'a>(world: &'a World, owner: PartnerId, slug: &str, at: Instant) -> Result<&'a CampaignWorld, &'static str> {
    let known = world.campaigns.get(slug).ok_or("campaign-unknown")?;
    // Whoever takes no part in it can't spend what others fund.
    if owner != world.settings.operator && known.partners().all(|partner| partner != owner.uuid()) {
        return Err("campaign-unknown");
    }
    if known.row.closed {
        return Err("campaign-closed");
    }
    if at.0 < known.row.from_at || known.row.to_at <= at.0 {
        return Err("campaign-not-running");
    }
    Ok(known)
}

/// Points that are left of a budget, after what this member's items have used of it.
fn budget_left(world: &World, member: &MemberWorld, known: &CampaignWorld) -> i64 {
    let operator = world.settings.operator.uuid();
    known.row.budget_points.saturating_sub(limits::used(world, member, operator, &budget_name(&known.row.slug)))
}

fn use_budget(world: &World, member: &mut MemberWorld, known: &CampaignWorld, points: i64) {
    let (operator, name) = (world.settings.operator.uuid(), budget_name(&known.row.slug));
    limits::note(member, operator, &name, points, known.row.budget_points);
}

/// Gives points back to a campaign's budget, whatever became of it since.
pub(crate) fn give_back(world: &World, member: &mut MemberWorld, slug: &str, points: i64) {
    if points > 0 {
        let (partner_id, name) = (world.settings.operator.uuid(), budget_name(slug));
        // A limit is never below what is given back, so that its height is of no account.
        member.limits.push(LimitUse { partner_id, name, used: points.saturating_neg(), max: i64::MAX });
    }
}

/// How much of `wanted` points, which the caps have let through already, is awarded under a campaign, and by whom. What is, is noted as used.
pub(crate) fn fund(
    world: &World,
    member: &mut MemberWorld,
    owner: &PartnerWorld,
    slug: &str,
    at: Instant,
    wanted: Points,
    in_transaction: i64,
) -> Funded {
    let known = match usable(world, PartnerId(owner.row.id), slug, at) {
        Ok(known) => known,
        Err(why) => return Funded::nothing(why),
    };
    let capped = limits::capped(world, member, &owner.row, at, wanted, in_transaction);
    let budget = budget_left(world, member, known);
    let mut points = capped.min(budget);
    let mut cut_by = match (capped < wanted.0, budget < capped) {
        (_, true) => Some("campaign-budget"),
        (true, false) => Some("caps"),
        (false, false) => None,
    };
    // Of so many points the share of each, rounded up, is within its credit.
    for (partner, basis_points) in &known.shares {
        let Some(row) = world.partners.get(&partner.uuid()).map(|partner| &partner.row) else { continue };
        let Some(credit) = limits::credit(row) else { continue };
        let left = credit.saturating_sub(limits::used(world, member, row.id, limits::CREDIT)).max(0);
        let most = i128::from(left) * 10_000 / i128::from((*basis_points).max(1));
        if let Ok(most) = i64::try_from(most)
            && most < points
        {
            (points, cut_by) = (most, Some("caps"));
        }
    }
    if points <= 0 {
        return Funded::nothing(cut_by.unwrap_or("caps"));
    }
    let shares: Vec<u32> = known.shares.iter().map(|(_, share)| *share).collect();
    let Ok(parts) = split_basis_points(Points(points), &shares) else { return Funded::nothing("campaign-unknown") };
    use_budget(world, member, known, points);
    limits::note_caps(world, member, &owner.row, at, points);
    let mut funded = Vec::with_capacity(parts.len());
    for ((partner, _), part) in known.shares.iter().zip(parts).filter(|(_, part)| part.is_positive()) {
        if let Some(max) = world.partners.get(&partner.uuid()).and_then(|partner| limits::credit(&partner.row)) {
            limits::note(member, partner.uuid(), limits::CREDIT, part.0, max);
        }
        funded.push((*partner, part));
    }
    Funded { points: Points(points), parts: funded, cut_by }
}

/// Whether a redemption of so many points may be had under a campaign now. Where it may, `fund_hold` notes it.
pub(crate) fn check_hold(world: &World, member: &MemberWorld, owner: PartnerId, slug: &str, points: i64) -> Result<(), Error> {
    let refused = |why: &str| Error::conflict("not-eligible", format!("The campaign `{slug}` can't be used: {why}."));
    let known = usable(world, owner, slug, world.now).map_err(|why| {
        refused(match why {
            "campaign-closed" => "it is closed",
            "campaign-not-running" => "this is not its time",
            _ => "the operator has not opened it for this partner",
        })
    })?;
    if budget_left(world, member, known) < points { Err(refused("its budget is used up")) } else { Ok(()) }
}

/// Notes a redemption under a campaign.
pub(crate) fn fund_hold(world: &World, member: &mut MemberWorld, slug: &str, points: i64) {
    if let Some(known) = world.campaigns.get(slug) {
        use_budget(world, member, known, points);
    }
}
