//! Rows written and read in sets, by statements whose text does not depend on how many rows there are: the database parses each once a
//! connection. On PostgreSQL a set travels as one array a column; SQLite has no arrays, so there a set is cut into powers of two.
//!
//! Against one statement with a placeholder a value, whose text changes with every batch, this spares PostgreSQL the parsing
//! and this process the writing.

use std::fmt::Write as _;
use std::sync::LazyLock;

use sea_orm::sea_query::{ArrayType, Value};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, IdenStatic, Iterable, ModelTrait as _, QueryResult,
    Statement,
};
use uuid::Uuid;

use crate::StoreError;

/// Rows of one statement on PostgreSQL: bounds what one message holds.
const ROWS_MAX: usize = 4_096;
/// Rows of one statement on SQLite; with fewer, by halves, so that there are few different texts.
const SQLITE_ROWS_MAX: usize = 64;

/// Nothing, where an array holds no NULL: sea-query can't bind one. Made anew in each process, so that no value of a row can be meant.
static NOTHING: LazyLock<(Uuid, String)> = LazyLock::new(|| {
    let id = Uuid::now_v7();
    (id, format!("nothing {id}"))
});
/// The same for numbers: no time, price or count of ours comes near it.
const NOTHING_INT: i64 = i64::MIN;

/// What to do with rows that are there already.
#[derive(Clone, Copy)]
enum Conflict<'a, C> {
    Fail,
    /// Leave them as they are, and give back the keys of those that were written.
    Skip(&'a [C]),
    /// Update these columns: key, columns.
    Update(&'a [C], &'a [C]),
}

/// Inserts rows.
///
/// # Errors
/// Any [`StoreError`]; so for all of this module.
pub(crate) async fn insert<E: EntityTrait>(txn: &DatabaseTransaction, rows: &[&E::Model]) -> Result<(), StoreError> {
    for statement in statements::<E>(txn.get_database_backend(), rows, Conflict::Fail)? {
        txn.execute_raw(statement).await?;
    }
    Ok(())
}

/// Inserts rows, or updates `columns` of those that are there.
pub(crate) async fn put<E: EntityTrait>(
    txn: &DatabaseTransaction,
    rows: &[&E::Model],
    key: &[E::Column],
    columns: &[E::Column],
) -> Result<(), StoreError> {
    for statement in statements::<E>(txn.get_database_backend(), rows, Conflict::Update(key, columns))? {
        txn.execute_raw(statement).await?;
    }
    Ok(())
}

/// Updates `columns` of rows that are there; one that is not is left out on PostgreSQL.
pub(crate) async fn update<E: EntityTrait>(
    txn: &DatabaseTransaction,
    rows: &[&E::Model],
    key: &[E::Column],
    columns: &[E::Column],
) -> Result<(), StoreError> {
    let backend = txn.get_database_backend();
    if backend != DbBackend::Postgres {
        // There, to insert in vain costs nothing: the row is looked up once in either case.
        return put::<E>(txn, rows, key, columns).await;
    }
    for rows in cut(backend, rows) {
        txn.execute_raw(update_statement::<E>(rows, key, columns)?).await?;
    }
    Ok(())
}

/// Inserts those rows whose key is free, and gives back the key's columns of each that was written.
pub(crate) async fn take<E: EntityTrait>(
    txn: &DatabaseTransaction,
    rows: &[&E::Model],
    key: &[E::Column],
) -> Result<Vec<QueryResult>, StoreError> {
    let mut written = Vec::with_capacity(rows.len());
    for statement in statements::<E>(txn.get_database_backend(), rows, Conflict::Skip(key))? {
        written.extend(txn.query_all_raw(statement).await?);
    }
    Ok(written)
}

/// The rows whose columns `key` are among `keys`, each of which has as many values; `tail` is appended, such as an order.
pub(crate) async fn find<E: EntityTrait>(
    conn: &impl ConnectionTrait,
    key: &[E::Column],
    keys: Vec<Vec<Value>>,
    tail: &str,
) -> Result<Vec<E::Model>, StoreError> {
    let backend = conn.get_database_backend();
    let mut found = Vec::new();
    for keys in cut(backend, &keys) {
        let statement = find_statement::<E>(backend, key, keys, tail)?;
        found.extend(E::find().from_raw_sql(statement).all(conn).await?);
    }
    Ok(found)
}

fn find_statement<E: EntityTrait>(backend: DbBackend, key: &[E::Column], keys: &[Vec<Value>], tail: &str) -> Result<Statement, StoreError> {
    let table = E::default();
    let names: Vec<&str> = key.iter().map(IdenStatic::as_str).collect();
    let list = names.join(", ");
    let on = names.iter().map(|name| format!("t.{name} = k.{name}")).collect::<Vec<_>>().join(" AND ");
    // CROSS JOIN keeps SQLite from walking the table and looking each row up in the list.
    let (sql, values) = if backend == DbBackend::Postgres {
        let mut values = Vec::with_capacity(names.len());
        let mut arrays = Vec::with_capacity(names.len());
        for place in 0..names.len() {
            let (kind, array) = array(keys.iter().filter_map(|key| key.get(place).cloned()).collect(), false)?;
            values.push(array);
            arrays.push(format!("${}::{kind}[]", values.len()));
        }
        let set = arrays.join(", ");
        (format!("SELECT t.* FROM unnest({set}) AS k({list}) JOIN {} t ON {on} {tail}", table.table_name()), values)
    } else {
        let set = placeholders(names.len(), keys.len());
        let sql = format!("WITH k({list}) AS (VALUES {set}) SELECT t.* FROM k CROSS JOIN {} t ON {on} {tail}", table.table_name());
        (sql, keys.iter().flatten().cloned().collect())
    };
    Ok(Statement::from_sql_and_values(backend, sql, values))
}

/// As many rows a statement as it may have.
fn cut<T>(backend: DbBackend, rows: &[T]) -> impl Iterator<Item = &[T]> {
    let mut left = rows;
    std::iter::from_fn(move || {
        let size = if backend == DbBackend::Postgres {
            left.len().min(ROWS_MAX)
        } else {
            // The largest power of two that is left.
            let power = left.len().checked_ilog2().and_then(|bits| 1_usize.checked_shl(bits)).unwrap_or(0);
            power.min(SQLITE_ROWS_MAX)
        };
        let (chunk, rest) = left.split_at_checked(size)?;
        left = rest;
        (!chunk.is_empty()).then_some(chunk)
    })
}

fn statements<E: EntityTrait>(
    backend: DbBackend,
    rows: &[&E::Model],
    conflict: Conflict<'_, E::Column>,
) -> Result<Vec<Statement>, StoreError> {
    cut(backend, rows).map(|rows| statement::<E>(backend, rows, conflict)).collect()
}

fn statement<E: EntityTrait>(backend: DbBackend, rows: &[&E::Model], conflict: Conflict<'_, E::Column>) -> Result<Statement, StoreError> {
    let columns: Vec<E::Column> = E::Column::iter().collect();
    let list = |columns: &[E::Column]| columns.iter().map(IdenStatic::as_str).collect::<Vec<_>>().join(", ");
    let mut sql = format!("INSERT INTO {} ({}) ", E::default().table_name(), list(&columns));
    let values = if backend == DbBackend::Postgres {
        let (shown, set, values) = unnest::<E>(rows, &columns)?;
        let _ = write!(sql, "SELECT {} FROM {set}", shown.join(", "));
        values
    } else {
        let _ = write!(sql, "VALUES {}", placeholders(columns.len(), rows.len()));
        rows.iter().flat_map(|row| columns.iter().map(|column| row.get(*column))).collect()
    };
    match conflict {
        Conflict::Fail => {}
        Conflict::Skip(key) => {
            let _ = write!(sql, " ON CONFLICT ({0}) DO NOTHING RETURNING {0}", list(key));
        }
        Conflict::Update(key, columns) => {
            let set = columns.iter().map(|column| format!("{0} = excluded.{0}", column.as_str())).collect::<Vec<_>>().join(", ");
            let _ = write!(sql, " ON CONFLICT ({}) DO UPDATE SET {set}", list(key));
        }
    }
    Ok(Statement::from_sql_and_values(backend, sql, values))
}

fn update_statement<E: EntityTrait>(rows: &[&E::Model], key: &[E::Column], columns: &[E::Column]) -> Result<Statement, StoreError> {
    let (shown, set, values) = unnest::<E>(rows, &[key, columns].concat())?;
    let (_, shown) = shown.split_at_checked(key.len()).unwrap_or_default();
    let changed = columns.iter().zip(shown).map(|(column, value)| format!("{} = {value}", column.as_str())).collect::<Vec<_>>().join(", ");
    let on = key.iter().map(|column| format!("t.{0} = u.{0}", column.as_str())).collect::<Vec<_>>().join(" AND ");
    let sql = format!("UPDATE {} t SET {changed} FROM {set} WHERE {on}", E::default().table_name());
    Ok(Statement::from_sql_and_values(DbBackend::Postgres, sql, values))
}

/// `(?, ?), (?, ?)`
fn placeholders(width: usize, rows: usize) -> String {
    let row = format!("({})", vec!["?"; width].join(", "));
    vec![row.as_str(); rows].join(", ")
}

/// `unnest(…) AS u(…)`, with an array a column, and how each column is read from it: what stands for nothing is turned into NULL.
fn unnest<E: EntityTrait>(rows: &[&E::Model], columns: &[E::Column]) -> Result<(Vec<String>, String, Vec<Value>), StoreError> {
    let mut values = Vec::with_capacity(columns.len() + 2);
    let (mut shown, mut arrays) = (Vec::with_capacity(columns.len()), Vec::with_capacity(columns.len()));
    let mut nothings: Vec<(&'static str, usize)> = Vec::new();
    for column in columns {
        let is_nullable = column.def().is_null();
        let (kind, array) = array(rows.iter().map(|row| row.get(*column)).collect(), is_nullable)?;
        values.push(array);
        arrays.push(format!("${}::{kind}[]", values.len()));
        if is_nullable {
            let known = nothings.iter().find(|(known, _)| *known == kind).map(|(_, place)| *place);
            let place = match known {
                Some(place) => place,
                None => {
                    values.push(nothing(kind)?);
                    nothings.push((kind, values.len()));
                    values.len()
                }
            };
            shown.push(format!("NULLIF(u.{}, ${place})", column.as_str()));
        } else {
            shown.push(format!("u.{}", column.as_str()));
        }
    }
    let names = columns.iter().map(IdenStatic::as_str).collect::<Vec<_>>().join(", ");
    Ok((shown, format!("unnest({}) AS u({names})", arrays.join(", ")), values))
}

/// One column as an array, with PostgreSQL's name for the type of its elements.
fn array(cells: Vec<Value>, is_nullable: bool) -> Result<(&'static str, Value), StoreError> {
    let (kind, element) = match cells.first() {
        Some(Value::Uuid(_)) => ("uuid", ArrayType::Uuid),
        Some(Value::BigInt(_)) => ("bigint", ArrayType::BigInt),
        Some(Value::String(_)) => ("text", ArrayType::String),
        Some(Value::Bytes(_)) => ("bytea", ArrayType::Bytes),
        Some(Value::Bool(_)) => ("boolean", ArrayType::Bool),
        other => return Err(StoreError::Other(format!("no column of ours holds {other:?}"))),
    };
    let cells = if is_nullable {
        let nothing = nothing(kind)?;
        cells.into_iter().map(|cell| if cell == cell.as_null() { nothing.clone() } else { cell }).collect()
    } else {
        cells
    };
    Ok((kind, Value::Array(element, Some(Box::new(cells)))))
}

fn nothing(kind: &str) -> Result<Value, StoreError> {
    match kind {
        "uuid" => Ok(Value::from(NOTHING.0)),
        "bigint" => Ok(Value::from(NOTHING_INT)),
        "text" => Ok(Value::from(NOTHING.1.as_str())),
        "bytea" => Ok(Value::from(NOTHING.1.as_bytes().to_vec())),
        other => Err(StoreError::Other(format!("no column of ours is of type {other} and may be empty"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entities::transfers;

    fn transfer(points: i64) -> transfers::Model {
        transfers::Model {
            member_id: Uuid::nil(),
            id: Uuid::from_u128(7),
            kind: 1,
            from_account: 5,
            to_account: 2,
            partner_id: Some(Uuid::from_u128(8)),
            points,
            lot_id: None,
            subject_id: None,
            decision_id: None,
            reason: None,
            effective_at: 0,
            recorded_at: 0,
            commit_id: Uuid::nil(),
        }
    }

    #[test]
    fn the_text_is_the_same_for_any_number_of_rows() {
        let text = |count| {
            let rows: Vec<_> = (1..=count).map(transfer).collect();
            let statements =
                statements::<transfers::Entity>(DbBackend::Postgres, &rows.iter().collect::<Vec<_>>(), Conflict::Fail).unwrap();
            assert_eq!(statements.len(), 1);
            statements[0].sql.clone()
        };
        assert_eq!(text(1), text(100));
        assert!(text(1).contains("NULLIF(u.lot_id, $"), "{}", text(1));
        assert!(text(1).contains("u.points"), "{}", text(1));
    }

    #[test]
    fn sets_are_cut_into_powers_of_two_where_there_are_no_arrays() {
        let sizes = |count: usize| cut(DbBackend::Sqlite, &vec![0; count]).map(<[i32]>::len).collect::<Vec<_>>();
        assert_eq!(sizes(0), Vec::<usize>::new());
        assert_eq!(sizes(1), [1]);
        assert_eq!(sizes(100), [64, 32, 4]);
        assert_eq!(sizes(200), [64, 64, 64, 8]);
    }

    #[test]
    fn an_empty_cell_is_told_apart_from_any_value() {
        let cells = vec![Value::from("x"), Value::String(None)];
        let (kind, Value::Array(_, Some(cells))) = array(cells, true).unwrap() else { panic!("an array") };
        assert_eq!((kind, cells.len()), ("text", 2));
        assert_eq!(cells[1], nothing("text").unwrap());
        assert!(array(vec![Value::Int(Some(1))], false).is_err());
    }
}
