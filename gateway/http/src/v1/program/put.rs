//! `PUT /v1/program`: sets the program.

use actix_web::put;
use coalition_app::program::{NewProgram, ProgramView};

use crate::body::Body;
use crate::call::Call;
use crate::reply::{Reply, shown};

/// Sets the program as a whole.
#[utoipa::path(operation_id = "putProgram", tag = "Program", request_body = NewProgram,
    responses(
        (status = 200, description = "Set.", body = ProgramView),
        (status = 409, description = "`base-currency-fixed`: partners have prices in it."),
    ))]
#[put("/v1/program")]
pub async fn put(call: Call<Body<NewProgram>>) -> Reply {
    let Call { caller, input: Body(input), shared, .. } = call;
    shown(shared.app.put_program(&caller, input).await)
}
