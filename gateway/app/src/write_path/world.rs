//! What a batch of commands is decided on: read in a few queries for all of it, no lock held.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use coalition_domain::{
    Balances, Calendar, Hold, Instant, Ledger, Lot, LotId, MemberId, PartnerId, Points, Promise, RedemptionId, TransferKind,
};
use coalition_rules::State;
use coalition_store::commit::{LimitUse, Rows, StockUse};
use coalition_store::entities::{allocations, balances, deferrals, lots, members, partners, redemption_shares, redemptions, transactions};
use coalition_store::{ConnectionTrait, load};
use uuid::Uuid;

use super::around::Around;
use super::campaign::{self, CampaignWorld};
use super::command::{Item, Work};
use super::evaluation::KnownRefund;
use super::reopen::Reopened;
use super::resolve::Found;
use crate::App;
use crate::campaigns::{BUDGET_PREFIX, budget_name};
use crate::error::Error;
use crate::facts::Facts;
use crate::live::LiveRules;
use crate::program::Settings;

/// Everything read for one batch.
pub(crate) struct World {
    pub(crate) now: Instant,
    pub(crate) settings: Arc<Settings>,
    pub(crate) partners: HashMap<Uuid, Arc<PartnerWorld>>,
    pub(crate) stock: BTreeMap<(Uuid, String), i64>,
    pub(crate) limits: BTreeMap<(Uuid, String), i64>,
    /// Those that the rules of this batch may name, by slug.
    pub(crate) campaigns: BTreeMap<String, CampaignWorld>,
}

/// A partner, as of the batch.
pub(crate) struct PartnerWorld {
    pub(crate) row: partners::Model,
    pub(crate) live: Option<Arc<LiveRules>>,
    /// There are live rules, but they can't be loaded now: what they should decide is deferred.
    pub(crate) is_broken: bool,
    /// (from, issue, redeem), oldest first.
    pub(crate) prices: Vec<(i64, i64, i64)>,
}

impl PartnerWorld {
    /// Prices a thousand points at `at`: of issue, of redemption.
    pub(crate) fn prices_at(&self, at: Instant) -> (i64, i64) {
        let known = self.prices.iter().rev().find(|(from, _, _)| *from <= at.0).or_else(|| self.prices.first());
        known.map_or((0, 0), |(_, issue, redeem)| (*issue, *redeem))
    }
}

/// A member, as of the batch and of what was decided in it.
#[derive(Clone)]
pub(crate) struct MemberWorld {
    pub(crate) row: members::Model,
    pub(crate) balance: balances::Model,
    pub(crate) ledger: Ledger,
    pub(crate) lots: HashMap<Uuid, lots::Model>,
    pub(crate) profiles: HashMap<Uuid, ProfileWorld>,
    pub(crate) redemptions: HashMap<Uuid, RedemptionWorld>,
    /// Of redemptions that a household pays, the redeemer's own too; those that are open or settled here.
    pub(crate) shares: HashMap<Uuid, ShareWorld>,
    pub(crate) deferrals: Vec<deferrals::Model>,
    pub(crate) transactions: HashMap<Uuid, transactions::Model>,
    /// Of purchases that are reopened or were deferred, and those that took points of other awards; oldest first.
    pub(crate) refunds: Vec<KnownRefund>,
    pub(crate) reopened: Reopened,
    pub(crate) around: Around,
    pub(crate) rows: Rows,
    pub(crate) limits: Vec<LimitUse>,
    pub(crate) stock: Vec<StockUse>,
    pub(crate) epochs: BTreeMap<Uuid, i64>,
    pub(crate) codes: Vec<Vec<u8>>,
    /// Somebody joins their household: what is decided on who is in it counts no more.
    pub(crate) joined_by_others: bool,
}

/// The member as one partner knows them.
#[derive(Clone, Default)]
pub(crate) struct ProfileWorld {
    pub(crate) linked_at: Option<i64>,
    pub(crate) alias: Option<String>,
    pub(crate) facts: Facts,
    pub(crate) state: State,
    pub(crate) state_version: i64,
    pub(crate) changed: bool,
}

/// A redemption and what the member's own lots have paid for it, less what was given back.
#[derive(Clone)]
pub(crate) struct RedemptionWorld {
    pub(crate) row: redemptions::Model,
    pub(crate) captured: Vec<(LotId, Points)>,
}

/// A member's part in a redemption of a household, and what their lots have paid for it, less what was given back.
#[derive(Clone)]
pub(crate) struct ShareWorld {
    pub(crate) row: redemption_shares::Model,
    pub(crate) captured: Vec<(LotId, Points)>,
}

impl MemberWorld {
    pub(crate) fn id(&self) -> MemberId {
        MemberId(self.row.id)
    }

    /// The member has bought or redeemed something at `at`, and what was due before is settled: points whose life slides live on.
    pub(crate) fn act(&mut self, calendar: &Calendar, at: Instant) {
        let last = self.balance.active_at.map_or(at.0, |known| known.max(at.0));
        self.balance.active_at = Some(last);
        self.ledger.active(calendar, Instant(last));
    }

    /// Tells the ledger of the last activity, of which points that have just come in know nothing.
    pub(crate) fn slide(&mut self, calendar: &Calendar) {
        if let Some(at) = self.balance.active_at {
            self.ledger.active(calendar, Instant(at));
        }
    }

    /// Who issued lots of theirs that another's rules decided on.
    fn funders(&self) -> BTreeSet<Uuid> {
        let open = self.lots.values().filter(|lot| lot.decided_by.is_some()).map(|lot| lot.issuer_id);
        open.chain(self.reopened.funders()).collect()
    }

    pub(crate) fn profile(&mut self, partner: PartnerId) -> &mut ProfileWorld {
        self.profiles.entry(partner.uuid()).or_default()
    }
}

/// The store's lot in the domain's words.
pub(crate) fn to_lot(row: &lots::Model) -> Lot {
    Lot {
        id: LotId(row.id),
        issuer: PartnerId(row.issuer_id),
        remaining: Points(row.remaining),
        held: Points(row.held),
        pending: row.pending,
        available_at: row.available_at.map(Instant),
        action: row.action.as_deref().map(Arc::from),
        expires_at: row.expires_at.map(Instant),
        earned_at: Instant(row.earned_at),
        price: row.price,
        award_key: Arc::from(row.award_key.as_str()),
        plugin: row.plugin_id.into(),
        transaction: row.transaction_id,
        decision: coalition_domain::DecisionId(row.decision_id),
        sliding: row.sliding.as_deref().and_then(|text| text.parse().ok()),
        campaign: row.campaign.as_deref().map(Arc::from),
        decided_by: row.decided_by.map(PartnerId),
    }
}

/// The store's balances in the domain's words.
pub(crate) const fn to_balances(row: &balances::Model) -> Balances {
    Balances { pending: Points(row.pending), available: Points(row.available), held: Points(row.held), arrears: Points(row.arrears) }
}

/// A lot's share in a transfer, with the transfer's kind.
type Move = (allocations::Model, i64);

/// What a member's lots have paid for a redemption, in allocation order, less what came back; from its allocations in the order made.
pub(crate) fn net_captured(member: Uuid, moves: &[Move], redemption: Uuid) -> Vec<(LotId, Points)> {
    let mut net: Vec<(LotId, Points)> = Vec::new();
    for (row, kind) in moves.iter().filter(|(row, _)| row.member_id == member && row.redemption_id == redemption) {
        let lot = LotId(row.lot_id);
        if *kind == TransferKind::Capture.code() {
            net.push((lot, Points(row.points)));
        } else if *kind == TransferKind::Reversal.code()
            && let Some(known) = net.iter_mut().rev().find(|(known, _)| *known == lot)
        {
            known.1 = Points(known.1.0.saturating_sub(row.points));
        }
    }
    net.retain(|(_, points)| points.is_positive());
    net
}

/// A member's part in what is held by these.
pub(crate) fn to_holds(member: Uuid, held: &[Promise], moves: &[Move]) -> Vec<Hold> {
    let of = |redemption: Uuid| {
        let own = moves.iter().filter(|(row, _)| row.member_id == member && row.redemption_id == redemption);
        let parts = own.filter(|(_, kind)| *kind == TransferKind::Hold.code());
        parts.map(|(row, _)| (LotId(row.lot_id), Points(row.points))).collect()
    };
    held.iter()
        .map(|held| Hold { redemption: held.redemption, partner: held.partner, until: held.until, allocations: of(held.redemption.uuid()) })
        .collect()
}

/// What is promised by a redemption.
pub(crate) const fn promise(row: &redemptions::Model) -> Promise {
    Promise { redemption: RedemptionId(row.id), partner: PartnerId(row.partner_id), until: Instant(row.hold_until) }
}

/// The same, of somebody else's in which the member has a part.
pub(crate) const fn promise_of_share(row: &redemption_shares::Model) -> Promise {
    Promise { redemption: RedemptionId(row.redemption_id), partner: PartnerId(row.partner_id), until: Instant(row.hold_until) }
}

impl App {
    /// The partners of these commands and the operator, each with its live rules.
    pub(crate) async fn load_partners(
        &self,
        conn: &impl ConnectionTrait,
        settings: &Settings,
        wanted: BTreeSet<Uuid>,
    ) -> Result<HashMap<Uuid, Arc<PartnerWorld>>, Error> {
        let mut wanted = wanted;
        wanted.insert(settings.operator.uuid());
        let ids: Vec<Uuid> = wanted.into_iter().collect();
        let mut prices: HashMap<Uuid, Vec<(i64, i64, i64)>> = HashMap::new();
        for row in load::prices(conn, ids.clone()).await? {
            prices.entry(row.partner_id).or_default().push((row.from_at, row.issue_price, row.redeem_price));
        }
        let mut partners = HashMap::new();
        for row in load::partners(conn, ids, false).await? {
            // Rules that can't be loaded are their partner's trouble alone.
            let (live, is_broken) = match self.live(PartnerId(row.id), row.plugin_epoch).await {
                Ok(live) => (live, false),
                Err(error) if error.code == "rules-unavailable" => (None, true),
                Err(error) => return Err(error),
            };
            let prices = prices.remove(&row.id).unwrap_or_default();
            partners.insert(row.id, Arc::new(PartnerWorld { row, live, is_broken, prices }));
        }
        Ok(partners)
    }

    /// Everything that deciding these items needs; `found` is what [`resolve`](super::resolve::resolve) found.
    pub(crate) async fn load_world(
        &self,
        conn: &impl ConnectionTrait,
        items: &[Item],
        found: Found,
    ) -> Result<(World, HashMap<Uuid, MemberWorld>), Error> {
        let settings = self.settings().await?;
        let now = settings.business_now.unwrap_or_else(|| self.wall_now());
        let mut wanted: BTreeSet<Uuid> = items.iter().filter_map(|item| item.command.partner()).map(PartnerId::uuid).collect();
        wanted.insert(settings.operator.uuid());
        let mut partners = self.load_partners(conn, &settings, wanted).await?;
        let named = partners.values().filter_map(|partner| partner.live.as_ref()).flat_map(|live| live.manifest.campaigns.iter().cloned());
        let campaigns = campaign::load(conn, named.collect()).await?;
        let mut limit_keys: BTreeSet<(Uuid, String)> = campaigns.keys().map(|slug| (settings.operator.uuid(), budget_name(slug))).collect();
        let funding: BTreeSet<Uuid> = campaigns.values().flat_map(CampaignWorld::partners).collect();
        limit_keys.extend(funding.iter().map(|partner| (*partner, super::limits::CREDIT.to_owned())));
        let missing: BTreeSet<Uuid> = funding.into_iter().filter(|partner| !partners.contains_key(partner)).collect();
        if !missing.is_empty() {
            partners.extend(self.load_partners(conn, &settings, missing).await?);
        }
        let mut members = self.load_members(conn, items, found, &settings, now).await?;
        self.load_around(conn, items, &partners, &mut members).await?;
        let mut stocked: BTreeSet<Uuid> = BTreeSet::new();
        for item in items {
            for at in super::limits::times(item, members.get(&item.subject), now) {
                let day = super::limits::day_name(&settings.calendar, at);
                for owner in item.command.partner().into_iter().chain([settings.operator]) {
                    limit_keys.insert((owner.uuid(), day.clone()));
                    limit_keys.insert((owner.uuid(), super::limits::CREDIT.to_owned()));
                }
            }
            if let Work::Hold(hold) = &item.command.work {
                stocked.insert(hold.partner.uuid());
            }
        }
        let has_limits = |id: &Uuid| partners.get(id).is_some_and(|partner| super::limits::has_any(&partner.row));
        let is_known = |(id, name): &(Uuid, String)| has_limits(id) || name.starts_with(BUDGET_PREFIX);
        let limit_keys: Vec<(Uuid, String)> = limit_keys.into_iter().filter(is_known).collect();
        let limits = load::limits(conn, &limit_keys, false).await?.into_iter().map(|row| ((row.partner_id, row.name), row.used)).collect();
        let stock = load::stock(conn, stocked.into_iter().collect(), false)
            .await?
            .into_iter()
            .map(|row| ((row.partner_id, row.reward), row.remaining))
            .collect();
        let funders: BTreeSet<Uuid> =
            members.values().flat_map(MemberWorld::funders).filter(|partner| !partners.contains_key(partner)).collect();
        if !funders.is_empty() {
            partners.extend(self.load_partners(conn, &settings, funders).await?);
        }
        Ok((World { now, settings, partners, stock, limits, campaigns }, members))
    }

    async fn load_members(
        &self,
        conn: &impl ConnectionTrait,
        items: &[Item],
        found: Found,
        settings: &Settings,
        now: Instant,
    ) -> Result<HashMap<Uuid, MemberWorld>, Error> {
        let Found { mut rows, formers, shares, held: mut held_ids } = found;
        let ids: Vec<Uuid> = rows.keys().copied().collect();
        let balances = load::balances(conn, ids.clone(), false).await?;
        let mut needs_lots: BTreeSet<Uuid> = balances
            .iter()
            .filter(|row| row.arrears > 0 || row.next_change_at.is_some_and(|at| at <= now.0))
            .map(|row| row.member_id)
            .collect();
        let mut redemption_ids: Vec<Uuid> = Vec::new();
        let mut transaction_keys: Vec<(Uuid, Uuid)> = Vec::new();
        let mut reopened: BTreeSet<(Uuid, Uuid)> = BTreeSet::new();
        let mut refunded: BTreeSet<(Uuid, Uuid)> = BTreeSet::new();
        // Whose records are whose: each with the member whom they are settled for.
        let mut owners: BTreeSet<(Uuid, Uuid)> = BTreeSet::new();
        let mut whole_profiles: BTreeSet<Uuid> = BTreeSet::new();
        let mut profile_keys: BTreeSet<(Uuid, Uuid)> = ids.iter().map(|id| (*id, settings.operator.uuid())).collect();
        for item in items {
            let member = item.subject;
            if item.command.moves_lots() || !item.others.is_empty() {
                needs_lots.insert(member);
                needs_lots.extend(&item.others);
            }
            profile_keys.extend(item.command.partner().map(|partner| (member, partner.uuid())));
            let owner = item.command.owner().map_or(member, MemberId::uuid);
            owners.insert((owner, member));
            if let Some((_, transaction)) = item.command.reopens() {
                transaction_keys.push((owner, transaction.uuid()));
                // Of who was merged into them as well: a purchase keeps the member that it was posted for.
                for person in std::iter::once(&member).chain(formers.get(&member).into_iter().flatten()) {
                    reopened.insert((*person, transaction.uuid()));
                    refunded.insert((*person, transaction.uuid()));
                }
            }
            match &item.command.work {
                Work::Capture { redemption, .. } | Work::Void { redemption, .. } | Work::Reverse { redemption, .. } => {
                    redemption_ids.push(redemption.uuid())
                }
                Work::Evaluate { transaction, .. } => {
                    transaction_keys.push((member, transaction.uuid()));
                    refunded.insert((member, transaction.uuid()));
                }
                Work::Waiting { transaction, .. } => transaction_keys.push((owner, transaction.uuid())),
                Work::Merge(_) => whole_profiles.extend(std::iter::once(&member).chain(&item.others)),
                _ => {}
            }
        }
        let whole: Vec<Uuid> = needs_lots.iter().copied().collect();
        let held = load::held_redemptions(conn, whole.clone()).await?;
        let mut known: BTreeSet<Uuid> = held.iter().map(|row| row.id).collect();
        held_ids.extend(&known);
        let named = load::redemptions_by_id(conn, whole.clone(), redemption_ids).await?;
        known.extend(named.iter().map(|row| row.id));
        known.extend(shares.keys().map(|(_, redemption)| *redemption));
        let moves = load::allocations(conn, whole.clone(), known.into_iter().collect()).await?;
        let mut lot_rows: BTreeMap<Uuid, Vec<lots::Model>> = BTreeMap::new();
        for row in load::open_lots(conn, whole.clone()).await? {
            lot_rows.entry(row.member_id).or_default().push(row);
        }
        let mut redemptions: BTreeMap<Uuid, BTreeMap<Uuid, redemptions::Model>> = BTreeMap::new();
        for row in held.into_iter().chain(named) {
            redemptions.entry(row.member_id).or_default().insert(row.id, row);
        }
        let mut profiles: BTreeMap<Uuid, Vec<_>> = BTreeMap::new();
        let mut state_keys = Vec::new();
        // Redemptions of other partners may end here by the clock: their limits a member are counted in those partners' profiles.
        profile_keys.extend(redemptions.values().flat_map(BTreeMap::values).map(|row| (row.member_id, row.partner_id)));
        let mut profile_rows = load::profiles_of(conn, &profile_keys).await?;
        if !whole_profiles.is_empty() {
            profile_rows.retain(|row| !whole_profiles.contains(&row.member_id));
            profile_rows.extend(load::all_profiles(conn, whole_profiles.into_iter().collect()).await?);
        }
        for row in profile_rows {
            if row.state_version > 0 {
                state_keys.push((row.member_id, row.partner_id, row.state_version));
            }
            profiles.entry(row.member_id).or_default().push(row);
        }
        let mut states: HashMap<(Uuid, Uuid), Vec<u8>> = HashMap::new();
        for row in load::states(conn, &state_keys).await? {
            states.insert((row.member_id, row.partner_id), row.bytes);
        }
        let mut deferrals: HashMap<Uuid, Vec<deferrals::Model>> = HashMap::new();
        for row in load::deferrals(conn, ids.clone()).await? {
            deferrals.entry(row.member_id).or_default().push(row);
        }
        let mut transactions: HashMap<Uuid, Vec<transactions::Model>> = HashMap::new();
        for row in load::transactions(conn, &transaction_keys).await? {
            let settled_for = owners.iter().filter(|(owner, _)| *owner == row.member_id).map(|(_, member)| *member);
            for member in settled_for {
                transactions.entry(member).or_default().push(row.clone());
            }
        }
        let mut refunds: HashMap<Uuid, Vec<KnownRefund>> = HashMap::new();
        let now_of: HashMap<Uuid, Uuid> =
            formers.iter().flat_map(|(member, formers)| formers.iter().map(move |former| (*former, *member))).collect();
        for row in load::refunds(conn, &refunded.into_iter().collect::<Vec<_>>()).await? {
            refunds.entry(now_of.get(&row.member_id).copied().unwrap_or(row.member_id)).or_default().push(KnownRefund::read(row)?);
        }
        let mut reopenings: HashMap<Uuid, Reopened> = self.reopen(conn, &reopened.into_iter().collect::<Vec<_>>(), &now_of).await?;
        let mut parts: HashMap<Uuid, Vec<redemption_shares::Model>> = HashMap::new();
        for row in shares.into_values() {
            parts.entry(row.member_id).or_default().push(row);
        }
        let mut worlds = HashMap::new();
        for balance in balances {
            let id = balance.member_id;
            let Some(row) = rows.remove(&id) else { continue };
            let redemptions = redemptions.remove(&id).unwrap_or_default();
            let mut lots: Vec<lots::Model> = lot_rows.remove(&id).unwrap_or_default();
            let redemptions: HashMap<Uuid, RedemptionWorld> = redemptions
                .into_iter()
                .map(|(redemption, row)| (redemption, RedemptionWorld { captured: net_captured(id, &moves, redemption), row }))
                .collect();
            let own_shares = parts.remove(&id).unwrap_or_default().into_iter();
            let shares: HashMap<Uuid, ShareWorld> = own_shares
                .map(|row| (row.redemption_id, ShareWorld { captured: net_captured(id, &moves, row.redemption_id), row }))
                .collect();
            let missing: Vec<Uuid> = redemptions
                .values()
                .flat_map(|known| &known.captured)
                .chain(shares.values().flat_map(|known| &known.captured))
                .map(|(lot, _)| lot.uuid())
                .filter(|lot| lots.iter().all(|row| row.id != *lot))
                .collect();
            if !missing.is_empty() {
                lots.extend(load::lots_by_id(conn, id, missing).await?);
            }
            let mut ledger = if needs_lots.contains(&id) {
                let own = redemptions.values().filter(|known| known.row.status == "held").map(|known| promise(&known.row));
                let parts =
                    shares.values().map(|known| &known.row).filter(|row| row.redeemer_id != id && held_ids.contains(&row.redemption_id));
                let held: Vec<Promise> = own.chain(parts.map(promise_of_share)).collect();
                Ledger::whole(MemberId(id), to_balances(&balance), lots.iter().map(to_lot).collect(), to_holds(id, &held, &moves))
            } else {
                Ledger::balances_only(MemberId(id), to_balances(&balance), balance.next_change_at.map(Instant))
            };
            if let Some(at) = balance.active_at {
                ledger.active(&settings.calendar, Instant(at));
            }
            let mut known = HashMap::new();
            for profile in profiles.remove(&id).unwrap_or_default() {
                let facts = serde_json::from_str(&profile.facts).map_err(|error| Error::internal(&error))?;
                let state = match states.remove(&(id, profile.partner_id)) {
                    Some(bytes) => State::from_bytes(&bytes).map_err(|error| Error::internal(&error))?,
                    None => State::default(),
                };
                let world = ProfileWorld {
                    linked_at: Some(profile.linked_at),
                    alias: profile.alias,
                    facts,
                    state,
                    state_version: profile.state_version,
                    changed: false,
                };
                known.insert(profile.partner_id, world);
            }
            worlds.insert(
                id,
                MemberWorld {
                    row,
                    balance,
                    ledger,
                    lots: lots.into_iter().map(|row| (row.id, row)).collect(),
                    profiles: known,
                    redemptions,
                    shares,
                    deferrals: deferrals.remove(&id).unwrap_or_default(),
                    transactions: transactions.remove(&id).unwrap_or_default().into_iter().map(|row| (row.id, row)).collect(),
                    refunds: refunds.remove(&id).unwrap_or_default(),
                    reopened: reopenings.remove(&id).unwrap_or_default(),
                    around: Around::default(),
                    rows: Rows::default(),
                    limits: Vec::new(),
                    stock: Vec::new(),
                    epochs: BTreeMap::new(),
                    codes: Vec::new(),
                    joined_by_others: false,
                },
            );
        }
        Ok(worlds)
    }
}
