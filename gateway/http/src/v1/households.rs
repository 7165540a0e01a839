//! `/v1/households`: Members who spend as one.

mod create;
mod get;
mod members;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(config: &mut ServiceConfig) {
    config.service(create::create);
    config.service(get::get);
    members::configure(config);
}
