//! Where spent points came from: for each, who issued it, at which price, by which decision, through splits and gifts.
//!
//! A lot that was cut from another keeps everything about it but its number of points, so that the lots that paid tell it all. Whoever asks is
//! told what is theirs to know: the operator everything; a member who issued the points and for what; the reward's partner which of them
//! are its own, and of the others only how many they are.

use std::collections::BTreeMap;

use coalition_domain::money::value_at;
use coalition_domain::provenance::by_issuer_and_price;
use coalition_domain::{
    DecisionId, Instant, LotId, MemberId, PartnerId, PluginId, Points, RedemptionId, TransactionId, provenance as trace,
};
use coalition_store::entities::{lots, redemptions};
use coalition_store::{ConnectionTrait, load, people, reads};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::answer::{Listing, Page};
use crate::caller::{Actor, Caller};
use crate::error::Error;
use crate::views::Money;
use crate::write_path::world::{net_captured, to_lot};
use crate::{App, cursor};

/// Points of one lot among those that were spent. What is null is not for the caller to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SourceView {
    /// How many.
    pub points: i64,
    /// Who issued, and owes, them: the slug.
    pub issuer: Option<String>,
    /// The price of issue of 1 000 of them.
    pub price: Option<Money>,
    /// When they were earned.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub earned_at: Option<Instant>,
    /// The campaign that they were awarded under.
    pub campaign: Option<String>,
    /// The lot.
    #[schema(value_type = Option<String>)]
    pub lot: Option<LotId>,
    /// The lot that it was cut from, where another member gave it.
    #[schema(value_type = Option<String>)]
    pub parent: Option<LotId>,
    /// The decision that awarded them.
    #[schema(value_type = Option<String>)]
    pub decision: Option<DecisionId>,
    /// The version of the rules that did.
    #[schema(value_type = Option<String>)]
    pub plugin: Option<PluginId>,
    /// What was bought for them; of points that the operator gave, the adjustment's id under this prefix.
    #[schema(value_type = Option<String>)]
    pub transaction: Option<TransactionId>,
}

/// Points of one issuer at one price.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct IssuerView {
    /// The slug.
    pub issuer: String,
    /// How many.
    pub points: i64,
    /// The price of issue of 1 000 of them.
    pub price: Money,
    /// What all of them were issued for, rounded once.
    pub value: Money,
}

/// Where the points of a redemption came from: those that are spent by now, less what was given back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ProvenanceView {
    /// Which.
    #[schema(value_type = String)]
    pub redemption: RedemptionId,
    /// Whose reward: the slug.
    pub partner: String,
    /// Points in all.
    pub points: i64,
    /// Lot by lot, in the order in which they paid.
    pub sources: Vec<SourceView>,
    /// The same by issuer and price; for the operator.
    pub by_issuer: Option<Vec<IssuerView>>,
}

/// How much of it a caller is told.
#[derive(Clone, Copy)]
enum Sight {
    All,
    Member,
    Partner(PartnerId),
}

impl App {
    /// Where the points of a redemption came from.
    ///
    /// # Errors
    /// 403, 404, 503.
    pub async fn provenance(&self, caller: &Caller, id: RedemptionId) -> Result<ProvenanceView, Error> {
        let row = self.find_redemption(caller, id, false).await?;
        let sight = match caller.actor {
            Actor::Operator => Sight::All,
            Actor::Member { .. } => Sight::Member,
            Actor::Partner(partner) => Sight::Partner(partner),
        };
        let mut views = self.trace(vec![row], sight).await?;
        views.pop().ok_or_else(Error::not_found)
    }

    /// Where the points of each of a member's redemptions came from, newest first; for the operator.
    ///
    /// # Errors
    /// 400, 403, 404, 503.
    pub async fn provenance_of(&self, caller: &Caller, member: MemberId, page: Page) -> Result<Listing<ProvenanceView>, Error> {
        caller.operator()?;
        let member = self.readable(caller, member).await?;
        let list = format!("provenance:{member}");
        let settings = self.settings().await?;
        let (before, limit) = cursor::start(&settings.secret, &list, caller, &page)?;
        let persons = self.persons(member).await?;
        let rows = reads::redemptions(self.store().read(), None, Some(persons), before, limit).await?;
        let rows = cursor::page(&settings.secret, &list, caller, &page, rows, |row| row.id, |row| row);
        Ok(Listing { items: self.trace(rows.items, Sight::All).await?, next_cursor: rows.next_cursor })
    }

    async fn trace(&self, rows: Vec<redemptions::Model>, sight: Sight) -> Result<Vec<ProvenanceView>, Error> {
        let slugs = self.slugs().await?;
        let currency = self.settings().await?.base_currency.to_string();
        let slug = |id: Uuid| slugs.get(&id).cloned().unwrap_or_default();
        let conn = self.store().snapshot().await?;
        let mut views = Vec::with_capacity(rows.len());
        for row in rows {
            let (captured, lots) = paid(&conn, &row).await?;
            let known: BTreeMap<LotId, _> = lots.values().map(|lot| (LotId(lot.id), to_lot(lot))).collect();
            let lost = |lot: LotId| Error::internal(&format!("redemption {}: its lot {lot} is missing", row.id));
            let sources = trace(&captured, |id| known.get(&id)).map_err(lost)?;
            let money = |amount: i64| Money { amount, currency: currency.clone() };
            let by_issuer = matches!(sight, Sight::All).then(|| {
                let sums = by_issuer_and_price(&sources).map_err(|error| Error::internal(&error))?;
                let views = sums.into_iter().map(|((issuer, price), points)| {
                    let value = value_at(points, price).ok_or_else(|| Error::internal(&"a value beyond 64 bits"))?;
                    Ok(IssuerView { issuer: slug(issuer.uuid()), points: points.0, price: money(price), value: money(value) })
                });
                views.collect::<Result<Vec<_>, Error>>()
            });
            let mut shown: Vec<SourceView> = Vec::with_capacity(sources.len());
            for source in &sources {
                let lot = lots.get(&source.lot.uuid());
                let all = matches!(sight, Sight::All);
                let own = matches!(sight, Sight::Partner(partner) if partner == source.issuer);
                let told = all || own || matches!(sight, Sight::Member);
                if !told {
                    // Where else a member shops is nobody's business: the others' points are one line.
                    match shown.iter_mut().find(|other| other.issuer.is_none()) {
                        Some(other) => other.points = other.points.saturating_add(source.points.0),
                        None => shown.push(SourceView { points: source.points.0, ..SourceView::unknown() }),
                    }
                    continue;
                }
                shown.push(SourceView {
                    points: source.points.0,
                    issuer: Some(slug(source.issuer.uuid())),
                    price: (all || own).then(|| money(source.price)),
                    earned_at: lot.map(|lot| Instant(lot.earned_at)),
                    campaign: lot.and_then(|lot| lot.campaign.clone()),
                    lot: Some(source.lot),
                    parent: lot.filter(|_| all).and_then(|lot| lot.parent_id).map(LotId),
                    decision: (all || own).then_some(source.decision).filter(|decision| !decision.uuid().is_nil()),
                    plugin: (all || own).then_some(source.plugin).filter(|plugin| !plugin.uuid().is_nil()),
                    transaction: Some(source.transaction),
                });
            }
            views.push(ProvenanceView {
                redemption: RedemptionId(row.id),
                partner: slug(row.partner_id),
                points: sources.iter().map(|source| source.points.0).fold(0, i64::saturating_add),
                sources: shown,
                by_issuer: by_issuer.transpose()?,
            });
        }
        Ok(views)
    }
}

impl SourceView {
    const fn unknown() -> Self {
        Self {
            points: 0,
            issuer: None,
            price: None,
            earned_at: None,
            campaign: None,
            lot: None,
            parent: None,
            decision: None,
            plugin: None,
            transaction: None,
        }
    }
}

/// What lots have paid for a redemption, less what came back, and those lots.
async fn paid(conn: &impl ConnectionTrait, row: &redemptions::Model) -> Result<(Vec<(LotId, Points)>, BTreeMap<Uuid, lots::Model>), Error> {
    // Of a household's, each member's own.
    let mut payers: Vec<Uuid> = people::shares_of(conn, vec![row.id]).await?.into_iter().map(|share| share.member_id).collect();
    if payers.is_empty() {
        payers.push(row.member_id);
    }
    let moves = load::allocations(conn, payers.clone(), vec![row.id]).await?;
    let (mut paid, mut known) = (Vec::new(), BTreeMap::new());
    for payer in payers {
        let captured = net_captured(payer, &moves, row.id);
        let ids = captured.iter().map(|(lot, _)| lot.uuid()).collect();
        known.extend(load::lots_by_id(conn, payer, ids).await?.into_iter().map(|lot| (lot.id, lot)));
        paid.extend(captured);
    }
    Ok((paid, known))
}
