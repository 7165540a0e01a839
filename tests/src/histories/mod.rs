//! Random histories of a few members, told to the gateway over HTTP and to the plain model of the ledger alike. After every step each member's
//! balance must be the model's; at the end so must the books as a whole, and what was so at a past moment must be told as it was then.

mod checks;
mod scene;
mod steps;

use coalition_domain::RecoveryPolicy;
use coalition_domain::model::Model;

use crate::chance::Chance;
use crate::harness::actors::{Coalition, Member, NOW};
use crate::harness::http::Http;

use checks::Told;
use scene::{Purchase, Scene};

/// Members of a history.
const MEMBERS: usize = 3;
/// How far a refund may go, by the program's name for it.
const POLICIES: [(&str, RecoveryPolicy); 3] = [
    ("arrears", RecoveryPolicy::Arrears),
    ("within_balance", RecoveryPolicy::WithinBalance),
    ("pending_only", RecoveryPolicy::PendingOnly),
];
/// Milliseconds of a minute.
const MINUTE: i64 = 60_000;

/// `COALITION_HISTORY_SEED`, or another each time.
pub fn seed() -> u64 {
    Chance::seed("COALITION_HISTORY_SEED")
}

/// Plays as many histories, of as many steps each, one after the other on one coalition: of this seed and those that follow it.
pub async fn played(coalition: &Coalition, seed: u64, histories: usize, steps: usize) {
    let scene = Scene::set(coalition).await;
    let mut now = millis(NOW);
    let mut models = Vec::new();
    for seed in (seed..).take(histories) {
        let mut history = History::begin(coalition, &scene, seed, now).await;
        println!("a history of seed {seed} (COALITION_HISTORY_SEED), {steps} steps");
        for _ in 0..steps {
            history.step().await;
        }
        history.end().await;
        now = history.now;
        models.push((std::mem::take(&mut history.model), std::mem::take(&mut history.members)));
    }
    checks::books(coalition, &scene, models, now).await;
}

/// A redemption as its till remembers it.
struct Redemption {
    id: String,
    house: usize,
    member: usize,
    points: i64,
    value: i64,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Held { until: i64 },
    Captured,
    Over,
}

/// One history under way.
struct History<'a> {
    coalition: &'a Coalition,
    scene: &'a Scene,
    chance: Chance,
    model: Model,
    /// Business time, milliseconds.
    now: i64,
    policy: RecoveryPolicy,
    members: Vec<(Member, Http)>,
    purchases: Vec<Purchase>,
    redemptions: Vec<Redemption>,
    told: Vec<Told>,
    seed: u64,
    /// What was done so far, for whoever reads why it failed.
    trail: Vec<String>,
}

impl<'a> History<'a> {
    async fn begin(coalition: &'a Coalition, scene: &'a Scene, seed: u64, now: i64) -> History<'a> {
        let mut members = Vec::new();
        for number in 0..MEMBERS {
            let member = scene.houses[0].brand.enrol(&format!("H{seed}-{number}")).await;
            let me = coalition.session(&member).await;
            members.push((member, me));
        }
        let mut history = History {
            coalition,
            scene,
            chance: Chance::new(seed),
            model: Model::default(),
            now,
            policy: RecoveryPolicy::Arrears,
            members,
            purchases: Vec::new(),
            redemptions: Vec::new(),
            told: Vec::new(),
            seed,
            trail: Vec::new(),
        };
        history.change_policy().await;
        history.pass_to(now + MINUTE).await;
        history
    }

    /// The till's own number for something new.
    fn fresh(&self, what: &str) -> String {
        format!("{what}-{}-{}", self.seed, self.trail.len())
    }

    fn note(&mut self, what: String) {
        self.trail.push(format!("{} {what}", text(self.now)));
    }
}

impl Drop for History<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let from = self.trail.len().saturating_sub(40);
            eprintln!(
                "--- the history of seed {}, {} steps, its newest:\n{}\n---",
                self.seed,
                self.trail.len(),
                self.trail[from..].join("\n")
            );
        }
    }
}

/// A time as the contract writes it.
fn text(ms: i64) -> String {
    jiff::Timestamp::from_millisecond(ms).expect("a time").to_string()
}

/// And as the model counts it.
fn millis(text: &str) -> i64 {
    text.parse::<jiff::Timestamp>().expect("a time").as_millisecond()
}
