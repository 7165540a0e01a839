//! The one write path: everything that moves a point goes through here, in three stages that drain whatever is queued.
//!
//! load → decide → commit. There is no timer: under load batches form by themselves, alone an item goes at once. While a batch is
//! written, the next is read and decided, and what comes meanwhile waits for the one after. Items of a member that an earlier batch is
//! working on wait for it, so that at one gateway nothing is decided on what is about to change; what another gateway changes meanwhile is
//! found at the commit, and decided again. A command may touch several members: whatever shares a member is then decided in order, as one
//! unit, and lands together or not at all.

pub(crate) mod activity;
pub(crate) mod adjust;
pub(crate) mod around;
pub(crate) mod batch;
pub(crate) mod campaign;
pub(crate) mod close;
pub(crate) mod command;
pub(crate) mod decide;
pub(crate) mod deferral;
pub(crate) mod effects;
pub(crate) mod evaluation;
pub(crate) mod gift;
pub(crate) mod happen;
pub(crate) mod household;
pub(crate) mod limits;
pub(crate) mod merge;
pub(crate) mod pool;
pub(crate) mod purchase;
pub(crate) mod queue;
pub(crate) mod react;
pub(crate) mod record;
pub(crate) mod redeem;
pub(crate) mod refund;
pub(crate) mod reopen;
pub(crate) mod resolve;
pub(crate) mod returned;
pub(crate) mod round;
pub(crate) mod shares;
pub(crate) mod signals;
pub(crate) mod steps;
pub(crate) mod subscription;
pub(crate) mod tiers;
pub(crate) mod undo;
pub(crate) mod unit;
pub(crate) mod voucher;
pub(crate) mod waiting;
pub(crate) mod world;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{mpsc, oneshot};

use crate::App;
use crate::answer::Answer;
use crate::error::Error;
use command::{Command, Item};

/// What the write path is told.
pub(crate) enum Event {
    /// Something to be done.
    Item(Box<Item>),
    /// A lane's batch has its turn to commit: the next may be made.
    Loaded(queue::Lane),
    /// A batch has ended: what it took up is free again, and what it must decide anew comes back.
    Ended(Box<batch::Outcome>),
    /// No more is taken; told when the last is answered.
    Drain(oneshot::Sender<()>),
}

/// The door to the write path.
#[derive(Clone)]
pub(crate) struct WritePath {
    events: mpsc::UnboundedSender<Event>,
    waiting: Arc<AtomicUsize>,
    waiting_max: usize,
}

impl WritePath {
    /// The door, and what comes through it.
    pub(crate) fn new(waiting_max: usize) -> (Self, mpsc::UnboundedReceiver<Event>) {
        let (events, receiver) = mpsc::unbounded_channel();
        (Self { events, waiting: Arc::default(), waiting_max }, receiver)
    }

    /// Waits for a command's answer, which comes after its commit.
    ///
    /// # Errors
    /// 503 where too many wait already, before anything is written; else what the command is refused with.
    pub(crate) async fn submit(&self, command: Command) -> Result<Answer, Error> {
        let (reply, answer) = oneshot::channel();
        if self.waiting.fetch_add(1, Ordering::Relaxed) >= self.waiting_max {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            return Err(Error::unavailable());
        }
        let place = Place(Arc::clone(&self.waiting));
        let item = Box::new(Item::new(command, Some(reply)));
        let sent = self.events.send(Event::Item(item));
        let result = match sent {
            Ok(()) => answer.await.unwrap_or_else(|_| Err(Error::unavailable())),
            Err(_) => Err(Error::unavailable()),
        };
        drop(place);
        result
    }

    pub(crate) fn tell(&self, event: Event) {
        // After the drain nobody listens, and nothing is left to be told.
        let _ = self.events.send(event);
    }

    /// How many commands wait or are being worked on.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }
}

/// A place in the queue, given back also where the caller hangs up.
struct Place(Arc<AtomicUsize>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl App {
    /// Starts the write path; it ends with [`Event::Drain`].
    pub(crate) fn start_write_path(&self, receiver: mpsc::UnboundedReceiver<Event>) {
        tokio::spawn(queue::run(self.clone(), receiver));
    }
}
