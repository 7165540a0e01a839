//! Every tenth coffee is free.
//!
//! The gateway counts the stamps and knows the vouchers, so nothing is kept here, and a refund takes its stamps back by itself:
//! what is due is always full cards less vouchers issued.

use coalition_sdk::{
    Context, Counter, Effects, Event, Fault, Manifest, Member, Message, Offer, Program, Reward,
    Selection, State, Stop, Voucher, Window, settings,
};

const STAMPS: &str = "stamps";
const FREE_ONE: &str = "free-one";

/// More vouchers than this from one receipt is a slip of the finger at the till; the rest follows with the next purchase.
const VOUCHERS_MAX: i64 = 10;

settings! {
    /// What can be changed without a new version.
    pub struct Config {
        /// Goods that give a stamp a piece.
        pub goods: Selection = Selection::of_categories(&["COFFEE*"]),
        /// Stamps on a full card.
        #[within(2, 100)]
        pub stamps: i64 = 10,
    }
}

/// The rules.
pub struct Rules;

impl Program for Rules {
    type Config = Config;

    fn describe(config: &Config) -> Manifest {
        Manifest::new(env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
            .handles("purchase")
            .needs("counters")
            .needs("vouchers")
            .counter(Counter::new(STAMPS, Window::Lifetime))
            .reward(Reward::new(FREE_ONE, "free-product"))
            .text("en", "terms", format!("A stamp for every piece of chosen goods; after {} stamps one is free.", config.stamps))
            .text("en", "free-one", "One free")
            .text("en", "card-full", "Your card is full: {stamps} stamps. The next one is on us.")
            .text("en", "stamps-missing", "{missing} more stamps to a free one")
    }

    fn on_event(event: &Event, member: &Member, config: &Config, _: &mut State) -> Result<Effects, Stop> {
        let mut effects = Effects::new();
        let Some(purchase) = event.purchase() else { return Ok(effects) };

        let bought = purchase.lines.iter().filter(|line| config.goods.has(line));
        let stamps: i64 = bought.map(|line| line.quantity.pieces()).sum();
        effects.progress(STAMPS, stamps);

        let full_cards = (member.counter(STAMPS) + stamps) / config.stamps;
        let due = full_cards - i64::from(member.vouchers_issued(FREE_ONE));
        for number in 1..=due.min(VOUCHERS_MAX) {
            let reason = Message::new("card-full").with("stamps", config.stamps);
            effects.issue_voucher(Voucher::new(format!("{FREE_ONE}-{number}"), FREE_ONE, reason));
        }
        Ok(effects)
    }

    fn offers(_: &Context, member: &Member, config: &Config, _: &State) -> Result<Vec<Offer>, Fault> {
        let on_card = member.counter(STAMPS).max(0) % config.stamps;
        let missing = Message::new("stamps-missing").with("missing", config.stamps - on_card);
        let offer = Offer::new(FREE_ONE, "free-one").target(on_card, config.stamps, STAMPS);
        Ok(vec![offer.not_yet(missing)])
    }
}

coalition_sdk::export!(Rules);

#[cfg(test)]
mod tests;
