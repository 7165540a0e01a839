//! The gateway's own inputs, which every upload is run on twice before it is ready. They are fixed for good, so that an upload is
//! judged alike everywhere: a receipt with lines, one of a hundred lines, one without, and one of zero, and an event of each further
//! kind that is handled, by a member who is new and by one who has been around; offers; and a quote for each reward.

use crate::admit::{attempt, failed, unequal};
use crate::contract::{
    Activity, Anniversary, Attribute, AwardHeld, BadgeHeld, CoalitionEvent, Context, Counter, CounterTotal, Enrolment, Event, EventBody,
    Instant, Line, Manifest, Member, Message, Money, Month, PeriodClose, Purchase, QuoteRequest, Redemption, Refund, SignalReceived,
    TierHeld, Totals, VoucherHeld, Window,
};
use crate::program::Program;
use crate::run::Run;
use crate::scan::Violation;
use crate::state::State;

const CONFIG: &str = "{}";
/// 2026-11-21T10:00Z, a Saturday, in a zone an hour east.
const NOW: Instant = Instant { ms: 1_795_255_200_000, offset_minutes: 60 };
const DAY_MS: i64 = 86_400_000;
/// Quotes that are tried; a program with more rewards has them in one pattern.
const QUOTES_MAX: usize = 8;

/// What goes wrong when the program is run on them; each kind of call is told of once.
pub(crate) fn violations(program: &Program, manifest: &Manifest) -> Vec<Violation> {
    let mut violations = Vec::new();
    let members = [("a new member", newcomer()), ("a member of a year", regular(manifest))];
    let events = [
        ("a purchase of five lines", purchase("fixture-1", lines(5))),
        ("a purchase of a hundred lines", purchase("fixture-2", lines(100))),
        ("a purchase without lines", total_only("fixture-3", 4_999)),
        ("a purchase of nothing", total_only("fixture-4", 0)),
    ];
    let purchases = manifest.handles.iter().any(|kind| kind == "purchase");
    let others: Vec<_> = manifest.handles.iter().filter_map(|kind| Some((article(kind), other(kind, manifest)?))).collect();
    let bought = events.iter().filter(|_| purchases).map(|(what, event)| (*what, event));
    let all: Vec<_> = bought.chain(others.iter().map(|(what, event)| (what.as_str(), event))).collect();
    'events: for (who, member) in &members {
        let mut state = State::default();
        for (what, event) in &all {
            let what = format!("on-event for {what} by {who}");
            let Some(run) = twice(&mut violations, &what, || program.on_event(event, member, CONFIG, &state)) else {
                break 'events;
            };
            if let Ok(Ok(effects)) = &run.outcome {
                let messages = effects.iter().filter_map(|effect| crate::answer::message(effect));
                missing_texts(&mut violations, manifest, &what, messages);
            }
            // The next event finds what this one left behind.
            if let Some(next) = run.state {
                state = next;
            }
        }
    }
    for (who, member) in &members {
        let what = format!("offers for {who}");
        let Some(run) = twice(&mut violations, &what, || program.offers(&context(), member, CONFIG, &State::default())) else {
            break;
        };
        if let Ok(offers) = &run.outcome {
            let messages = offers.iter().flat_map(|offer| std::iter::once(&offer.title).chain(&offer.reason));
            missing_texts(&mut violations, manifest, &what, messages);
        }
    }
    for reward in manifest.rewards.iter().take(QUOTES_MAX) {
        let request = QuoteRequest {
            reward: reward.id.clone(),
            quantity: 1,
            amount: Some(Money { minor: 500, currency: "USD".to_owned() }),
            basket: Some(lines(5)),
            context: context(),
        };
        let what = format!("quote for `{}`", reward.id);
        let [_, (_, member)] = &members;
        let Some(run) = twice(&mut violations, &what, || program.quote(&request, member, CONFIG, &State::default())) else {
            break;
        };
        if let Ok(answer) = &run.outcome {
            let message = match answer {
                Ok(quotation) => &quotation.title,
                Err(refusal) => &refusal.reason,
            };
            missing_texts(&mut violations, manifest, &what, std::iter::once(message));
        }
    }
    violations
}

/// Runs it twice; none when the first run failed, after telling of it.
fn twice<T: PartialEq>(violations: &mut Vec<Violation>, what: &str, run: impl Fn() -> Run<T>) -> Option<Run<T>> {
    let first = attempt(&run);
    if let Err(failure) = &first.outcome {
        violations.push(failed(what, failure));
        return None;
    }
    let second = attempt(&run);
    if first.outcome != second.outcome || first.state != second.state || first.usage.fuel != second.usage.fuel {
        violations.push(unequal(what));
        return None;
    }
    Some(first)
}

fn missing_texts<'a>(violations: &mut Vec<Violation>, manifest: &Manifest, what: &str, messages: impl Iterator<Item = &'a Message>) {
    for message in messages {
        if manifest.texts.iter().all(|texts| texts.entries.iter().all(|(key, _)| *key != message.key)) {
            let detail = format!("{what} says `{}`, for which the manifest has no text", message.key);
            if !violations.iter().any(|known| known.code == "missing-text" && known.detail.contains(&format!("`{}`", message.key))) {
                violations.push(Violation::new("missing-text", detail));
            }
        }
    }
}

fn context() -> Context {
    Context { at: NOW, seed: 7, store: Some("store-1".to_owned()), channel: Some("web".to_owned()), attributes: Vec::new() }
}

fn purchase(id: &str, purchase: Purchase) -> Event {
    Event {
        id: id.to_owned(),
        at: NOW,
        seed: 42,
        body: EventBody::Purchase(purchase),
        store: Some("store-1".to_owned()),
        channel: Some("pos".to_owned()),
        attributes: vec![Attribute::new("tender", "card")],
    }
}

fn article(kind: &str) -> String {
    format!("an event `{kind}`")
}

/// An event of each further kind that a manifest may handle; none for purchases, and for names that are no kind.
fn other(kind: &str, manifest: &Manifest) -> Option<Event> {
    let at = Instant { ms: NOW.ms - DAY_MS, ..NOW };
    let nothing = || Purchase { currency: "USD".to_owned(), total: 0, lines: Vec::new() };
    let body = match kind {
        "refund" => EventBody::Refund(Refund {
            original: "fixture-1".to_owned(),
            original_at: at,
            returned: lines(5),
            kept: nothing(),
            awarded: 12,
            clawed_back: 12,
        }),
        "redemption" => EventBody::Redemption(Redemption {
            id: "fixture-redemption".to_owned(),
            reward: manifest.rewards.first()?.id.clone(),
            step: "captured".to_owned(),
            quantity: 1,
            points: 100,
            value: Money { minor: 500, currency: "USD".to_owned() },
        }),
        "enrolment" => EventBody::Enrolment(Enrolment { relations: vec!["referrer".to_owned()] }),
        "anniversary" => EventBody::Anniversary(Anniversary { kind: "enrolment".to_owned(), years: 1 }),
        "period-close" => {
            let counter = manifest.counters.iter().find(|counter| counter.window != Window::Lifetime)?;
            let total = CounterTotal { counter: counter.name.clone(), total: 90, members: 10 };
            EventBody::PeriodClose(PeriodClose {
                window: counter.window,
                from: at.ms,
                to: NOW.ms + 1,
                totals: if counter.totals { vec![total] } else { Vec::new() },
            })
        }
        "signal" => EventBody::Signal(SignalReceived {
            kind: "fixture".to_owned(),
            relation: "referrer".to_owned(),
            source: "fixture-1".to_owned(),
            attributes: Vec::new(),
        }),
        "coalition" => EventBody::Coalition(CoalitionEvent {
            partner: "another".to_owned(),
            kind: "purchase".to_owned(),
            total: Some(Money { minor: 4_999, currency: "USD".to_owned() }),
        }),
        _ => EventBody::Activity(Activity { kind: kind.strip_prefix("activity:")?.to_owned() }),
    };
    Some(Event { id: format!("fixture-{kind}"), at: NOW, seed: 42, body, store: None, channel: None, attributes: Vec::new() })
}

fn total_only(id: &str, total: i64) -> Event {
    purchase(id, Purchase { currency: "USD".to_owned(), total, lines: Vec::new() })
}

fn lines(count: u32) -> Purchase {
    const CATEGORIES: [&str; 5] = ["COFFEE", "ROLLS", "FUEL", "SHOES", "BOOKS"];
    let lines: Vec<_> = (0..count)
        .zip(CATEGORIES.iter().cycle())
        .map(|(number, category)| Line {
            number,
            sku: format!("sku-{number}"),
            category: (*category).to_owned(),
            quantity_milli: 1_000 + 500 * i64::from(number % 3),
            amount: 199 + 37 * i64::from(number),
            attributes: Vec::new(),
        })
        .collect();
    Purchase { currency: "USD".to_owned(), total: lines.iter().map(|line| line.amount).sum(), lines }
}

fn newcomer() -> Member {
    Member {
        id: "fixture-new".to_owned(),
        enrolled: NOW,
        coalition_tier: None,
        tier: None,
        relations: Vec::new(),
        activity: Totals::default(),
        months: Vec::new(),
        counters: Vec::new(),
        badges: Vec::new(),
        vouchers: Vec::new(),
        awarded: Vec::new(),
        balance: Some(0),
        attributes: Vec::new(),
    }
}

/// Has some of everything that the manifest speaks of, needed or not: more than a real view would show, never less.
fn regular(manifest: &Manifest) -> Member {
    let since = NOW.ms - 300 * DAY_MS;
    Member {
        id: "fixture-regular".to_owned(),
        enrolled: Instant { ms: NOW.ms - 365 * DAY_MS, offset_minutes: 60 },
        coalition_tier: Some("silver".to_owned()),
        tier: manifest.tiers.first().map(|name| TierHeld { name: name.clone(), since, until: None }),
        relations: vec!["referrer".to_owned()],
        activity: Totals { purchases: 49, spend: 123_450, first_at: Some(since), last_at: Some(NOW.ms - 2 * DAY_MS) },
        months: [202_611, 202_610, 202_609].map(|month| Month { month, purchases: 4, spend: 10_000 }).to_vec(),
        counters: manifest
            .counters
            .iter()
            .map(|counter| Counter { name: counter.name.clone(), values: vec![9; usize::from(counter.keep) + 1] })
            .collect(),
        badges: manifest.badges.iter().take(4).map(|name| BadgeHeld { name: name.clone(), period: String::new(), at: since }).collect(),
        vouchers: manifest
            .rewards
            .iter()
            .take(4)
            .map(|reward| VoucherHeld { template: reward.id.clone(), issued: 2, open: vec!["fixture-voucher".to_owned()] })
            .collect(),
        awarded: vec![AwardHeld { key: "fixture".to_owned(), points: 120 }],
        balance: Some(1_000),
        attributes: Vec::new(),
    }
}
