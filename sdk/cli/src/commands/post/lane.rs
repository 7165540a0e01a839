//! A lane: takes receipts in order, sends them until the gateway has answered each, and tells the tally.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::sync::mpsc;

use super::tally::{Outcome, Tally};
use crate::client::problem::Problem;
use crate::client::{Answer, Gateway, Request, Trouble};
use crate::error::{CliError, Result};
use crate::receipts::Receipt;

/// A batch's body stays below this, so that long receipts don't run into the gateway's limit on bodies.
const BATCH_BYTES_MAX: usize = 768 * 1024;
/// The first pause after trouble; each further one is twice as long.
const PAUSE_FIRST: Duration = Duration::from_millis(250);
/// The longest pause that is our own idea.
const PAUSE_MAX: Duration = Duration::from_secs(10);

/// What a lane needs.
pub(super) struct Lane {
    pub(super) gateway: Arc<Gateway>,
    pub(super) tally: Arc<Tally>,
    /// Receipts a batch; None posts one by one.
    pub(super) batch: Option<usize>,
    pub(super) give_up_after: Duration,
}

/// What became of one attempt.
enum Attempt {
    /// Every receipt has an answer, or is still pending because its own answer says "later".
    Answered { pending: Vec<Receipt>, retry_after: Option<Duration> },
    /// None has; all are to be sent again.
    Later { why: String, retry_after: Option<Duration> },
    /// The body was too large.
    TooLarge,
}

impl Lane {
    /// Works until the queue is closed and empty.
    pub(super) async fn run(self, mut queue: mpsc::Receiver<Receipt>) -> Result<()> {
        let limit = self.batch.unwrap_or(1);
        let mut taken = Vec::with_capacity(limit);
        while queue.recv_many(&mut taken, limit).await > 0 {
            for batch in split_by_size(std::mem::take(&mut taken)) {
                self.post(batch).await?;
            }
        }
        Ok(())
    }

    /// Sends until each has an answer.
    async fn post(&self, batch: Vec<Receipt>) -> Result<()> {
        let mut stack = vec![batch];
        let mut pause = PAUSE_FIRST;
        while let Some(batch) = stack.pop() {
            let attempt = if self.batch.is_some() { self.attempt_batch(&batch).await? } else { self.attempt_single(&batch).await? };
            let (again, why, retry_after) = match attempt {
                Attempt::Answered { pending, retry_after } => {
                    if pending.len() < batch.len() {
                        pause = PAUSE_FIRST;
                    }
                    (pending, "the gateway said: later".to_owned(), retry_after)
                }
                Attempt::Later { why, retry_after } => (batch, why, retry_after),
                Attempt::TooLarge => {
                    self.halve(batch, &mut stack);
                    continue;
                }
            };
            if again.is_empty() {
                continue;
            }
            let silent = self.tally.silent_for();
            if silent > self.give_up_after {
                return Err(CliError::gateway(format!("gave up: {} took nothing for {} s; {why}", self.gateway.url(), silent.as_secs()))
                    .fix("check the gateway, then run it again: what was posted is not posted twice"));
            }
            self.tally.retried(&why);
            tokio::time::sleep(retry_after.unwrap_or(pause)).await;
            pause = (pause * 2).min(PAUSE_MAX);
            stack.push(again);
        }
        Ok(())
    }

    /// Two halves, the first on top; one receipt that is too large by itself is refused.
    fn halve(&self, mut batch: Vec<Receipt>, stack: &mut Vec<Vec<Receipt>>) {
        if batch.len() > 1 {
            let second = batch.split_off(batch.len() / 2);
            stack.push(second);
            stack.push(batch);
            return;
        }
        for receipt in batch {
            self.tally.refused(
                receipt.line,
                &receipt.external_id,
                "body-too-large",
                "the receipt is over the gateway's limit on bodies",
                &receipt.body,
            );
        }
    }

    async fn attempt_single(&self, batch: &[Receipt]) -> Result<Attempt> {
        let Some(receipt) = batch.first() else {
            return Ok(Attempt::Answered { pending: Vec::new(), retry_after: None });
        };
        let request = Request::post("/v1/transactions").body("application/json", receipt.body.clone().into_bytes());
        let answer = match self.send(&request).await? {
            Ok(answer) => answer,
            Err(later) => return Ok(later),
        };
        if answer.status.is_success() {
            self.tally.answered(receipt, &Outcome::read(&answer.body, answer.replayed));
            return Ok(Attempt::Answered { pending: Vec::new(), retry_after: None });
        }
        let problem = answer.problem();
        if problem.is_passing() {
            return Ok(Attempt::Later { why: problem.sentence(), retry_after: answer.retry_after });
        }
        self.tally.answered(receipt, &Outcome::Refused(problem));
        Ok(Attempt::Answered { pending: Vec::new(), retry_after: None })
    }

    async fn attempt_batch(&self, batch: &[Receipt]) -> Result<Attempt> {
        let mut body = String::new();
        for receipt in batch {
            body.push_str(&receipt.body);
            body.push('\n');
        }
        let request = Request::post("/v1/transactions/batch").body("application/x-ndjson", body.into_bytes());
        let answer = match self.send(&request).await? {
            Ok(answer) => answer,
            Err(later) => return Ok(later),
        };
        if answer.status.as_u16() == 413 {
            return Ok(Attempt::TooLarge);
        }
        if !answer.status.is_success() {
            let problem = answer.problem();
            if problem.is_passing() {
                return Ok(Attempt::Later { why: problem.sentence(), retry_after: answer.retry_after });
            }
            return Err(problem.into_error());
        }
        self.settle(batch, &answer)
    }

    /// Pairs results with receipts, in order.
    fn settle(&self, batch: &[Receipt], answer: &Answer) -> Result<Attempt> {
        let results = answer.body.get("results").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        if results.len() != batch.len() {
            return Err(CliError::gateway(format!("the gateway answered {} results to {} receipts", results.len(), batch.len()))
                .fix("update this CLI or the gateway; what was posted is not posted twice"));
        }
        let mut pending = Vec::new();
        for (receipt, result) in batch.iter().zip(results) {
            match Outcome::read(result, answer.replayed) {
                Outcome::Refused(problem) if problem.is_passing() => pending.push(receipt.clone()),
                outcome => self.tally.answered(receipt, &outcome),
            }
        }
        Ok(Attempt::Answered { pending, retry_after: answer.retry_after })
    }

    /// An answer; or that it is worth trying again; or an error that ends the posting.
    async fn send(&self, request: &Request) -> Result<std::result::Result<Answer, Attempt>> {
        match self.gateway.send(request).await {
            Ok(answer) if matches!(answer.status.as_u16(), 401 | 403) => Err(answer.problem().into_error()),
            Ok(answer) => Ok(Ok(answer)),
            Err(Trouble::NoAnswer(no_answer)) => Ok(Err(Attempt::Later { why: no_answer.why, retry_after: None })),
            Err(Trouble::NotNow { problem, retry_after }) => Ok(Err(Attempt::Later { why: Problem::sentence(&problem), retry_after })),
            Err(refused @ Trouble::Refused(_)) => Err(refused.into_error(self.gateway.url())),
        }
    }
}

fn split_by_size(receipts: Vec<Receipt>) -> Vec<Vec<Receipt>> {
    let mut batches: Vec<Vec<Receipt>> = Vec::new();
    let mut size = 0;
    for receipt in receipts {
        let bytes = receipt.body.len() + 1;
        match batches.last_mut() {
            Some(batch) if size + bytes <= BATCH_BYTES_MAX => {
                size += bytes;
                batch.push(receipt);
            }
            _ => {
                size = bytes;
                batches.push(vec![receipt]);
            }
        }
    }
    batches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_stay_below_their_size_in_order() {
        let receipt =
            |line: u64, bytes: usize| Receipt { line, external_id: String::new(), member: String::new(), body: "x".repeat(bytes) };
        let batches = split_by_size(vec![receipt(1, 10), receipt(2, BATCH_BYTES_MAX * 2), receipt(3, 10), receipt(4, 10)]);
        let lines: Vec<Vec<u64>> = batches.iter().map(|batch| batch.iter().map(|receipt| receipt.line).collect()).collect();
        assert_eq!(lines, [vec![1], vec![2], vec![3, 4]]);
        assert!(split_by_size(Vec::new()).is_empty());
    }
}
