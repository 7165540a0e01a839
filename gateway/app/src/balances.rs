//! A member's balance and what it is made of. What the clock has changed is derived here, whether or not a job has written it.

use coalition_domain::{Balances, HouseholdId, Instant, Ledger, MemberId, Promise, TransferKind};
use coalition_store::{load, people, reads};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::answer::{Listing, Page};
use crate::caller::{Caller, Scope};
use crate::error::Error;
use crate::facts::Facts;
use crate::settings::Settings;
use crate::tiers::{self, TierProgress};
use crate::write_path::world::{promise, promise_of_share, to_balances, to_holds, to_lot};
use crate::{App, cursor};

/// Points that run out together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Expiring {
    /// How many.
    pub points: i64,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Instant,
}

/// A member's balances.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct BalanceView {
    /// To be spent.
    pub available: i64,
    /// Awarded, and not yet to be spent.
    pub pending: i64,
    /// Set aside for redemptions.
    pub held: i64,
    /// Owed by the member.
    pub arrears: i64,
    /// What runs out, soonest first.
    pub expiring: Vec<Expiring>,
    /// The coalition's tier: what the operator's rules have set, else the program's own.
    pub tier: Option<String>,
    /// Where the member stands in the program's own tiers; null where it has none, and to partners.
    pub tier_progress: Option<TierProgress>,
    /// What they can spend together with others; null for who spends alone, and to partners.
    pub pool: Option<PoolView>,
    /// When this was so.
    #[schema(value_type = String, format = DateTime)]
    pub as_of: Instant,
}

/// The points of a household: the sums of its members'. Who owes, owes alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PoolView {
    /// `hhd_…`.
    #[schema(value_type = String)]
    pub household: HouseholdId,
    /// How many spend together.
    pub members: usize,
    /// What any of them can spend.
    pub available: i64,
    /// Awarded, and not yet to be spent.
    pub pending: i64,
    /// Set aside for their redemptions.
    pub held: i64,
}

/// One movement of a member's points.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct EntryView {
    /// Of this entry.
    #[schema(value_type = String)]
    pub id: coalition_domain::TransferId,
    /// `award`, `activation`, `expiry`, `hold`, `release`, `capture`, …
    pub kind: String,
    /// The account that points left.
    pub from: String,
    /// The account that points reached.
    pub to: String,
    /// How many.
    pub points: i64,
    /// Whose account it touches: the slug.
    pub partner: Option<String>,
    /// The rule's reason, for people.
    pub reason: Option<String>,
    /// The decision that caused it.
    #[schema(value_type = Option<String>)]
    pub decision: Option<coalition_domain::DecisionId>,
    /// Of a transfer between members, the other one.
    #[schema(value_type = Option<String>)]
    pub counterpart: Option<MemberId>,
    /// When it holds from.
    #[schema(value_type = String, format = DateTime)]
    pub effective_at: Instant,
    /// When it was recorded.
    #[schema(value_type = String, format = DateTime)]
    pub recorded_at: Instant,
}

/// A badge held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct BadgeView {
    /// Whose: the slug.
    pub partner: String,
    /// Which.
    pub badge: String,
    /// Its period, empty where it has none.
    pub period: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub granted_at: Instant,
}

/// A counter's value in the window that is open now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CounterView {
    /// Whose: the slug.
    pub partner: String,
    /// Which.
    pub counter: String,
    /// `day`, `week`, `month`, `quarter`, `year` or `lifetime`.
    pub window: String,
    /// So far.
    pub value: i64,
}

/// A voucher that rules issued.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct VoucherView {
    /// Of this voucher.
    #[schema(value_type = String)]
    pub id: coalition_domain::VoucherId,
    /// Whose: the slug.
    pub partner: String,
    /// The program's name for its kind.
    pub template: String,
    /// What the till takes.
    pub code: String,
    /// What it is worth, where that is money.
    pub value: Option<crate::views::Money>,
    /// When it runs out.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Instant>,
    /// `open`, `expired` or `revoked`.
    pub status: String,
    /// For people.
    pub reason: String,
    /// From the rules.
    #[schema(value_type = Object)]
    pub attributes: Value,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub issued_at: Instant,
}

/// What rules told a member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MessageView {
    /// Of this message.
    #[schema(value_type = String)]
    pub id: coalition_domain::MessageId,
    /// Whose: the slug.
    pub partner: String,
    /// The program's name for it.
    pub key: String,
    /// For people.
    pub text: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub sent_at: Instant,
}

impl PoolView {
    const fn add(&mut self, balances: Balances) {
        self.available = self.available.saturating_add(balances.available.0);
        self.pending = self.pending.saturating_add(balances.pending.0);
        self.held = self.held.saturating_add(balances.held.0);
    }
}

impl App {
    /// The ledger as it is at `now`, with what the clock has made due but nobody has written.
    pub(crate) async fn ledger_at(&self, member: MemberId, now: Instant) -> Result<Ledger, Error> {
        let conn = self.store().read();
        let calendar = self.settings().await?.calendar.clone();
        // The version is read before and after: a commit between the queries would show halves of two states.
        for _ in 0..8 {
            let before = load::balances(conn, vec![member.uuid()], false).await?.pop().ok_or_else(Error::not_found)?;
            let mut held: Vec<Promise> = load::held_redemptions(conn, vec![member.uuid()]).await?.iter().map(promise).collect();
            let shares = people::held_shares(conn, vec![member.uuid()]).await?;
            held.extend(shares.iter().filter(|row| row.redeemer_id != member.uuid()).map(promise_of_share));
            let moves = load::allocations(conn, vec![member.uuid()], held.iter().map(|held| held.redemption.uuid()).collect()).await?;
            let lots = load::open_lots(conn, vec![member.uuid()]).await?;
            let after = load::balances(conn, vec![member.uuid()], false).await?.pop().ok_or_else(Error::not_found)?;
            if before.version != after.version {
                continue;
            }
            let mut ledger =
                Ledger::whole(member, to_balances(&before), lots.iter().map(to_lot).collect(), to_holds(member.uuid(), &held, &moves));
            if let Some(at) = before.active_at {
                ledger.active(&calendar, Instant(at));
            }
            let new_id = || self.new_id();
            ledger.settle_due(now, &new_id).map_err(|error| Error::internal(&error))?;
            return Ok(ledger);
        }
        Err(Error::unavailable())
    }

    /// The member, where this caller may read about them: a partner's key needs the right to read members.
    pub(crate) async fn readable(&self, caller: &Caller, member: MemberId) -> Result<MemberId, Error> {
        if caller.own_partner().is_some() {
            caller.partner(Scope::Members, false)?;
        }
        self.resolve_visible(caller, member).await
    }

    /// A member's balance now, or as it was at a past moment.
    ///
    /// # Errors
    /// 400 for a moment that is not in the past, 403, 404, 503.
    pub async fn balance(&self, caller: &Caller, member: MemberId, as_of: Option<Instant>) -> Result<BalanceView, Error> {
        let asked = member;
        let member = self.readable(caller, member).await?;
        let settings = self.settings().await?;
        let now = self.now().await?;
        let (ledger, (tier, tier_progress), pool) = match as_of {
            None => {
                let pool = self.pool_now(member, now).await?;
                (self.ledger_at(member, now).await?, self.tier_now(&settings, member, now).await?, pool)
            }
            Some(at) => {
                // Before they were merged they were themselves, and are told so for ever.
                let mut member = asked;
                while let Some(into) = people::merged_by(self.store().read(), member.uuid(), at.0).await? {
                    member = MemberId(into);
                }
                let pool = self.pool_as_of(member, at, now).await?;
                let (ledger, tiers) = self.as_of(member, at, now).await?;
                (ledger, tiers, pool)
            }
        };
        let balances = ledger.balances();
        Ok(BalanceView {
            available: balances.available.0,
            pending: balances.pending.0,
            held: balances.held.0,
            arrears: balances.arrears.0,
            expiring: ledger.expiring(None).into_iter().map(|(expires_at, points)| Expiring { points: points.0, expires_at }).collect(),
            tier,
            // What a member counts elsewhere is no partner's to know.
            tier_progress: tier_progress.filter(|_| caller.own_partner().is_none()),
            // Nor is with whom they spend.
            pool: pool.filter(|_| caller.own_partner().is_none()),
            as_of: as_of.unwrap_or(now),
        })
    }

    /// Who spends with this member, themselves among them; nobody where they spend alone.
    pub(crate) async fn together(&self, member: MemberId) -> Result<Option<(HouseholdId, Vec<MemberId>)>, Error> {
        let conn = self.store().read();
        let row = coalition_store::members::find(conn, member.uuid()).await?;
        let Some(household) = row.and_then(|row| row.household_id) else { return Ok(None) };
        let all = people::of_households(conn, vec![household]).await?;
        Ok(Some((HouseholdId(household), all.into_iter().map(|row| MemberId(row.id)).collect())))
    }

    async fn pool_now(&self, member: MemberId, now: Instant) -> Result<Option<PoolView>, Error> {
        let Some((household, members)) = self.together(member).await? else { return Ok(None) };
        let mut view = PoolView { household, members: members.len(), available: 0, pending: 0, held: 0 };
        for member in members {
            view.add(self.ledger_at(member, now).await?.balances());
        }
        Ok(Some(view))
    }

    async fn pool_as_of(&self, member: MemberId, at: Instant, now: Instant) -> Result<Option<PoolView>, Error> {
        let Some((household, members)) = people::household_as_of(self.store().read(), member.uuid(), at.0).await? else { return Ok(None) };
        let mut view = PoolView { household: HouseholdId(household), members: members.len(), available: 0, pending: 0, held: 0 };
        for member in members {
            view.add(self.as_of(MemberId(member), at, now).await?.0.balances());
        }
        Ok(Some(view))
    }

    /// The member, and whoever was merged into them.
    pub(crate) async fn persons(&self, member: MemberId) -> Result<Vec<Uuid>, Error> {
        let formers = coalition_store::members::formers(self.store().read(), vec![member.uuid()]).await?;
        Ok(std::iter::once(member.uuid()).chain(formers.into_iter().map(|(former, _)| former)).collect())
    }

    async fn tier_now(&self, settings: &Settings, member: MemberId, now: Instant) -> Result<(Option<String>, Option<TierProgress>), Error> {
        let row = load::profiles(self.store().read(), vec![member.uuid()], vec![settings.operator.uuid()]).await?.pop();
        let facts = row.map(|row| facts(&row.facts)).transpose()?;
        Ok((tiers::held(settings, facts.as_ref(), now), tiers::progress(settings, facts.as_ref(), now)))
    }

    /// A member's ledger, newest first.
    ///
    /// # Errors
    /// 400, 403, 404, 503.
    pub async fn entries(&self, caller: &Caller, member: MemberId, page: Page) -> Result<Listing<EntryView>, Error> {
        let member = self.readable(caller, member).await?;
        let list = format!("entries:{member}");
        let settings = self.settings().await?;
        let (before, limit) = cursor::start(&settings.secret, &list, caller, &page)?;
        let persons = self.persons(member).await?;
        let rows = reads::entries(self.store().read(), persons, before, limit).await?;
        let between = people::between(self.store().read(), &rows).await?;
        let slugs = self.slugs().await?;
        Ok(cursor::page(
            &settings.secret,
            &list,
            caller,
            &page,
            rows,
            |row| row.id,
            |row| {
                let kind = TransferKind::from_code(row.kind);
                let (from, to) = kind.map_or(("", ""), |kind| (kind.accounts().0.name(), kind.accounts().1.name()));
                let gift = between.iter().find(|(subject, _, _)| Some(*subject) == row.subject_id);
                let counterpart = gift.map(|(_, giver, receiver)| if *giver == row.member_id { *receiver } else { *giver });
                EntryView {
                    id: row.id.into(),
                    kind: kind.map_or("", TransferKind::name).to_owned(),
                    from: from.to_owned(),
                    to: to.to_owned(),
                    points: row.points,
                    partner: row.partner_id.and_then(|id| slugs.get(&id).cloned()),
                    reason: row.reason,
                    decision: row.decision_id.map(Into::into),
                    counterpart: counterpart.map(MemberId),
                    effective_at: Instant(row.effective_at),
                    recorded_at: Instant(row.recorded_at),
                }
            },
        ))
    }

    /// What every partner's rules (a partner: its own) know of the member, by slug.
    async fn all_facts(&self, caller: &Caller, member: MemberId) -> Result<Vec<(String, Facts)>, Error> {
        let member = self.readable(caller, member).await?;
        let only = caller.own_partner().map(coalition_domain::PartnerId::uuid);
        let slugs = self.slugs().await?;
        let rows = reads::profiles_of(self.store().read(), member.uuid()).await?;
        let mut all = Vec::new();
        for row in rows.into_iter().filter(|row| only.is_none_or(|only| only == row.partner_id)) {
            all.push((slugs.get(&row.partner_id).cloned().unwrap_or_default(), facts(&row.facts)?));
        }
        all.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(all)
    }

    /// A member's badges; a partner sees its own.
    ///
    /// # Errors
    /// 403, 404, 503.
    pub async fn badges(&self, caller: &Caller, member: MemberId, page: Page) -> Result<Listing<BadgeView>, Error> {
        let all = self.all_facts(caller, member).await?;
        let mut badges: Vec<BadgeView> = all
            .into_iter()
            .flat_map(|(partner, facts)| {
                facts.badges.into_iter().map(move |held| BadgeView {
                    partner: partner.clone(),
                    badge: held.name,
                    period: held.period,
                    granted_at: Instant(held.at),
                })
            })
            .collect();
        badges.sort_by_key(|badge| std::cmp::Reverse(badge.granted_at));
        whole(badges, &page)
    }

    /// A member's counters; a partner sees its own.
    ///
    /// # Errors
    /// 403, 404, 503.
    pub async fn counters(&self, caller: &Caller, member: MemberId, page: Page) -> Result<Listing<CounterView>, Error> {
        let all = self.all_facts(caller, member).await?;
        let (settings, now) = (self.settings().await?, self.now().await?);
        let counters = all.into_iter().flat_map(|(partner, facts)| {
            let (settings, partner) = (settings.clone(), partner);
            facts.counters.into_iter().map(move |fact| {
                let open = settings.calendar.window_index(fact.window, now) == fact.index;
                let window = serde_json::to_value(fact.window).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default();
                CounterView {
                    partner: partner.clone(),
                    counter: fact.name,
                    window,
                    value: if open { fact.values.first().copied().unwrap_or(0) } else { 0 },
                }
            })
        });
        whole(counters.collect(), &page)
    }

    /// Vouchers that rules issued, newest first; a partner sees its own.
    ///
    /// # Errors
    /// 400, 403, 404, 503.
    pub async fn vouchers(&self, caller: &Caller, member: MemberId, page: Page) -> Result<Listing<VoucherView>, Error> {
        let member = self.readable(caller, member).await?;
        let list = format!("vouchers:{member}");
        let settings = self.settings().await?;
        let now = self.now().await?;
        let (before, limit) = cursor::start(&settings.secret, &list, caller, &page)?;
        let own = caller.own_partner().map(coalition_domain::PartnerId::uuid);
        let persons = self.persons(member).await?;
        let rows = reads::vouchers(self.store().read(), persons, own, before, limit).await?;
        let slugs = self.slugs().await?;
        Ok(cursor::page(
            &settings.secret,
            &list,
            caller,
            &page,
            rows,
            |row| row.id,
            |row| {
                let over = row.status == "open" && row.expires_at.is_some_and(|at| at <= now.0);
                VoucherView {
                    id: row.id.into(),
                    partner: slugs.get(&row.partner_id).cloned().unwrap_or_default(),
                    template: row.template,
                    code: row.code,
                    value: row.value.zip(row.currency).map(|(amount, currency)| crate::views::Money { amount, currency }),
                    expires_at: row.expires_at.map(Instant),
                    status: if over { "expired".to_owned() } else { row.status },
                    reason: row.reason,
                    attributes: serde_json::from_str(&row.attributes).unwrap_or_default(),
                    issued_at: Instant(row.created_at),
                }
            },
        ))
    }

    /// What rules told the member, newest first; a partner sees its own.
    ///
    /// # Errors
    /// 400, 403, 404, 503.
    pub async fn messages(&self, caller: &Caller, member: MemberId, page: Page) -> Result<Listing<MessageView>, Error> {
        let member = self.readable(caller, member).await?;
        let list = format!("messages:{member}");
        let settings = self.settings().await?;
        let (before, limit) = cursor::start(&settings.secret, &list, caller, &page)?;
        let own = caller.own_partner().map(coalition_domain::PartnerId::uuid);
        let persons = self.persons(member).await?;
        let rows = reads::messages(self.store().read(), persons, own, before, limit).await?;
        let slugs = self.slugs().await?;
        Ok(cursor::page(
            &settings.secret,
            &list,
            caller,
            &page,
            rows,
            |row| row.id,
            |row| {
                let message: Value = serde_json::from_str(&row.message).unwrap_or_default();
                let of = |name: &str| message.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
                MessageView {
                    id: row.id.into(),
                    partner: slugs.get(&row.partner_id).cloned().unwrap_or_default(),
                    key: of("key"),
                    text: of("text"),
                    sent_at: Instant(row.recorded_at),
                }
            },
        ))
    }
}

/// A short list in one page: what is derived from one document has no cursor.
fn whole<T>(mut items: Vec<T>, page: &Page) -> Result<Listing<T>, Error> {
    if page.cursor.is_some() {
        return Err(Error::invalid("/cursor", "not a cursor of this list"));
    }
    items.truncate(usize::try_from(page.limit).unwrap_or(usize::MAX));
    Ok(Listing { items, next_cursor: None })
}

pub(crate) fn facts(text: &str) -> Result<Facts, Error> {
    serde_json::from_str(text).map_err(|error| Error::internal(&error))
}
