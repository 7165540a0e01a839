//! One batch on its way through the three stages.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use coalition_store::commit::{Group, Verdict, commit};
use coalition_store::entities::business_ids;
use coalition_store::load::BusinessKey;
use coalition_store::{ConnectionTrait, StoreError, load};
use tokio::sync::Mutex;
use uuid::Uuid;

use super::Event;
use super::command::{Item, MemberKey, Work};
use super::decide::{Decided, decide_all, decide_unit, stamp_commit};
use super::queue::Lane;
use super::resolve::resolve;
use super::unit::{Unit, gather};
use super::world::World;
use crate::App;
use crate::answer::Answer;
use crate::error::Error;

/// After so many decisions in vain an item is decided alone, with its members' rows locked.
pub(crate) const ATTEMPTS_TOGETHER_MAX: u8 = 2;
/// After so many it is told to try again later: somebody else is writing this member without pause.
const ATTEMPTS_MAX: u8 = 12;
/// How often a transaction is run again that the database gave up.
const TRIES_MAX: u32 = 6;

/// What a batch leaves behind.
pub(crate) struct Outcome {
    pub(crate) lane: Lane,
    pub(crate) members: HashSet<MemberKey>,
    pub(crate) keys: HashSet<BusinessKey>,
    /// To be decided again, in their order.
    pub(crate) again: Vec<Item>,
    pub(crate) cost_us: Vec<(Uuid, u64)>,
}

/// Takes a batch through load, decide and commit, and answers its items.
pub(crate) async fn run(app: App, lane: Lane, commit_stage: Arc<Mutex<()>>, items: Vec<Item>) {
    let begun = std::time::Instant::now();
    let size = items.len();
    let mut members: HashSet<MemberKey> = items.iter().map(|item| item.command.member_key()).collect();
    members.extend(items.iter().flat_map(|item| item.command.further_keys()));
    let keys = items.iter().map(|item| item.command.key.clone()).collect();
    let mut outcome = Outcome { lane, members, keys, again: Vec::new(), cost_us: Vec::new() };
    let alone = items.first().is_some_and(|item| item.attempts >= ATTEMPTS_TOGETHER_MAX);
    if alone {
        app.write_path().tell(Event::Loaded(lane));
        let _turn = commit_stage.lock().await;
        run_alone(&app, items, &mut outcome).await;
    } else {
        run_together(&app, lane, &commit_stage, items, &mut outcome).await;
    }
    metrics::histogram!("coalition_batch_items").record(u32::try_from(size).unwrap_or(u32::MAX));
    metrics::histogram!("coalition_batch_seconds").record(begun.elapsed().as_secs_f64());
    app.write_path().tell(Event::Ended(Box::new(outcome)));
}

async fn run_together(app: &App, lane: Lane, commit_stage: &Mutex<()>, items: Vec<Item>, outcome: &mut Outcome) {
    let decided = match load_as_of_one_moment(app, items).await {
        Some((world, work)) => {
            let threads = if lane == Lane::Slow { 1 } else { std::thread::available_parallelism().map_or(1, std::num::NonZero::get) };
            decide_all(app, Arc::new(world), work, threads).await
        }
        None => Ok(Vec::new()),
    };
    // Only what has its turn to commit makes room for the next batch: a batch that was made earlier would wait here, and be smaller.
    let turn = commit_stage.lock().await;
    app.write_path().tell(Event::Loaded(lane));
    match decided {
        Ok(decided) => {
            outcome.cost_us = average_cost(&decided);
            commit_all(app, decided, outcome).await;
        }
        // The replies went down with the thread: whoever waits is told to try again.
        Err(error) => tracing::error!(%error, "a batch could not be decided"),
    }
    drop(turn);
}

/// An average for each partner.
fn average_cost(decided: &[Decided]) -> Vec<(Uuid, u64)> {
    let mut sums: BTreeMap<Uuid, (u64, u64)> = BTreeMap::new();
    for (partner, cost) in decided.iter().flat_map(|decided| &decided.cost_us) {
        let sum = sums.entry(*partner).or_default();
        *sum = (sum.0.saturating_add(*cost), sum.1.saturating_add(1));
    }
    sums.into_iter().map(|(partner, (cost, count))| (partner, cost / count.max(1))).collect()
}

type UnitItems = Vec<(Unit, Vec<Item>)>;

/// Loads from one snapshot: a refusal is answered without another look, so that it must not rest on halves of what another gateway is writing.
async fn load_as_of_one_moment(app: &App, items: Vec<Item>) -> Option<(World, UnitItems)> {
    match app.store().snapshot().await {
        Ok(snapshot) => load_batch(app, &snapshot, items).await,
        Err(error) => {
            let error = Error::from(error);
            for item in items {
                item.answer(Err(error.clone()));
            }
            None
        }
    }
}

/// Reads what a batch needs. What is a replay, or names nobody, is answered here; None where nothing is left.
async fn load_batch(app: &App, conn: &impl ConnectionTrait, items: Vec<Item>) -> Option<(World, UnitItems)> {
    let mut items = answer_replays(conn, items).await?;
    if items.is_empty() {
        return None;
    }
    let loaded = async {
        let found = resolve(conn, &mut items, app.now().await?).await?;
        app.load_world(conn, &items, found).await
    };
    match loaded.await {
        Ok((world, members)) => {
            let (items, nobodys): (Vec<Item>, Vec<Item>) = items.into_iter().partition(|item| members.contains_key(&item.subject));
            for item in nobodys {
                item.answer(Err(Error::member_not_found()));
            }
            let work = gather(items, members);
            (!work.is_empty()).then_some((world, work))
        }
        Err(error) => {
            for item in items {
                item.answer(Err(error.clone()));
            }
            None
        }
    }
}

/// Answers what was posted before; the rest goes on. None where the database can't be asked: everything is answered so.
async fn answer_replays(conn: &impl ConnectionTrait, items: Vec<Item>) -> Option<Vec<Item>> {
    let keys: Vec<BusinessKey> = items.iter().map(|item| item.command.key.clone()).collect();
    let found = async {
        let known = load::business_ids(conn, &keys).await?;
        let claims: Vec<_> = items
            .iter()
            .enumerate()
            .filter_map(|(place, item)| Some((place, item.command.caller.as_ref()?, item.command.claim.as_ref()?)))
            .collect();
        let wanted: Vec<(&str, &str, &str)> =
            claims.iter().map(|(_, caller, claim)| (&*caller.client_id, claim.scope.as_str(), claim.key.as_str())).collect();
        let kept = coalition_store::idempotency::find_many(conn, &wanted).await?;
        let mut by_header = HashMap::new();
        for (place, caller, claim) in claims {
            let mine =
                kept.iter().find(|row| *row.client_id == *caller.client_id && row.scope == claim.scope && row.idempotency_key == claim.key);
            if let Some(row) = mine {
                by_header.insert(place, crate::idempotency::replay(row, claim));
            }
        }
        Ok::<_, StoreError>((known, by_header))
    };
    match found.await {
        Ok((known, mut by_header)) => {
            let known: HashMap<BusinessKey, business_ids::Model> =
                known.into_iter().map(|row| ((row.partner_id, row.kind, row.external_id.clone()), row)).collect();
            let mut left = Vec::new();
            for (place, item) in items.into_iter().enumerate() {
                if let Some(answer) = by_header.remove(&place) {
                    item.answer(answer);
                } else if let Some(row) = known.get(&item.command.key) {
                    let answer = replay(row, &item);
                    item.answer(answer);
                } else {
                    left.push(item);
                }
            }
            Some(left)
        }
        Err(error) => {
            let error = Error::from(error);
            for item in items {
                item.answer(Err(error.clone()));
            }
            None
        }
    }
}

fn replay(row: &business_ids::Model, item: &Item) -> Result<Answer, Error> {
    if row.body_hash != item.command.body_hash {
        return Err(Error::conflict("external-id-conflict", "This external_id was used with another body: it is unique for ever."));
    }
    Ok(Answer { created: false, replayed: true, body: row.answer.clone() })
}

/// Writes a decided batch and answers it; what fell out comes back in `outcome.again`.
async fn commit_all(app: &App, mut decided: Vec<Decided>, outcome: &mut Outcome) {
    outcome.again.extend(decided.iter_mut().flat_map(|decided| std::mem::take(&mut decided.later)));
    let (writing, only_answers): (Vec<Decided>, Vec<Decided>) = decided.into_iter().partition(|decided| writes(&decided.group));
    for decided in only_answers {
        for (item, result) in decided.items {
            item.answer(result);
        }
    }
    let mut halves = vec![writing];
    while let Some(mut batch) = halves.pop() {
        if batch.is_empty() {
            continue;
        }
        match write(app, &mut batch).await {
            Ok(verdicts) => {
                if batch.iter().any(|decided| queues(&decided.group)) {
                    app.0.memory.queued.notify_one();
                }
                settle(batch, &verdicts, outcome);
            }
            Err(error @ (StoreError::Unavailable(_) | StoreError::Retry(_))) => {
                // Whether the last try holds is not known: a repeat finds out by its ids.
                let error = Error::from(error);
                answer_all(batch, &error);
            }
            Err(error) if batch.len() == 1 => {
                let error = Error::internal(&error);
                answer_all(batch, &error);
            }
            Err(error) => {
                // One bad item never fails its neighbours.
                tracing::error!(%error, items = batch.len(), "a batch was refused; its halves are tried");
                let half = batch.split_off(batch.len() / 2);
                halves.push(half);
                halves.push(batch);
            }
        }
    }
}

fn writes(group: &Group) -> bool {
    group.parts.iter().any(|part| !part.rows.business_ids.is_empty() || !part.rows.idempotency_keys.is_empty())
}

/// Whether it leaves decisions to be made that nobody waits for.
fn queues(group: &Group) -> bool {
    group.parts.iter().any(|part| part.rows.deferrals.iter().any(|row| row.attempts == 0))
}

fn answer_all(batch: Vec<Decided>, error: &Error) {
    for (item, _) in batch.into_iter().flat_map(|decided| decided.items) {
        item.answer(Err(error.clone()));
    }
}

fn settle(batch: Vec<Decided>, verdicts: &[Verdict], outcome: &mut Outcome) {
    for (decided, verdict) in batch.into_iter().zip(verdicts) {
        for (mut item, result) in decided.items {
            match verdict {
                Verdict::Written => {
                    metrics::counter!("coalition_commands_total", "result" => if result.is_ok() { "written" } else { "denied" })
                        .increment(1);
                    item.answer(result);
                }
                // The hold that brought the code is refused; what was decided with it is decided again.
                Verdict::CodeUsed if brings_code(&item) => {
                    item.answer(Err(code_used()));
                }
                Verdict::Taken | Verdict::Moved | Verdict::Exhausted | Verdict::CodeUsed => {
                    metrics::counter!("coalition_redecided_total", "cause" => cause(*verdict)).increment(1);
                    item.attempts = item.attempts.saturating_add(1);
                    if item.attempts > ATTEMPTS_MAX {
                        item.answer(Err(Error::unavailable()));
                    } else {
                        outcome.again.push(item);
                    }
                }
            }
        }
    }
}

fn code_used() -> Error {
    Error::conflict("code-invalid", "This code was used a moment ago: ask for a new one.")
}

fn brings_code(item: &Item) -> bool {
    matches!(&item.command.work, Work::Hold(hold) if hold.code_hash.is_some())
}

const fn cause(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Taken => "taken",
        Verdict::Moved => "moved",
        Verdict::Exhausted => "exhausted",
        Verdict::CodeUsed => "code-used",
        Verdict::Written => "none",
    }
}

/// One database transaction for what is decided; again where the database gave it up, or where it is not known whether it holds:
/// its ids are then found taken, by itself.
async fn write(app: &App, batch: &mut [Decided]) -> Result<Vec<Verdict>, StoreError> {
    let mut tries: u32 = 0;
    loop {
        tries += 1;
        match write_once(app, batch).await {
            Err(StoreError::Retry(_) | StoreError::Unavailable(_)) if tries < TRIES_MAX => {
                tokio::time::sleep(std::time::Duration::from_millis(u64::from(tries * tries) * 5)).await;
            }
            done => return done,
        }
    }
}

async fn write_once(app: &App, batch: &mut [Decided]) -> Result<Vec<Verdict>, StoreError> {
    let commit_id = app.new_id();
    batch.iter_mut().for_each(|decided| stamp_commit(decided, commit_id));
    let groups: Vec<&Group> = batch.iter().map(|decided| &decided.group).collect();
    let recorded_at = app.wall_now().0;
    let txn = app.store().begin().await?;
    let verdicts = match commit(&txn, &groups, commit_id, recorded_at).await {
        Ok(verdicts) => verdicts,
        Err(error) => {
            // The first error is what matters; a connection that can't roll back is closed, which does the same.
            let _ = txn.rollback().await;
            return Err(error);
        }
    };
    txn.commit().await?;
    Ok(verdicts)
}

/// Decides one item while the rows of its members are locked, in the transaction that writes it.
async fn run_alone(app: &App, mut items: Vec<Item>, outcome: &mut Outcome) {
    let Some(item) = items.pop() else { return };
    let attempts = item.attempts;
    match alone(app, item).await {
        Ok(None) => {}
        Ok(Some(mut item)) => {
            item.attempts = attempts.saturating_add(1);
            if item.attempts > ATTEMPTS_MAX { item.answer(Err(Error::unavailable())) } else { outcome.again.push(item) }
        }
        Err(error) => tracing::warn!(%error, "an item could not be decided alone"),
    }
}

/// None where it was answered, the item where it must come again.
async fn alone(app: &App, mut item: Item) -> Result<Option<Item>, Error> {
    let txn = match app.store().begin().await {
        Ok(txn) => txn,
        Err(error) => {
            item.answer(Err(error.into()));
            return Ok(None);
        }
    };
    let locked = async {
        let found = resolve(&txn, std::slice::from_mut(&mut item), app.now().await?).await?;
        let ids: Vec<Uuid> = found.rows.into_keys().collect();
        load::balances(&txn, ids, true).await?;
        Ok::<_, Error>(())
    };
    if let Err(error) = locked.await {
        let _ = txn.rollback().await;
        item.answer(Err(error));
        return Ok(None);
    }
    let Some((world, work)) = load_batch(app, &txn, vec![item]).await else {
        let _ = txn.rollback().await;
        return Ok(None);
    };
    let world = Arc::new(world);
    let mut decided = Vec::new();
    for (unit, items) in work {
        let (app, world) = (app.clone(), Arc::clone(&world));
        decided.push(
            tokio::task::spawn_blocking(move || decide_unit(&app, &world, unit, items)).await.map_err(|error| Error::internal(&error))?,
        );
    }
    let commit_id = app.new_id();
    decided.iter_mut().for_each(|decided| stamp_commit(decided, commit_id));
    let groups: Vec<&Group> = decided.iter().map(|decided| &decided.group).filter(|group| writes(group)).collect();
    let written = async {
        let verdicts = commit(&txn, &groups, commit_id, app.wall_now().0).await?;
        let verdict = verdicts.into_iter().find(|verdict| *verdict != Verdict::Written).unwrap_or(Verdict::Written);
        if verdict == Verdict::Written {
            txn.commit().await?
        } else {
            txn.rollback().await?
        }
        Ok::<_, StoreError>(verdict)
    };
    let written = written.await;
    for (item, result) in decided.into_iter().flat_map(|decided| decided.items) {
        match &written {
            Ok(Verdict::Written) => item.answer(result),
            Ok(Verdict::CodeUsed) => item.answer(Err(code_used())),
            Ok(Verdict::Taken | Verdict::Moved | Verdict::Exhausted) | Err(StoreError::Retry(_)) => return Ok(Some(item)),
            Err(error) => item.answer(Err(Error::new(
                crate::Kind::Unavailable,
                "unavailable",
                format!("Not known to be written: repeat it. ({})", summary(error)),
            ))),
        }
    }
    Ok(None)
}

const fn summary(error: &StoreError) -> &'static str {
    match error {
        StoreError::Unavailable(_) => "the database can't be reached",
        _ => "the database refused",
    }
}
