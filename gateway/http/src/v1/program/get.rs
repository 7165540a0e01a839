//! `GET /v1/program`: the program.

use actix_web::get;
use coalition_app::program::ProgramView;

use crate::call::Call;
use crate::reply::{Reply, shown};

/// The program and its settings.
#[utoipa::path(operation_id = "getProgram", tag = "Program",
    responses(
        (status = 200, description = "As it stands.", body = ProgramView),
    ))]
#[get("/v1/program")]
pub async fn get(call: Call) -> Reply {
    shown(call.app().program(&call.caller).await)
}
