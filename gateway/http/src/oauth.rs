//! `/oauth`: OAuth 2 client credentials (RFC 6749).

mod token;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(config: &mut ServiceConfig) {
    config.service(token::issue);
}
