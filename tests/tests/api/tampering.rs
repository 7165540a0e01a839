//! Whoever changes the books behind the gateway's back is found out, and what was changed is named.

use coalition_tests::both_databases;
use coalition_tests::harness::actors::Coalition;
use coalition_tests::tamper;

both_databases!(whatever_is_edited_is_found_and_named);

/// Edits in a story; `soak` makes more.
const EDITS: usize = 24;

async fn whatever_is_edited_is_found_and_named(coalition: Coalition) {
    tamper::edited(&coalition, tamper::seed(), EDITS).await;
}
