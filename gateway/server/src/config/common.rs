//! What every command takes: the database, and how to log.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde::Deserialize;

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    Pretty,
    /// One JSON object a line.
    Json,
}

/// Settings of every command.
#[derive(Debug, Default, Args, Deserialize)]
pub struct Common {
    /// The file with settings. Default: `coalition.toml` in this folder, if there is one.
    #[arg(long, global = true, env = "COALITION_CONFIG", value_name = "FILE")]
    #[serde(skip)]
    pub config: Option<PathBuf>,
    /// `sqlite://PATH` or `postgres://…`. Default: `sqlite://coalition.db`.
    #[arg(long, global = true, env = "COALITION_DATABASE", value_name = "URL", hide_env_values = true)]
    pub database: Option<String>,
    /// What is logged: `error`, `warn`, `info`, `debug`, or directives such as `info,coalition_http=debug`. Default: `info`.
    #[arg(long, global = true, env = "COALITION_LOG", value_name = "LEVEL")]
    pub log: Option<String>,
    /// How log lines look. Default: `pretty` on a terminal, else `json`.
    #[arg(long, global = true, env = "COALITION_LOG_FORMAT", value_name = "FORMAT")]
    pub log_format: Option<LogFormat>,
    /// Logs warnings and errors only, and the address when it listens.
    #[arg(long, short, global = true, env = "COALITION_QUIET")]
    #[serde(default)]
    pub quiet: bool,
}

impl Common {
    /// These settings where they are given, else the other ones.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            config: self.config.or(other.config),
            database: self.database.or(other.database),
            log: self.log.or(other.log),
            log_format: self.log_format.or(other.log_format),
            quiet: self.quiet || other.quiet,
        }
    }

    /// The database's address.
    #[must_use]
    pub fn database(&self) -> &str {
        self.database.as_deref().unwrap_or("sqlite://coalition.db")
    }
}
