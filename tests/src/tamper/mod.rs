//! Edits of the books behind the gateway's back, each found and named by its verification, and undone again.
//!
//! A history is made and signed; then, edit by edit, something is changed by SQL: a column ([`columns`]), a row taken away, put in, or moved,
//! the chain's end cut off, or an edit followed by making the whole chain anew ([`remake`]), so that only the checkpoint tells.

mod columns;
mod remake;
mod sql;

use sea_orm::DatabaseConnection;
use serde_json::{Value, json};

use crate::chance::Chance;
use crate::harness::actors::{Brand, Coalition, NOW};
use crate::harness::database::Kind;

use columns::{COLUMNS, What};
use sql::{Row, Sql, TABLES, Table, table};

/// Everything that an edit may touch, and that is put back after it.
fn kept() -> impl Iterator<Item = &'static str> {
    TABLES.iter().map(|table| table.table).chain(["chain_head"])
}

/// `COALITION_TAMPER_SEED`, or another each time.
pub fn seed() -> u64 {
    Chance::seed("COALITION_TAMPER_SEED")
}

/// What was done, and words of which the verification must say one at least.
struct Edit {
    what: String,
    names: Vec<String>,
}

/// Makes a history, signs it, and makes `count` edits of it, each of which must be found and named.
pub async fn edited(coalition: &Coalition, seed: u64, count: usize) {
    for name in coalition_store::sealed::TABLES {
        assert!(table(name).is_covered(), "{name} is covered, and would not be edited");
    }
    println!("edits of seed {seed} (COALITION_TAMPER_SEED)");
    history(coalition).await;
    let verified = coalition.verify().await;
    assert_eq!(verified["covered"], verified["blocks"], "all of it is signed: {verified:#}");
    let sql = Sql::connect(coalition.database.url(), coalition.database.kind() == Kind::Postgres).await;
    for name in kept() {
        sql.run(&format!("CREATE TABLE kept_{name} AS SELECT * FROM {name}")).await.expect("a copy is made");
    }
    let mut chance = Chance::new(seed);
    let mut done = 0;
    while done < count {
        // Every sort of edit gets its turn, in whatever order.
        let edit = edit(&sql, &mut chance, done).await;
        if let Some(edit) = edit {
            done += 1;
            let found = coalition.operator.get("/v1/ledger/verify").await.ok(200);
            judge(&found, &edit, seed, done);
        }
        undo(&sql).await;
    }
    sql.close().await;
    coalition.verify().await;
}

fn judge(found: &Value, edit: &Edit, seed: u64, number: usize) {
    let told = format!("edit {number} of seed {seed}: {}: {found:#}", edit.what);
    assert_eq!(found["ok"], false, "not found: {told}");
    let problems: Vec<&str> = found["problems"].as_array().expect("problems").iter().filter_map(Value::as_str).collect();
    let is_named = problems.iter().any(|problem| edit.names.iter().any(|name| problem.contains(name.as_str())));
    assert!(is_named, "none of {:?} is named: {told}", edit.names);
}

/// Members who buy, redeem, hold and give up, with rules that give one of everything; and a checkpoint over all of it.
async fn history(coalition: &Coalition) {
    let rewards = json!([{ "id": "mug", "points": 100, "value": 500 }]);
    terms(coalition).await;
    let bakehouse = coalition.brand("bakehouse").await;
    let grocer = coalition.brand_with_puppet("grocer", &json!({ "pending_days": 3 })).await;
    let shares = json!([{ "partner": "bakehouse", "basis_points": 6_000 }, { "partner": "grocer", "basis_points": 4_000 }]);
    let campaign = json!({
        "slug": "harvest", "budget_points": 10_000, "from": "2026-11-01T00:00:00Z", "to": "2026-12-01T00:00:00Z", "shares": shares,
    });
    let campaign = coalition.operator.post("/v1/campaigns", &campaign).await.ok(201);
    let path = format!("/v1/campaigns/{}", campaign["id"].as_str().expect("an id"));
    coalition.operator.patch(&path, &json!({ "budget_points": 20_000 })).await.ok(200);
    let config = json!({
        "handles": ["purchase", "activity:visit"], "answers": [{ "on": "activity:visit", "points": 9 }],
        "everything": true, "remembers": true, "expires_days": 90, "rewards": rewards, "bonus": 25, "campaign": "harvest",
    });
    bakehouse.deploy("puppet", &config).await;
    let mut last = None;
    for n in 0..5 {
        let member = bakehouse.enrol(&format!("ADA-{n}")).await;
        bakehouse.sell(&member, 40_000 + n * 100).await;
        grocer.sell(&member, 3_000).await;
        bakehouse.report(&bakehouse.activity(&member, "visit")).await.ok(201);
        let sold = bakehouse.sell(&member, 2_000).await;
        let refund = json!({ "external_id": format!("back-{n}"), "amount": 900 });
        bakehouse.http.post(&format!("/v1/transactions/{}/refunds", sold["id"].as_str().expect("an id")), &refund).await.ok(201);
        let me = coalition.session(&member).await;
        let order = json!({ "partner": "bakehouse", "reward": "mug" });
        for _ in 0..=(n % 3) {
            let held = me.post("/v1/redemptions", &order).await.ok(201);
            let id = held["id"].as_str().expect("an id").to_owned();
            match n % 4 {
                0 | 3 => drop(bakehouse.capture(&id, None).await.ok(200)),
                1 => drop(me.post_empty(&format!("/v1/redemptions/{id}/void")).await.ok(200)),
                _ => {}
            }
        }
        let gift = json!({ "member": member.id, "points": 50 + n, "reason": "A thank-you" });
        coalition.operator.post("/v1/adjustments", &gift).await.ok(201);
        last = Some(member);
    }
    people(coalition, &bakehouse).await;
    let path = format!("/v1/members/{}/statement", last.expect("members").id);
    coalition.operator.get(&path).await.ok(200);
}

/// Members who give, spend together, become one, and leave.
async fn people(coalition: &Coalition, bakehouse: &Brand) {
    let mut members = Vec::new();
    for n in 0..3 {
        let member = bakehouse.enrol(&format!("EVE-{n}")).await;
        bakehouse.sell(&member, 6_000).await;
        members.push((coalition.session(&member).await, member));
    }
    let (me, eve) = &members[0];
    let gift = json!({ "to": members[1].1.id, "points": 7, "external_id": "gift-1" });
    me.post("/v1/me/transfers", &gift).await.ok(201);
    let made = coalition.operator.post("/v1/households", &json!({ "member": eve.id })).await.ok(201);
    let path = format!("/v1/households/{}/members", made["id"].as_str().expect("an id"));
    coalition.operator.post(&path, &json!({ "member": members[1].1.id })).await.ok(201);
    let held = me.post("/v1/redemptions", &json!({ "partner": "bakehouse", "reward": "mug" })).await.ok(201);
    bakehouse.capture(held["id"].as_str().expect("an id"), None).await.ok(200);
    let into = json!({ "into": eve.id });
    coalition.operator.post(&format!("/v1/members/{}/merge", members[2].1.id), &into).await.ok(200);
    members[1].0.delete(&format!("/v1/members/{}", members[1].1.id)).await.ok_empty(204);
}

/// The program has tiers of its own, and points whose life slides.
async fn terms(coalition: &Coalition) {
    let mut program = coalition.operator.get("/v1/program").await.ok(200);
    program.as_object_mut().expect("an object").remove("test");
    program["expiry"] = json!({ "policy": "sliding_days", "days": 60 });
    let levels = json!([{ "name": "bronze", "from": 100 }]);
    program["tiers"] = json!({ "counts": "points", "window": { "kind": "calendar_year" }, "downgrade": "by_progress", "levels": levels });
    coalition.operator.put("/v1/program", &program).await.ok(200);
    coalition.set_clock(NOW).await;
}

async fn undo(sql: &Sql) {
    for name in kept() {
        sql.run(&format!("DELETE FROM {name}")).await.expect("rows are removed");
        sql.run(&format!("INSERT INTO {name} SELECT * FROM kept_{name}")).await.expect("rows are put back");
    }
}

/// One edit. None where the database did not take it, or it changed nothing: then it is undone and another is drawn.
async fn edit(sql: &Sql, chance: &mut Chance, turn: usize) -> Option<Edit> {
    match turn % 8 {
        0 | 1 => alter(sql, chance).await,
        2 => delete(sql, chance).await,
        3 => insert(sql, chance).await,
        4 => swap(sql, chance).await,
        5 => cut_off(sql, chance).await,
        6 => remake::after_an_edit(sql, chance).await,
        _ => remake::after_a_removal(sql, chance).await,
    }
}

async fn alter(sql: &Sql, chance: &mut Chance) -> Option<Edit> {
    let (name, column, what) = *chance.pick(&COLUMNS);
    let table = table(name);
    let row = sql.row(table, chance).await?;
    let value = match what {
        What::Number => format!("COALESCE({column}, 0) + 10"),
        What::Less => format!("{column} - 1"),
        What::Text => format!("COALESCE({column}, '') || 'x'"),
        What::Id => sql.uuid(chance.uuid()),
        What::Bytes => sql.bytes(&chance.number().to_be_bytes().repeat(4)),
        What::Flag => format!("NOT {column}"),
    };
    let changed = sql.run(&format!("UPDATE {name} SET {column} = {value} WHERE {}", row.key)).await.ok()?;
    let mut names = vec![row.name, row.member];
    if column == table.name || table.name == "height" {
        names.push(format!("of {name}"));
    }
    (changed == 1).then(|| Edit { what: format!("{name}.{column} of {} becomes {value}", row.key), names })
}

async fn delete(sql: &Sql, chance: &mut Chance) -> Option<Edit> {
    let table = chance.pick(&TABLES);
    let row = sql.row(table, chance).await?;
    let block = row.block.clone().unwrap_or(row.name.clone());
    let gone = sql.run(&format!("DELETE FROM {} WHERE {}", table.table, row.key)).await.ok()?;
    (gone == 1).then(|| Edit { what: format!("a row of {} is deleted: {}", table.table, row.key), names: vec![block, row.member] })
}

async fn insert(sql: &Sql, chance: &mut Chance) -> Option<Edit> {
    let table = covered(chance);
    let row = sql.row(table, chance).await?;
    let (name, id) = (table.table, chance.uuid());
    let (set, names) = match name {
        "allocations" => ("ordinal = ordinal + 1000".to_owned(), row.name),
        "states" => ("version = version + 1000".to_owned(), row.name),
        "redemptions" | "vouchers" => (format!("id = {}, code = code || 'x'", sql.uuid(id)), id.to_string()),
        "campaigns" => ("version = version + 1000".to_owned(), row.name),
        "campaign_shares" => (format!("partner_id = {}", sql.uuid(id)), row.name),
        _ => (format!("id = {}", sql.uuid(id)), id.to_string()),
    };
    sql.run("DROP TABLE IF EXISTS one").await.ok()?;
    sql.run(&format!("CREATE TABLE one AS SELECT * FROM {name} WHERE {}", row.key)).await.ok()?;
    sql.run(&format!("UPDATE one SET {set}")).await.ok()?;
    let added = sql.run(&format!("INSERT INTO {name} SELECT * FROM one")).await.ok()?;
    (added == 1).then(|| Edit { what: format!("a copy of {} is put into {name}", row.key), names: vec![names] })
}

/// One of the tables that the chain covers.
fn covered(chance: &mut Chance) -> &'static Table {
    let all: Vec<&Table> = TABLES.iter().filter(|table| table.is_covered()).collect();
    all[chance.below(all.len())]
}

async fn swap(sql: &Sql, chance: &mut Chance) -> Option<Edit> {
    if chance.below(3) == 0 {
        let (one, other) = (sql.height(chance).await, sql.height(chance).await);
        if one == other {
            return None;
        }
        for (from, to) in [(one, -1), (other, one), (-1, other)] {
            sql.run(&format!("UPDATE blocks SET height = {to} WHERE height = {from}")).await.ok()?;
        }
        return Some(Edit {
            what: format!("blocks {one} and {other} change places"),
            names: vec![format!("block {one}"), format!("block {other}")],
        });
    }
    let table = covered(chance);
    let (one, other) = (sql.row(table, chance).await?, sql.row(table, chance).await?);
    if one.commit == other.commit {
        return None;
    }
    for (row, commit) in [(&one, other.commit?), (&other, one.commit?)] {
        sql.run(&format!("UPDATE {} SET commit_id = {} WHERE {}", table.table, sql.uuid(commit), row.key)).await.ok()?;
    }
    let Row { key, name, .. } = one;
    Some(Edit { what: format!("rows of {} change places: {key} and {}", table.table, other.key), names: vec![name, other.name] })
}

/// The chain's newest blocks go, with all that they cover, and its head is moved: what is left agrees with itself.
async fn cut_off(sql: &Sql, chance: &mut Chance) -> Option<Edit> {
    let last = sql.height(chance).await;
    for table in TABLES.iter().filter(|table| table.is_covered()) {
        let above = format!("SELECT commit_id FROM blocks WHERE height > {last}");
        sql.run(&format!("DELETE FROM {} WHERE commit_id IN ({above})", table.table)).await.ok()?;
    }
    let gone = sql.run(&format!("DELETE FROM blocks WHERE height > {last}")).await.ok()?;
    sql.run(&format!("UPDATE chain_head SET height = {last}, hash = (SELECT hash FROM blocks WHERE height = {last})")).await.ok()?;
    (gone > 0).then(|| Edit { what: format!("the chain is cut off above block {last}"), names: vec!["the chain was cut off".to_owned()] })
}

/// A connection of the attacker's.
pub(crate) type Connection = DatabaseConnection;
