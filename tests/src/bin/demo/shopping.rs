//! The shopping: every receipt posted over HTTP as its till would, day by day, a household's receipts in their order.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use coalition_tests::receipts::Receipt;
use futures::future::try_join_all;
use serde_json::{Value, json};

use crate::screen::{Screen, count};
use crate::setup::{Stage, ask};

/// Tills that post at once.
const TILLS: usize = 48;
/// Receipts that are posted under one setting of the clock. No receipt may be older than 30 days.
const DAYS_AT_ONCE: i64 = 1;

/// What the gateway answered, all in all.
#[derive(Default)]
pub struct Tally {
    /// By brand.
    pub brands: BTreeMap<String, BrandTally>,
    /// Points by card, and by brand.
    pub earned: HashMap<String, BTreeMap<String, i64>>,
    /// Receipts that were posted.
    pub receipts: u64,
    /// The time of it.
    pub elapsed: Duration,
}

/// One brand's part.
#[derive(Default, Clone)]
pub struct BrandTally {
    /// Receipts.
    pub receipts: u64,
    /// Cents.
    pub spend: i64,
    /// Points awarded, pending ones included.
    pub points: i64,
    /// Fuel that the rules used.
    pub fuel: u64,
}

impl Tally {
    fn take(&mut self, receipt: &Receipt, answer: &Value) -> Result<()> {
        let points = answer.pointer("/points/awarded").and_then(Value::as_i64).unwrap_or(0);
        if answer.get("status").and_then(Value::as_str) != Some("posted") {
            bail!("receipt {} of {} was not posted: {answer}", receipt.external_id, receipt.partner);
        }
        let brand = self.brands.entry(receipt.partner.clone()).or_default();
        brand.receipts += 1;
        brand.spend += receipt.total;
        brand.points += points;
        brand.fuel += answer.pointer("/decisions/0/fuel").and_then(Value::as_u64).unwrap_or(0);
        *self.earned.entry(receipt.card.clone()).or_default().entry(receipt.partner.clone()).or_default() += points;
        self.receipts += 1;
        Ok(())
    }

    fn add(&mut self, other: Tally) {
        for (slug, part) in other.brands {
            let brand = self.brands.entry(slug).or_default();
            brand.receipts += part.receipts;
            brand.spend += part.spend;
            brand.points += part.points;
            brand.fuel += part.fuel;
        }
        for (card, part) in other.earned {
            let earned = self.earned.entry(card).or_default();
            for (slug, points) in part {
                *earned.entry(slug).or_default() += points;
            }
        }
        self.receipts += other.receipts;
    }

    /// Receipts a second.
    pub fn per_second(&self) -> u64 {
        let micros = self.elapsed.as_micros().max(1);
        u64::try_from(u128::from(self.receipts) * 1_000_000 / micros).unwrap_or(u64::MAX)
    }
}

/// Posts them all.
pub async fn post(screen: &Screen, stage: &Stage, receipts: &[Receipt]) -> Result<Tally> {
    let step = screen.counted("Posting receipts over HTTP", receipts.len());
    let done = AtomicU64::new(0);
    let mut tally = Tally::default();
    for (clock, day) in days(receipts)? {
        ask(stage.operator.put("/v1/test/clock", &json!({ "now": clock })), 200).await?;
        step.bar.set_message(format!("Posting receipts over HTTP, up to {}", clock.get(..10).unwrap_or_default()));
        let mut tills: Vec<Vec<&Receipt>> = vec![Vec::new(); TILLS];
        for receipt in day {
            if let Some(till) = tills.get_mut(till_of(&receipt.card)) {
                till.push(receipt);
            }
        }
        let parts = tills.into_iter().map(async |till| {
            let mut part = Tally::default();
            for receipt in till {
                let brand = stage.brands.get(&receipt.partner).with_context(|| format!("no brand {}", receipt.partner))?;
                let answer = ask(brand.post("/v1/transactions", &receipt.body), 201).await?;
                part.take(receipt, &answer)?;
                step.bar.set_position(done.fetch_add(1, Ordering::Relaxed) + 1);
            }
            anyhow::Ok(part)
        });
        for part in try_join_all(parts).await? {
            tally.add(part);
        }
    }
    tally.elapsed = step.elapsed();
    step.done(&format!("{} receipts, {} a second", count(tally.receipts), count(tally.per_second())));
    Ok(tally)
}

/// One till a household, so that its receipts come in their order.
fn till_of(card: &str) -> usize {
    card.bytes().fold(0usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(usize::from(byte))) % TILLS
}

/// The receipts in parts of some days, each with the moment from which all of it may be posted.
fn days(receipts: &[Receipt]) -> Result<Vec<(String, Vec<&Receipt>)>> {
    let mut days: Vec<(String, Vec<&Receipt>)> = Vec::new();
    for receipt in receipts {
        let bought: jiff::Timestamp = receipt.occurred_at.parse().with_context(|| format!("the time of {}", receipt.external_id))?;
        match days.last_mut() {
            Some((clock, day)) if receipt.occurred_at <= *clock => day.push(receipt),
            _ => {
                let clock = bought.checked_add(jiff::SignedDuration::from_hours(24 * DAYS_AT_ONCE))?;
                days.push((clock.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(), vec![receipt]));
            }
        }
    }
    Ok(days)
}
