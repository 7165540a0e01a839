//! What the reports of an action have in common, whether it has happened or never will.

use coalition_app::waiting::{NewWaiting, WaitingFor, WaitingStep};

use crate::body::Body;
use crate::call::Call;
use crate::reply::{Reply, answer};

pub(super) async fn settle(call: Call<Body<NewWaiting>>, step: WaitingStep) -> Reply {
    let id = call.id()?;
    let claim = call.claim(&call.input.0)?;
    let Call { caller, input: Body(input), shared, .. } = call;
    Ok(answer(shared.app.settle_waiting(&caller, WaitingFor::Transaction(id), step, input, claim).await?))
}
