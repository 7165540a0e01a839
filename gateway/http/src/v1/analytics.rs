//! `/v1/analytics`: Figures by partner and period; the operator's.

mod breakage;
mod liability;

use coalition_app::analytics::Months;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn configure(config: &mut ServiceConfig) {
    config.service(breakage::breakage);
    config.service(liability::liability);
}

/// Which months.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct MonthsQuery {
    /// The first month; eleven before the last where it isn't given.
    #[param(pattern = "^[0-9]{4}-[0-9]{2}$", example = "2026-01")]
    from: Option<String>,
    /// The last month; the present one where it isn't given.
    #[param(pattern = "^[0-9]{4}-[0-9]{2}$", example = "2026-11")]
    to: Option<String>,
}

impl From<MonthsQuery> for Months {
    fn from(query: MonthsQuery) -> Self {
        Self { from: query.from, to: query.to }
    }
}
