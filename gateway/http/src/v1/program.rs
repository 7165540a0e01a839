//! `/v1/program`: The coalition as a whole.

mod get;
mod put;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(config: &mut ServiceConfig) {
    config.service(get::get);
    config.service(put::put);
}
