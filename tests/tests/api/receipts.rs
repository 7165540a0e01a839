//! The ordeals of the receipts, with counts that fit a test run; `soak` runs them all.

use coalition_tests::both_databases;
use coalition_tests::harness::actors::Coalition;
use coalition_tests::histories;
use coalition_tests::receipts::mixed::mixed;
use coalition_tests::receipts::post::Manner;
use coalition_tests::receipts::{Receipt, load, of_households, ordeals};

both_databases!(
    posted_singly_and_again_in_batches,
    posted_as_lines_and_again_singly,
    two_gateways_take_the_same_receipts,
    killed_while_posting,
    refunded_in_pieces_by_members_who_redeem,
);

fn receipts(households: usize) -> Vec<Receipt> {
    of_households(&load(None).unwrap(), households)
}

async fn posted_singly_and_again_in_batches(coalition: Coalition) {
    let receipts = load(None).unwrap();
    ordeals::posted_twice(&coalition, &receipts, Manner::Singly { tills: 32 }, Manner::Batches { size: 500 }).await;
}

async fn posted_as_lines_and_again_singly(coalition: Coalition) {
    ordeals::posted_twice(&coalition, &receipts(100), Manner::Lines { size: 200 }, Manner::Singly { tills: 16 }).await;
}

async fn two_gateways_take_the_same_receipts(coalition: Coalition) {
    ordeals::raced(&coalition, &receipts(60), 12).await;
}

async fn killed_while_posting(mut coalition: Coalition) {
    let acknowledged = ordeals::crashed(&mut coalition, &receipts(60), 3, 16).await;
    assert!(acknowledged.iter().all(|count| *count > 0), "each round acknowledged something: {acknowledged:?}");
}

async fn refunded_in_pieces_by_members_who_redeem(coalition: Coalition) {
    let done = mixed(&coalition, &receipts(60), histories::seed(), 8).await;
    assert!(done.refunds > 0 && done.redemptions > 0, "{done:?}");
}
