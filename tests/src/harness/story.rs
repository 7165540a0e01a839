//! Runs a story on a coalition of its own, once on SQLite and once on PostgreSQL, as tests of their own.

use std::io::Write as _;

use super::actors::Coalition;
use super::database::Kind;

/// Makes two tests of each story: `sqlite::NAME` and `postgres::NAME`. A story is an `async fn(Coalition)`.
#[macro_export]
macro_rules! both_databases {
    ($($story:ident),+ $(,)?) => {
        mod sqlite {
            $(#[test] fn $story() { $crate::harness::story::run($crate::harness::database::Kind::Sqlite, super::$story); })+
        }
        mod postgres {
            $(#[test] fn $story() { $crate::harness::story::run($crate::harness::database::Kind::Postgres, super::$story); })+
        }
    };
}

/// Runs a story; where the database is not installed it is skipped, and said so.
pub fn run<F: Future<Output = ()>>(kind: Kind, story: impl FnOnce(Coalition) -> F) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    runtime.block_on(async {
        match Coalition::start(kind).await {
            Ok(Some(coalition)) => story(coalition).await,
            Ok(None) => {
                let name = std::thread::current().name().unwrap_or("a story").to_owned();
                notice(&format!("skipped: {name}"));
            }
            Err(error) => panic!("the coalition did not start: {error:#}"),
        }
    });
}

/// Says something to whoever runs the tests, past the test runner's capture.
pub fn notice(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}
