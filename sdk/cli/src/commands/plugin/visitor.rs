//! A member who comes again: buys, and is seen the next time with what the rules counted, granted and gave. Just enough of the gateway's bookkeeping to
//! compare what one purchase earns with what two do; nothing is taken back, and calendar windows stay open.

use coalition_rules::contract::{
    AwardHeld, Badge, BadgeHeld, Counter, Effect, Event, EventBody, Instant, Manifest, Member, Month, Purchase, TierHeld, VoucherHeld,
};
use coalition_rules::{Failure, Program, Run, State};

use super::case::newcomer;

/// Noon of a Friday, far from every change of clocks.
const FIRST_VISIT: Instant = Instant { ms: 1_795_176_000_000, offset_minutes: 0 };
/// The month that lies in.
const MONTH: u32 = 202_611;
/// Between two visits.
const LATER_MS: i64 = 60_000;

/// A member, with what is known of the visits so far.
#[derive(Clone, Debug)]
pub struct Visitor<'a> {
    program: &'a Program,
    manifest: &'a Manifest,
    config: &'a str,
    member: Member,
    state: State,
    visits: i64,
}

/// What a purchase gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Given {
    /// Points awarded.
    pub points: i128,
    /// Vouchers issued.
    pub vouchers: usize,
    /// Keys of the state that were written.
    pub state: Vec<String>,
    /// Fuel used, and what there was.
    pub fuel: (u64, u64),
}

impl<'a> Visitor<'a> {
    /// Somebody who has just joined.
    #[must_use]
    pub fn new(program: &'a Program, manifest: &'a Manifest, config: &'a str) -> Self {
        let mut member = newcomer(FIRST_VISIT);
        if needs(manifest, "counters") {
            let zero = |counter: &coalition_rules::contract::CounterDef| Counter {
                name: counter.name.clone(),
                values: vec![0; usize::from(counter.keep).saturating_add(1)],
            };
            member.counters = manifest.counters.iter().map(zero).collect();
        }
        if needs(manifest, "balance") {
            member.balance = Some(0);
        }
        Self { program, manifest, config, member, state: State::default(), visits: 0 }
    }

    /// Buys. A refusal gives nothing.
    ///
    /// # Errors
    /// When the rules fail.
    pub fn buy(&mut self, purchase: &Purchase) -> Result<Given, Failure> {
        let at = Instant { ms: FIRST_VISIT.ms.saturating_add(self.visits.saturating_mul(LATER_MS)), ..FIRST_VISIT };
        let event = Event {
            id: format!("visit-{}", self.visits),
            at,
            seed: u64::try_from(self.visits).unwrap_or_default(),
            body: EventBody::Purchase(purchase.clone()),
            store: None,
            channel: None,
            attributes: Vec::new(),
        };
        let Run { outcome, usage, state, .. } = self.program.on_event(&event, &self.member, self.config, &self.state);
        let effects = outcome?.unwrap_or_default();
        let mut given = Given { fuel: (usage.fuel, usage.fuel_limit), ..Given::default() };
        if let Some(state) = state {
            given.state = state.iter().map(|(key, _)| key.to_owned()).collect();
            self.state = state;
        }
        for effect in &effects {
            self.apply(effect, &event, &mut given);
        }
        self.remember(purchase, at.ms);
        Ok(given)
    }

    fn apply(&mut self, effect: &Effect, event: &Event, given: &mut Given) {
        let (member, needs) = (&mut self.member, |fact| needs(self.manifest, fact));
        match effect {
            Effect::Award(award) => {
                given.points = given.points.saturating_add(award.points.into());
                if needs("awarded") {
                    match member.awarded.iter_mut().find(|held| held.key == award.key) {
                        Some(held) => held.points = held.points.saturating_add(award.points),
                        None => member.awarded.insert(0, AwardHeld { key: award.key.clone(), points: award.points }),
                    }
                }
                if let Some(balance) = &mut member.balance {
                    *balance = balance.saturating_add(award.points);
                }
            }
            Effect::Progress(progress) => {
                let counter = member.counters.iter_mut().find(|counter| counter.name == progress.counter);
                if let Some(open) = counter.and_then(|counter| counter.values.first_mut()) {
                    *open = open.saturating_add(progress.delta);
                }
            }
            Effect::GrantBadge(badge) if needs("badges") => member.badges.push(held(badge, event.at.ms)),
            Effect::RevokeBadge(badge) => member.badges.retain(|held| held.name != badge.name || held.period != badge.period),
            Effect::SetTier(change) => {
                member.tier = change.tier.clone().map(|name| TierHeld { name, since: event.at.ms, until: None });
            }
            Effect::IssueVoucher(voucher) => {
                given.vouchers = given.vouchers.saturating_add(1);
                if needs("vouchers") {
                    let id = format!("{}/{}", event.id, voucher.key);
                    match member.vouchers.iter_mut().find(|held| held.template == voucher.template) {
                        Some(held) => {
                            held.issued = held.issued.saturating_add(1);
                            held.open.push(id);
                        }
                        None => member.vouchers.push(VoucherHeld { template: voucher.template.clone(), issued: 1, open: vec![id] }),
                    }
                }
            }
            _ => {}
        }
    }

    fn remember(&mut self, purchase: &Purchase, at: i64) {
        self.visits = self.visits.saturating_add(1);
        let totals = &mut self.member.activity;
        totals.purchases = totals.purchases.saturating_add(1);
        totals.spend = totals.spend.saturating_add(purchase.total);
        totals.first_at.get_or_insert(at);
        totals.last_at = Some(at);
        if needs(self.manifest, "months") {
            let (purchases, spend) = (totals.purchases, totals.spend);
            self.member.months = vec![Month { month: MONTH, purchases, spend }];
        }
    }
}

fn needs(manifest: &Manifest, fact: &str) -> bool {
    manifest.needs.iter().any(|need| need == fact)
}

fn held(badge: &Badge, at: i64) -> BadgeHeld {
    BadgeHeld { name: badge.name.clone(), period: badge.period.clone(), at }
}
