//! `coalition call METHOD PATH`: any call of the gateway's contract, with the profile's token: what has no command of its own can be asked as well.

use std::io::Read;
use std::path::Path;

use clap::ValueEnum;
use serde_json::Value;

use crate::client::{self, Request};
use crate::error::{CliError, Exit, Result};
use crate::{output, paths};

/// The longest body that is read from stdin.
const BODY_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// Make any call of the gateway's contract, and print its answer as JSON.
///
/// Exit code 3 when the gateway refuses it. The contract is at /docs of every gateway.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  coalition call GET '/v1/transactions?limit=5'\n  coalition call POST /v1/members '{\"card\": \"ADA-1\"}'\n  coalition call POST /v1/transactions @purchase.json"
)]
pub struct Arguments {
    /// GET, POST, PUT, PATCH or DELETE.
    #[arg(value_enum, ignore_case = true)]
    method: Method,
    /// The path, such as /v1/partners.
    path: String,
    /// The body in JSON; @FILE reads it from a file, `-` from stdin.
    body: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Method {
    /// Reads.
    #[value(name = "GET")]
    Get,
    /// Makes, or does.
    #[value(name = "POST")]
    Post,
    /// Puts in place.
    #[value(name = "PUT")]
    Put,
    /// Changes.
    #[value(name = "PATCH")]
    Patch,
    /// Removes.
    #[value(name = "DELETE")]
    Delete,
}

/// Makes the call.
///
/// # Errors
/// When the path is none, the body no JSON, the gateway is gone or refuses.
pub fn run(arguments: &Arguments, profile: Option<&str>) -> Result {
    if !arguments.path.starts_with('/') || arguments.path.contains(char::is_whitespace) {
        return Err(CliError::usage(format!("{:?} is no path", arguments.path)).fix("begin it with a slash: /v1/plugins"));
    }
    let method = match arguments.method {
        Method::Get => reqwest::Method::GET,
        Method::Post => reqwest::Method::POST,
        Method::Put => reqwest::Method::PUT,
        Method::Patch => reqwest::Method::PATCH,
        Method::Delete => reqwest::Method::DELETE,
    };
    let request = Request::new(method, arguments.path.clone());
    let request = match arguments.body.as_deref() {
        Some(body) => request.json(&json(body)?),
        None => request,
    };
    let gateway = super::gateway(profile)?;
    let body = client::runtime()?.block_on(gateway.call(&request))?;
    if !body.is_null() {
        output::json(&body);
    }
    Ok(Exit::Done)
}

fn json(body: &str) -> Result<Value> {
    let (what, bytes) = match body.strip_prefix('@') {
        Some(file) => (file.to_owned(), paths::read(Path::new(file))?),
        None if body == "-" => {
            let mut bytes = Vec::new();
            let read = std::io::stdin().lock().take(BODY_BYTES_MAX).read_to_end(&mut bytes);
            read.map_err(|error| CliError::usage(format!("can't read stdin: {error}")))?;
            ("stdin".to_owned(), bytes)
        }
        None => ("the body".to_owned(), body.as_bytes().to_vec()),
    };
    serde_json::from_slice(&bytes).map_err(|error| CliError::usage(format!("{what} is not JSON: {error}")))
}
