//! `/v1`: the contract's first version, an endpoint a file at the path of its URL.

mod activities;
mod adjustments;
mod analytics;
mod campaigns;
mod decisions;
mod households;
mod ledger;
mod me;
mod members;
mod offers;
mod partners;
mod paths;
mod plugins;
mod program;
mod redemptions;
mod rewards;
pub(crate) mod test;
mod transactions;
mod vouchers;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(config: &mut ServiceConfig) {
    transactions::configure(config);
    partners::configure(config);
    program::configure(config);
    members::configure(config);
    me::configure(config);
    households::configure(config);
    redemptions::configure(config);
    offers::configure(config);
    rewards::configure(config);
    plugins::configure(config);
    decisions::configure(config);
    ledger::configure(config);
    adjustments::configure(config);
    campaigns::configure(config);
    analytics::configure(config);
    activities::configure(config);
    vouchers::configure(config);
}
