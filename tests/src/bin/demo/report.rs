//! What happened, told in four parts: points by brand, a member's statement, the redemption, the verification.

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::redeem::Redeemed;
use crate::screen::{Screen, Tone, count, dollars};
use crate::setup::{Stage, ask};
use crate::shopping::Tally;

/// Entries of the statement that are shown.
const ENTRIES_SHOWN: usize = 14;

/// Points by brand.
pub fn by_brand(screen: &Screen, stage: &Stage, tally: &Tally) {
    screen.heading("Points by brand");
    let mut rows = Vec::new();
    let (mut spend, mut points) = (0, 0);
    for plan in &crate::brands::BRANDS {
        let Some(part) = tally.brands.get(plan.slug).filter(|_| stage.brands.contains_key(plan.slug)) else { continue };
        spend += part.spend;
        points += part.points;
        rows.push(vec![plan.name.to_owned(), plan.about.to_owned(), count(part.receipts), dollars(part.spend), count(part.points)]);
    }
    rows.push(vec!["Together".to_owned(), String::new(), count(tally.receipts), dollars(spend), count(points)]);
    screen.table(&["Brand", "Its rules", "Receipts", "Spend", "Points"], 2, &rows);
}

/// A member's statement: each entry with its reason.
pub async fn statement(screen: &Screen, stage: &Stage, redeemed: &Redeemed) -> Result<()> {
    let path = format!("/v1/members/{}/entries?limit=200", redeemed.member);
    let entries = ask(stage.operator.get(&path), 200).await?;
    let entries = entries.get("items").and_then(Value::as_array).context("entries")?;
    let shown = entries.len().min(ENTRIES_SHOWN);
    screen.heading(&format!("The statement of {}, the newest {shown} of its entries", redeemed.card));
    let rows: Vec<Vec<String>> = entries.iter().take(ENTRIES_SHOWN).map(row).collect();
    screen.table(&["Day", "Brand", "Why", "Points"], 3, &rows);
    let from: Vec<String> = redeemed.earned.iter().map(|(slug, points)| format!("{slug} {}", count(*points))).collect();
    screen.line("");
    screen.line(&screen.paint(Tone::Dim, &format!("Earned in all: {}", from.join(", "))));
    Ok(())
}

fn row(entry: &Value) -> Vec<String> {
    let text = |name: &str| entry.get(name).and_then(Value::as_str).unwrap_or_default();
    let day = text("effective_at").get(..10).unwrap_or_default();
    let is_own = |account: &str| ["available", "pending", "held", "arrears"].iter().any(|own| account.ends_with(own));
    let points = count(entry.get("points").and_then(Value::as_i64).unwrap_or_default());
    let points = match (is_own(text("from")), is_own(text("to"))) {
        (false, _) => format!("+{points}"),
        (_, false) => format!("-{points}"),
        // From one of the member's accounts to another: neither more nor less.
        _ => format!("({points})"),
    };
    let why = Some(text("reason")).filter(|reason| !reason.is_empty()).unwrap_or(text("kind"));
    vec![day.to_owned(), text("partner").to_owned(), why.to_owned(), points]
}

/// The redemption, step by step.
pub fn redemption(screen: &Screen, redeemed: &Redeemed) {
    screen.heading("The redemption");
    let [before, held, after] = redeemed.available;
    let at = |value: &Value, pointer: &str| value.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
    let value = redeemed
        .captured
        .pointer("/value/amount")
        .or_else(|| redeemed.held.pointer("/value/amount"))
        .and_then(Value::as_i64)
        .unwrap_or_default();
    let (seen, in_reach) = redeemed.offers;
    let rows = [
        ("the member", format!("{} has {} points, sees {seen} offers, {in_reach} of them in reach", redeemed.card, count(before))),
        ("wants", format!("{} at {}, worth {}", at(&redeemed.offer, "/reward"), at(&redeemed.offer, "/partner"), dollars(value))),
        (
            "holds",
            format!(
                "{} points; the voucher is {}; {} stay available",
                count(before - held),
                at(&redeemed.held, "/voucher/code"),
                count(held)
            ),
        ),
        ("the till", format!("captures it: {}; {} points are left", at(&redeemed.captured, "/status"), count(after))),
    ];
    for (name, what) in rows {
        screen.line(&format!("{}  {what}", screen.paint(Tone::Dim, &format!("{name:<10}"))));
    }
}

/// The verification and the rate.
pub fn verification(screen: &Screen, verified: &Value, tally: &Tally) {
    screen.heading("The ledger");
    let number = |name: &str| count(verified.get(name).and_then(Value::as_i64).unwrap_or_default());
    let head: String = verified.get("head").and_then(Value::as_str).unwrap_or_default().chars().take(16).collect();
    screen.line(&format!("{} transfers in {} blocks; the head of the chain is {head}…", number("transfers"), number("blocks")));
    screen.line(&format!("{}: every balance, lot and block was computed again", screen.paint(Tone::Green, "verified")));
    screen.line(&format!(
        "{} receipts a second over HTTP, each decided in a sandbox and durable when answered",
        screen.paint(Tone::Cyan, &count(tally.per_second()))
    ));
}
