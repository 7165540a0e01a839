//! The gateway is killed under mixed load, a few times; `soak` does it fifty times.

use coalition_tests::harness::actors::Coalition;
use coalition_tests::{both_databases, crashes, histories};

both_databases!(killed_while_tills_do_everything);

async fn killed_while_tills_do_everything(mut coalition: Coalition) {
    let acknowledged = crashes::killed(&mut coalition, 3, 8, histories::seed()).await;
    assert!(acknowledged.iter().all(|calls| *calls > 0), "each round acknowledged something: {acknowledged:?}");
}
