//! Rows written and read in sets, by statements whose text does not depend on how many rows there are: the database parses each once a
//! connection. On PostgreSQL a set travels as one array a column; SQLite has no arrays, so there a set is cut into powers of two.
//!
//! Against one statement with a placeholder a value, whose text changes with every batch, this spares PostgreSQL the parsing
//! and this process the writing.

use std::fmt::Write as _;
use std::sync::LazyLock;

use sea_orm::sea_query::{ArrayType, Value};
use sea_orm::{
    ActiveModelTrait, ActiveValue, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, IdenStatic, IntoActiveModel,
    Iterable, QueryResult, Statement,
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
pub(crate) async fn insert<E>(txn: &DatabaseTransaction, rows: Vec<E::Model>) -> Result<(), StoreError>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
{
    for statement in statements::<E>(txn.get_database_backend(), rows, Conflict::Fail)? {
        txn.execute_raw(statement).await?;
    }
    Ok(())
}

/// Inserts rows, or updates `columns` of those that are there.
pub(crate) async fn put<E>(
    txn: &DatabaseTransaction,
    rows: Vec<E::Model>,
    key: &[E::Column],
    columns: &[E::Column],
) -> Result<(), StoreError>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
{
    for statement in statements::<E>(txn.get_database_backend(), rows, Conflict::Update(key, columns))? {
        txn.execute_raw(statement).await?;
    }
    Ok(())
}

/// Inserts those rows whose key is free, and gives back the key's columns of each that was written.
pub(crate) async fn take<E>(txn: &DatabaseTransaction, rows: Vec<E::Model>, key: &[E::Column]) -> Result<Vec<QueryResult>, StoreError>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
{
    let mut written = Vec::with_capacity(rows.len());
    for statement in statements::<E>(txn.get_database_backend(), rows, Conflict::Skip(key))? {
        written.extend(txn.query_all_raw(statement).await?);
    }
    Ok(written)
}

/// The rows whose columns `key` are among `keys`, each of which has as many values; `tail` is appended, such as an order.
pub(crate) async fn find<E>(
    conn: &impl ConnectionTrait,
    key: &[E::Column],
    keys: Vec<Vec<Value>>,
    tail: &str,
) -> Result<Vec<E::Model>, StoreError>
where
    E: EntityTrait,
{
    let backend = conn.get_database_backend();
    let mut found = Vec::new();
    for chunk in cut(backend, keys) {
        let statement = find_statement::<E>(backend, key, chunk, tail)?;
        found.extend(E::find().from_raw_sql(statement).all(conn).await?);
    }
    Ok(found)
}

fn find_statement<E: EntityTrait>(
    backend: DbBackend,
    key: &[E::Column],
    keys: Vec<Vec<Value>>,
    tail: &str,
) -> Result<Statement, StoreError> {
    let table = E::default();
    let names: Vec<&str> = key.iter().map(IdenStatic::as_str).collect();
    let list = names.join(", ");
    let on = names.iter().map(|name| format!("t.{name} = k.{name}")).collect::<Vec<_>>().join(" AND ");
    let (set, values) = if backend == DbBackend::Postgres {
        let mut values = Vec::with_capacity(names.len());
        let mut arrays = Vec::with_capacity(names.len());
        for (place, column) in turn(keys, names.len())?.into_iter().enumerate() {
            let (kind, array) = array(column, false)?;
            arrays.push(format!("${}::{kind}[]", place + 1));
            values.push(array);
        }
        (format!("unnest({})", arrays.join(", ")), values)
    } else {
        let row = format!("({})", vec!["?"; names.len()].join(", "));
        (format!("(VALUES {})", vec![row.as_str(); keys.len()].join(", ")), keys.into_iter().flatten().collect())
    };
    // CROSS JOIN keeps SQLite from walking the table and looking each row up in the list.
    let sql = if backend == DbBackend::Postgres {
        format!("SELECT t.* FROM {set} AS k({list}) JOIN {} t ON {on} {tail}", table.table_name())
    } else {
        format!("WITH k({list}) AS {set} SELECT t.* FROM k CROSS JOIN {} t ON {on} {tail}", table.table_name())
    };
    Ok(Statement::from_sql_and_values(backend, sql, values))
}

/// As many rows a statement as it may have.
fn cut<T>(backend: DbBackend, rows: Vec<T>) -> impl Iterator<Item = Vec<T>> {
    let mut left = rows.len();
    let mut rows = rows.into_iter();
    std::iter::from_fn(move || {
        let size = if backend == DbBackend::Postgres {
            left.min(ROWS_MAX)
        } else {
            // The largest power of two that is left.
            let power = left.checked_ilog2().and_then(|bits| 1_usize.checked_shl(bits)).unwrap_or(0);
            power.min(SQLITE_ROWS_MAX)
        };
        left = left.saturating_sub(size);
        let chunk: Vec<T> = rows.by_ref().take(size).collect();
        (!chunk.is_empty()).then_some(chunk)
    })
}

fn statements<E>(backend: DbBackend, rows: Vec<E::Model>, conflict: Conflict<'_, E::Column>) -> Result<Vec<Statement>, StoreError>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
{
    cut(backend, rows).map(|rows| statement::<E>(backend, rows, conflict)).collect()
}

fn statement<E>(backend: DbBackend, rows: Vec<E::Model>, conflict: Conflict<'_, E::Column>) -> Result<Statement, StoreError>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
{
    let columns: Vec<E::Column> = E::Column::iter().collect();
    let names: Vec<&str> = columns.iter().map(IdenStatic::as_str).collect();
    let mut sql = format!("INSERT INTO {} ({}) ", E::default().table_name(), names.join(", "));
    let count = rows.len();
    let mut cells = Vec::with_capacity(count);
    for row in rows {
        let mut row = row.into_active_model();
        let values = columns.iter().map(|column| match row.take(*column) {
            ActiveValue::Set(value) | ActiveValue::Unchanged(value) => Ok(value),
            ActiveValue::NotSet => Err(StoreError::Other(format!("{} has no value", column.as_str()))),
        });
        cells.push(values.collect::<Result<Vec<Value>, StoreError>>()?);
    }
    let values = if backend == DbBackend::Postgres {
        select::<E>(&mut sql, &columns, turn(cells, columns.len())?)?
    } else {
        let row = format!("({})", vec!["?"; names.len()].join(", "));
        let _ = write!(sql, "VALUES {}", vec![row.as_str(); count].join(", "));
        cells.into_iter().flatten().collect()
    };
    let list = |columns: &[E::Column]| columns.iter().map(IdenStatic::as_str).collect::<Vec<_>>().join(", ");
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

/// `SELECT … FROM unnest(…)`, with what stands for nothing turned into NULL.
fn select<E: EntityTrait>(sql: &mut String, columns: &[E::Column], cells: Vec<Vec<Value>>) -> Result<Vec<Value>, StoreError> {
    let mut values = Vec::with_capacity(columns.len() + 2);
    let (mut shown, mut arrays) = (Vec::with_capacity(columns.len()), Vec::with_capacity(columns.len()));
    let mut nothings: Vec<(&'static str, usize)> = Vec::new();
    for (column, cells) in columns.iter().zip(cells) {
        let is_nullable = column.def().is_null();
        let (kind, array) = array(cells, is_nullable)?;
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
    let _ = write!(sql, "SELECT {} FROM unnest({}) AS u({names})", shown.join(", "), arrays.join(", "));
    Ok(values)
}

/// Rows of cells into columns of cells.
fn turn(rows: Vec<Vec<Value>>, width: usize) -> Result<Vec<Vec<Value>>, StoreError> {
    let mut columns: Vec<Vec<Value>> = (0..width).map(|_| Vec::with_capacity(rows.len())).collect();
    for row in rows {
        if row.len() != width {
            return Err(StoreError::Other("a row of another width".to_owned()));
        }
        for (column, value) in columns.iter_mut().zip(row) {
            column.push(value);
        }
    }
    Ok(columns)
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
            let rows = (1..=count).map(transfer).collect();
            let statements = statements::<transfers::Entity>(DbBackend::Postgres, rows, Conflict::Fail).unwrap();
            assert_eq!(statements.len(), 1);
            statements[0].sql.clone()
        };
        assert_eq!(text(1), text(100));
        assert!(text(1).contains("NULLIF(u.lot_id, $"), "{}", text(1));
        assert!(text(1).contains("u.points"), "{}", text(1));
    }

    #[test]
    fn sets_are_cut_into_powers_of_two_where_there_are_no_arrays() {
        let sizes = |count: usize| cut(DbBackend::Sqlite, vec![0; count]).map(|chunk| chunk.len()).collect::<Vec<_>>();
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
