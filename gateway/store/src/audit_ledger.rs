//! The ledger checked against itself: what is stored must follow from the transfers.
//!
//! Sums are made by the database, which gives back only what does not fit. The chain is another matter: [`crate::sealed`].

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait as _, FromQueryResult, PaginatorTrait as _, Statement};
use uuid::Uuid;

use crate::StoreError;
use crate::entities::transfers;

/// Points in and out of an account of the program.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct AccountTotal {
    /// Its code.
    pub account: i64,
    /// Whose, where it is a partner's.
    pub partner_id: Option<Uuid>,
    /// Points that left it.
    pub debits: i64,
    /// Points that reached it.
    pub credits: i64,
}

/// Debits and credits of every account: members' summed over all members, partners' each.
///
/// # Errors
/// Any [`StoreError`]; so for all of this module.
pub async fn account_totals(conn: &impl ConnectionTrait) -> Result<Vec<AccountTotal>, StoreError> {
    let sql = "SELECT account, partner_id, CAST(SUM(debits) AS BIGINT) AS debits, CAST(SUM(credits) AS BIGINT) AS credits FROM (\
        SELECT from_account AS account, CASE WHEN from_account IN (5, 6, 7) THEN partner_id END AS partner_id, points AS debits, 0 AS credits FROM transfers \
        UNION ALL \
        SELECT to_account, CASE WHEN to_account IN (5, 6, 7) THEN partner_id END, 0, points FROM transfers) legs \
        GROUP BY account, partner_id ORDER BY account, partner_id";
    let statement = Statement::from_string(conn.get_database_backend(), sql);
    Ok(AccountTotal::find_by_statement(statement).all(conn).await?)
}

#[derive(FromQueryResult)]
struct Misfit {
    subject: Uuid,
}

/// What does not fit: each a name for what is wrong, and whom or what it concerns.
pub async fn misfits(conn: &DatabaseTransaction, limit: u64) -> Result<Vec<(&'static str, Uuid)>, StoreError> {
    // Signs: what reaches an account minus what leaves it. Arrears are stored as a positive debt.
    let sums = "SELECT member_id, \
        SUM(CASE WHEN to_account = 1 THEN points WHEN from_account = 1 THEN -points ELSE 0 END) AS pending, \
        SUM(CASE WHEN to_account = 2 THEN points WHEN from_account = 2 THEN -points ELSE 0 END) AS available, \
        SUM(CASE WHEN to_account = 3 THEN points WHEN from_account = 3 THEN -points ELSE 0 END) AS held, \
        SUM(CASE WHEN to_account = 4 THEN -points WHEN from_account = 4 THEN points ELSE 0 END) AS arrears \
        FROM transfers GROUP BY member_id";
    let checks: [(&'static str, String); 15] = [
        (
            "a member's balances are not what their transfers come to",
            format!("SELECT b.member_id AS subject FROM balances b LEFT JOIN ({sums}) t ON t.member_id = b.member_id \
                WHERE b.pending <> COALESCE(t.pending, 0) OR b.available <> COALESCE(t.available, 0) OR b.held <> COALESCE(t.held, 0) OR b.arrears <> COALESCE(t.arrears, 0)"),
        ),
        ("a member has transfers but no balance", "SELECT DISTINCT t.member_id AS subject FROM transfers t WHERE NOT EXISTS (SELECT 1 FROM balances b WHERE b.member_id = t.member_id)".to_owned()),
        (
            "a member's lots are not what the balances come to",
            "SELECT b.member_id AS subject FROM balances b LEFT JOIN (SELECT member_id, SUM(remaining + held) AS remaining FROM lots GROUP BY member_id) l ON l.member_id = b.member_id \
                WHERE b.available + b.pending + b.held <> COALESCE(l.remaining, 0)"
                .to_owned(),
        ),
        (
            "a member's lots wait, or do not, other than the balances say",
            "SELECT b.member_id AS subject FROM balances b LEFT JOIN (SELECT member_id, SUM(CASE WHEN pending THEN remaining ELSE 0 END) AS pending FROM lots GROUP BY member_id) l \
                ON l.member_id = b.member_id WHERE b.pending <> COALESCE(l.pending, 0)"
                .to_owned(),
        ),
        (
            "a lot's remaining is not what transfers have left of it",
            "SELECT l.id AS subject FROM lots l \
                LEFT JOIN (SELECT member_id, lot_id, SUM(points) AS gone FROM transfers WHERE kind IN (4, 5, 10, 11, 12, 15, 16, 18, 22) GROUP BY member_id, lot_id) s ON s.member_id = l.member_id AND s.lot_id = l.id \
                LEFT JOIN (SELECT a.member_id, a.lot_id, SUM(CASE t.kind WHEN 8 THEN a.points WHEN 9 THEN -a.points ELSE 0 END) AS spent, \
                    SUM(CASE t.kind WHEN 6 THEN a.points WHEN 7 THEN -a.points WHEN 8 THEN -a.points ELSE 0 END) AS held \
                    FROM allocations a JOIN transfers t ON t.member_id = a.member_id AND t.id = a.transfer_id GROUP BY a.member_id, a.lot_id) m ON m.member_id = l.member_id AND m.lot_id = l.id \
                WHERE l.held <> COALESCE(m.held, 0) OR l.remaining + l.held <> l.points - COALESCE(s.gone, 0) - COALESCE(m.spent, 0)"
                .to_owned(),
        ),
        (
            "a transfer's allocations do not add up to it",
            "SELECT t.id AS subject FROM transfers t LEFT JOIN (SELECT member_id, transfer_id, SUM(points) AS points FROM allocations GROUP BY member_id, transfer_id) a \
                ON a.member_id = t.member_id AND a.transfer_id = t.id WHERE t.kind IN (6, 7, 8, 9) AND COALESCE(a.points, 0) <> t.points"
                .to_owned(),
        ),
        (
            "a lot was not born by one award of as many points",
            "SELECT l.id AS subject FROM lots l LEFT JOIN (SELECT member_id, lot_id, SUM(points) AS points FROM transfers WHERE kind IN (1, 2, 14, 17, 19) GROUP BY member_id, lot_id) t \
                ON t.member_id = l.member_id AND t.lot_id = l.id WHERE COALESCE(t.points, 0) <> l.points"
                .to_owned(),
        ),
        (
            "a transaction and its external id do not belong together",
            "SELECT t.id AS subject FROM transactions t LEFT JOIN business_ids b ON b.partner_id = t.partner_id AND b.kind = 1 AND b.external_id = t.external_id \
                WHERE b.subject_id IS NULL OR b.subject_id <> t.id"
                .to_owned(),
        ),
        (
            // All who pay for it together: of a household's there may be several.
            "a redemption holds other than its status says",
            "SELECT r.id AS subject FROM redemptions r LEFT JOIN (SELECT a.redemption_id, \
                SUM(CASE t.kind WHEN 6 THEN a.points WHEN 7 THEN -a.points WHEN 8 THEN -a.points ELSE 0 END) AS held, \
                SUM(CASE t.kind WHEN 8 THEN a.points ELSE 0 END) AS captured, SUM(CASE t.kind WHEN 9 THEN a.points ELSE 0 END) AS reversed \
                FROM allocations a JOIN transfers t ON t.member_id = a.member_id AND t.id = a.transfer_id GROUP BY a.redemption_id) m \
                ON m.redemption_id = r.id \
                WHERE COALESCE(m.held, 0) <> CASE r.status WHEN 'held' THEN r.points ELSE 0 END \
                OR COALESCE(m.captured, 0) <> r.captured_points OR COALESCE(m.reversed, 0) <> r.reversed_points \
                OR (r.status IN ('captured', 'reversed')) <> (r.captured_points > 0)"
                .to_owned(),
        ),
        (
            "a member was last active at another time than was recorded",
            "SELECT b.member_id AS subject FROM balances b LEFT JOIN (SELECT member_id, MAX(at) AS at FROM (\
                SELECT member_id, occurred_at AS at FROM transactions UNION ALL SELECT member_id, effective_at FROM transfers WHERE kind IN (6, 8)) AS a \
                GROUP BY member_id) m ON m.member_id = b.member_id WHERE COALESCE(b.active_at, -1) <> COALESCE(m.at, -1)"
                .to_owned(),
        ),
        (
            // Redemptions of before captures had rows of their own have none.
            "a redemption was captured other than its capture says",
            "SELECT r.id AS subject FROM redemptions r JOIN captures c ON c.member_id = r.member_id AND c.redemption_id = r.id \
                WHERE c.points <> r.captured_points OR c.value <> r.captured_value"
                .to_owned(),
        ),
        (
            "what one member sent, another did not receive",
            "SELECT t.subject_id AS subject FROM transfers t WHERE t.kind IN (16, 17, 18, 19, 20, 21) GROUP BY t.subject_id \
                HAVING SUM(CASE WHEN t.to_account = 10 THEN t.points ELSE -t.points END) <> 0"
                .to_owned(),
        ),
        (
            "a gift is not what was sent for it",
            "SELECT g.id AS subject FROM gifts g LEFT JOIN (SELECT member_id, subject_id, SUM(points) AS points FROM transfers WHERE kind = 16 GROUP BY member_id, subject_id) t \
                ON t.member_id = g.member_id AND t.subject_id = g.id WHERE COALESCE(t.points, 0) <> g.points"
                .to_owned(),
        ),
        (
            "a lot is other than the one that it was cut from",
            "SELECT l.id AS subject FROM lots l LEFT JOIN lots p ON p.id = l.parent_id WHERE l.parent_id IS NOT NULL AND (p.id IS NULL \
                OR p.issuer_id <> l.issuer_id OR p.price <> l.price OR p.earned_at <> l.earned_at OR p.decision_id <> l.decision_id \
                OR COALESCE(p.sliding, '') <> COALESCE(l.sliding, '') OR (l.sliding IS NULL AND COALESCE(p.expires_at, -1) <> COALESCE(l.expires_at, -1)))"
                .to_owned(),
        ),
        (
            "somebody who is merged away, or closed, still has points",
            "SELECT b.member_id AS subject FROM balances b JOIN members m ON m.id = b.member_id WHERE m.status <> 'active' AND (b.available <> 0 OR b.pending <> 0 OR b.held <> 0 OR b.arrears <> 0)"
                .to_owned(),
        ),
    ];
    if conn.get_database_backend() == DbBackend::Postgres {
        // All of them join whole tables. Before anything is known of how many rows there are, PostgreSQL would look one row up after the other in
        // a list without an index, or merge by partner alone; by hashes, each table is read once whatever is known.
        conn.execute_unprepared("SET LOCAL enable_nestloop = off").await?;
        conn.execute_unprepared("SET LOCAL enable_mergejoin = off").await?;
    }
    let mut found = Vec::new();
    for (what, sql) in checks {
        let statement = Statement::from_string(conn.get_database_backend(), format!("{sql} LIMIT {limit}"));
        found.extend(Misfit::find_by_statement(statement).all(conn).await?.into_iter().map(|misfit| (what, misfit.subject)));
    }
    Ok(found)
}

/// Transfers there are.
pub async fn count_transfers(conn: &impl ConnectionTrait) -> Result<i64, StoreError> {
    let count = transfers::Entity::find().count(conn).await?;
    i64::try_from(count).map_err(|_| StoreError::Corrupt("more transfers than can be counted".to_owned()))
}
