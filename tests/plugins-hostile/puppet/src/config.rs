//! What the strings are. Every field has a default, as the contract wants it.

use serde::Deserialize;

use crate::answers::{Answer, Counter, OwnLimit};

/// The configuration.
#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// What to do on a purchase and on `offers` and `quote`.
    pub mood: Mood,
    /// One point for this many minor units; zero: none.
    pub unit: i64,
    /// Points beside, under a key of their own.
    pub bonus: i64,
    /// Days after which the award becomes available.
    pub pending_days: Option<u32>,
    /// An action that the award waits for.
    pub action: Option<String>,
    /// Traps on a purchase of less than this many minor units.
    pub traps_under: i64,
    /// Points that it takes back under `base` in answer to a refund, where it handles refunds.
    pub recovers: i64,
    /// Days after which the award expires.
    pub expires_days: Option<u32>,
    /// The operator's campaign that awards under these keys are made under.
    pub campaign: Option<String>,
    /// See `campaign`.
    pub campaign_keys: Vec<String>,
    /// The operator's campaign that rewards are quoted under.
    pub quote_campaign: Option<String>,
    /// Gives one of every effect, beside the award.
    pub everything: bool,
    /// Counts purchases in the opaque state, and awards the count under the key `count`.
    pub remembers: bool,
    /// What can be redeemed.
    pub rewards: Vec<Reward>,
    /// What its manifest says of its handling.
    pub handles: Vec<String>,
    /// What its manifest needs, beside the balance.
    pub needs: Vec<String>,
    /// What it says to events of each kind.
    pub answers: Vec<Answer>,
    /// Counters, beside `purchases`.
    pub counters: Vec<Counter>,
    /// Limits that it asks to be held to.
    pub limits: Vec<OwnLimit>,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            mood: Mood::Good,
            unit: 100,
            bonus: 0,
            pending_days: None,
            action: None,
            traps_under: 0,
            recovers: 0,
            expires_days: None,
            campaign: None,
            campaign_keys: vec!["bonus".to_owned()],
            quote_campaign: None,
            everything: false,
            remembers: false,
            rewards: vec![Reward { id: "mug".to_owned(), points: 100, value: 500, stock: None, per_member: None, flexible: false }],
            handles: vec!["purchase".to_owned()],
            needs: Vec::new(),
            answers: Vec::new(),
            counters: Vec::new(),
            limits: Vec::new(),
        }
    }
}

/// What can be redeemed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reward {
    pub id: String,
    /// For one piece; of a flexible one, points for one unit of money.
    pub points: i64,
    /// Minor units for one piece.
    #[serde(default)]
    pub value: i64,
    #[serde(default)]
    pub stock: Option<u64>,
    #[serde(default)]
    pub per_member: Option<i64>,
    /// The member names the amount: pay with points.
    #[serde(default)]
    pub flexible: bool,
}

/// How it feels.
#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Mood {
    Good,
    /// Says no, with a reason.
    Refuses,
    Traps,
    Loops,
    Hoards,
    /// Fills the log until somebody stops it.
    Floods,
    /// Recurses until the stack is gone.
    Overflows,
    /// Two awards under one key.
    Repeats,
    /// An award of fewer than zero points.
    Steals,
    /// A counter that its manifest does not have.
    Invents,
    /// More effects than anybody needs.
    Babbles,
    /// More state than there is room for.
    Scribbles,
    /// An award of all the points there are.
    Boasts,
}
