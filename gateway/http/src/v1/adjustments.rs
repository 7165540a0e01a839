//! `/v1/adjustments`: Points given or taken by hand; the operator's.

mod approve;
mod create;
mod get;
mod list;
mod reject;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(config: &mut ServiceConfig) {
    config.service(create::create);
    config.service(list::list);
    config.service(get::get);
    config.service(approve::approve);
    config.service(reject::reject);
}
