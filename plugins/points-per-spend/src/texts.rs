//! The program's words.

use coalition_sdk::{Manifest, Money};

use crate::config::Config;

/// A key and its text.
const ENGLISH: &[(&str, &str)] = &[
    ("name", "Points for every purchase"),
    ("summary", "You earn points for what you spend, and pay with them."),
    ("earned", "{spend} spent"),
    ("bonus", "{title}"),
    ("pay", "Pay with points, {points} for {value}"),
    ("money-off", "{value} off your next purchase"),
    ("more-points", "Points still missing: {missing}"),
    ("amount-needed", "Say how much is to be paid with points."),
    ("below-minimum", "At least {minimum} points at a time."),
    ("other-currency", "Points pay amounts in {currency} here."),
];

pub fn write(config: &Config, manifest: Manifest) -> Manifest {
    manifest.texts("en", ENGLISH).text("en", "terms", terms(config))
}

/// The terms as a customer reads them, with the merchant's own numbers.
fn terms(config: &Config) -> String {
    let money = |minor| Money::new(minor, config.currency);
    let mut terms =
        format!("You earn {} for every {} you spend; a begun amount does not count.", count(config.earn.points), money(config.earn.minor));
    if config.minimum_basket > 0 {
        let minimum = money(config.minimum_basket);
        terms.push_str(&format!(" Purchases below {minimum} earn nothing."));
    }
    if !config.excluded.is_empty() {
        terms.push_str(" Some goods earn nothing: ");
        let named = config.excluded.categories.iter().chain(&config.excluded.skus);
        let named: Vec<&str> = named.map(|name| name.trim_end_matches('*')).collect();
        terms.push_str(&named.join(", "));
        terms.push('.');
    }
    for bonus in &config.bonuses {
        terms.push_str(&format!(" {}: {} of the points.", bonus.title, bonus.multiplier_bp));
    }
    if config.pending_days > 0 {
        let days = config.pending_days;
        terms.push_str(&format!(" You can spend them {days} days later."));
    }
    if let Some(months) = config.expires_after_months {
        terms.push_str(&format!(" They lapse after {months} months."));
    }
    if let Some(pay) = &config.pay {
        let (points, value) = (count(pay.rate.points), money(pay.rate.minor));
        let minimum = pay.minimum_points;
        terms.push_str(&format!(" {points} can pay {value} at the till, from {minimum} points on."));
    }
    terms.push_str(" Goods you return take their points with them.");
    terms
}

fn count(points: i64) -> String {
    let unit = if points == 1 { "point" } else { "points" };
    format!("{points} {unit}")
}
