//! Whether the process lives, whether it can work, and what it counts.

use std::time::Duration;

use actix_web::{HttpResponse, get};
use coalition_app::Error;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::call::OpenCall;
use crate::problem::Problem;
use crate::reply::{Reply, view};

/// How long the database may take to say that it is there.
const READY_TIMEOUT: Duration = Duration::from_secs(2);

pub(crate) fn configure(config: &mut ServiceConfig) {
    config.service(healthz).service(readyz).service(metrics);
}

/// How the gateway is.
#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    /// `ok`.
    #[schema(example = "ok")]
    status: &'static str,
    /// The gateway's version.
    #[schema(example = "0.1.0")]
    version: &'static str,
}

const OK: Health = Health { status: "ok", version: env!("CARGO_PKG_VERSION") };

/// The process answers.
#[utoipa::path(operation_id = "health", tag = "Health", security(()), responses((status = 200, description = "It does.", body = Health)))]
#[get("/healthz")]
async fn healthz(_call: OpenCall) -> Reply {
    view(&OK)
}

/// The gateway can work: database and rules answer, and it isn't about to stop.
#[utoipa::path(operation_id = "ready", tag = "Health", security(()), responses((status = 200, description = "It can.", body = Health)))]
#[get("/readyz")]
async fn readyz(call: OpenCall) -> Reply {
    if call.shared.is_draining() {
        return Err(Problem::overloaded());
    }
    // A probe wants an answer soon; a database that takes longer is not one to work with.
    match tokio::time::timeout(READY_TIMEOUT, call.shared.app.ready()).await {
        Ok(ready) => ready?,
        Err(_) => return Err(Error::unavailable().into()),
    }
    view(&OK)
}

/// Counters in Prometheus' text format.
#[utoipa::path(operation_id = "metrics", tag = "Health", security(()),
    responses((status = 200, description = "The counters.", body = String, content_type = "text/plain; version=0.0.4")))]
#[get("/metrics")]
async fn metrics(call: OpenCall) -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(call.shared.metrics())
}
