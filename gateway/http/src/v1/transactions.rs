//! `/v1/transactions`: Purchases.

mod activate;
mod batch;
mod cancel;
mod create;
mod get;
mod list;
mod refund;
mod waiting;

use actix_web::web;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::routes::unmatched;

pub(crate) fn configure(config: &mut ServiceConfig) {
    config.service(batch::batch);
    // Other methods at this path are 405, not `{id}` with a strange id.
    config.map(|config| config.service(web::resource("/v1/transactions/batch").to(unmatched)));
    config.service(create::create);
    config.service(list::list);
    config.service(get::get);
    config.service(refund::refund);
    config.service(activate::activate);
    config.service(cancel::cancel);
}
