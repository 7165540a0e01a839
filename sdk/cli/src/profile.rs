//! Profiles: which gateway, as which client. Kept in one file that only its owner may read.
//!
//! A secret is only ever sent to the address it was stored for: the environment replaces a profile whole, never in part.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::error::{CliError, Result};
use crate::paths;

/// The profile that `login` writes when none is named.
pub const DEFAULT_NAME: &str = "default";

/// The environment variables that replace the stored profile, all three together.
pub const ENVIRONMENT: [&str; 3] = ["COALITION_URL", "COALITION_CLIENT_ID", "COALITION_CLIENT_SECRET"];

/// A gateway and the client we are there. Its debug form hides the secret.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// The gateway's address, without a slash at its end.
    pub url: String,
    /// OAuth client id.
    pub client_id: String,
    /// OAuth client secret.
    pub client_secret: String,
}

impl std::fmt::Debug for Profile {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Profile").field("url", &self.url).field("client_id", &self.client_id).finish_non_exhaustive()
    }
}

/// The file: every profile, and which one is used when none is named.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profiles {
    /// Used when no `--profile` is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current: Option<String>,
    /// By name.
    #[serde(default)]
    pub profiles: BTreeMap<String, Profile>,
}

/// Where the profiles are kept.
///
/// # Errors
/// When the home folder is unknown.
pub fn file() -> Result<PathBuf> {
    Ok(paths::config_dir()?.join("profiles.toml"))
}

impl Profiles {
    /// Reads the file; one that is not there is empty.
    ///
    /// # Errors
    /// When the file can't be read or is not what `login` writes.
    pub fn load() -> Result<Self> {
        let path = file()?;
        match std::fs::read_to_string(&path) {
            Ok(text) => toml::from_str(&text).map_err(|error| {
                CliError::usage(format!("{} is not a profile file: {}", path.display(), error.message()))
                    .fix("correct it, or remove it and run `coalition login` again")
            }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(CliError::machine(format!("can't read {}: {error}", path.display()))),
        }
    }

    /// Writes the file, readable by its owner only.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn save(&self) -> Result<()> {
        let text = toml::to_string_pretty(self).map_err(|error| CliError::machine(format!("profiles can't be written: {error}")))?;
        paths::write_private(&file()?, text.as_bytes())
    }

    /// The profile of that name, or an error that lists what there is.
    ///
    /// # Errors
    /// When there is none of that name.
    pub fn get(&self, name: &str) -> Result<&Profile> {
        self.profiles.get(name).ok_or_else(|| {
            let known: Vec<&str> = self.profiles.keys().map(String::as_str).collect();
            let known = if known.is_empty() { "no profile is stored yet".to_owned() } else { format!("stored: {}", known.join(", ")) };
            CliError::usage(format!("there is no profile {name:?} ({known})"))
                .fix(format!("coalition login --profile {name} --url URL --client-id ID"))
        })
    }
}

/// What is to be used: the named profile, else the environment, else the current profile.
///
/// # Errors
/// When nothing is known, or the environment names only a part.
pub fn resolve(named: Option<&str>) -> Result<Profile> {
    if let Some(name) = named {
        return Profiles::load()?.get(name).cloned();
    }
    let values = ENVIRONMENT.map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    if let Some(profile) = from_environment(values)? {
        return Ok(profile);
    }
    let profiles = Profiles::load()?;
    match &profiles.current {
        Some(name) => profiles.get(name).cloned(),
        None => Err(CliError::usage("no gateway is known")
            .fix(format!("coalition login --url URL --client-id ID, or set {}", ENVIRONMENT.join(", ")))),
    }
}

fn from_environment(values: [Option<String>; 3]) -> Result<Option<Profile>> {
    match values {
        [Some(url), Some(client_id), Some(client_secret)] => Ok(Some(Profile { url: address(&url)?, client_id, client_secret })),
        [None, None, None] => Ok(None),
        partial => {
            let missing: Vec<&str> = ENVIRONMENT.iter().zip(&partial).filter(|(_, value)| value.is_none()).map(|(name, _)| *name).collect();
            Err(CliError::usage(format!("the environment names a gateway only in part: {} is not set", missing.join(" and ")))
                .fix("set all three, or none to use a stored profile: a stored secret is sent to its own address only"))
        }
    }
}

/// Checks a gateway's address and takes the slash off its end.
///
/// # Errors
/// When it is not an `http` or `https` address without query and fragment.
pub fn address(text: &str) -> Result<String> {
    let bad = |why: &str| {
        CliError::usage(format!("{text:?} is not a gateway's address: {why}"))
            .fix("give it like https://gateway.example or http://127.0.0.1:8080")
    };
    let url = reqwest::Url::parse(text).map_err(|error| bad(&error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(bad("it must start with https:// or http://"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(bad("it must not have a query or fragment"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(bad("credentials are given with --client-id and --client-secret"));
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

/// Whether a secret sent there can be read on the way: plain HTTP to another machine.
#[must_use]
pub fn readable_on_the_way(address: &str) -> bool {
    let Ok(url) = reqwest::Url::parse(address) else {
        return false;
    };
    let host = url.host_str().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let local = bare == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    url.scheme() == "http" && !local
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lose_their_last_slash_and_keep_their_path() {
        assert_eq!(address("http://127.0.0.1:8080/").unwrap(), "http://127.0.0.1:8080");
        assert_eq!(address("https://shop.example/points/").unwrap(), "https://shop.example/points");
        for bad in ["", "gateway", "ftp://x.example", "https://x.example/?a=1", "https://u:p@x.example"] {
            assert_eq!(address(bad).unwrap_err().exit, crate::error::Exit::Usage, "{bad}");
        }
    }

    #[test]
    fn plain_http_is_fine_at_home_only() {
        for home in ["http://localhost:1", "http://127.0.0.1:8080", "http://[::1]:80", "https://x.example"] {
            assert!(!readable_on_the_way(home), "{home}");
        }
        assert!(readable_on_the_way("http://gateway.example"));
    }

    #[test]
    fn the_environment_counts_whole_or_not_at_all() {
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(from_environment([None, None, None]).unwrap(), None);
        let whole = from_environment([text("http://127.0.0.1:1/"), text("id"), text("secret")]).unwrap();
        assert_eq!(whole.unwrap().url, "http://127.0.0.1:1");
        let error = from_environment([text("http://127.0.0.1:1"), None, text("s")]).unwrap_err();
        assert!(error.message.contains("COALITION_CLIENT_ID"), "{error}");
    }

    #[test]
    fn debug_hides_the_secret() {
        let profile = Profile { url: "u".into(), client_id: "c".into(), client_secret: "hush".into() };
        assert!(!format!("{profile:?}").contains("hush"));
    }
}
