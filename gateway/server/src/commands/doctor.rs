//! `doctor`: checks what the gateway needs, one thing after another, and says how to mend what is amiss.

use std::net::ToSocketAddrs as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Result, anyhow};
use coalition_rules::{Digest, Sandbox, SandboxConfig, SandboxError};

use crate::config::{Common, Serving};

/// Room below which a disk is called full.
const DISK_BYTES_MIN: u64 = 256 * 1024 * 1024;
/// 2025-01-01, in seconds since 1970: a clock that shows an earlier time was never set.
const CLOCK_S_MIN: u64 = 1_735_689_600;
/// A component that exports our interface with nothing in it, in binary:
/// `(component (instance) (export "coalition:rules/program@1.0.0" (instance 0)))`. It is no program, but it has to be compiled to see that.
const HOLLOW_COMPONENT: &[u8] = b"\0asm\x0d\x00\x01\x00\x05\x03\x01\x01\x00\x0b\x23\x01\x00\x1dcoalition:rules/program@1.0.0\x05\x00\x00";

/// What a check found, or what is amiss and how to mend it.
type Finding = Result<String, (String, String)>;

/// Runs it.
pub async fn run(common: &Common, serving: &Serving) -> Result<ExitCode> {
    let mut is_well = true;
    let mut say = |name: &str, finding: Finding| match finding {
        Ok(found) => println!("ok    {name:<9} {found}"),
        Err((amiss, mend)) => {
            is_well = false;
            println!("FAIL  {name:<9} {amiss}\n      {:<9} mend: {mend}", "");
        }
    };
    for (name, finding) in database(common).await {
        say(name, finding);
    }
    say("clock", clock());
    for folder in folders(common, serving) {
        say("disk", disk(&folder));
    }
    say("evidence", checkpoints(common));
    say("cache", cache(serving).await);
    say("sandbox", sandbox(serving).await);
    say("listen", listen(serving));
    println!("{}", if is_well { "All is well." } else { "Something is amiss." });
    Ok(if is_well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn database(common: &Common) -> Vec<(&'static str, Finding)> {
    let store = match super::connect_existing(common).await {
        Ok(store) => store,
        Err(error) => {
            let mend = "check --database, that the server runs and takes this user, or run `coalition-gateway init`";
            return vec![("database", Err((format!("{error:#}"), mend.to_owned())))];
        }
    };
    let kind = if store.is_sqlite() { "SQLite" } else { "PostgreSQL" };
    let schema = match store.is_migrated().await {
        Ok(true) => Ok("up to date".to_owned()),
        Ok(false) => Err(("not up to date".to_owned(), "run `coalition-gateway migrate`; `serve` does it too".to_owned())),
        Err(error) => Err((error.to_string(), "check the database's rights and its log".to_owned())),
    };
    let program = match coalition_store::program::find(store.read()).await {
        Ok(Some(program)) => Ok(if program.test { "a test program" } else { "made" }.to_owned()),
        Ok(None) => Err(("there is none yet".to_owned(), "run `coalition-gateway init`".to_owned())),
        Err(error) => Err((error.to_string(), "bring the schema up to date first: `coalition-gateway migrate`".to_owned())),
    };
    vec![("database", Ok(format!("{kind} answers"))), ("schema", schema), ("program", program)]
}

fn clock() -> Finding {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs();
    if seconds < CLOCK_S_MIN {
        return Err((format!("it shows {seconds} s since 1970"), "set the system's clock; tokens and holds end by it".to_owned()));
    }
    Ok("is set".to_owned())
}

/// Where the gateway writes: the database, if it is a file, and the compiled plugins.
fn folders(common: &Common, serving: &Serving) -> Vec<PathBuf> {
    let beside = |path: &str| {
        Path::new(path).parent().filter(|folder| !folder.as_os_str().is_empty()).map_or_else(|| PathBuf::from("."), Path::to_path_buf)
    };
    let database = common.database().strip_prefix("sqlite://").map(beside);
    let cache = serving.cache_dir().and_then(|folder| folder.ancestors().find(|folder| folder.exists()).map(Path::to_path_buf));
    database.into_iter().chain(cache).collect()
}

fn disk(folder: &Path) -> Finding {
    let stat = rustix::fs::statvfs(folder)
        .map_err(|error| (format!("{}: {error}", folder.display()), "make the folder, or check its rights".to_owned()))?;
    let free = stat.f_bavail.saturating_mul(stat.f_frsize);
    let mib = free / (1024 * 1024);
    if free < DISK_BYTES_MIN {
        return Err((format!("{mib} MiB left at {}", folder.display()), "free some room: without it nothing can be posted".to_owned()));
    }
    Ok(format!("{mib} MiB left at {}", folder.display()))
}

/// Where checkpoints are signed. Without them a chain that was made anew can't be told from the true one.
fn checkpoints(common: &Common) -> Finding {
    let folder = common.checkpoints();
    match coalition_app::checkpoints::try_folder(&folder) {
        Ok(Some(key)) => Ok(format!("checkpoints are signed in {}, by {key}", folder.display())),
        Ok(None) => Ok(format!("checkpoints will be signed in {}, by a key that is drawn when the gateway first serves", folder.display())),
        Err(error) => {
            Err((format!("{}: {error}", folder.display()), "give --checkpoints a folder that this user alone can write to".to_owned()))
        }
    }
}

async fn cache(serving: &Serving) -> Finding {
    let Some(folder) = serving.cache_dir() else {
        return Ok("none: plugins are compiled at every start; set --cache-dir to keep them".to_owned());
    };
    match started(serving.sandbox()).await {
        Ok(_) => Ok(folder.display().to_string()),
        Err(error) => Err((error.to_string(), "give --cache-dir a folder that this user alone can write to".to_owned())),
    }
}

async fn sandbox(serving: &Serving) -> Finding {
    // Without a cache, so that it is compiled this very time.
    let sandbox = started(SandboxConfig { cache_dir: None, ..serving.sandbox() }).await;
    let tried = match sandbox {
        Ok(sandbox) => tokio::task::spawn_blocking(move || sandbox.load(&Digest::of(HOLLOW_COMPONENT), HOLLOW_COMPONENT).map(|_| ())).await,
        Err(error) => return Err((error.to_string(), "wasmtime needs virtual memory: raise `ulimit -v`, and allow overcommit".to_owned())),
    };
    match tried {
        // That it came so far is what was to be seen.
        Ok(Ok(()) | Err(SandboxError::Unfit(_))) => Ok("compiles in a process of its own".to_owned()),
        Ok(Err(error)) => Err((
            error.to_string(),
            "the binary must be able to start itself: check its rights, and limits on processes and memory".to_owned(),
        )),
        Err(error) => Err((error.to_string(), "run it again; if it stays so, it is a bug".to_owned())),
    }
}

async fn started(config: SandboxConfig) -> Result<Sandbox> {
    tokio::task::spawn_blocking(move || Sandbox::new(config)).await?.map_err(|error| anyhow!(error))
}

fn listen(serving: &Serving) -> Finding {
    let address = serving.listen();
    let mend = || "choose another --listen, or stop what listens there".to_owned();
    let resolved = address.to_socket_addrs().map_err(|error| (format!("{address}: {error}"), mend()))?;
    let bound = resolved.map(std::net::TcpListener::bind).find_map(Result::ok);
    bound.map(|_| format!("{address} is free")).ok_or_else(|| (format!("{address} can't be had"), mend()))
}
