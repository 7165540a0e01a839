//! `/v1/rewards`: Rewards that count pieces.

mod stock;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(config: &mut ServiceConfig) {
    config.service(stock::put);
}
