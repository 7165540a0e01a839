//! A lean load generator: keep-alive connections, requests written by hand, answers read just far enough. It leaves the cores to the gateway,
//! which a full HTTP client on the same machine would not.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// What to do to whom.
#[derive(Debug, Clone)]
pub struct Plan {
    /// `HOST:PORT`.
    pub address: String,
    /// Clients at once, each on a connection of its own, each waiting for its answer before it asks again.
    pub clients: usize,
    /// Time before the measurement, in which everything gets warm.
    pub warmup: Duration,
    /// The measured time.
    pub measured: Duration,
}

/// What came of it, in the measured time alone.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Answers of status 2xx.
    pub answers: usize,
    /// All other answers.
    pub refusals: usize,
    /// The measured time.
    pub elapsed: Duration,
    /// How long each answer took, shortest first.
    pub latencies: Vec<Duration>,
}

impl Outcome {
    /// Answers of status 2xx a second.
    pub fn per_second(&self) -> f64 {
        self.answers as f64 / self.elapsed.as_secs_f64()
    }

    /// The latency that this part (0 to 1) of the answers keeps.
    pub fn quantile(&self, part: f64) -> Duration {
        let last = self.latencies.len().saturating_sub(1);
        self.latencies.get((last as f64 * part) as usize).copied().unwrap_or_default()
    }
}

/// A `POST` with keep-alive, whole as it goes over the wire.
pub fn request(address: &str, path: &str, token: &str, body: &str) -> Vec<u8> {
    format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// Runs the plan. `make` writes the request of a client's nth call.
pub async fn run(plan: &Plan, make: impl Fn(usize, u64) -> Vec<u8> + Send + Sync + 'static) -> Result<Outcome> {
    let make = Arc::new(make);
    let is_over = Arc::new(AtomicBool::new(false));
    let begin = Instant::now() + plan.warmup;
    let mut clients = Vec::with_capacity(plan.clients);
    for number in 0..plan.clients {
        let (address, make, is_over) = (plan.address.clone(), Arc::clone(&make), Arc::clone(&is_over));
        clients.push(tokio::spawn(async move {
            let mut connection = Connection::open(&address).await?;
            let mut seen = (0, 0, Vec::new());
            for call in 0u64.. {
                let asked = Instant::now();
                if is_over.load(Ordering::Relaxed) {
                    break;
                }
                let status = connection.ask(&make(number, call)).await?;
                let answered = Instant::now();
                if asked >= begin && !is_over.load(Ordering::Relaxed) {
                    *(if (200..300).contains(&status) { &mut seen.0 } else { &mut seen.1 }) += 1;
                    seen.2.push(answered - asked);
                }
            }
            anyhow::Ok(seen)
        }));
    }
    tokio::time::sleep(plan.warmup + plan.measured).await;
    is_over.store(true, Ordering::Relaxed);
    let elapsed = begin.elapsed();
    let mut outcome = Outcome { answers: 0, refusals: 0, elapsed, latencies: Vec::new() };
    for client in clients {
        let (answers, refusals, latencies) = client.await.context("a client ends")??;
        outcome.answers += answers;
        outcome.refusals += refusals;
        outcome.latencies.extend(latencies);
    }
    outcome.latencies.sort_unstable();
    Ok(outcome)
}

struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    async fn open(address: &str) -> Result<Connection> {
        let stream = TcpStream::connect(address).await.with_context(|| format!("connecting to {address}"))?;
        stream.set_nodelay(true)?;
        Ok(Connection { stream, buffer: Vec::with_capacity(16 << 10) })
    }

    /// Sends a request and reads its answer to the end; the status.
    async fn ask(&mut self, request: &[u8]) -> Result<u16> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let head = loop {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                bail!("the gateway hung up");
            }
            if let Some(end) = self.buffer.windows(4).position(|window| window == b"\r\n\r\n") {
                break end + 4;
            }
        };
        let text = std::str::from_utf8(&self.buffer[..head]).context("a head that is text")?;
        let status: u16 = text.get(9..12).and_then(|status| status.parse().ok()).context("a status")?;
        let length: usize = text
            .lines()
            .find_map(|line| line.split_once(':').filter(|(name, _)| name.eq_ignore_ascii_case("content-length")))
            .and_then(|(_, length)| length.trim().parse().ok())
            .with_context(|| format!("an answer without a length: {text}"))?;
        while self.buffer.len() < head + length {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                bail!("the gateway hung up");
            }
        }
        Ok(status)
    }
}
