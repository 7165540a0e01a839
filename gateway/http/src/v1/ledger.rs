//! `/v1/ledger`: The books, and their check.

mod checkpoints;
mod proof;
mod statement;
mod trial_balance;
mod verify;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(config: &mut ServiceConfig) {
    config.service(trial_balance::trial_balance);
    config.service(verify::verify);
    config.service(checkpoints::list);
    config.service(proof::get);
    config.service(statement::get);
}
