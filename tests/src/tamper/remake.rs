//! The chain made anew after an edit, as one does who knows how it is made and can write all of the database: everything agrees again,
//! but not with what was signed.

use coalition_domain::chain::canonical::TransferRow;
use coalition_domain::chain::{self, Hash};
use sea_orm::QueryResult;
use uuid::Uuid;

use super::sql::{Sql, table};
use super::{Chance, Edit};

/// What a verification says of a chain that was made anew.
const NAMED: &str = "is another than the one that was signed";

/// A transfer's fields that no sum depends on are changed.
pub(super) async fn after_an_edit(sql: &Sql, chance: &mut Chance) -> Option<Edit> {
    let row = sql.row(table("transfers"), chance).await?;
    let before = leaf_of(sql, &row.key).await;
    let set = if chance.below(2) == 0 { "reason = COALESCE(reason, '') || '!'" } else { "effective_at = effective_at - 1000" };
    sql.run(&format!("UPDATE transfers SET {set} WHERE {}", row.key)).await.ok()?;
    let after = leaf_of(sql, &row.key).await;
    remake(sql, row.commit?, &before, Some(after)).await;
    Some(Edit { what: format!("transfers: {set} where {}, and the chain made anew", row.key), names: vec![NAMED.to_owned()] })
}

/// A transfer is taken away.
pub(super) async fn after_a_removal(sql: &Sql, chance: &mut Chance) -> Option<Edit> {
    let row = sql.row(table("transfers"), chance).await?;
    let before = leaf_of(sql, &row.key).await;
    sql.run(&format!("DELETE FROM transfers WHERE {}", row.key)).await.ok()?;
    remake(sql, row.commit?, &before, None).await;
    Some(Edit { what: format!("transfer {} is deleted, and the chain made anew", row.key), names: vec![NAMED.to_owned()] })
}

async fn leaf_of(sql: &Sql, key: &str) -> Hash {
    let rows = sql.all(&format!("SELECT * FROM transfers WHERE {key}")).await;
    let row = &rows[0];
    let id = |column: &str| row.try_get::<Uuid>("", column).expect("an id");
    let maybe = |column: &str| row.try_get::<Option<Uuid>>("", column).expect("an id");
    let int = |column: &str| row.try_get::<i64>("", column).expect("a number");
    let reason = row.try_get::<Option<String>>("", "reason").expect("a text");
    let row = TransferRow {
        member_id: id("member_id"),
        id: id("id"),
        kind: int("kind"),
        from_account: int("from_account"),
        to_account: int("to_account"),
        partner_id: maybe("partner_id"),
        points: int("points"),
        lot_id: maybe("lot_id"),
        subject_id: maybe("subject_id"),
        decision_id: maybe("decision_id"),
        reason: reason.as_deref(),
        effective_at: int("effective_at"),
        recorded_at: int("recorded_at"),
    };
    row.leaf()
}

fn bytes(row: &QueryResult, column: &str) -> Vec<u8> {
    row.try_get::<Vec<u8>>("", column).expect("bytes")
}

/// Puts another leaf in the place of one (or none), and makes every block from there on anew, and the head.
async fn remake(sql: &Sql, commit: Uuid, gone: &Hash, put: Option<Hash>) {
    let blocks = sql.all("SELECT height, commit_id, root, hash, leaves, recorded_at, leaf_hashes FROM blocks ORDER BY height").await;
    let (mut previous, mut is_changed) = (chain::GENESIS, false);
    for row in blocks {
        let int = |column: &str| row.try_get::<i64>("", column).expect("a number");
        let (height, mut leaves) = (int("height"), int("leaves"));
        let mut root: Hash = bytes(&row, "root").try_into().expect("a hash");
        if row.try_get::<Uuid>("", "commit_id").expect("an id") == commit {
            is_changed = true;
            let mut hashes: Vec<Hash> = bytes(&row, "leaf_hashes").as_chunks::<32>().0.to_vec();
            hashes.retain(|hash| hash != gone);
            hashes.extend(put);
            hashes.sort_unstable();
            leaves = hashes.len() as i64;
            let list = sql.bytes(&hashes.concat());
            root = chain::root(hashes);
            let (root, set) = (sql.bytes(&root), format!("leaves = {leaves}, leaf_hashes = {list}"));
            sql.run(&format!("UPDATE blocks SET root = {root}, {set} WHERE height = {height}")).await.expect("a block is changed");
        }
        let mut hash: Hash = bytes(&row, "hash").try_into().expect("a hash");
        if is_changed {
            hash = chain::block(height, &previous, &root, leaves, int("recorded_at"));
            let set = format!("previous = {}, hash = {}", sql.bytes(&previous), sql.bytes(&hash));
            sql.run(&format!("UPDATE blocks SET {set} WHERE height = {height}")).await.expect("a block is changed");
        }
        previous = hash;
    }
    sql.run(&format!("UPDATE chain_head SET hash = {}", sql.bytes(&previous))).await.expect("the head is changed");
}
