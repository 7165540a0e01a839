//! `coalition profile list|use|show|remove`. Secrets are never printed.

use serde_json::{Value, json};

use crate::error::{Exit, Result};
use crate::output::{self, GOOD, paint};
use crate::profile::{self, Profile, Profiles};

/// The stored profiles.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// List them; the current one is marked.
    List {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Make one the current.
    Use {
        /// Its name.
        name: String,
    },
    /// Show one, without its secret; without a name the one that commands would use now.
    Show {
        /// Its name.
        name: Option<String>,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Forget one, with its secret.
    Remove {
        /// Its name.
        name: String,
    },
}

/// Runs it.
///
/// # Errors
/// When there is no such profile, or the file can't be read or written.
pub fn run(command: Command) -> Result {
    match command {
        Command::List { json } => list(json)?,
        Command::Use { name } => {
            let mut profiles = Profiles::load()?;
            let url = profiles.get(&name)?.url.clone();
            profiles.current = Some(name.clone());
            profiles.save()?;
            output::line(format!("{} {name} ({url})", paint(GOOD, "Using")));
        }
        Command::Show { name, json } => show(&profile::resolve(name.as_deref())?, json),
        Command::Remove { name } => {
            let mut profiles = Profiles::load()?;
            profiles.get(&name)?;
            profiles.profiles.remove(&name);
            profiles.current = profiles.current.filter(|current| *current != name);
            profiles.save()?;
            output::line(format!("{} {name}", paint(GOOD, "Removed")));
            if profiles.current.is_none() && !profiles.profiles.is_empty() {
                output::note("No profile is current now: coalition profile use NAME");
            }
        }
    }
    Ok(Exit::Done)
}

fn list(as_json: bool) -> Result<()> {
    let profiles = Profiles::load()?;
    let is_current = |name: &String| profiles.current.as_ref() == Some(name);
    if as_json {
        let items: Vec<Value> = profiles
            .profiles
            .iter()
            .map(|(name, profile)| json!({"name": name, "url": profile.url, "client_id": profile.client_id, "current": is_current(name)}))
            .collect();
        output::json(&items);
        return Ok(());
    }
    if profiles.profiles.is_empty() {
        output::note("No profile is stored: coalition login --url URL --client-id ID");
        return Ok(());
    }
    let rows: Vec<Vec<String>> = profiles
        .profiles
        .iter()
        .map(|(name, profile)| {
            let mark = if is_current(name) { "*" } else { "" };
            vec![mark.to_owned(), name.clone(), profile.url.clone(), profile.client_id.clone()]
        })
        .collect();
    output::table(&["", "NAME", "URL", "CLIENT"], &rows).iter().for_each(output::line);
    Ok(())
}

fn show(profile: &Profile, as_json: bool) {
    if as_json {
        output::json(&json!({"url": profile.url, "client_id": profile.client_id}));
    } else {
        output::line(format!("URL     {}", profile.url));
        output::line(format!("Client  {}", profile.client_id));
        output::line("Secret  stored, not shown");
    }
}
