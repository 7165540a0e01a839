//! `/v1/test`: What only a test program has.

mod clock;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(config: &mut ServiceConfig) {
    config.service(clock::put);
}
