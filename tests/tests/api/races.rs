//! Races of real clients at two gateways, a few rounds of each; `soak` runs them at full length.

use coalition_tests::both_databases;
use coalition_tests::harness::actors::Coalition;
use coalition_tests::races;

both_databases!(
    many_redemptions_of_one_balance,
    many_reversals_of_one_capture,
    a_redemption_against_a_refund_of_its_award,
    a_refund_against_a_cancellation,
    a_redemption_against_the_clock,
    the_last_piece_at_two_gateways,
    one_refund_said_twenty_times,
    one_budget_at_two_gateways,
    transfers_in_all_directions,
    a_redemption_against_an_erasure,
    many_redemptions_of_one_household,
);

async fn many_redemptions_of_one_balance(coalition: Coalition) {
    races::one_balance(&coalition, 60).await;
}

async fn many_reversals_of_one_capture(coalition: Coalition) {
    races::reversals(&coalition, 1, 20).await;
}

async fn a_redemption_against_a_refund_of_its_award(coalition: Coalition) {
    races::against_refund(&coalition, 8).await;
}

async fn a_refund_against_a_cancellation(coalition: Coalition) {
    races::against_cancellation(&coalition, 2, 8).await;
}

async fn a_redemption_against_the_clock(coalition: Coalition) {
    races::against_expiry(&coalition, 3, 12).await;
}

async fn the_last_piece_at_two_gateways(coalition: Coalition) {
    races::last_piece(&coalition, 3, 10).await;
}

async fn one_refund_said_twenty_times(coalition: Coalition) {
    races::identical_refunds(&coalition, 2, 20).await;
}

async fn one_budget_at_two_gateways(coalition: Coalition) {
    races::one_budget(&coalition, 1, 16).await;
}

async fn transfers_in_all_directions(coalition: Coalition) {
    races::opposing_transfers(&coalition, 4, 120).await;
}

async fn a_redemption_against_an_erasure(coalition: Coalition) {
    races::against_erasure(&coalition, 3, 9).await;
}

async fn many_redemptions_of_one_household(coalition: Coalition) {
    races::one_household(&coalition, 4, 12).await;
}
