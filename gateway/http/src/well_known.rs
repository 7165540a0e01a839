//! `/.well-known`.

mod jwks;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(config: &mut ServiceConfig) {
    config.service(jwks::jwks);
}
