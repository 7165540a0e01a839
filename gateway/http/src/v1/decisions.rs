//! `/v1/decisions`: What rules saw and said.

mod get;
mod replay;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(config: &mut ServiceConfig) {
    config.service(get::get);
    config.service(replay::replay);
}
