//! `/v1/activities`: what members do other than buying.

mod activate;
mod cancel;
mod create;
mod get;
mod list;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(config: &mut ServiceConfig) {
    config.service(create::create);
    config.service(list::list);
    config.service(get::get);
    config.service(activate::activate);
    config.service(cancel::cancel);
}
