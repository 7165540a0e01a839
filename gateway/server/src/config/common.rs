//! What every command takes: the database, and how to log.

use std::path::{Path, PathBuf};

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
    /// The folder of checkpoints: a key that the database does not hold, and a log of what it has signed. It belongs outside the database's
    /// reach, and a program has one of its own. Default: `NAME-checkpoints`, by the database's name, beside a SQLite file, else here.
    #[arg(long, global = true, env = "COALITION_CHECKPOINTS", value_name = "FOLDER")]
    pub checkpoints: Option<PathBuf>,
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
            checkpoints: self.checkpoints.or(other.checkpoints),
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

    /// The folder of checkpoints.
    #[must_use]
    pub fn checkpoints(&self) -> PathBuf {
        if let Some(folder) = &self.checkpoints {
            return folder.clone();
        }
        let named = |stem: &str| format!("{}-checkpoints", if stem.is_empty() { "coalition" } else { stem });
        if let Some(path) = self.database().strip_prefix("sqlite://") {
            let path = Path::new(path);
            return path.with_file_name(named(&path.file_stem().unwrap_or_default().to_string_lossy()));
        }
        // `postgres://user:password@host:port/NAME?options`
        let address = self.database().split(['?', '#']).next().unwrap_or_default();
        let name = address.splitn(4, '/').nth(3).unwrap_or_default();
        let is_plain = |char: &char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_');
        PathBuf::from(named(&name.chars().filter(is_plain).collect::<String>()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_database_has_a_folder_of_its_own() {
        let folder = |url: &str| Common { database: Some(url.to_owned()), ..Common::default() }.checkpoints();
        assert_eq!(Common::default().checkpoints(), Path::new("coalition-checkpoints"));
        assert_eq!(folder("sqlite:///var/lib/books.db"), Path::new("/var/lib/books-checkpoints"));
        assert_eq!(folder("postgres://me:a%2Fb@host:5432/loyal?sslmode=require"), Path::new("loyal-checkpoints"));
        assert_eq!(folder("postgres://host"), Path::new("coalition-checkpoints"));
        let given = Common { checkpoints: Some("/mnt/elsewhere".into()), ..Common::default() };
        assert_eq!(given.checkpoints(), Path::new("/mnt/elsewhere"));
    }
}
