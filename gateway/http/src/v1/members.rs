//! `/v1/members`: People, their points and what they were given.

mod alias;
mod badges;
mod balance;
mod consents;
mod counters;
mod create;
mod delete;
mod entries;
mod get;
mod merge;
mod messages;
mod offers;
mod provenance;
mod relations;
mod sessions;
mod statement;
mod transfers;
mod update;
mod vouchers;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(config: &mut ServiceConfig) {
    config.service(create::create);
    config.service(get::get);
    config.service(update::update);
    config.service(delete::delete);
    config.service(balance::balance);
    config.service(entries::entries);
    config.service(statement::statement);
    config.service(badges::badges);
    config.service(vouchers::vouchers);
    config.service(counters::counters);
    config.service(messages::messages);
    config.service(offers::offers);
    config.service(provenance::provenance);
    config.service(sessions::create);
    config.service(transfers::create);
    config.service(merge::merge);
    alias::configure(config);
    consents::configure(config);
    config.service(relations::put);
}
