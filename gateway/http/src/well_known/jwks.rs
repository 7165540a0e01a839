//! `GET /.well-known/jwks.json`: the public keys that tokens are signed with (RFC 7517).

use actix_web::get;
use coalition_app::keyring::Jwks;

use crate::call::OpenCall;
use crate::reply::{Reply, shown};

/// The keys in force, the next one among them before it is used.
#[utoipa::path(operation_id = "jwks", tag = "Credentials", security(()), responses((status = 200, description = "The keys.", body = Jwks)))]
#[get("/.well-known/jwks.json")]
pub async fn jwks(call: OpenCall) -> Reply {
    shown(call.shared.app.jwks().await)
}
