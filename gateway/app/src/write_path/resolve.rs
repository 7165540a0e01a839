//! Whom commands are about: the members behind the ids, cards and aliases that they name.

use std::collections::{BTreeSet, HashMap};

use coalition_store::entities::members;
use coalition_store::{ConnectionTrait, load};
use uuid::Uuid;

use super::command::{Item, MemberKey};
use crate::error::Error;

/// How many merges may follow one another.
const MERGES_MAX: usize = 16;

/// Finds the members that items name and tells each item its own. What was merged into another is the other.
pub(crate) async fn resolve(conn: &impl ConnectionTrait, items: &mut [Item]) -> Result<HashMap<Uuid, members::Model>, Error> {
    let found = find(conn, items).await?;
    let mut rows: HashMap<Uuid, members::Model> = HashMap::with_capacity(found.len());
    for item in items.iter_mut() {
        item.subject = found.get(&item.command.member_key()).map_or(Uuid::nil(), |row| row.id);
        let others = item.command.further_keys();
        item.others = others.iter().filter_map(|key| found.get(key)).map(|row| row.id).filter(|id| *id != item.subject).collect();
    }
    rows.extend(found.into_values().map(|row| (row.id, row)));
    Ok(rows)
}

async fn find(conn: &impl ConnectionTrait, items: &[Item]) -> Result<HashMap<MemberKey, members::Model>, Error> {
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
    follow_merges(conn, &mut found).await?;
    Ok(found)
}

async fn follow_merges(conn: &impl ConnectionTrait, found: &mut HashMap<MemberKey, members::Model>) -> Result<(), Error> {
    for _ in 0..MERGES_MAX {
        let into: BTreeSet<Uuid> = found.values().filter_map(|row| row.merged_into).collect();
        if into.is_empty() {
            break;
        }
        let into: HashMap<Uuid, members::Model> =
            load::members_by_id(conn, into.into_iter().collect()).await?.into_iter().map(|row| (row.id, row)).collect();
        for row in found.values_mut() {
            if let Some(other) = row.merged_into.and_then(|id| into.get(&id)) {
                *row = other.clone();
            }
        }
    }
    Ok(())
}
