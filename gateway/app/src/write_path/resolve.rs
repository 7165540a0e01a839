//! Whom commands are about: the members behind the ids, cards and aliases that they name, and whom else they touch.
//!
//! Who was merged into another is the other, but for what only they did themselves: their redemptions stay theirs. A redemption of a household touches
//! all who may pay; its later steps touch all who do, and so does whatever comes for one of them once its hold has ended.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use coalition_domain::Instant;
use coalition_store::entities::{members, redemption_shares};
use coalition_store::{ConnectionTrait, load, people};
use uuid::Uuid;

use super::command::{Item, MemberKey, Work};
use crate::error::Error;

/// How many merges may follow one another: each flattens those before it.
const MERGES_MAX: usize = 16;
/// How often ended holds may lead from one household to the next.
const ROUNDS_MAX: usize = 16;

/// Whom a batch is about.
#[derive(Default)]
pub(crate) struct Found {
    pub(crate) rows: HashMap<Uuid, members::Model>,
    /// Who was merged into whom, as far as it matters here.
    pub(crate) formers: HashMap<Uuid, Vec<Uuid>>,
    /// Parts in redemptions of households.
    pub(crate) shares: BTreeMap<(Uuid, Uuid), redemption_shares::Model>,
    /// Of these redemptions, those that are known to hold points.
    pub(crate) held: BTreeSet<Uuid>,
}

/// Finds the members that items name or touch, and tells each item its own.
pub(crate) async fn resolve(conn: &impl ConnectionTrait, items: &mut [Item], now: Instant) -> Result<Found, Error> {
    let (named, former_rows) = name(conn, items).await?;
    let mut found = Found::default();
    for item in items.iter_mut() {
        let key = item.command.member_key();
        let now = named.get(&key);
        let former = match &key {
            MemberKey::Id(id) if item.command.is_of_former() => former_rows.get(id),
            _ => None,
        };
        item.subject = former.or(now).map_or(Uuid::nil(), |row| row.id);
        item.others.clear();
        if former.is_some() && !matches!(item.command.work, Work::Merge(_)) {
            touch(item, now.map(|row| row.id));
        }
        item.counterpart = None;
        for key in item.command.further_keys() {
            item.counterpart = named.get(&key).map(|row| row.id);
            touch(item, item.counterpart);
        }
        if let Some(row) = former {
            found.rows.insert(row.id, row.clone());
        }
    }
    found.rows.extend(named.into_values().map(|row| (row.id, row)));
    find_formers(conn, items, &mut found).await?;
    find_households(conn, items, &mut found).await?;
    find_shares(conn, items, &mut found, now).await?;
    Ok(found)
}

fn touch(item: &mut Item, others: impl IntoIterator<Item = Uuid>) {
    for other in others {
        if !item.touches(other) {
            item.others.push(other);
        }
    }
}

type Named = (HashMap<MemberKey, members::Model>, HashMap<Uuid, members::Model>);

/// Members by what names them, those who were merged as the other; and those who were, as they are.
async fn name(conn: &impl ConnectionTrait, items: &[Item]) -> Result<Named, Error> {
    let mut keys: BTreeSet<MemberKey> = items.iter().map(|item| item.command.member_key()).collect();
    keys.extend(items.iter().flat_map(|item| item.command.further_keys()));
    let cards: Vec<&str> = keys.iter().filter_map(|key| if let MemberKey::Card(card) = key { Some(card.as_str()) } else { None }).collect();
    let aliases: Vec<(Uuid, &str)> = keys
        .iter()
        .filter_map(|key| if let MemberKey::Alias(partner, alias) = key { Some((*partner, alias.as_str())) } else { None })
        .collect();
    let mut ids: BTreeSet<Uuid> = keys.iter().filter_map(|key| if let MemberKey::Id(id) = key { Some(*id) } else { None }).collect();
    let mut found = HashMap::new();
    let by_alias = load::profiles_by_alias(conn, &aliases).await?;
    ids.extend(by_alias.iter().map(|profile| profile.member_id));
    for row in load::members_by_card(conn, cards).await? {
        if let Some(card) = row.card.clone() {
            found.insert(MemberKey::Card(card), row);
        }
    }
    let by_id: HashMap<Uuid, members::Model> =
        load::members_by_id(conn, ids.into_iter().collect()).await?.into_iter().map(|row| (row.id, row)).collect();
    for profile in by_alias {
        if let (Some(alias), Some(row)) = (profile.alias, by_id.get(&profile.member_id)) {
            found.insert(MemberKey::Alias(profile.partner_id, alias), row.clone());
        }
    }
    for (id, row) in by_id {
        found.insert(MemberKey::Id(id), row);
    }
    let former_rows = follow_merges(conn, &mut found).await?;
    Ok((found, former_rows))
}

async fn follow_merges(
    conn: &impl ConnectionTrait,
    found: &mut HashMap<MemberKey, members::Model>,
) -> Result<HashMap<Uuid, members::Model>, Error> {
    let mut former_rows = HashMap::new();
    for _ in 0..MERGES_MAX {
        let into: BTreeSet<Uuid> = found.values().filter_map(|row| row.merged_into).collect();
        if into.is_empty() {
            break;
        }
        let into: HashMap<Uuid, members::Model> =
            load::members_by_id(conn, into.into_iter().collect()).await?.into_iter().map(|row| (row.id, row)).collect();
        for row in found.values_mut() {
            if let Some(other) = row.merged_into.and_then(|id| into.get(&id)) {
                let former = std::mem::replace(row, other.clone());
                former_rows.insert(former.id, former);
            }
        }
    }
    Ok(former_rows)
}

/// Of whoever has something of a former self to settle, all former selves.
async fn find_formers(conn: &impl ConnectionTrait, items: &[Item], found: &mut Found) -> Result<(), Error> {
    let merged: BTreeSet<Uuid> = items
        .iter()
        .filter(|item| item.command.owner().is_some_and(|owner| owner.uuid() != item.subject))
        .map(|item| item.subject)
        .collect();
    if !merged.is_empty() {
        for (former, member) in coalition_store::members::formers(conn, merged.into_iter().collect()).await? {
            found.formers.entry(member).or_default().push(former);
        }
    }
    Ok(())
}

/// Of whoever spends with others, the others.
async fn find_households(conn: &impl ConnectionTrait, items: &mut [Item], found: &mut Found) -> Result<(), Error> {
    let household = |item: &Item, found: &Found| match &item.command.work {
        Work::Hold(_) => found.rows.get(&item.subject).and_then(|row| row.household_id),
        Work::Join(join) => Some(join.household.uuid()),
        _ => None,
    };
    let wanted: BTreeSet<Uuid> = items.iter().filter_map(|item| household(item, found)).collect();
    let all = people::of_households(conn, wanted.into_iter().collect()).await?;
    if all.is_empty() {
        return Ok(());
    }
    for item in items.iter_mut() {
        if let Some(mine) = household(item, found) {
            touch(item, all.iter().filter(|row| row.household_id == Some(mine)).map(|row| row.id));
        }
    }
    for row in all {
        found.rows.entry(row.id).or_insert(row);
    }
    Ok(())
}

/// Everybody who pays for what an item settles: the redemption that it names, and those of its members whose hold has ended.
async fn find_shares(conn: &impl ConnectionTrait, items: &mut [Item], found: &mut Found, now: Instant) -> Result<(), Error> {
    let pooled = |found: &Found, id: &Uuid| found.rows.get(id).is_some_and(|row| row.pooled);
    let named = items.iter().filter(|item| pooled(found, &item.subject)).filter_map(|item| item.command.redemption());
    let mut whole: BTreeSet<Uuid> = named.map(coalition_domain::RedemptionId::uuid).collect();
    let leaving: BTreeSet<Uuid> =
        items.iter().filter(|item| matches!(item.command.work, Work::Close(_))).map(|item| item.subject).collect();
    let mut asked: BTreeSet<Uuid> = BTreeSet::new();
    for _ in 0..ROUNDS_MAX {
        let fresh: Vec<Uuid> = found.rows.values().filter(|row| row.pooled && !asked.contains(&row.id)).map(|row| row.id).collect();
        if fresh.is_empty() && whole.is_empty() {
            break;
        }
        asked.extend(&fresh);
        if !fresh.is_empty() {
            for share in people::held_shares(conn, fresh).await? {
                // What has ended is settled for all at once, and so is what ends with somebody's account.
                if share.hold_until <= now.0 || leaving.contains(&share.member_id) {
                    whole.insert(share.redemption_id);
                }
                found.held.insert(share.redemption_id);
                found.shares.insert((share.member_id, share.redemption_id), share);
            }
        }
        let shares = people::shares_of(conn, std::mem::take(&mut whole).into_iter().collect()).await?;
        let mut payers: BTreeMap<Uuid, BTreeSet<Uuid>> = BTreeMap::new();
        for share in shares {
            payers.entry(share.redemption_id).or_default().extend([share.member_id, share.redeemer_id]);
            found.shares.insert((share.member_id, share.redemption_id), share);
        }
        let missing: BTreeSet<Uuid> = payers.values().flatten().filter(|id| !found.rows.contains_key(id)).copied().collect();
        for row in load::members_by_id(conn, missing.into_iter().collect()).await? {
            found.rows.insert(row.id, row);
        }
        for item in items.iter_mut() {
            let names = item.command.redemption().map(coalition_domain::RedemptionId::uuid);
            for (redemption, payers) in &payers {
                let ends = payers.iter().any(|payer| {
                    item.touches(*payer) && found.shares.get(&(*payer, *redemption)).is_some_and(|share| share.hold_until <= now.0)
                }) || (leaving.contains(&item.subject) && payers.contains(&item.subject));
                if names == Some(*redemption) || ends {
                    touch(item, payers.iter().copied());
                }
            }
        }
    }
    follow_payers(conn, items, found).await
}

/// What comes back to somebody who was merged goes on to who they are now.
async fn follow_payers(conn: &impl ConnectionTrait, items: &mut [Item], found: &mut Found) -> Result<(), Error> {
    let into: BTreeSet<Uuid> = found.shares.keys().filter_map(|(member, _)| found.rows.get(member)?.merged_into).collect();
    let missing: Vec<Uuid> = into.iter().filter(|id| !found.rows.contains_key(id)).copied().collect();
    for row in load::members_by_id(conn, missing).await? {
        found.rows.insert(row.id, row);
    }
    if !into.is_empty() {
        for item in items.iter_mut() {
            let now: Vec<Uuid> = item.others.iter().filter_map(|id| found.rows.get(id)?.merged_into).collect();
            touch(item, now);
        }
    }
    Ok(())
}
