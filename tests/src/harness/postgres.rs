//! A PostgreSQL cluster of this process's own, started from the installed binaries on first use, with fsync left on as in production.
//! A small shell watches over it: when this process ends, however it ends, the cluster is stopped and its folder removed.

use std::net::TcpListener;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

/// Enough for every story that runs at once, each with its gateways' pools.
const CONNECTIONS_MAX: u32 = 300;
/// How long the cluster may take to accept connections.
const START_TIMEOUT: Duration = Duration::from_secs(60);
/// The superuser of the cluster; trusted, on this machine only.
const USER: &str = "coalition";
/// Stops the server when the pipe from this process closes, then removes what it kept.
const WATCH: &str = r#""$1" -D "$2/data" -k "$2" -p "$3" -c listen_addresses=127.0.0.1 -c "max_connections=$4" >"$2/log" 2>&1 &
server=$!
cat >/dev/null
kill -INT $server
wait $server
cd / && rm -rf "$2""#;

/// A running cluster.
#[derive(Debug)]
pub struct Cluster {
    binaries: PathBuf,
    port: u16,
    databases: AtomicU32,
    watch: Child,
}

/// The process's cluster; none where PostgreSQL is not installed. With `CI=true` that is an error: there, nothing is skipped.
pub fn cluster() -> Result<Option<&'static Cluster>> {
    static CLUSTER: OnceLock<Result<Option<Cluster>, String>> = OnceLock::new();
    let started = CLUSTER.get_or_init(|| start().map_err(|error| format!("{error:#}")));
    match started {
        Ok(cluster) => Ok(cluster.as_ref()),
        Err(error) => bail!("PostgreSQL did not start: {error}"),
    }
}

fn start() -> Result<Option<Cluster>> {
    let Some(binaries) = find_binaries() else {
        let advice = "PostgreSQL's initdb is neither on the PATH nor in /usr/lib/postgresql/*/bin; install PostgreSQL 15 or later";
        if std::env::var("CI").is_ok_and(|value| value == "true") {
            bail!("{advice}");
        }
        super::story::notice(&format!("{advice}: until then whatever runs on PostgreSQL is skipped"));
        return Ok(None);
    };
    let owner = unprivileged_owner()?;
    let folder = tempfile::Builder::new().prefix("coalition-pg-").tempdir()?.keep();
    if let Some((uid, gid)) = owner {
        std::os::unix::fs::chown(&folder, Some(uid), Some(gid))?;
    }
    let mut initdb = as_owner(&binaries.join("initdb"), owner);
    initdb.current_dir(&folder).arg("-D").arg(folder.join("data"));
    initdb.args(["-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]).stdin(Stdio::null());
    super::binaries::run(initdb, super::binaries::Progress::Quiet)?;

    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let mut watch = as_owner(Path::new("/bin/sh"), owner);
    watch.current_dir(&folder).args(["-c", WATCH, "sh"]).arg(binaries.join("postgres")).arg(&folder);
    watch.args([port.to_string(), CONNECTIONS_MAX.to_string()]);
    // A group of its own: Ctrl-C ends this process, and the closing pipe the cluster.
    watch.process_group(0).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let watch = watch.spawn().context("starting the cluster")?;
    let cluster = Cluster { binaries, port, databases: AtomicU32::new(0), watch };
    cluster.wait_until_ready(&folder)?;
    Ok(Some(cluster))
}

impl Cluster {
    /// The process that all of the cluster's are below.
    pub fn pid(&self) -> u32 {
        self.watch.id()
    }

    /// Makes an empty database and answers its URL.
    pub fn create_database(&self) -> Result<String> {
        let name = format!("story_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let mut createdb = self.tool("createdb");
        createdb.arg(&name);
        super::binaries::run(createdb, super::binaries::Progress::Quiet)?;
        Ok(format!("postgres://{USER}@127.0.0.1:{}/{name}", self.port))
    }

    /// Drops a database, also under those who still use it.
    pub fn drop_database(&self, url: &str) -> Result<()> {
        let name = url.rsplit('/').next().unwrap_or_default();
        let mut dropdb = self.tool("dropdb");
        dropdb.args(["--force", "--if-exists", name]);
        super::binaries::run(dropdb, super::binaries::Progress::Quiet).map(drop)
    }

    /// One of PostgreSQL's own programs (`pgbench`, `psql`, …), told how to reach this cluster.
    pub fn tool(&self, name: &str) -> Command {
        let beside = self.binaries.join(name);
        let mut command = Command::new(if beside.exists() { beside } else { PathBuf::from(name) });
        command.env("PGHOST", "127.0.0.1").env("PGPORT", self.port.to_string()).env("PGUSER", USER).stdin(Stdio::null());
        command
    }

    fn wait_until_ready(&self, folder: &Path) -> Result<()> {
        let started = Instant::now();
        while !self.tool("pg_isready").stdout(Stdio::null()).stderr(Stdio::null()).status()?.success() {
            if started.elapsed() > START_TIMEOUT {
                bail!("it accepts no connections; its log says:\n{}", std::fs::read_to_string(folder.join("log")).unwrap_or_default());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }
}

/// The folder of `initdb`: from the PATH, or the newest below /usr/lib/postgresql.
fn find_binaries() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    versions.sort();
    let installed = versions.into_iter().rev().map(|(_, folder)| folder);
    std::env::split_paths(&path).chain(installed).find(|folder| folder.join("initdb").is_file())
}

/// PostgreSQL refuses to run as root, so that for root it is another user who owns the cluster.
fn unprivileged_owner() -> Result<Option<(u32, u32)>> {
    if !rustix::process::geteuid().is_root() {
        return Ok(None);
    }
    let users = std::fs::read_to_string("/etc/passwd").context("reading /etc/passwd")?;
    let find = |wanted: &str| {
        users.lines().find_map(|line| {
            let mut fields = line.split(':');
            let is_wanted = fields.next() == Some(wanted);
            let uid = fields.nth(1)?.parse().ok()?;
            let gid = fields.next()?.parse().ok()?;
            is_wanted.then_some((uid, gid))
        })
    };
    let owner = find("postgres").or_else(|| find("nobody")).context("neither a user postgres nor nobody is known here")?;
    Ok(Some(owner))
}

fn as_owner(program: &Path, owner: Option<(u32, u32)>) -> Command {
    let mut command = Command::new(program);
    if let Some((uid, gid)) = owner {
        command.uid(uid).gid(gid);
    }
    command
}
