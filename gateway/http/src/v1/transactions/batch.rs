//! `POST /v1/transactions/batch`: up to 1 000 purchases in one call, each with its own answer.

use actix_web::post;
use coalition_app::purchase::NewTransaction;
use coalition_app::views::TransactionAnswer;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::body::batch::{Batch, results};
use crate::call::Call;
use crate::openapi::ProblemSchema;
use crate::reply::Reply;

/// Purchases to post.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewBatch)]
#[expect(dead_code, reason = "only described")]
struct NewBatchSchema {
    /// In the order in which they are answered.
    #[schema(min_items = 1, max_items = 1000)]
    items: Vec<NewTransaction>,
}

/// What became of each, in the order of the items.
#[derive(Serialize, ToSchema)]
#[schema(as = BatchView)]
struct BatchSchema {
    /// As many as there were items.
    results: Vec<BatchResultSchema>,
}

/// A transaction, or the problem that it met.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = BatchResult)]
#[expect(dead_code, reason = "only described")]
enum BatchResultSchema {
    /// It is posted, now or before.
    Transaction(Box<BatchTransactionSchema>),
    /// It is not.
    #[schema(value_type = ProblemSchema)]
    Problem(serde_json::Value),
}

/// A transaction's first answer.
#[derive(Serialize, ToSchema)]
#[schema(as = BatchTransaction)]
struct BatchTransactionSchema {
    #[serde(flatten)]
    transaction: TransactionAnswer,
    /// True where this answer was given before; absent where not.
    #[serde(skip_serializing_if = "Option::is_none")]
    replayed: Option<bool>,
}

/// Posts 1 to 1 000 purchases, as a list in JSON or one JSON object a line. Each commits on its own: a bad one never spoils the others.
#[utoipa::path(operation_id = "createTransactions", tag = "Transactions",
    request_body(description = "`{\"items\": […]}`, or one purchase a line.", content(
        (NewBatchSchema = "application/json"),
        (String = "application/x-ndjson"),
    )),
    responses((status = 200, description = "What became of each.", body = BatchSchema)))]
#[post("/v1/transactions/batch")]
pub async fn batch(call: Call<Batch<NewTransaction>>) -> Reply {
    let Call { caller, input: Batch(items), shared, .. } = call;
    Ok(results(shared.app.post_batch(&caller, items).await?))
}
