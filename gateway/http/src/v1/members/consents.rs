//! `/v1/members/{id}/consents`: what a member lets partners' rules see.

mod get;
mod put;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(config: &mut ServiceConfig) {
    config.service(get::get);
    config.service(put::put);
}
