//! `/v1/me`: What a member's own token sees and does.

mod badges;
mod balance;
mod codes;
mod consents;
mod counters;
mod entries;
mod get;
mod messages;
mod offers;
mod statement;
mod transfers;
mod vouchers;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(config: &mut ServiceConfig) {
    config.service(get::get);
    config.service(balance::balance);
    config.service(entries::entries);
    config.service(statement::statement);
    config.service(badges::badges);
    config.service(vouchers::vouchers);
    config.service(counters::counters);
    config.service(messages::messages);
    config.service(offers::offers);
    config.service(codes::create);
    config.service(transfers::create);
    consents::configure(config);
}
