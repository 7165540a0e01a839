//! `/v1/offers`: What can be had.

mod list;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(config: &mut ServiceConfig) {
    config.service(list::list);
}
