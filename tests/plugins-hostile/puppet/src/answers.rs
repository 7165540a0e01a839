//! What it answers to each kind of event, as its configuration has it.

use serde::Deserialize;

use crate::config::Config;
use crate::guest::coalition::rules::types::{
    Badge, CounterDef, Effect, Event, EventBody, Limit, Member, Progress, Signal, Voucher, Window,
};
use crate::guest::{award, message, money};

/// What it says to one kind of event, beside what it says to a purchase anyway.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The kind, as a manifest names it.
    pub on: String,
    /// Points to award.
    #[serde(default)]
    pub points: i64,
    /// What they are multiplied by: `counter:NAME`, `total:NAME`, `years`, `spent` or `paid`.
    #[serde(default)]
    pub times: Option<String>,
    /// The award's key.
    #[serde(default = "key")]
    pub key: String,
    /// A counter that moves by one.
    #[serde(default)]
    pub counts: Option<String>,
    /// Relation and kind of what it signals.
    #[serde(default)]
    pub signals: Vec<(String, String)>,
    /// Whether it tells the member something.
    #[serde(default)]
    pub tells: bool,
    /// Whether it grants the badge `regular`, for ever.
    #[serde(default)]
    pub badge: bool,
    /// Whether it issues a voucher for the first reward.
    #[serde(default)]
    pub voucher: bool,
    /// Traps instead.
    #[serde(default)]
    pub traps: bool,
}

fn key() -> String {
    "given".to_owned()
}

/// A counter of the manifest.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counter {
    pub name: String,
    pub window: String,
    #[serde(default)]
    pub keep: u8,
    #[serde(default)]
    pub totals: bool,
}

/// A limit of the manifest's own.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnLimit {
    pub name: String,
    pub max: i64,
    pub window: String,
}

fn window(name: &str) -> Window {
    match name {
        "day" => Window::Day,
        "week" => Window::Week,
        "month" => Window::Month,
        "quarter" => Window::Quarter,
        "year" => Window::Year,
        _ => Window::Lifetime,
    }
}

impl From<&Counter> for CounterDef {
    fn from(counter: &Counter) -> Self {
        CounterDef { name: counter.name.clone(), window: window(&counter.window), keep: counter.keep, totals: counter.totals }
    }
}

impl From<&OwnLimit> for Limit {
    fn from(limit: &OwnLimit) -> Self {
        Limit { name: limit.name.clone(), max: limit.max, window: window(&limit.window) }
    }
}

/// The kind of an event as a manifest names it.
fn kind(event: &Event) -> String {
    match &event.body {
        EventBody::Purchase(_) => "purchase".to_owned(),
        EventBody::Refund(_) => "refund".to_owned(),
        EventBody::Activity(activity) => format!("activity:{}", activity.kind),
        EventBody::Redemption(redemption) => format!("redemption:{}", redemption.step),
        EventBody::Enrolment(_) => "enrolment".to_owned(),
        EventBody::Anniversary(anniversary) => format!("anniversary:{}", anniversary.kind),
        EventBody::PeriodClose(_) => "period-close".to_owned(),
        EventBody::Signal(signal) => format!("signal:{}", signal.kind),
        EventBody::Coalition(_) => "coalition".to_owned(),
        EventBody::Other(_) => "other".to_owned(),
    }
}

fn times(what: &str, event: &Event, member: &Member) -> i64 {
    match (what.split_once(':'), &event.body) {
        (Some(("counter", name)), _) => {
            let counter = member.counters.iter().find(|counter| counter.name == name);
            counter.and_then(|counter| counter.values.first()).copied().unwrap_or(0)
        }
        (Some(("total", name)), EventBody::PeriodClose(close)) => {
            close.totals.iter().find(|total| total.counter == name).map_or(0, |total| total.total)
        }
        (None, EventBody::Anniversary(anniversary)) => i64::from(anniversary.years),
        (None, EventBody::Redemption(redemption)) => redemption.points,
        (None, EventBody::Coalition(event)) => event.total.as_ref().map_or(0, |total| total.minor / 100),
        _ => 0,
    }
}

/// All that the configuration has for this event; none where it wants to trap.
pub fn to(event: &Event, member: &Member, config: &Config) -> Option<Vec<Effect>> {
    let kind = kind(event);
    let mut effects = Vec::new();
    for (number, answer) in config.answers.iter().filter(|answer| answer.on == kind).enumerate() {
        if answer.traps {
            return None;
        }
        let points = answer.points * answer.times.as_ref().map_or(1, |what| times(what, event, member));
        if points > 0 {
            effects.push(award(config, &answer.key, points));
        }
        if let Some(counter) = &answer.counts {
            effects.push(Effect::Progress(Progress { counter: counter.clone(), delta: 1 }));
        }
        for (relation, kind) in &answer.signals {
            effects.push(Effect::Signal(Signal { relation: relation.clone(), kind: kind.clone(), attributes: Vec::new() }));
        }
        if answer.tells {
            effects.push(Effect::Tell(message("thanks")));
        }
        if answer.badge {
            effects.push(Effect::GrantBadge(Badge { name: "regular".to_owned(), period: String::new() }));
        }
        if answer.voucher
            && let Some(reward) = config.rewards.first()
        {
            effects.push(Effect::IssueVoucher(Voucher {
                key: format!("gift-{number}"),
                template: reward.id.clone(),
                value: Some(money(reward.value)),
                expires: config.expires_days.map(crate::guest::coalition::rules::types::Moment::AfterDays),
                reason: message("coffee"),
                attributes: Vec::new(),
            }));
        }
    }
    Some(effects)
}
