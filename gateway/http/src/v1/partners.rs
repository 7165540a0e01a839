//! `/v1/partners`: Merchants; the operator's.

mod create;
mod credentials;
mod get;
mod list;
mod resume;
mod subscriptions;
mod suspend;
mod update;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(config: &mut ServiceConfig) {
    config.service(create::create);
    config.service(list::list);
    config.service(get::get);
    config.service(update::update);
    config.service(suspend::suspend);
    config.service(resume::resume);
    config.service(subscriptions::put);
    credentials::configure(config);
}
