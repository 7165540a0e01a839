//! Random histories, played against the plain model of the ledger; `soak` plays many more.

use coalition_tests::both_databases;
use coalition_tests::harness::actors::Coalition;
use coalition_tests::histories;

both_databases!(gateway_and_model_tell_the_same_history);

async fn gateway_and_model_tell_the_same_history(coalition: Coalition) {
    histories::played(&coalition, histories::seed(), 4, 60).await;
}
