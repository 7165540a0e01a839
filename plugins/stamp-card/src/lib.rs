//! Stamp cards: so many pieces or visits, and the next one is free. The cards are derived: stamps are a counter that the gateway can take back, and what is due
//! is stamps ÷ needed less the vouchers already issued, in both directions. So a card after a return is the card of somebody who never bought what came back.

pub mod config;
mod stamp;
mod texts;

use coalition_sdk::{
    Context, Counter, Effects, Event, EventBody, Fault, Manifest, Member, Message, Money, Offer, Program, Quotation, QuoteRequest, Refusal,
    Reward, State, Stop, Window, settings::Problems,
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
            .handles("refund")
            .needs("counters")
            .needs("vouchers")
            .needs("badges")
            .badge(BADGE);
        let manifest = config.cards.iter().fold(manifest, |manifest, card| {
            manifest.counter(Counter::new(card.counter(), Window::Lifetime)).reward(Reward::new(&*card.id, "free-product"))
        });
        texts::write(config, manifest)
    }

    fn check(config: &Config, problems: &mut Problems) {
        config.check(problems);
    }

    fn on_event(event: &Event, member: &Member, config: &Config, _: &mut State) -> Result<Effects, Stop> {
        let mut effects = Effects::new();
        let mut full = false;
        for card in &config.cards {
            full |= match &event.body {
                EventBody::Purchase(purchase) => stamp::stamp(purchase, member, card, config, &mut effects)?,
                // The gateway has taken the stamps back; the vouchers that they filled the card for follow.
                EventBody::Refund(_) => stamp::settle(0, member, card, config, &mut effects)?,
                _ => false,
            };
        }
        if full && config.badge && !member.has_badge(BADGE, "") {
            effects.grant_badge(BADGE, "");
        }
        Ok(effects)
    }

    fn offers(_: &Context, member: &Member, config: &Config, _: &State) -> Result<Vec<Offer>, Fault> {
        let offer = |card: &config::Card| {
            let mut offer = Offer::new(&*card.id, card.says("card"));
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

coalition_sdk::export!(StampCard);

#[cfg(test)]
mod tests;
