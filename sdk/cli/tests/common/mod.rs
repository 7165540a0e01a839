//! What the black-box tests share: the real binary with a home of its own, and a gateway of a few lines that can misbehave.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex};

use serde_json::Value;

/// A home folder for one test.
pub struct Home {
    pub folder: tempfile::TempDir,
}

impl Home {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// The binary, with this home and nothing of the developer's.
    pub fn coalition(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_coalition"));
        command.args(arguments).stdin(Stdio::null());
        for name in ["COALITION_URL", "COALITION_CLIENT_ID", "COALITION_CLIENT_SECRET", "NO_COLOR", "CLICOLOR_FORCE"] {
            command.env_remove(name);
        }
        command.env("XDG_CONFIG_HOME", self.folder.path().join("config"));
        command.env("XDG_CACHE_HOME", self.folder.path().join("cache"));
        command
    }

    /// The same, with the environment naming a gateway.
    pub fn at(&self, gateway: &FakeGateway, arguments: &[&str]) -> Command {
        let mut command = self.coalition(arguments);
        command.env("COALITION_URL", &gateway.url);
        command.env("COALITION_CLIENT_ID", "cli-test").env("COALITION_CLIENT_SECRET", "hush");
        command
    }

    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

/// Runs a command and wants this exit code; shows all it said when it is another.
pub fn expect(command: &mut Command, code: i32) -> Said {
    let output = command.output().unwrap();
    let said = Said::from(output);
    assert_eq!(said.code, Some(code), "{command:?}\n--- stdout\n{}\n--- stderr\n{}", said.out, said.err);
    said
}

/// Runs a command with that on its stdin.
pub fn expect_with_stdin(command: &mut Command, stdin: &str, code: i32) -> Said {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    match child.stdin.take().unwrap().write_all(stdin.as_bytes()) {
        // What refuses before it has read anything leaves the pipe.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => {}
        written => written.unwrap(),
    }
    let said = Said::from(child.wait_with_output().unwrap());
    assert_eq!(said.code, Some(code), "{command:?}\n--- stdout\n{}\n--- stderr\n{}", said.out, said.err);
    said
}

/// What a command said.
pub struct Said {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl From<Output> for Said {
    fn from(output: Output) -> Self {
        Self { code: output.status.code(), out: String::from_utf8(output.stdout).unwrap(), err: String::from_utf8(output.stderr).unwrap() }
    }
}

impl Said {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}\n{}", self.out))
    }
}

/// A request that the fake gateway saw.
#[derive(Clone, Debug)]
pub struct Seen {
    pub method: String,
    pub path: String,
    pub headers: HashMap<String, String>,
    pub body: Vec<u8>,
}

impl Seen {
    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }
}

/// What it does about it.
pub enum Reply {
    Json(u16, Value),
    With(u16, Vec<(&'static str, String)>, Value),
    /// Closes the connection without a word.
    HangUp,
}

/// A gateway that answers as a test wants. Tokens it gives itself: `token-1`, `token-2`, ….
pub struct FakeGateway {
    pub url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl FakeGateway {
    pub fn start(handler: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
        let handler = Arc::new(handler);
        let log = Arc::clone(&seen);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (handler, log) = (Arc::clone(&handler), Arc::clone(&log));
                std::thread::spawn(move || serve(stream, &*handler, &log));
            }
        });
        Self { url, seen }
    }

    /// The requests for that path so far.
    pub fn seen(&self, path: &str) -> Vec<Seen> {
        self.seen.lock().unwrap().iter().filter(|seen| seen.path.split('?').next() == Some(path)).cloned().collect()
    }
}

fn serve(stream: TcpStream, handler: &dyn Fn(&Seen) -> Reply, log: &Mutex<Vec<Seen>>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut line = String::new();
    if reader.read_line(&mut line).unwrap_or(0) == 0 {
        return;
    }
    let mut words = line.split_whitespace().map(str::to_owned);
    let (method, path) = (words.next().unwrap(), words.next().unwrap());
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let Some((name, value)) = line.trim().split_once(':') else {
            break;
        };
        headers.insert(name.to_lowercase(), value.trim().to_owned());
    }
    let length = headers.get("content-length").map_or(0, |length: &String| length.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let seen = Seen { method, path, headers, body };
    let tokens = {
        let mut log = log.lock().unwrap();
        log.push(seen.clone());
        log.iter().filter(|seen| seen.path == "/oauth/token").count()
    };
    let reply = if seen.path == "/oauth/token"
        && seen.headers.get("authorization").is_some_and(|basic| basic == "Basic Y2xpLXRlc3Q6aHVzaA==")
    {
        Reply::Json(
            200,
            serde_json::json!({"access_token": format!("token-{tokens}"), "token_type": "Bearer", "expires_in": 900, "scope": "transactions plugins"}),
        )
    } else if seen.path == "/oauth/token" {
        Reply::Json(401, serde_json::json!({"error": "invalid_client", "error_description": "The credentials are not in force."}))
    } else {
        handler(&seen)
    };
    let (status, headers, body) = match reply {
        Reply::HangUp => return,
        Reply::Json(status, body) => (status, Vec::new(), body),
        Reply::With(status, headers, body) => (status, headers, body),
    };
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let mut head =
        format!("HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n", body.len());
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    let mut stream = stream;
    let _gone = stream.write_all(format!("{head}\r\n{body}").as_bytes());
}

/// A file of receipts as gzip.
pub fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

/// Whether a file can be read by its owner only.
#[cfg(unix)]
pub fn is_private(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777 == 0o600
}
