//! `/v1/campaigns`: Promotions that several partners fund; the operator's, and shown to whoever takes part.

mod create;
mod get;
mod list;
mod update;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(config: &mut ServiceConfig) {
    config.service(create::create);
    config.service(list::list);
    config.service(get::get);
    config.service(update::update);
}
