//! The configuration: a flag goes before its environment variable, that before `coalition.toml`, that before the default.
//!
//! [`common`] is what every command takes, [`serving`] what `serve` and `doctor` take. Each setting is documented at its field, with its
//! default; its variable is `COALITION_` and its name in capitals, its key in the file the name itself. Unknown keys are refused.

pub mod common;
pub mod serving;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

pub use common::Common;
pub use serving::Serving;

/// The file that is read where none is named, if it is there.
const FILE: &str = "coalition.toml";

/// What a file sets.
#[derive(Debug, Default, Deserialize)]
pub struct File {
    /// For every command.
    #[serde(flatten)]
    pub common: Common,
    /// For serving.
    #[serde(flatten)]
    pub serving: Serving,
    #[serde(flatten)]
    unknown: BTreeMap<String, toml::Value>,
}

impl File {
    /// Reads the file that is named, or `coalition.toml` in this folder if there is one.
    ///
    /// # Errors
    /// Where a named file isn't there, or any file isn't TOML or has a key that is not known.
    pub fn read(named: Option<&Path>) -> Result<Self> {
        let path = named.unwrap_or(Path::new(FILE));
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(error).with_context(|| format!("reading {}", path.display())),
        };
        Self::parse(&text).with_context(|| format!("reading {}", path.display()))
    }

    fn parse(text: &str) -> Result<Self> {
        let file: Self = toml::from_str(text)?;
        if let Some(key) = file.unknown.keys().next() {
            bail!("`{key}` is no setting; see `coalition-gateway serve --help` for what there is");
        }
        Ok(file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_sets_what_it_names() {
        let file = File::parse("database = 'sqlite://a.db'\nlisten = '0.0.0.0:80'\nrate_per_s = 5\n").unwrap();
        assert_eq!(file.common.database.as_deref(), Some("sqlite://a.db"));
        assert_eq!(file.serving.rate_per_s, Some(5));
        assert_eq!(file.serving.workers, None);
    }

    #[test]
    fn unknown_keys_are_refused() {
        let error = File::parse("lisen = '0.0.0.0:80'").unwrap_err();
        assert!(error.to_string().contains("`lisen`"));
        assert!(File::parse("rate_per_s = 'many'").is_err());
        assert!(File::read(Some(Path::new("/nowhere/coalition.toml"))).is_err());
    }

    #[test]
    fn a_flag_goes_before_the_file() {
        let file = File::parse("database = 'sqlite://file.db'\nlog = 'debug'").unwrap();
        let flags = Common { database: Some("sqlite://flag.db".to_owned()), ..Common::default() };
        let merged = flags.or(file.common);
        assert_eq!(merged.database(), "sqlite://flag.db");
        assert_eq!(merged.log.as_deref(), Some("debug"));
        assert_eq!(Common::default().database(), "sqlite://coalition.db");
    }
}
