//! What the gateway keeps for one member of a program: counters by window, vouchers, badges, tier, points by award key. Effects are applied here, checked as
//! the gateway checks them, and taken back when goods come back.

use std::collections::{BTreeMap, BTreeSet};

use super::clawback::ByKey;
use super::clock::window_number;
use crate::{
    AwardHeld, BadgeHeld, CounterHeld, Effect, Effects, Event, EventBody, Instant, Manifest, Member, Moment, Points, TierHeld, VoucherHeld,
    Window,
};

/// Kinds of relation, as the contract registers them.
const RELATIONS: [&str; 5] = ["referrer", "referred", "enroller", "enrolled", "household"];

/// A voucher issued.
#[derive(Clone, Debug)]
struct Issued {
    id: String,
    template: String,
    used: bool,
}

/// One member's holdings.
#[derive(Clone, Debug, Default)]
pub(super) struct Ledger {
    /// Value by counter and number of its window.
    counters: BTreeMap<(String, i64), i64>,
    vouchers: Vec<Issued>,
    badges: Vec<BadgeHeld>,
    tier: Option<TierHeld>,
    awarded: BTreeMap<String, i64>,
}

impl Ledger {
    /// Fills in what a view shows at `at`, in so far as the manifest needs it.
    pub fn show(&self, manifest: &Manifest, at: Instant, member: &mut Member) {
        let needs = |fact: &str| manifest.needs.iter().any(|need| need == fact);
        let lapsed = |tier: &TierHeld| tier.until_ms.is_some_and(|until| until <= at.ms);
        member.tier = self.tier.clone().filter(|tier| !lapsed(tier));
        if needs("counters") {
            let held = |counter: &crate::Counter| {
                let now = window_number(counter.window, at);
                let value = |back: i64| {
                    let key = (counter.name.clone(), now - back);
                    self.counters.get(&key).copied().unwrap_or(0)
                };
                let name = counter.name.clone();
                let values = (0..=i64::from(counter.keep)).map(value).collect();
                CounterHeld { name, values }
            };
            member.counters = manifest.counters.iter().map(held).collect();
        }
        if needs("badges") {
            member.badges.clone_from(&self.badges);
        }
        if needs("vouchers") {
            member.vouchers = self.vouchers_held();
        }
        if needs("awarded") {
            let held = |(key, points): (&String, &i64)| AwardHeld { key: key.clone(), points: Points::new(*points) };
            member.awarded = self.awarded.iter().map(held).collect();
        }
    }

    fn vouchers_held(&self) -> Vec<VoucherHeld> {
        let templates: BTreeSet<&String> = self.vouchers.iter().map(|v| &v.template).collect();
        let held = |template: &String| {
            let of_it = || self.vouchers.iter().filter(|v| v.template == *template);
            VoucherHeld {
                template: template.clone(),
                issued: u32::try_from(of_it().count()).unwrap_or(u32::MAX),
                open: of_it().filter(|v| !v.used).map(|v| v.id.clone()).collect(),
            }
        };
        templates.into_iter().map(held).collect()
    }

    /// Applies an answer to `event`.
    pub fn apply(&mut self, manifest: &Manifest, event: &Event, effects: &Effects) {
        check(manifest, event, effects);
        let (event, at) = (&event.id, event.at);
        for effect in effects {
            match effect {
                Effect::Award(award) => self.credit(&award.key, award.points.get()),
                Effect::Recover(recovery) => {
                    let left = self.awarded.get(&recovery.key).copied().unwrap_or(0);
                    self.credit(&recovery.key, -recovery.points.get().min(left));
                }
                Effect::Progress(step) => {
                    self.count(manifest, &step.counter, at, step.delta);
                }
                Effect::GrantBadge(badge) => {
                    let held = |b: &BadgeHeld| b.name == badge.name && b.period == badge.period;
                    if !self.badges.iter().any(held) {
                        self.badges.push(BadgeHeld { name: badge.name.clone(), period: badge.period.clone(), at_ms: at.ms });
                    }
                }
                Effect::RevokeBadge(badge) => self.revoke_badge(&badge.name, &badge.period),
                Effect::SetTier(change) => {
                    self.tier = change.tier.clone().map(|name| TierHeld {
                        name,
                        since_ms: at.ms,
                        // The calendar of the other moments is the gateway's.
                        until_ms: match change.until {
                            Some(Moment::At(ms)) => Some(ms),
                            _ => None,
                        },
                    });
                }
                Effect::IssueVoucher(voucher) => {
                    self.vouchers.push(Issued { id: format!("{event}/{}", voucher.key), template: voucher.template.clone(), used: false })
                }
                Effect::RevokeVoucher(id) => self.void(id),
                Effect::Tell(_) | Effect::Signal(_) | Effect::Instruct(_) => {}
            }
        }
    }

    /// After goods came back: the points that are `due` are taken back, and what else `before` gave and `after` would not give.
    pub fn take_back(&mut self, manifest: &Manifest, event: &str, at: Instant, (before, after): (&Effects, &Effects), due: &ByKey) {
        for (key, points) in due {
            self.credit(key, -points);
        }
        for effect in before {
            match effect {
                Effect::GrantBadge(badge) if !after.iter().any(|e| e == effect) => {
                    self.revoke_badge(&badge.name, &badge.period);
                }
                Effect::IssueVoucher(voucher) => {
                    let again = |e: &Effect| matches!(e, Effect::IssueVoucher(v) if v.key == voucher.key);
                    if !after.iter().any(again) {
                        self.void(&format!("{event}/{}", voucher.key));
                    }
                }
                _ => {}
            }
        }
        for (effects, sign) in [(before, -1), (after, 1)] {
            for effect in effects {
                if let Effect::Progress(step) = effect {
                    self.count(manifest, &step.counter, at, sign * step.delta);
                }
            }
        }
    }

    /// Uses the oldest open voucher of a template.
    pub fn use_voucher(&mut self, template: &str) {
        let open = |v: &&mut Issued| v.template == template && !v.used;
        match self.vouchers.iter_mut().find(open) {
            Some(voucher) => voucher.used = true,
            None => panic!("there is no open voucher for {template}"),
        }
    }

    /// Points awarded less those taken back.
    pub fn points(&self) -> i64 {
        self.awarded.values().sum()
    }

    fn credit(&mut self, key: &str, points: i64) {
        *self.awarded.entry(key.to_owned()).or_default() += points;
    }

    fn count(&mut self, manifest: &Manifest, name: &str, at: Instant, delta: i64) {
        let counter = manifest.counters.iter().find(|c| c.name == name);
        let window = counter.map_or(Window::Lifetime, |c| c.window);
        let key = (name.to_owned(), window_number(window, at));
        *self.counters.entry(key).or_default() += delta;
    }

    fn revoke_badge(&mut self, name: &str, period: &str) {
        self.badges.retain(|badge| badge.name != name || badge.period != period);
    }

    // A voucher that was used stays; what it gave can't be put back.
    fn void(&mut self, id: &str) {
        self.vouchers.retain(|v| v.id != id || v.used);
    }
}

/// Panics at what the gateway would not accept as an answer.
fn check(manifest: &Manifest, event: &Event, effects: &Effects) {
    assert!(effects.len() <= 64, "{} effects, at most 64", effects.len());
    let declared = |list: &[String], name: &str, what: &str| {
        let known = list.iter().any(|known| known == name);
        assert!(known, "the manifest declares no {what} {name:?}");
    };
    let rewards: Vec<String> = manifest.rewards.iter().map(|r| r.id.clone()).collect();
    let counters: Vec<String> = manifest.counters.iter().map(|c| c.name.clone()).collect();
    let mut award_keys = BTreeSet::new();
    let mut voucher_keys = BTreeSet::new();
    let mut signals = BTreeSet::new();
    for effect in effects {
        match effect {
            Effect::Award(award) => {
                let unique = award_keys.insert(&award.key);
                assert!(unique, "two awards under the key {:?}", award.key);
                if let Some(campaign) = &award.campaign {
                    declared(&manifest.campaigns, campaign, "campaign");
                }
            }
            Effect::Progress(step) => declared(&counters, &step.counter, "counter"),
            Effect::GrantBadge(badge) | Effect::RevokeBadge(badge) => {
                declared(&manifest.badges, &badge.name, "badge");
            }
            Effect::SetTier(change) => {
                if let Some(tier) = &change.tier {
                    declared(&manifest.tiers, tier, "tier");
                }
            }
            Effect::IssueVoucher(voucher) => {
                let unique = voucher_keys.insert(&voucher.key);
                assert!(unique, "two vouchers under the key {:?}", voucher.key);
                declared(&rewards, &voucher.template, "reward");
            }
            Effect::Recover(recovery) => {
                assert!(matches!(event.body, EventBody::Refund(_)), "recover {:?}: only in answer to a refund", recovery.key);
            }
            Effect::Signal(signal) => {
                let ends_here = matches!(event.body, EventBody::Signal(_) | EventBody::Refund(_));
                assert!(!ends_here, "signal {:?}: not in answer to a signal or a refund", signal.kind);
                assert!(RELATIONS.contains(&signal.relation.as_str()), "signal {:?}: {:?} is no relation", signal.kind, signal.relation);
                let unique = signals.insert((&signal.relation, &signal.kind));
                assert!(unique, "the signal {:?} to {:?} twice", signal.kind, signal.relation);
            }
            Effect::RevokeVoucher(_) | Effect::Tell(_) | Effect::Instruct(_) => {}
        }
    }
}
