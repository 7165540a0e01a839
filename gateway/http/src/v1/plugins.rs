//! `/v1/plugins`: Partners' rules.

mod activate;
mod deactivate;
mod get;
mod list;
mod rollback;
mod upload;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(config: &mut ServiceConfig) {
    config.service(upload::upload);
    config.service(list::list);
    config.service(get::get);
    config.service(activate::activate);
    config.service(deactivate::deactivate);
    config.service(rollback::rollback);
}
