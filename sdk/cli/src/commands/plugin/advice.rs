//! What no limit forbids and no author wants: a basket that earns more when it is split in two, awards that fall as spending rises, rules that are near the end
//! of their fuel, a memory that refunds leave wrong. Found by buying: baskets of many sizes, of goods that the configuration names.

use std::collections::BTreeSet;

use coalition_rules::contract::{Line, Manifest, Purchase};
use coalition_rules::{Failure, Program};
use serde_json::Value;

use super::visitor::{Given, Visitor};
use crate::output::{grouped, share};

/// Something worth a look.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Advice {
    /// For machines: `split-earns-more`, `awards-fall`, `fuel`, `state`, `fails`.
    pub code: &'static str,
    /// What was seen, with numbers.
    pub detail: String,
}

/// Totals in minor units: round and just below, small and large.
const AMOUNTS: [i64; 22] = [
    1, 50, 99, 100, 250, 499, 500, 999, 1_000, 1_999, 2_000, 3_333, 5_000, 7_499, 9_999, 10_000, 15_001, 20_000, 49_999, 50_000, 100_000,
    250_000,
];
/// Categories that are tried; a configuration may name hundreds.
const CATEGORIES_MAX: usize = 6;
/// Lines of the large receipt: what the contract's fuel is for.
const LINES: u32 = 200;
/// Thousandths of a piece.
const PIECE: i64 = 1_000;

/// Looks at rules that were admitted, under a configuration that they accept.
#[must_use]
pub fn advise(program: &Program, manifest: &Manifest, config: &str) -> Vec<Advice> {
    if !manifest.handles.iter().any(|kind| kind == "purchase") {
        return Vec::new();
    }
    let look = Look { program, manifest, config, shop: Shop::read(manifest, config) };
    let mut advice = Vec::new();
    match look.compare() {
        Ok(found) => advice.extend(found),
        Err((purchase, failure)) => {
            advice.push(Advice { code: "fails", detail: format!("on {}: {}: {failure}", look.shop.say(&purchase), failure.code()) });
        }
    }
    advice.extend(look.fuel());
    advice
}

/// What a purchase is, and how the rules failed on it.
type Failed = (Purchase, Failure);

struct Look<'a> {
    program: &'a Program,
    manifest: &'a Manifest,
    config: &'a str,
    shop: Shop,
}

impl Look<'_> {
    /// Somebody new buys all of these, one after the other.
    fn buys(&self, purchases: &[&Purchase]) -> Result<Given, Failed> {
        let mut visitor = Visitor::new(self.program, self.manifest, self.config);
        let mut all = Given::default();
        for purchase in purchases {
            let given = visitor.buy(purchase).map_err(|failure| ((*purchase).clone(), failure))?;
            all.points = all.points.saturating_add(given.points);
            all.vouchers = all.vouchers.saturating_add(given.vouchers);
            all.state.extend(given.state);
        }
        Ok(all)
    }

    fn compare(&self) -> Result<Vec<Advice>, Failed> {
        let (mut fall, mut split) = (None, None::<(i128, String)>);
        let mut state = BTreeSet::new();
        for basket in self.shop.baskets() {
            let mut best: Option<(i128, Purchase)> = None;
            for amount in AMOUNTS {
                let half = amount / 2;
                let (one, other) = (basket.of(half), basket.of(amount - half));
                let whole = basket.with(half, amount - half);
                let given = self.buys(&[&whole])?;
                if let Some((points, cheaper)) = best.as_ref().filter(|(points, _)| *points > given.points && fall.is_none()) {
                    fall = Some(format!(
                        "{} earns {}, and {} only {}",
                        self.shop.say(cheaper),
                        points_of(*points),
                        self.shop.say(&whole),
                        points_of(given.points)
                    ));
                }
                if best.as_ref().is_none_or(|(points, _)| given.points >= *points) {
                    best = Some((given.points, whole.clone()));
                }
                let twice = if half > 0 { self.buys(&[&one, &other])? } else { given.clone() };
                let more = twice.points - given.points;
                if more > 0 && split.as_ref().is_none_or(|(most, _)| more > *most) {
                    let text = format!(
                        "{} earns {}; paid as {} and {} it earns {}",
                        self.shop.say(&whole),
                        points_of(given.points),
                        self.shop.money(one.total),
                        self.shop.money(other.total),
                        points_of(twice.points)
                    );
                    split = Some((more, text));
                }
                state.extend(given.state);
                state.extend(twice.state);
            }
        }
        let mut advice = Vec::new();
        advice.extend(split.map(|(_, detail)| Advice { code: "split-earns-more", detail }));
        advice.extend(fall.map(|detail| Advice { code: "awards-fall", detail }));
        let sees_refunds = self.manifest.handles.iter().any(|kind| kind == "refund");
        if !state.is_empty() && !sees_refunds {
            let keys: Vec<String> = state.into_iter().collect();
            advice.push(Advice {
                code: "state",
                detail: format!(
                    "it remembers a purchase in its state ({}), which a refund does not put back: decide from counters, vouchers and awards, or handle `refund`",
                    keys.join(", ")
                ),
            });
        }
        Ok(advice)
    }

    fn fuel(&self) -> Option<Advice> {
        let purchase = self.shop.large();
        let mut visitor = Visitor::new(self.program, self.manifest, self.config);
        let over = |detail| Some(Advice { code: "fuel", detail });
        match visitor.buy(&purchase) {
            Ok(Given { fuel: (used, limit), .. }) if used.saturating_mul(2) > limit => {
                over(format!("a receipt of {LINES} lines takes {} of fuel, {} of what there is", grouped(used), share(used, limit)))
            }
            Err(failure) => over(format!("on a receipt of {LINES} lines: {}: {failure}", failure.code())),
            Ok(_) => None,
        }
    }
}

/// Goods of one category, or a total alone.
#[derive(Clone, Debug)]
struct Basket<'a> {
    currency: &'a str,
    category: Option<&'a str>,
}

impl Basket<'_> {
    /// One piece.
    fn of(&self, amount: i64) -> Purchase {
        self.lines(&[amount])
    }

    /// Two pieces, a line each: what two purchases of one would be together.
    fn with(&self, one: i64, other: i64) -> Purchase {
        if one > 0 { self.lines(&[one, other]) } else { self.of(other) }
    }

    fn lines(&self, amounts: &[i64]) -> Purchase {
        let line = |(number, amount): (u32, &i64)| {
            self.category.map(|category| Line {
                number,
                sku: "4006381".to_owned(),
                category: category.to_owned(),
                quantity_milli: PIECE,
                amount: *amount,
                attributes: Vec::new(),
            })
        };
        let lines = (0..).zip(amounts).filter_map(line).collect();
        Purchase { currency: self.currency.to_owned(), total: amounts.iter().sum(), lines }
    }
}

/// What can be bought under a configuration.
#[derive(Debug)]
struct Shop {
    currency: String,
    categories: Vec<String>,
}

impl Shop {
    /// From the configuration, and the schema's defaults for what it leaves out.
    fn read(manifest: &Manifest, config: &str) -> Self {
        let config: Value = serde_json::from_str(config).unwrap_or_default();
        let schema: Value = serde_json::from_str(&manifest.config_schema).unwrap_or_default();
        let currency = config.get("currency").or_else(|| schema.pointer("/properties/currency/default"));
        let currency = currency.and_then(Value::as_str).filter(|code| code.len() == 3).unwrap_or("USD").to_owned();
        let mut found = vec!["GROCERY".to_owned()];
        collect(&config, &mut found);
        if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
            let defaults = properties.iter().filter(|(name, _)| config.get(name.as_str()).is_none());
            defaults.filter_map(|(_, property)| property.get("default")).for_each(|default| collect(default, &mut found));
        }
        let mut seen = BTreeSet::new();
        found.retain(|category| seen.insert(category.clone()));
        found.truncate(CATEGORIES_MAX);
        Self { currency, categories: found }
    }

    fn baskets(&self) -> impl Iterator<Item = Basket<'_>> {
        let of = |category| Basket { currency: &self.currency, category };
        std::iter::once(of(None)).chain(self.categories.iter().map(move |category| of(Some(category))))
    }

    /// Two hundred lines, of every category in turn.
    fn large(&self) -> Purchase {
        let categories = self.categories.iter().cycle();
        let lines: Vec<Line> = (0..LINES)
            .zip(categories)
            .map(|(number, category)| Line {
                number,
                sku: format!("40063{number:03}"),
                category: category.clone(),
                quantity_milli: PIECE,
                amount: 100 + i64::from(number),
                attributes: Vec::new(),
            })
            .collect();
        Purchase { currency: self.currency.clone(), total: lines.iter().map(|line| line.amount).sum(), lines }
    }

    fn money(&self, minor: i64) -> String {
        super::explain::money(minor, &self.currency)
    }

    fn say(&self, purchase: &Purchase) -> String {
        let goods = purchase.lines.first().map(|line| format!(" of {}", line.category)).unwrap_or_default();
        format!("a purchase{goods} for {}", self.money(purchase.total))
    }
}

/// Every text in a list called `categories`, however deep, without the star at its end.
fn collect(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                match value {
                    Value::Array(items) if name == "categories" => {
                        let names = items.iter().filter_map(Value::as_str).map(|name| name.trim_end_matches('*').to_owned());
                        found.extend(names.filter(|name| !name.is_empty()));
                    }
                    other => collect(other, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        _ => {}
    }
}

fn points_of(count: i128) -> String {
    if count == 1 { "1 point".to_owned() } else { format!("{} points", grouped(count)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goods_are_those_that_the_configuration_names() {
        let mut found = Vec::new();
        let config: Value =
            serde_json::json!({"bonus": [{"goods": {"categories": ["COFFEE*", "*"], "skus": ["1"]}}], "categories": ["ROLLS"]});
        collect(&config, &mut found);
        found.sort();
        assert_eq!(found, ["COFFEE", "ROLLS"]);
    }
}
