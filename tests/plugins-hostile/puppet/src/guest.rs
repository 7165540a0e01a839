//! The four exports of the contract, raw.

use std::collections::BTreeSet;

use crate::answers;
use crate::config::{Config, Mood, Reward as RewardConfig};
use crate::misbehave;

wit_bindgen::generate!({ path: "../../../sdk/wit/v1", world: "rules" });

use coalition::rules::types::{Attribute, Scalar, Voucher};
use coalition::rules::types::{
    Availability, Award, Badge, CounterDef, EventBody, Instruction, Limit, LocaleTexts, Message, Moment, Money, Progress, Recovery, Reward,
    TierChange, Window,
};
use coalition::rules::{log, state};
use exports::coalition::rules::program::{
    Context, Effect, Event, Guest, Manifest, Member, Offer, Problem, Quotation, QuoteRequest, Refusal,
};

struct Puppet;

export!(Puppet);

impl Guest for Puppet {
    fn describe(config: String) -> Result<Manifest, Vec<Problem>> {
        let config = parse(&config).map_err(|detail| vec![Problem { pointer: String::new(), detail }])?;
        if config.unit < 0 {
            return Err(vec![Problem { pointer: "/unit".to_owned(), detail: "a unit of money is not below zero".to_owned() }]);
        }
        Ok(manifest(&config))
    }

    fn on_event(event: Event, member: Member, config: String) -> Result<Vec<Effect>, Refusal> {
        let Ok(config) = parse(&config) else { misbehave::trap() };
        log::write(log::Level::Info, &format!("deciding {}", event.id));
        act_up(config.mood);
        let Some(answers) = answers::to(&event, &member, &config) else { misbehave::trap() };
        let purchase = match event.body {
            EventBody::Purchase(purchase) => purchase,
            EventBody::Refund(_) if config.recovers > 0 => {
                let recovery = Recovery { key: "base".to_owned(), points: config.recovers, reason: message("base") };
                return Ok(vec![Effect::Recover(recovery), Effect::Tell(message("thanks"))]);
            }
            _ => return Ok(answers),
        };
        if purchase.total < config.traps_under {
            misbehave::trap();
        }
        if config.mood == Mood::Refuses {
            return Err(Refusal { code: "not-today".to_owned(), reason: message("not-today") });
        }
        let mut effects = Vec::new();
        let base = if config.unit == 0 { 0 } else { purchase.total / config.unit };
        for (key, points) in [("base", base), ("bonus", config.bonus), ("count", if config.remembers { count() } else { 0 })] {
            if points > 0 {
                effects.push(award(&config, key, points));
            }
        }
        if config.everything {
            effects.extend(one_of_each());
        }
        effects.extend(answers);
        effects.extend(nonsense(&config));
        Ok(effects)
    }

    fn offers(_context: Context, member: Member, config: String) -> Vec<Offer> {
        let Ok(config) = parse(&config) else { misbehave::trap() };
        act_up(config.mood);
        let balance = member.balance.unwrap_or_default();
        let offer = |reward: &RewardConfig| Offer {
            reward: reward.id.clone(),
            title: message("reward"),
            points: (!reward.flexible).then_some(reward.points),
            value: (!reward.flexible).then(|| money(reward.value)),
            eligible: balance >= reward.points,
            reason: (balance < reward.points).then(|| message("too-few")),
            target: None,
            valid_until: None,
            attributes: Vec::new(),
        };
        config.rewards.iter().map(offer).collect()
    }

    fn quote(request: QuoteRequest, _member: Member, config: String) -> Result<Quotation, Refusal> {
        let Ok(config) = parse(&config) else { misbehave::trap() };
        act_up(config.mood);
        let refusal = |code: &str| Refusal { code: code.to_owned(), reason: message(code) };
        if config.mood == Mood::Refuses {
            return Err(refusal("not-today"));
        }
        let reward = config.rewards.iter().find(|reward| reward.id == request.reward).ok_or_else(|| refusal("no-such-reward"))?;
        let pieces = i64::from(request.quantity.max(1));
        let (points, value) = match (reward.flexible, &request.amount) {
            (true, Some(amount)) => ((amount.minor * reward.points + 99) / 100, amount.minor),
            (true, None) => return Err(refusal("amount-needed")),
            (false, _) => (reward.points * pieces, reward.value * pieces),
        };
        Ok(Quotation {
            points,
            value: money(value),
            title: message("reward"),
            valid: None,
            campaign: config.quote_campaign.clone(),
            till: vec![Attribute { name: "x-article".to_owned(), value: Scalar::Text(reward.id.clone()) }],
        })
    }
}

fn parse(config: &str) -> Result<Config, String> {
    serde_json::from_str(config).map_err(|error| error.to_string())
}

/// What does not come back.
fn act_up(mood: Mood) {
    match mood {
        Mood::Traps => misbehave::trap(),
        Mood::Loops => misbehave::spin(),
        Mood::Hoards => misbehave::hoard(),
        Mood::Floods => misbehave::flood(),
        Mood::Overflows => {
            misbehave::overflow(0);
        }
        Mood::Scribbles => misbehave::scribble(),
        _ => {}
    }
}

/// Answers that the host must not believe.
fn nonsense(config: &Config) -> Vec<Effect> {
    match config.mood {
        Mood::Repeats => vec![award(config, "same", 1), award(config, "same", 2)],
        Mood::Steals => vec![award(config, "theft", -5)],
        Mood::Invents => vec![Effect::Progress(Progress { counter: "unheard-of".to_owned(), delta: 1 })],
        Mood::Babbles => (0..500).map(|number| award(config, &format!("word-{number}"), 1)).collect(),
        Mood::Boasts => vec![award(config, "all", i64::MAX), award(config, "more", i64::MAX)],
        _ => Vec::new(),
    }
}

/// How many purchases the state remembers, this one included.
fn count() -> i64 {
    let before = state::get("count").and_then(|bytes| bytes.try_into().ok()).map_or(0, i64::from_le_bytes);
    let now = before.saturating_add(1);
    if state::put("count", &now.to_le_bytes()).is_err() {
        misbehave::trap();
    }
    now
}

pub fn award(config: &Config, key: &str, points: i64) -> Effect {
    Effect::Award(Award {
        key: key.to_owned(),
        points,
        reason: message(key),
        lines: Vec::new(),
        available: match (&config.action, config.pending_days) {
            (Some(action), _) => Availability::OnAction(action.clone()),
            (None, Some(days)) => Availability::Later(Moment::AfterDays(days)),
            (None, None) => Availability::Now,
        },
        expires: config.expires_days.map(Moment::AfterDays),
        campaign: config.campaign.clone().filter(|_| config.campaign_keys.iter().any(|known| known == key)),
    })
}

fn one_of_each() -> Vec<Effect> {
    vec![
        Effect::Progress(Progress { counter: "purchases".to_owned(), delta: 1 }),
        Effect::GrantBadge(Badge { name: "regular".to_owned(), period: "2026".to_owned() }),
        Effect::SetTier(TierChange { tier: Some("silver".to_owned()), until: None, reason: message("silver") }),
        Effect::IssueVoucher(Voucher {
            key: "coffee".to_owned(),
            template: "free-coffee".to_owned(),
            value: Some(money(250)),
            expires: Some(Moment::AfterDays(30)),
            reason: message("coffee"),
            attributes: Vec::new(),
        }),
        Effect::Tell(message("thanks")),
        Effect::Instruct(Instruction {
            kind: "x-print".to_owned(),
            attributes: vec![Attribute { name: "x-text".to_owned(), value: Scalar::Text("Thank you".to_owned()) }],
        }),
    ]
}

fn manifest(config: &Config) -> Manifest {
    let texts =
        ["base", "bonus", "count", "same", "theft", "all", "more", "reward", "too-few", "not-today", "no-such-reward", "amount-needed"];
    let more = ["silver", "coffee", "thanks"];
    let mut given: Vec<_> = config.answers.iter().map(|answer| answer.key.as_str()).filter(|key| !texts.contains(key)).collect();
    given.sort_unstable();
    given.dedup();
    let entry = |key: &&str| ((*key).to_owned(), format!("The puppet says {key}"));
    Manifest {
        name: "puppet".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        handles: config.handles.clone(),
        needs: ["balance".to_owned(), "counters".to_owned(), "vouchers".to_owned()]
            .into_iter()
            .chain(config.needs.iter().cloned())
            .collect(),
        requires: Vec::new(),
        config_schema: r#"{"type":"object"}"#.to_owned(),
        texts: vec![LocaleTexts {
            locale: "en".to_owned(),
            entries: texts.iter().chain(&more).map(entry).chain(given.iter().map(entry)).collect(),
        }],
        rewards: config.rewards.iter().map(reward).chain(config.everything.then(coffee)).collect(),
        counters: [CounterDef { name: "purchases".to_owned(), window: Window::Lifetime, keep: 0, totals: false }]
            .into_iter()
            .chain(config.counters.iter().map(CounterDef::from))
            .collect(),
        badges: vec!["regular".to_owned()],
        tiers: vec!["silver".to_owned(), "gold".to_owned()],
        campaigns: config.campaign.iter().chain(&config.quote_campaign).cloned().collect::<BTreeSet<_>>().into_iter().collect(),
        limits: config.limits.iter().map(Limit::from).collect(),
    }
}

fn reward(reward: &RewardConfig) -> Reward {
    Reward {
        id: reward.id.clone(),
        kind: if reward.flexible { "pay-with-points" } else { "free-product" }.to_owned(),
        stock: reward.stock,
        per_member: reward.per_member.map(|max| Limit { name: "per-member".to_owned(), max, window: Window::Lifetime }),
    }
}

/// What the voucher of [`one_of_each`] is for.
fn coffee() -> Reward {
    Reward { id: "free-coffee".to_owned(), kind: "free-product".to_owned(), stock: None, per_member: None }
}

pub fn money(minor: i64) -> Money {
    Money { minor, currency: "USD".to_owned() }
}

pub fn message(key: &str) -> Message {
    Message { key: key.to_owned(), args: Vec::new() }
}
