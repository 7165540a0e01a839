//! Every program of `plugins/` in one gateway, on a slice of the receipts; `soak` plays all of them.

use coalition_tests::archetypes;
use coalition_tests::both_databases;
use coalition_tests::harness::actors::Coalition;
use coalition_tests::receipts::{load, of_households};

both_databases!(every_archetype_is_live_and_replays);

async fn every_archetype_is_live_and_replays(coalition: Coalition) {
    let done = archetypes::live(&coalition, &of_households(&load(None).unwrap(), 60), 17).await;
    assert!(done.refunds > 0 && done.replays > done.programs, "{done:?}");
}
