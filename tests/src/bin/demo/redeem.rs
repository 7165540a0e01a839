//! A member who earned at one brand redeems at another: the member's app asks for offers and holds one, the other brand's till captures it.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use crate::screen::{Screen, count};
use crate::setup::{Stage, ask, text};
use crate::shopping::Tally;

/// A member of at least so many brands is wanted; of those, the one with the most points.
const BRANDS_WANTED: usize = 4;

/// What happened.
pub struct Redeemed {
    /// The member's card.
    pub card: String,
    /// `mbr_…`.
    pub member: String,
    /// Points that the member earned, by brand.
    pub earned: BTreeMap<String, i64>,
    /// Offers that the member saw, and how many of them were in reach.
    pub offers: (usize, usize),
    /// The offer that was taken.
    pub offer: Value,
    /// The hold.
    pub held: Value,
    /// The capture.
    pub captured: Value,
    /// Available points before, while held, after.
    pub available: [i64; 3],
}

/// Chooses a member who shops around, and has the best reward in reach captured at a brand that is not the member's first.
pub async fn redeem(screen: &Screen, stage: &Stage, tally: &Tally) -> Result<Redeemed> {
    let step = screen.step("Redeeming at another brand");
    let (card, earned) = tally
        .earned
        .iter()
        .max_by_key(|(card, earned)| (earned.len().min(BRANDS_WANTED), earned.values().sum::<i64>(), *card))
        .context("somebody earned")?;
    let first = earned.iter().max_by_key(|(_, points)| **points).map_or("", |(slug, _)| slug.as_str());
    let member = stage.members.get(card).context("the member is enrolled")?.clone();
    let minted = ask(stage.operator.post_empty(&format!("/v1/members/{member}/sessions")), 201).await?;
    let me = stage.operator.with_token(&text(&minted, "access_token")?);
    let balance = async || {
        let balance = ask(me.get(&format!("/v1/members/{member}/balance")), 200).await?;
        balance.get("available").and_then(Value::as_i64).context("available points")
    };
    let before = balance().await?;

    let offers = ask(me.get("/v1/offers"), 200).await?;
    let offers = offers.get("items").and_then(Value::as_array).context("offers")?;
    let in_reach: Vec<&Value> = offers.iter().filter(|offer| offer.get("eligible") == Some(&Value::Bool(true))).collect();
    // The dearest; of equals, where the member has earned the least.
    let rank = |offer: &&&Value| {
        let points = offer.get("points").and_then(Value::as_i64).unwrap_or(0);
        let at = offer.get("partner").and_then(Value::as_str).unwrap_or_default();
        (points, std::cmp::Reverse(earned.get(at).copied().unwrap_or(0)))
    };
    let elsewhere = in_reach.iter().filter(|offer| offer.get("partner").and_then(Value::as_str) != Some(first));
    let offer: Value = (*elsewhere.max_by_key(rank).context("no offer of another brand is in reach")?).clone();
    let (partner, reward) = (text(&offer, "partner")?, text(&offer, "reward")?);

    let mut wish = json!({ "partner": partner, "reward": reward });
    if reward == "pay-with-points" {
        let amount = offer.pointer("/value/amount").cloned().context("what can be paid")?;
        wish = json!({ "partner": partner, "reward": reward, "amount": amount });
    }
    let held = ask(me.post("/v1/redemptions", &wish), 201).await.context("holding the reward")?;
    let while_held = balance().await?;
    let till = stage.brands.get(&partner).with_context(|| format!("no brand {partner}"))?;
    let path = format!("/v1/redemptions/{}/capture", text(&held, "id")?);
    let captured = ask(till.post(&path, &json!({ "external_id": "demo-till-1" })), 200).await.context("capturing the reward")?;
    let after = balance().await?;
    step.done(&format!("{} points of {card} at {partner}", count(before - after)));
    Ok(Redeemed {
        card: card.clone(),
        member,
        earned: earned.clone(),
        offers: (offers.len(), in_reach.len()),
        offer,
        held,
        captured,
        available: [before, while_held, after],
    })
}
