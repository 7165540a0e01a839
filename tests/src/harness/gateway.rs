//! One gateway process: started on a database, reached at the address that it logs, stopped gently or killed.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use super::binaries;
use super::database::Database;

/// How long a gateway may take until it listens.
const START_TIMEOUT: Duration = Duration::from_secs(60);
/// How long a gateway may drain.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(60);
/// Lines of the log that are kept, and shown when a story fails.
const LOG_LINES_KEPT: usize = 200;

/// A running gateway; killed when dropped.
#[derive(Debug)]
pub struct Gateway {
    child: Child,
    address: String,
    log: Log,
}

type Log = Arc<Mutex<Vec<String>>>;

/// What `init` prints once: the operator's credentials.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// The client's id.
    pub client_id: String,
    /// Its secret.
    pub client_secret: String,
}

/// `coalition-gateway SUBCOMMAND --database URL ARGS…`, in the database's folder and free of this process's own settings.
pub fn command(database: &Database, subcommand: &str, args: &[&str]) -> Result<Command> {
    let mut command = Command::new(binaries::gateway()?);
    command.current_dir(database.folder()).stdin(Stdio::null());
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("COALITION_") {
            command.env_remove(name);
        }
    }
    // Compiled rules are kept between the stories: the same few components would be compiled hundreds of times.
    command.env("COALITION_CACHE_DIR", binaries::scratch()?.join("compiled"));
    // Timing decides no test: on a busy machine a rule may wait long for a processor, and its purchase would be deferred.
    command.env("COALITION_DECISION_DEADLINE_MS", "10000");
    command.arg(subcommand).args(["--database", database.url()]).args(args);
    Ok(command)
}

/// Makes the schema and a program, and answers the operator's credentials.
pub fn init(database: &Database, args: &[&str]) -> Result<Credentials> {
    let mut all = vec!["--json"];
    all.extend(args);
    let printed = binaries::run(command(database, "init", &all)?, binaries::Progress::Quiet)?;
    let printed: Value = serde_json::from_slice(&printed).context("init --json prints JSON")?;
    let text = |name: &str| printed.get(name).and_then(Value::as_str).map(str::to_owned).with_context(|| format!("init prints {name}"));
    Ok(Credentials { client_id: text("client_id")?, client_secret: text("client_secret")? })
}

impl Gateway {
    /// Serves this database on a port of the system's choice.
    pub fn serve(database: &Database) -> Result<Gateway> {
        Gateway::serve_at(database, "127.0.0.1:0", &[])
    }

    /// Serves it at this address, with more arguments.
    pub fn serve_at(database: &Database, listen: &str, args: &[&str]) -> Result<Gateway> {
        let mut all = vec!["--listen", listen];
        all.extend(args);
        let mut child =
            command(database, "serve", &all)?.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().context("starting the gateway")?;
        let log = Log::default();
        let (sender, lines) = channel();
        for stream in [child.stdout.take().map(boxed), child.stderr.take().map(boxed)].into_iter().flatten() {
            let (log, sender) = (Arc::clone(&log), sender.clone());
            std::thread::spawn(move || follow(stream, &log, |line| sender.send(line.to_owned()).is_ok()));
        }
        drop(sender);
        let mut gateway = Gateway { child, address: String::new(), log };
        gateway.address = gateway.wait_until_listening(&lines)?;
        Ok(gateway)
    }

    /// `http://HOST:PORT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// `HOST:PORT`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The process's id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Whether the process still runs.
    pub fn is_alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// The newest lines of its log.
    pub fn log(&self) -> String {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).join("\n")
    }

    /// Ends it at once, as a power cut would end the process.
    pub fn kill9(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Asks it to end, and waits until it has drained.
    pub fn terminate(mut self) -> Result<ExitStatus> {
        let pid = i32::try_from(self.child.id()).ok().and_then(rustix::process::Pid::from_raw).context("a process id")?;
        rustix::process::kill_process(pid, rustix::process::Signal::TERM)?;
        let asked = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            if asked.elapsed() > DRAIN_TIMEOUT {
                bail!("the gateway did not drain within {} s", DRAIN_TIMEOUT.as_secs());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn wait_until_listening(&mut self, lines: &Receiver<String>) -> Result<String> {
        let started = Instant::now();
        loop {
            match lines.recv_timeout(Duration::from_millis(100)) {
                Ok(line) => {
                    if let Some(address) = listening_address(&line) {
                        return Ok(address);
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => std::thread::sleep(Duration::from_millis(50)),
            }
            if let Some(status) = self.child.try_wait()? {
                std::thread::sleep(Duration::from_millis(50));
                bail!("the gateway ended with {status}:\n{}", self.log());
            }
            if started.elapsed() > START_TIMEOUT {
                bail!("the gateway does not listen:\n{}", self.log());
            }
        }
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            eprintln!("--- the log of the gateway at {}\n{}\n---", self.address, self.log());
        }
    }
}

fn boxed(stream: impl std::io::Read + Send + 'static) -> Box<dyn std::io::Read + Send> {
    Box::new(stream)
}

/// Keeps the newest lines, and hands each on while somebody still asks.
fn follow(stream: Box<dyn std::io::Read + Send>, log: &Log, mut tell: impl FnMut(&str) -> bool) {
    let mut is_asked = true;
    for line in BufReader::new(stream).lines().map_while(Result::ok) {
        is_asked = is_asked && tell(&line);
        let mut kept = log.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= LOG_LINES_KEPT {
            kept.remove(0);
        }
        kept.push(line);
    }
}

/// The address in the line that says `listening`, with or without colours and in whatever format.
fn listening_address(line: &str) -> Option<String> {
    if !line.contains("listening") {
        return None;
    }
    let is_part = |char: char| char.is_ascii_digit() || matches!(char, '.' | ':' | '[' | ']');
    let is_address = |word: &&str| word.parse::<std::net::SocketAddr>().is_ok_and(|address| address.port() != 0);
    line.split(|char| !is_part(char)).map(|word| word.trim_matches('.')).rfind(is_address).map(str::to_owned)
}
