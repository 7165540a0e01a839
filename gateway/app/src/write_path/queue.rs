//! Who goes next: a queue a partner, served in turn, and what is being worked on now.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::sync::Arc;

use coalition_store::load::BusinessKey;
use tokio::sync::{Mutex, mpsc, oneshot};
use uuid::Uuid;

use super::Event;
use super::batch;
use super::command::{Item, MemberKey};
use crate::App;
use crate::error::Error;

/// A partner whose decisions take longer than this on average waits in the slow lane, microseconds.
const SLOW_US: u64 = 3_000;
/// The share of its average that a new measurement has, as a divisor.
const AVERAGE_OVER: u64 = 8;
/// Items of the slow lane in one batch.
const SLOW_BATCH_MAX: usize = 8;

/// Slow rules delay their own partner only: they have a pipeline of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Lane {
    /// Almost everybody.
    Fast,
    /// Partners whose rules take milliseconds.
    Slow,
}

#[derive(Default)]
struct LaneState {
    /// Whether a batch is on its way to the commit.
    loading: bool,
    batches: usize,
}

struct Queue {
    app: App,
    partners: BTreeMap<Uuid, VecDeque<Item>>,
    /// Where the next round begins.
    turn: Uuid,
    members: HashSet<MemberKey>,
    keys: HashSet<BusinessKey>,
    lanes: HashMap<Lane, LaneState>,
    /// Average cost of a decision by partner, microseconds.
    cost_us: HashMap<Uuid, u64>,
    /// The commit stage is one for both lanes.
    ///
    /// Two commits at once would keep PostgreSQL busier, but each shares the lock of its partners' rows, and where commits overlap without a
    /// gap whoever changes a partner or its rules waits for ever: PostgreSQL lets those who share go first.
    commit: Arc<Mutex<()>>,
    drained: Option<oneshot::Sender<()>>,
}

/// Serves the queue until it is drained.
pub(crate) async fn run(app: App, mut events: mpsc::UnboundedReceiver<Event>) {
    let lanes = HashMap::from([(Lane::Fast, LaneState::default()), (Lane::Slow, LaneState::default())]);
    let mut queue = Queue {
        app,
        partners: BTreeMap::new(),
        turn: Uuid::nil(),
        members: HashSet::new(),
        keys: HashSet::new(),
        lanes,
        cost_us: HashMap::new(),
        commit: Arc::default(),
        drained: None,
    };
    while let Some(event) = events.recv().await {
        queue.take(event);
        // Whatever else has arrived meanwhile joins the batch that is about to be made.
        while let Ok(event) = events.try_recv() {
            queue.take(event);
        }
        queue.launch(Lane::Fast);
        queue.launch(Lane::Slow);
        if queue.is_idle()
            && let Some(drained) = queue.drained.take()
        {
            let _ = drained.send(());
            return;
        }
    }
}

impl Queue {
    fn take(&mut self, event: Event) {
        match event {
            Event::Item(item) if self.drained.is_some() => item.answer(Err(Error::unavailable())),
            Event::Item(item) => self.partners.entry(item.command.queue()).or_default().push_back(*item),
            Event::Loaded(lane) => {
                if let Some(state) = self.lanes.get_mut(&lane) {
                    state.loading = false;
                }
            }
            Event::Ended(outcome) => self.ended(*outcome),
            Event::Drain(told) => self.drained = Some(told),
        }
    }

    fn ended(&mut self, outcome: batch::Outcome) {
        if let Some(state) = self.lanes.get_mut(&outcome.lane) {
            state.batches = state.batches.saturating_sub(1);
        }
        for key in outcome.members {
            self.members.remove(&key);
        }
        for key in outcome.keys {
            self.keys.remove(&key);
        }
        for (partner, cost) in outcome.cost_us {
            let known = self.cost_us.entry(partner).or_insert(cost);
            *known = (known.saturating_mul(AVERAGE_OVER - 1).saturating_add(cost)) / AVERAGE_OVER;
        }
        // What must be decided again goes first: it has waited longest.
        for item in outcome.again.into_iter().rev() {
            self.partners.entry(item.command.queue()).or_default().push_front(item);
        }
    }

    fn is_idle(&self) -> bool {
        self.partners.values().all(VecDeque::is_empty) && self.lanes.values().all(|lane| lane.batches == 0)
    }

    fn lane_of(&self, partner: &Uuid) -> Lane {
        if self.cost_us.get(partner).is_some_and(|cost| *cost > SLOW_US) { Lane::Slow } else { Lane::Fast }
    }

    /// Makes a batch of what is queued for a lane and starts it, where its first stage is free.
    fn launch(&mut self, lane: Lane) {
        let ready = self.lanes.get(&lane).is_some_and(|state| !state.loading);
        if !ready {
            return;
        }
        let items = self.pick(lane);
        if items.is_empty() {
            return;
        }
        let Some(state) = self.lanes.get_mut(&lane) else { return };
        state.loading = true;
        state.batches += 1;
        tokio::spawn(batch::run(self.app.clone(), lane, Arc::clone(&self.commit), items));
    }

    /// One item a partner and round, until the batch is full or nothing more is free. An item of whose members, or whose external id,
    /// one is being worked on waits, and so do all behind it of the same members.
    fn pick(&mut self, lane: Lane) -> Vec<Item> {
        let max = if lane == Lane::Slow { SLOW_BATCH_MAX } else { self.app.config().batch_max };
        let mut partners: Vec<Uuid> =
            self.partners.iter().filter(|(id, queue)| !queue.is_empty() && self.lane_of(id) == lane).map(|(id, _)| *id).collect();
        let start = partners.iter().position(|id| *id > self.turn).unwrap_or(0);
        partners.rotate_left(start);
        if let Some(first) = partners.first() {
            self.turn = *first;
        }
        let busy: HashSet<MemberKey> = self.members.clone();
        let mut blocked: HashSet<MemberKey> = HashSet::new();
        let mut keys: HashSet<BusinessKey> = HashSet::new();
        let mut picked: Vec<Item> = Vec::new();
        let share = max.div_ceil(partners.len().max(1));
        // First everybody's share, then whatever room is left.
        for limit in [share, max] {
            for partner in &partners {
                let Some(queue) = self.partners.get_mut(partner) else { continue };
                let mut passed: VecDeque<Item> = VecDeque::new();
                let mut taken = 0;
                while picked.len() < max && taken < limit && passed.len() < max {
                    let Some(item) = queue.pop_front() else { break };
                    let member = item.command.member_key();
                    let others = item.command.further_keys();
                    let key = &item.command.key;
                    let is_alone = item.attempts >= batch::ATTEMPTS_TOGETHER_MAX && !picked.is_empty();
                    let waits = |member: &MemberKey| busy.contains(member) || blocked.contains(member);
                    if waits(&member) || others.iter().any(waits) || self.keys.contains(key) || keys.contains(key) || is_alone {
                        blocked.insert(member);
                        blocked.extend(others);
                        passed.push_back(item);
                        continue;
                    }
                    keys.insert(key.clone());
                    let alone = item.attempts >= batch::ATTEMPTS_TOGETHER_MAX;
                    self.members.insert(member);
                    self.members.extend(others);
                    picked.push(item);
                    taken += 1;
                    if alone {
                        // Decided with its row locked: nothing else may wait for that.
                        while let Some(item) = passed.pop_back() {
                            queue.push_front(item);
                        }
                        self.keys.extend(keys);
                        return picked;
                    }
                }
                while let Some(item) = passed.pop_back() {
                    queue.push_front(item);
                }
            }
        }
        self.keys.extend(keys);
        picked
    }
}
