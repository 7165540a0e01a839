//! `…/members`: who is in a household.

mod create;
mod delete;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(config: &mut ServiceConfig) {
    config.service(create::create);
    config.service(delete::delete);
}
