//! One point for every dollar, rounded down, and double points on the goods we choose.
//!
//! Nothing is remembered: every answer follows from the purchase alone, so that a refund comes out right by itself.

use coalition_sdk::{
    Award, Effects, Event, Exchange, Manifest, Member, Message, Money, Program, Rounding, Selection,
    State, Stop, settings,
};

settings! {
    /// What can be changed without a new version.
    pub struct Config {
        /// What a purchase earns: so many points for so many minor units (cents).
        pub earn: Exchange = Exchange::new(1, 100),
        /// Goods that earn double.
        pub double: Selection = Selection::of_categories(&["COFFEE*"]),
    }
}

/// The rules.
pub struct Rules;

impl Program for Rules {
    type Config = Config;

    fn describe(config: &Config) -> Manifest {
        let Exchange { points, minor } = config.earn;
        Manifest::new(env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
            .handles("purchase")
            .text("en", "terms", format!("You earn {points} points for every {minor} cents, and double on chosen goods."))
            .text("en", "base", "{points} points for {spend}")
            .text("en", "double", "{points} points more for chosen goods")
    }

    fn on_event(event: &Event, _: &Member, config: &Config, _: &mut State) -> Result<Effects, Stop> {
        let mut effects = Effects::new();
        let Some(purchase) = event.purchase() else { return Ok(effects) };

        let base = purchase.total.earns(config.earn, Rounding::Floor)?;
        let reason = Message::new("base").with("points", base).with("spend", purchase.total);
        effects.award(Award::new("base", base, reason));

        let chosen = || purchase.lines.iter().filter(|line| config.double.has(line));
        let spend = Money::sum(purchase.currency(), chosen().map(|line| line.amount))?;
        let more = spend.earns(config.earn, Rounding::Floor)?;
        let reason = Message::new("double").with("points", more);
        effects.award(Award::new("double", more, reason).for_lines(chosen().map(|line| line.number)));

        Ok(effects)
    }
}

coalition_sdk::export!(Rules);

#[cfg(test)]
mod tests;
