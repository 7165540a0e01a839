//! Offers: every partner's rules asked what this member can get now, and the host's own limits laid over their answers.

use std::collections::HashMap;
use std::sync::Arc;

use coalition_domain::{Instant, MemberId, PartnerId, Points};
use coalition_rules::State;
use coalition_rules::contract::{Context, Manifest, Offer};
use coalition_store::entities::{members, profiles, states, stock};
use uuid::Uuid;

use crate::App;
use crate::error::Error;
use crate::facts::{self, About, Facts, window};
use crate::live::LiveRules;
use crate::program::Settings;
use crate::redemptions::{OfferView, TargetView};
use crate::told::Told;
use crate::views::Money;
use crate::write_path::effects::text;
use crate::write_path::world::PartnerWorld;

/// Offers of one partner that are shown.
const OFFERS_MAX: usize = 64;

/// Asks the rules of these partners, in their order. Rules that fail are left out: one partner's fault is not the others'.
#[expect(clippy::too_many_arguments, reason = "what was read for it, each read once")]
pub(crate) fn gather(
    app: &App,
    settings: &Settings,
    now: Instant,
    member: &members::Model,
    available: Points,
    order: &[Uuid],
    partners: &HashMap<Uuid, Arc<PartnerWorld>>,
    profiles: &[profiles::Model],
    states: &[states::Model],
    stock: &[stock::Model],
    told: &Told,
) -> Result<Vec<OfferView>, Error> {
    let operator =
        profiles.iter().find(|row| row.partner_id == settings.operator.uuid()).map(|row| crate::balances::facts(&row.facts)).transpose()?;
    let coalition_tier = crate::tiers::held(settings, operator.as_ref(), now);
    let mut items = Vec::new();
    for partner in order {
        let Some((known, live)) = partners.get(partner).and_then(|known| known.live.clone().map(|live| (known, live))) else { continue };
        let facts = profiles
            .iter()
            .find(|row| row.partner_id == *partner)
            .map(|row| crate::balances::facts(&row.facts))
            .transpose()?
            .unwrap_or_default();
        let bytes = states.iter().find(|row| row.partner_id == *partner).map(|row| row.bytes.as_slice());
        let state = bytes.map(State::from_bytes).transpose().map_err(|error| Error::internal(&error))?.unwrap_or_default();
        let about = About {
            pseudonym: facts::pseudonym(&settings.secret, PartnerId(*partner), MemberId(member.id)),
            enrolled_at: Instant(member.enrolled_at),
            coalition_tier: coalition_tier.clone(),
            available,
            relations: crate::relations::kinds(member),
            attributes: told.attributes(&live.manifest.needs, *partner, &settings.calendar, now),
        };
        let view = facts.view(&live.manifest, &settings.calendar, now, &about);
        let seed = facts::seed(&settings.secret, &format!("offers:{}:{}", member.id, settings.calendar.day(now)));
        let context = Context { at: facts::instant(&settings.calendar, now), seed, store: None, channel: None, attributes: Vec::new() };
        let run = live.program.offers(&context, &view, &live.config, &state);
        app.count_run(
            live.plugin_id,
            run.usage.fuel,
            run.outcome.as_ref().err().is_some_and(coalition_rules::Failure::counts_against_version),
        );
        match run.outcome {
            Ok(offers) => {
                for offer in offers.into_iter().take(OFFERS_MAX) {
                    let left = stock.iter().find(|row| row.partner_id == *partner && row.reward == offer.reward).map(|row| row.remaining);
                    items.push(show(&known.row.slug, &live, &facts, settings, now, available, offer, left)?);
                }
            }
            Err(failure) => tracing::warn!(plugin.id = %live.plugin_id, %failure, "rules could not tell their offers"),
        }
    }
    Ok(items)
}

fn reward<'a>(manifest: &'a Manifest, id: &str) -> Option<&'a coalition_rules::contract::Reward> {
    manifest.rewards.iter().find(|reward| reward.id == id)
}

#[expect(clippy::too_many_arguments, reason = "an offer is shown against all that limits it")]
fn show(
    slug: &str,
    live: &LiveRules,
    facts: &Facts,
    settings: &Settings,
    now: Instant,
    available: Points,
    offer: Offer,
    left: Option<i64>,
) -> Result<OfferView, Error> {
    let known = reward(&live.manifest, &offer.reward);
    let mut reason = offer.reason.as_ref().map(|reason| text(live, reason));
    let mut eligible = offer.eligible;
    // The host's limits are what a hold would meet: an offer never promises more.
    let limit = known.and_then(|reward| reward.per_member.as_ref());
    if let Some(limit) = limit.filter(|limit| facts.taken(&offer.reward, window(limit.window), &settings.calendar, now) >= limit.max) {
        eligible = false;
        reason.get_or_insert(format!("{} a member in its period.", limit.max));
    }
    let stock = known.filter(|reward| reward.stock.is_some()).map(|_| left.unwrap_or(0));
    if stock.is_some_and(|left| left < 1) {
        eligible = false;
        reason.get_or_insert("None left.".to_owned());
    }
    if let Some(missing) = offer.points.map(|points| points.saturating_sub(available.0)).filter(|missing| *missing > 0) {
        eligible = false;
        reason.get_or_insert(format!("{missing} points are missing."));
    }
    let attributes: Result<serde_json::Map<_, _>, serde_json::Error> =
        offer.attributes.iter().map(|attribute| Ok((attribute.name.clone(), serde_json::to_value(&attribute.value)?))).collect();
    Ok(OfferView {
        partner: slug.to_owned(),
        title: text(live, &offer.title),
        kind: known.map_or_else(String::new, |reward| reward.kind.clone()),
        points: offer.points,
        value: offer.value.map(|value| Money { amount: value.minor, currency: value.currency }),
        eligible,
        reason,
        target: offer.target.map(|target| TargetView { have: target.have, need: target.need, unit: target.unit }),
        stock,
        valid_until: offer.valid_until.map(Instant),
        attributes: serde_json::Value::Object(attributes.map_err(|error| Error::internal(&error))?),
        reward: offer.reward,
    })
}
