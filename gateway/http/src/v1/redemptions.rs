//! `/v1/redemptions`: Holding and spending points.

mod capture;
mod create;
mod get;
mod list;
mod provenance;
mod quote;
mod reverse;
mod void;

use actix_web::web;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::routes::unmatched;

pub(crate) fn configure(config: &mut ServiceConfig) {
    config.service(quote::quote);
    // Other methods at this path are 405, not `{id}` with a strange id.
    config.map(|config| config.service(web::resource("/v1/redemptions/quote").to(unmatched)));
    config.service(create::create);
    config.service(list::list);
    config.service(get::get);
    config.service(provenance::provenance);
    config.service(capture::capture);
    config.service(void::void);
    config.service(reverse::reverse);
}
