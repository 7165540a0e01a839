//! `/v1/vouchers`: Vouchers that rules issued, at the till.

mod use_up;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(config: &mut ServiceConfig) {
    config.service(use_up::use_up);
}
