//! `…/alias`.

mod delete;
mod put;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(config: &mut ServiceConfig) {
    config.service(put::put);
    config.service(delete::delete);
}
