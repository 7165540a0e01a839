//! Stamp cards: so many pieces or visits, and the next one is free. The cards are derived: stamps are a counter that the gateway can take back, and what is due
//! is stamps ÷ needed less the vouchers already issued, in both directions. So a card after a return is the card of somebody who never bought what came back.

pub mod config;
mod stamp;

use coalition_sdk::{
    Context, Counter, Effects, Event, Fault, Manifest, Member, Message, Money, Offer, Program, Quotation, QuoteRequest, Refusal, Reward,
    State, Stop, Window, settings::Problems,
};

pub use config::Config;

/// The badge of the first full card.
const BADGE: &str = "first-card";

/// The program.
#[derive(Debug)]
pub struct StampCard;

impl Program for StampCard {
    type Config = Config;

    fn describe(config: &Config) -> Manifest {
        let manifest = Manifest::new("stamp-card", env!("CARGO_PKG_VERSION"))
            .handles("purchase")
            .needs("counters")
            .needs("vouchers")
            .needs("badges")
            .badge(BADGE)
            .texts("en", ENGLISH)
            .text("en", "terms", terms(config));
        config.cards.iter().fold(manifest, |manifest, card| {
            manifest
                .counter(Counter::new(card.counter(), Window::Lifetime))
                .reward(Reward::new(&*card.id, "free-product"))
                .text("en", format!("reward:{}", card.id), card.gives.as_str())
                .text("en", format!("counter:{}", card.counter()), card.title.as_str())
        })
    }

    fn check(config: &Config, problems: &mut Problems) {
        config.check(problems);
    }

    fn on_event(event: &Event, member: &Member, config: &Config, _: &mut State) -> Result<Effects, Stop> {
        let mut effects = Effects::new();
        if let Some(purchase) = event.purchase() {
            let mut full = false;
            for card in &config.cards {
                full |= stamp::stamp(purchase, member, card, config, &mut effects)?;
            }
            if full && config.badge && !member.has_badge(BADGE, "") {
                effects.grant_badge(BADGE, "");
            }
        }
        Ok(effects)
    }

    fn offers(_: &Context, member: &Member, config: &Config, _: &State) -> Result<Vec<Offer>, Fault> {
        let offer = |card: &config::Card| {
            let title = Message::new("card").with("title", card.title.as_str()).with("gives", card.gives.as_str());
            let mut offer = Offer::new(&*card.id, title);
            offer.value = card.worth.map(|minor| Money::new(minor, config.currency));
            if !member.open_vouchers(&card.id).is_empty() {
                return offer;
            }
            let have = stamp::on_card(card, member);
            let needed = i64::from(card.needed);
            let missing = needed.saturating_sub(have);
            offer.not_yet(Message::new("missing").with("missing", missing)).target(have.max(0), needed, "stamps")
        };
        Ok(config.cards.iter().map(offer).collect())
    }

    fn quote(request: &QuoteRequest, _: &Member, config: &Config, _: &State) -> Result<Quotation, Stop> {
        let known = config.cards.iter().any(|card| *card.id == *request.reward);
        Err(if known { Refusal::new("not-eligible", "full-card-only").into() } else { Refusal::no_such_reward(&request.reward).into() })
    }
}

const ENGLISH: &[(&str, &str)] = &[
    ("name", "Stamp card"),
    ("summary", "So many stamps, and the next one is free."),
    ("badge:first-card", "First full card"),
    ("card", "{title}: {gives}"),
    ("stamped", "Stamps on your {title}: {stamps}"),
    ("full", "Your {title} is full: {gives}"),
    ("one-more", "One more stamp and your {title} is full: {gives}"),
    ("taken-back", "What you returned had filled your {title}: {gives} goes back with it."),
    ("missing", "Stamps still missing: {missing}"),
    ("full-card-only", "This comes with a full card, not for points."),
];

/// The terms as a customer reads them.
fn terms(config: &Config) -> String {
    let card = |card: &config::Card| {
        let what = match card.counts {
            config::Counts::Pieces => "Each piece",
            config::Counts::Visits => "Each visit",
        };
        let mut text = format!("{}: {what}", card.title);
        let names = card.goods.categories.iter().chain(&card.goods.skus);
        let names: Vec<&str> = names.map(|n| n.trim_end_matches('*')).collect();
        if names.iter().all(|name| !name.is_empty()) {
            text.push_str(&format!(" with {}", names.join(", ")));
        }
        if card.minimum > 0 {
            let minimum = Money::new(card.minimum, config.currency);
            text.push_str(&format!(" from {minimum} on"));
        }
        text.push_str(&format!(
            " has a stamp; {} stamps give {}, to be fetched within {} days.",
            card.needed, card.gives, card.voucher_days
        ));
        text
    };
    let mut terms: Vec<String> = config.cards.iter().map(card).collect();
    if config.points_per_stamp > 0 {
        let points = config.points_per_stamp;
        terms.push(format!("Each stamp earns {points} points besides."));
    }
    terms.push("Goods you return take their stamps with them.".to_owned());
    terms.join(" ")
}

coalition_sdk::export!(StampCard);

#[cfg(test)]
mod tests;
