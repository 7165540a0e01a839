//! `coalition login`: proves an address and credentials by fetching a token, then stores them as a profile.

use std::io::{IsTerminal, Read};

use crate::client::{self, Gateway};
use crate::error::{CliError, Exit, Result};
use crate::output::{self, DIM, GOOD, HEAD, paint};
use crate::profile::{self, DEFAULT_NAME, Profile, Profiles};

/// The longest secret that is read from stdin.
const SECRET_BYTES_MAX: u64 = 4096;

/// Store a gateway's address and a client's credentials as a profile.
///
/// The secret is asked for on a terminal, read from stdin in a script, or taken from COALITION_CLIENT_SECRET; given as an
/// argument it can be seen by whoever lists this machine's processes. Nothing is stored before the gateway has accepted it.
#[derive(clap::Args)]
pub struct Arguments {
    /// The gateway's address, such as https://gateway.example.
    #[arg(long, env = "COALITION_URL", value_name = "URL")]
    url: String,
    /// The client id that the operator gave you.
    #[arg(long, env = "COALITION_CLIENT_ID", value_name = "ID")]
    client_id: String,
    /// The client secret; `-` or nothing reads it from the terminal or stdin.
    #[arg(long, env = "COALITION_CLIENT_SECRET", hide_env_values = true, value_name = "SECRET")]
    client_secret: Option<String>,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

impl std::fmt::Debug for Arguments {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Arguments").field("url", &self.url).field("client_id", &self.client_id).finish_non_exhaustive()
    }
}

/// Signs in and stores the profile under `name`, or as `default`.
///
/// # Errors
/// When the gateway can't be reached or refuses, or the file can't be written.
pub fn run(arguments: Arguments, name: Option<&str>) -> Result {
    let name = name.unwrap_or(DEFAULT_NAME);
    if name.is_empty() || !name.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.')) {
        return Err(CliError::usage(format!("{name:?} is no profile name")).fix("use letters, digits, `-`, `_` and `.`"));
    }
    let url = profile::address(&arguments.url)?;
    if profile::readable_on_the_way(&url) {
        output::warn(format!(
            "{url} is plain HTTP: the secret and the receipts can be read on the way. Use https:// outside this machine."
        ));
    }
    let client_secret = secret(arguments.client_secret)?;
    let profile = Profile { url, client_id: arguments.client_id, client_secret };

    let gateway = Gateway::new(profile.clone())?;
    let scope = client::runtime()?.block_on(gateway.sign_in())?;

    let mut profiles = Profiles::load()?;
    let shown = (profile.url.clone(), profile.client_id.clone());
    profiles.profiles.insert(name.to_owned(), profile);
    profiles.current = Some(name.to_owned());
    profiles.save()?;

    if arguments.json {
        output::json(&serde_json::json!({"profile": name, "url": shown.0, "client_id": shown.1, "scope": scope}));
    } else {
        output::line(format!("{} at {} as {}", paint(GOOD, "Signed in"), shown.0, shown.1));
        if !scope.is_empty() {
            output::line(format!("Scope    {scope}"));
        }
        output::line(format!(
            "Profile  {}, now the current one {}",
            paint(HEAD, name),
            paint(DIM, format!("({})", profile::file()?.display()))
        ));
    }
    Ok(Exit::Done)
}

fn secret(given: Option<String>) -> Result<String> {
    let secret = match given.filter(|secret| secret != "-") {
        Some(secret) => secret,
        None if std::io::stdin().is_terminal() => rpassword::prompt_password("Client secret: ")
            .map_err(|error| CliError::usage(format!("the secret can't be read from the terminal: {error}")))?,
        None => {
            let mut text = String::new();
            std::io::stdin()
                .take(SECRET_BYTES_MAX)
                .read_to_string(&mut text)
                .map_err(|error| CliError::usage(format!("the secret can't be read from stdin: {error}")))?;
            text
        }
    };
    let secret = secret.trim().to_owned();
    if secret.is_empty() {
        return Err(
            CliError::usage("the client secret is empty").fix("give it on stdin, in COALITION_CLIENT_SECRET, or with --client-secret")
        );
    }
    Ok(secret)
}
