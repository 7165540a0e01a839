//! `Idempotency-Key`: the first answer is kept in the transaction of the work itself, and given again to every repeat.
//!
//! Successes and business denials are kept; other refusals never, so that a repeat may succeed. Two requests at once at this gateway: the
//! second is told to come back; at two gateways: the second waits in the database and answers as the first did.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use coalition_store::entities::idempotency_keys;
use coalition_store::{ConnectionTrait, DatabaseTransaction, StoreError};

use crate::App;
use crate::answer::{Answer, IdempotencyClaim};
use crate::caller::Caller;
use crate::error::{Error, Kind};
use crate::fresh::locked;

/// How often a transaction is run again after a deadlock, a serialization failure, or a key that somebody else wrote in between.
const TRIES_MAX: u32 = 6;

/// Why work inside a transaction came to nothing.
#[derive(Debug)]
pub(crate) enum Fault {
    /// A refusal, to be answered as it is.
    Refused(Error),
    /// The database: perhaps to be tried again.
    Store(StoreError),
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Refused(error)
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// What work has come to: the answer, and what is kept of it where that differs because it holds a secret.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) answer: Answer,
    pub(crate) kept: Option<String>,
}

impl From<Answer> for Done {
    fn from(answer: Answer) -> Self {
        Self { answer, kept: None }
    }
}

impl Done {
    /// An answer with a secret: `kept`, without it, is what a repeat gets.
    pub(crate) fn secret(answer: Answer, kept: &impl serde::Serialize) -> Result<Self, Error> {
        let kept = serde_json::to_string(kept).map_err(|error| Error::internal(&error))?;
        Ok(Self { answer, kept: Some(kept) })
    }
}

/// A caller's key: client, scope, key.
type ClientKey = (Arc<str>, String, String);

/// Keys whose first request is being worked on here.
pub(crate) type KeysInFlight = Arc<Mutex<HashSet<ClientKey>>>;

/// Marks a key as being worked on at this gateway, until dropped.
#[derive(Debug)]
pub(crate) struct InFlight {
    keys: KeysInFlight,
    key: ClientKey,
}

impl Drop for InFlight {
    fn drop(&mut self) {
        locked(&self.keys).remove(&self.key);
    }
}

/// The row of a key whose answer is not known yet.
pub(crate) fn row(caller: &Caller, claim: &IdempotencyClaim, now: i64) -> idempotency_keys::Model {
    idempotency_keys::Model {
        client_id: caller.client_id.to_string(),
        scope: claim.scope.clone(),
        idempotency_key: claim.key.clone(),
        body_hash: claim.body_hash.to_vec(),
        status: 0,
        answer: String::new(),
        created_at: now,
    }
}

/// How a result is kept: its status and text. None where it is not to be kept.
pub(crate) fn kept(result: &Result<Answer, Error>) -> Option<(i64, String)> {
    match result {
        Ok(answer) => Some((if answer.created { 201 } else { 200 }, answer.body.clone())),
        Err(error) if error.is_denial() => {
            let status = if error.kind == Kind::Gone { 410 } else { 409 };
            serde_json::to_string(error).ok().map(|text| (status, text))
        }
        Err(_) => None,
    }
}

/// The kept result, marked as a replay.
///
/// # Errors
/// 422 `idempotency-mismatch` where the key was sent with another body.
pub(crate) fn replay(kept: &idempotency_keys::Model, claim: &IdempotencyClaim) -> Result<Answer, Error> {
    if kept.body_hash != claim.body_hash {
        return Err(Error::unprocessable(
            "idempotency-mismatch",
            "This Idempotency-Key was used with another body: send a new key with a new request.",
        ));
    }
    match kept.status {
        200 | 201 => Ok(Answer { created: kept.status == 201, replayed: true, body: kept.answer.clone() }),
        _ => {
            let denial: Error = serde_json::from_str(&kept.answer).map_err(|error| Error::internal(&error))?;
            Err(Error { replayed: true, ..denial })
        }
    }
}

impl App {
    /// Marks a key as being worked on here.
    ///
    /// # Errors
    /// 400 for a key that is none; 409 `idempotency-in-flight` while the first request with this key is at work at this gateway.
    pub(crate) fn in_flight(&self, caller: &Caller, claim: &IdempotencyClaim) -> Result<InFlight, Error> {
        if !(1..=255).contains(&claim.key.len()) || !claim.key.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Error::invalid("/Idempotency-Key", "1 to 255 visible ASCII characters"));
        }
        let keys = Arc::clone(&self.0.memory.in_flight);
        let key = (Arc::clone(&caller.client_id), claim.scope.clone(), claim.key.clone());
        if locked(&keys).insert(key.clone()) {
            Ok(InFlight { keys, key })
        } else {
            let busy = Error::conflict("idempotency-in-flight", "The first request with this Idempotency-Key is still at work: ask again.");
            Err(Error { retry_after_s: Some(1), ..busy })
        }
    }

    /// What is kept under a key: None where nothing is.
    ///
    /// # Errors
    /// 503 where the database can't be asked; what [`replay`] answers is inside.
    pub(crate) async fn kept_answer(
        &self,
        conn: &impl ConnectionTrait,
        caller: &Caller,
        claim: &IdempotencyClaim,
    ) -> Result<Option<Result<Answer, Error>>, StoreError> {
        let found = coalition_store::idempotency::find(conn, &caller.client_id, &claim.scope, &claim.key).await?;
        Ok(found.map(|found| replay(&found, claim)))
    }

    /// Runs `work` in a transaction that writes and commits it, again where the database asks for it. `work` checks what it needs to
    /// check inside: what a unique constraint refuses is looked at again.
    ///
    /// # Errors
    /// What `work` refuses with; 503 where the database can't do it now.
    pub(crate) async fn write<T>(&self, work: impl AsyncFn(&DatabaseTransaction) -> Result<T, Fault>) -> Result<T, Error> {
        let mut tries = 0;
        loop {
            tries += 1;
            match self.write_once(&work).await {
                Ok(done) => return Ok(done),
                Err(Fault::Refused(error)) => return Err(error),
                Err(Fault::Store(StoreError::Retry(_) | StoreError::Conflict)) if tries < TRIES_MAX => {
                    tokio::time::sleep(std::time::Duration::from_millis(u64::from(tries) * 5)).await;
                }
                Err(Fault::Store(error)) => return Err(error.into()),
            }
        }
    }

    async fn write_once<T>(&self, work: &impl AsyncFn(&DatabaseTransaction) -> Result<T, Fault>) -> Result<T, Fault> {
        let txn = self.store().begin().await?;
        match work(&txn).await {
            Ok(done) => {
                txn.commit().await.map_err(StoreError::from)?;
                Ok(done)
            }
            Err(fault) => {
                // The fault is what the caller needs to hear; a rollback that fails is one that the database does by itself.
                let _ = txn.rollback().await;
                Err(fault)
            }
        }
    }

    /// Runs `work` in a transaction at most once for a caller's key, and gives its first answer to every repeat. Without a claim it is
    /// [`App::write`].
    ///
    /// # Errors
    /// What `work` refuses with, and refused with before; 409 `idempotency-in-flight`; 422 `idempotency-mismatch`; 503.
    pub(crate) async fn idempotently(
        &self,
        caller: &Caller,
        claim: Option<&IdempotencyClaim>,
        work: impl AsyncFn(&DatabaseTransaction) -> Result<Done, Fault>,
    ) -> Result<Answer, Error> {
        let Some(claim) = claim else {
            return Ok(self.write(work).await?.answer);
        };
        let _in_flight = self.in_flight(caller, claim)?;
        let row = row(caller, claim, self.wall_now().0);
        let done = self
            .write(async |txn: &DatabaseTransaction| {
                if !coalition_store::idempotency::insert(txn, row.clone()).await? {
                    // None: the first one's transaction was rolled back in between, so this one is run again.
                    let kept = self.kept_answer(txn, caller, claim).await?.ok_or(StoreError::Conflict)?;
                    return Ok(kept?);
                }
                let done = work(txn).await?;
                let status = if done.answer.created { 201 } else { 200 };
                let text = done.kept.as_ref().unwrap_or(&done.answer.body);
                coalition_store::idempotency::finish(txn, &row, status, text).await?;
                Ok(done.answer)
            })
            .await;
        match done {
            Err(denial) if denial.is_denial() && !denial.replayed => self.keep_denial(caller, claim, row, denial).await,
            other => other,
        }
    }

    /// Keeps a denial: the work's own transaction was rolled back with its key. If somebody else has written the key meanwhile, theirs holds.
    async fn keep_denial(
        &self,
        caller: &Caller,
        claim: &IdempotencyClaim,
        row: idempotency_keys::Model,
        denial: Error,
    ) -> Result<Answer, Error> {
        let Some((status, answer)) = kept(&Err(denial.clone())) else {
            return Err(denial);
        };
        let row = idempotency_keys::Model { status, answer, ..row };
        self.write(async |txn: &DatabaseTransaction| {
            if coalition_store::idempotency::insert(txn, row.clone()).await? {
                return Ok(Err(denial.clone()));
            }
            let kept = self.kept_answer(txn, caller, claim).await?.ok_or(StoreError::Conflict)?;
            Ok(kept)
        })
        .await?
    }
}
