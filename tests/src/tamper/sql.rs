//! The attacker's SQL: rows drawn by chance, and literals as each database writes them.

use sea_orm::{ConnectionTrait as _, Database, DbBackend, DbErr, QueryResult, Statement};
use uuid::Uuid;

use super::{Chance, Connection};

/// A table as the attacker knows it.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) table: &'static str,
    /// The columns of its key; `height`, `ordinal` and `version` are numbers, the others ids.
    key: &'static [&'static str],
    /// The column that a verification names a row by.
    pub(super) name: &'static str,
}

/// What can be edited row by row.
pub(super) const TABLES: [Table; 25] = [
    Table { table: "transfers", key: &["member_id", "id"], name: "id" },
    Table { table: "lots", key: &["member_id", "id"], name: "id" },
    Table { table: "allocations", key: &["member_id", "transfer_id", "ordinal"], name: "transfer_id" },
    Table { table: "redemptions", key: &["member_id", "id"], name: "id" },
    Table { table: "transactions", key: &["member_id", "id"], name: "id" },
    Table { table: "decisions", key: &["member_id", "id"], name: "id" },
    Table { table: "states", key: &["member_id", "partner_id", "version"], name: "member_id" },
    Table { table: "badges", key: &["member_id", "id"], name: "id" },
    Table { table: "tier_changes", key: &["member_id", "id"], name: "id" },
    Table { table: "refunds", key: &["member_id", "id"], name: "id" },
    Table { table: "adjustments", key: &["member_id", "id"], name: "id" },
    Table { table: "vouchers", key: &["member_id", "id"], name: "id" },
    Table { table: "captures", key: &["member_id", "id"], name: "id" },
    Table { table: "qualifying", key: &["member_id", "id"], name: "id" },
    Table { table: "prices", key: &["partner_id", "id"], name: "id" },
    Table { table: "campaigns", key: &["id", "version"], name: "id" },
    Table { table: "campaign_shares", key: &["campaign_id", "partner_id"], name: "campaign_id" },
    Table { table: "gifts", key: &["member_id", "id"], name: "id" },
    Table { table: "merges", key: &["member_id", "id"], name: "id" },
    Table { table: "closings", key: &["member_id", "id"], name: "id" },
    Table { table: "household_changes", key: &["member_id", "id"], name: "id" },
    Table { table: "redemption_shares", key: &["member_id", "redemption_id"], name: "redemption_id" },
    Table { table: "events", key: &["member_id", "id"], name: "id" },
    Table { table: "blocks", key: &["height"], name: "height" },
    Table { table: "balances", key: &["member_id"], name: "member_id" },
];

/// The table of this name.
pub(super) fn table(name: &str) -> &'static Table {
    TABLES.iter().find(|table| table.table == name).expect("a table")
}

impl Table {
    /// Whether its rows are leaves of blocks.
    pub(super) fn is_covered(&self) -> bool {
        !matches!(self.table, "blocks" | "balances")
    }
}

/// One row.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// The condition that finds it.
    pub(super) key: String,
    /// What a verification calls it.
    pub(super) name: String,
    /// Its member, or what a verification calls it.
    pub(super) member: String,
    /// The commit that wrote it.
    pub(super) commit: Option<Uuid>,
    /// `block N`, of that commit.
    pub(super) block: Option<String>,
}

/// A connection behind the gateway's back.
pub(super) struct Sql {
    connection: Connection,
    is_postgres: bool,
}

fn is_number(column: &str) -> bool {
    matches!(column, "height" | "ordinal" | "version")
}

impl Sql {
    pub(super) async fn connect(url: &str, is_postgres: bool) -> Sql {
        Sql { connection: Database::connect(url).await.expect("connecting behind the gateway"), is_postgres }
    }

    pub(super) async fn close(self) {
        self.connection.close().await.expect("closing");
    }

    /// Rows changed.
    pub(super) async fn run(&self, sql: &str) -> Result<u64, DbErr> {
        Ok(self.connection.execute_unprepared(sql).await?.rows_affected())
    }

    pub(super) async fn all(&self, sql: &str) -> Vec<QueryResult> {
        let backend = if self.is_postgres { DbBackend::Postgres } else { DbBackend::Sqlite };
        self.connection.query_all_raw(Statement::from_string(backend, sql)).await.unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    pub(super) fn bytes(&self, bytes: &[u8]) -> String {
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        if self.is_postgres { format!("'\\x{hex}'::bytea") } else { format!("X'{hex}'") }
    }

    pub(super) fn uuid(&self, id: Uuid) -> String {
        if self.is_postgres { format!("'{id}'::uuid") } else { self.bytes(id.as_bytes()) }
    }

    /// Any row of a table; None where it has none.
    pub(super) async fn row(&self, table: &Table, chance: &mut Chance) -> Option<Row> {
        let key = table.key.join(", ");
        let columns = if table.table == "balances" { key.clone() } else { format!("{key}, commit_id") };
        let rows = self.all(&format!("SELECT {columns} FROM {} ORDER BY {key}", table.table)).await;
        let row = (!rows.is_empty()).then(|| &rows[chance.below(rows.len())])?;
        let literal = |column: &&str| match is_number(column) {
            true => row.try_get::<i64>("", column).expect("a number").to_string(),
            false => self.uuid(row.try_get("", column).expect("an id")),
        };
        let shown = |column: &str| match column {
            "height" => format!("block {}", row.try_get::<i64>("", column).expect("a number")),
            _ => row.try_get::<Uuid>("", column).expect("an id").to_string(),
        };
        let condition: Vec<String> = table.key.iter().map(|column| format!("{column} = {}", literal(column))).collect();
        let commit = row.try_get::<Uuid>("", "commit_id").ok();
        let block = match commit {
            Some(commit) => self.all(&format!("SELECT height FROM blocks WHERE commit_id = {}", self.uuid(commit))).await,
            None => Vec::new(),
        };
        let block = block.first().map(|row| format!("block {}", row.try_get::<i64>("", "height").expect("a height")));
        Some(Row { key: condition.join(" AND "), name: shown(table.name), member: shown(table.key[0]), commit, block })
    }

    /// The height of any block but the newest.
    pub(super) async fn height(&self, chance: &mut Chance) -> i64 {
        let head = self.all("SELECT height FROM chain_head").await[0].try_get::<i64>("", "height").expect("a height");
        chance.below(head as usize - 1) as i64 + 1
    }
}
