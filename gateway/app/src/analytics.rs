//! Figures for the operator by issuer and month: what ran out unspent, and what is still owed to members.
//!
//! They come from the ledger as it is written. What the clock has made due and nobody has written yet is told as a number of members: a job writes it
//! within the minute.

use std::collections::{BTreeMap, HashMap};

use coalition_domain::money::value_at;
use coalition_domain::{Calendar, Instant, Points, TransferKind, Window};
use coalition_store::analytics;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::App;
use crate::caller::Caller;
use crate::error::Error;
use crate::views::Money;

/// Months that one answer covers.
const MONTHS_MAX: usize = 120;
/// Months where nothing is said.
const MONTHS_DEFAULT: usize = 12;

/// Which months, each as `2026-11`.
#[derive(Clone, Debug, Default)]
pub struct Months {
    /// The first; eleven before the last where it is left out.
    pub from: Option<String>,
    /// The last; the present one where it is left out.
    pub to: Option<String>,
}

/// Points of an issuer that ran out in a month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct BreakageLine {
    /// The issuer's slug.
    pub partner: String,
    /// As `2026-11`, in the program's time zone.
    pub period: String,
    /// Points that ran out unspent.
    pub points: i64,
    /// What they were issued for, rounded once.
    pub value: Money,
}

/// What ran out, by issuer and month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Breakage {
    /// Months in order, in each its issuers by slug.
    pub items: Vec<BreakageLine>,
    /// Members of whom something is due by the clock that nobody has written yet.
    pub unsettled_members: i64,
}

/// What an issuer's points have come to in a month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LiabilityLine {
    /// The issuer's slug.
    pub partner: String,
    /// As `2026-11`, in the program's time zone.
    pub period: String,
    /// Points outstanding when it began: pending, available or held by members.
    pub opening: i64,
    /// Awarded or given.
    pub issued: i64,
    /// Spent, less what was given back.
    pub redeemed: i64,
    /// Ran out.
    pub expired: i64,
    /// Taken back: by refunds, cancellations and adjustments, to repay what was owed, or given up with an account.
    pub recovered: i64,
    /// Points outstanding at its end, or now.
    pub closing: i64,
    /// What these were issued for, rounded once.
    pub value: Money,
}

/// What is owed to members, by issuer and month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Liability {
    /// Months in order, in each its issuers by slug.
    pub items: Vec<LiabilityLine>,
    /// Members of whom something is due by the clock that nobody has written yet.
    pub unsettled_members: i64,
}

/// Months in order: label, first instant.
fn months(calendar: &Calendar, asked: &Months, now: Instant) -> Result<Vec<(String, Instant)>, Error> {
    let read = |pointer: &str, text: &str| {
        let start = Instant::parse(&format!("{text}-01T12:00:00Z")).ok().filter(|_| text.len() == 7);
        start.ok_or_else(|| Error::invalid(pointer, "a month, such as 2026-11"))
    };
    let last = asked.to.as_deref().map(|text| read("/to", text)).transpose()?.unwrap_or(now);
    let index = |at: Instant| calendar.window_index(Window::Month, at);
    let first = match asked.from.as_deref() {
        Some(text) => index(read("/from", text)?),
        None => index(last).saturating_sub(i64::try_from(MONTHS_DEFAULT).unwrap_or(0)).saturating_add(1),
    };
    let count = usize::try_from(index(last).saturating_sub(first).saturating_add(1)).unwrap_or(0);
    if count == 0 || count > MONTHS_MAX {
        return Err(Error::invalid("/from", format!("from 1 to {MONTHS_MAX} months, the first not after the last")));
    }
    let numbers = (first..).take(count);
    numbers
        .map(|number| {
            let label = format!("{:04}-{:02}", number.div_euclid(12), number.rem_euclid(12).saturating_add(1));
            let noon = Instant::parse(&format!("{label}-01T12:00:00Z")).map_err(|error| Error::internal(&error))?;
            Ok((label, calendar.month_start(noon).ok_or_else(|| Error::internal(&"a month without a beginning"))?))
        })
        .collect()
}

/// The place of the month that a moment lies in; None before the first.
fn place(months: &[(String, Instant)], at: i64) -> Option<usize> {
    months.partition_point(|(_, start)| start.0 <= at).checked_sub(1)
}

/// What points at several prices were issued for, rounded once.
fn worth(parts: impl Iterator<Item = (i64, i64)>) -> Option<i64> {
    let sum = parts.map(|(price, points)| i128::from(price) * i128::from(points)).sum::<i128>();
    i64::try_from(sum).ok().and_then(|sum| value_at(Points(sum), 1))
}

fn beyond() -> Error {
    Error::internal(&"a value beyond 64 bits")
}

/// Lines by month and issuer, each with what is outstanding at each price.
type Lines = BTreeMap<(usize, String), (LiabilityLine, Vec<(i64, i64)>)>;

/// Of one issuer at one price in one month, by why they moved.
#[derive(Clone, Copy, Default)]
struct Flow {
    issued: i64,
    redeemed: i64,
    expired: i64,
    recovered: i64,
}

impl Flow {
    const fn net(&self) -> i64 {
        self.issued.saturating_sub(self.redeemed).saturating_sub(self.expired).saturating_sub(self.recovered)
    }

    const fn add(&mut self, kind: TransferKind, points: i64) {
        match kind {
            TransferKind::Award | TransferKind::AwardPending | TransferKind::AdjustmentIn => {
                self.issued = self.issued.saturating_add(points)
            }
            TransferKind::Capture => self.redeemed = self.redeemed.saturating_add(points),
            TransferKind::Reversal => self.redeemed = self.redeemed.saturating_sub(points),
            TransferKind::Expiry => self.expired = self.expired.saturating_add(points),
            _ => self.recovered = self.recovered.saturating_add(points),
        }
    }
}

/// Whatever changes how much of an issuer's points is outstanding. What moves within a member, or from one to another, does not.
const MOVES: [TransferKind; 12] = [
    TransferKind::Award,
    TransferKind::AwardPending,
    TransferKind::AdjustmentIn,
    TransferKind::Capture,
    TransferKind::Reversal,
    TransferKind::Expiry,
    TransferKind::Cancellation,
    TransferKind::RecoveryPending,
    TransferKind::Recovery,
    TransferKind::Repayment,
    TransferKind::AdjustmentOut,
    TransferKind::Forfeiture,
];

impl App {
    /// Points that ran out unspent, by issuer and month.
    ///
    /// # Errors
    /// 400, 403 for all but the operator, 503.
    pub async fn breakage(&self, caller: &Caller, asked: &Months) -> Result<Breakage, Error> {
        caller.operator()?;
        let (settings, now, slugs) = (self.settings().await?, self.now().await?, self.slugs().await?);
        let months = months(&settings.calendar, asked, now)?;
        let end = months.last().and_then(|(_, start)| settings.calendar.window_end(Window::Month, *start));
        let from = months.first().map_or(0, |(_, start)| start.0);
        let mut sums: BTreeMap<(usize, String), BTreeMap<i64, i64>> = BTreeMap::new();
        let snapshot = self.store().snapshot().await?;
        analytics::each_move::<Error>(&snapshot, &[TransferKind::Expiry], from, |moved| {
            if let Some(month) = place(&months, moved.effective_at).filter(|_| end.is_none_or(|end| moved.effective_at < end.0)) {
                let sum = sums.entry((month, slug(&slugs, moved.issuer_id))).or_default().entry(moved.price).or_default();
                *sum = sum.saturating_add(moved.points);
            }
            Ok(())
        })
        .await?;
        let unsettled_members = analytics::unsettled(&snapshot, now.0).await?;
        let currency = settings.base_currency.to_string();
        let items = sums.into_iter().map(|((month, partner), by_price)| {
            Ok(BreakageLine {
                partner,
                period: months.get(month).map(|(label, _)| label.clone()).unwrap_or_default(),
                points: by_price.values().copied().fold(0, i64::saturating_add),
                value: Money { amount: worth(by_price.into_iter()).ok_or_else(beyond)?, currency: currency.clone() },
            })
        });
        Ok(Breakage { items: items.collect::<Result<_, Error>>()?, unsettled_members })
    }

    /// Points outstanding, and what has become of them, by issuer and month.
    ///
    /// # Errors
    /// 400, 403 for all but the operator, 503.
    pub async fn liability(&self, caller: &Caller, asked: &Months) -> Result<Liability, Error> {
        caller.operator()?;
        let (settings, now, slugs) = (self.settings().await?, self.now().await?, self.slugs().await?);
        let asked_months = months(&settings.calendar, asked, now)?;
        let from = asked_months.first().map_or(0, |(_, start)| start.0);
        let end = asked_months.last().and_then(|(_, start)| settings.calendar.window_end(Window::Month, *start));
        // The last place is for what came after the months that are asked for: the present is reckoned back from now.
        let after = asked_months.len();
        let mut flows: BTreeMap<(String, i64), Vec<Flow>> = BTreeMap::new();
        let snapshot = self.store().snapshot().await?;
        analytics::each_move::<Error>(&snapshot, &MOVES, from, |moved| {
            let kind = TransferKind::from_code(moved.kind).ok_or_else(|| Error::internal(&"a transfer of no known kind"))?;
            let month = match end {
                Some(end) if moved.effective_at >= end.0 => after,
                _ => place(&asked_months, moved.effective_at).unwrap_or(0),
            };
            let flows = flows.entry((slug(&slugs, moved.issuer_id), moved.price)).or_insert_with(|| vec![Flow::default(); after + 1]);
            if let Some(flow) = flows.get_mut(month) {
                flow.add(kind, moved.points);
            }
            Ok(())
        })
        .await?;
        let mut closing: BTreeMap<(String, i64), i64> = BTreeMap::new();
        for row in analytics::outstanding(&snapshot).await? {
            let key = (slug(&slugs, row.issuer_id), row.price);
            flows.entry(key.clone()).or_insert_with(|| vec![Flow::default(); after + 1]);
            let sum = closing.entry(key).or_default();
            *sum = sum.saturating_add(row.points);
        }
        let unsettled_members = analytics::unsettled(&snapshot, now.0).await?;
        // From the last month back to the first: what is outstanding at a month's end, less what came of it, is what it began with.
        let mut lines: Lines = BTreeMap::new();
        for ((partner, price), flows) in flows {
            let mut left = closing.get(&(partner.clone(), price)).copied().unwrap_or(0);
            for (month, flow) in flows.iter().enumerate().rev() {
                let begun = left.saturating_sub(flow.net());
                if let Some((label, _)) = asked_months.get(month) {
                    let (line, parts) = lines.entry((month, partner.clone())).or_insert_with(|| (empty(&partner, label), Vec::new()));
                    line.opening = line.opening.saturating_add(begun);
                    line.issued = line.issued.saturating_add(flow.issued);
                    line.redeemed = line.redeemed.saturating_add(flow.redeemed);
                    line.expired = line.expired.saturating_add(flow.expired);
                    line.recovered = line.recovered.saturating_add(flow.recovered);
                    line.closing = line.closing.saturating_add(left);
                    parts.push((price, left));
                }
                left = begun;
            }
        }
        let currency = settings.base_currency.to_string();
        let items = lines.into_values().map(|(line, parts)| {
            let amount = worth(parts.into_iter()).ok_or_else(beyond)?;
            Ok(LiabilityLine { value: Money { amount, currency: currency.clone() }, ..line })
        });
        Ok(Liability { items: items.collect::<Result<_, Error>>()?, unsettled_members })
    }
}

fn empty(partner: &str, period: &str) -> LiabilityLine {
    LiabilityLine {
        partner: partner.to_owned(),
        period: period.to_owned(),
        opening: 0,
        issued: 0,
        redeemed: 0,
        expired: 0,
        recovered: 0,
        closing: 0,
        value: Money { amount: 0, currency: String::new() },
    }
}

fn slug(slugs: &HashMap<Uuid, String>, partner: Uuid) -> String {
    slugs.get(&partner).cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(from: Option<&str>, to: Option<&str>) -> Result<Vec<String>, Error> {
        let now = Instant::parse("2026-11-30T23:30:00Z").unwrap();
        let asked = Months { from: from.map(str::to_owned), to: to.map(str::to_owned) };
        let months = months(&Calendar::new("Europe/Skopje").unwrap(), &asked, now)?;
        Ok(months.into_iter().map(|(label, _)| label).collect())
    }

    #[test]
    fn months_are_those_of_the_programs_calendar() {
        assert_eq!(asked(None, None).unwrap().last().unwrap(), "2026-12", "it is December there");
        assert_eq!(asked(None, None).unwrap().len(), 12);
        assert_eq!(asked(Some("2026-11"), Some("2027-01")).unwrap(), ["2026-11", "2026-12", "2027-01"]);
        for (from, to) in [(Some("2026-12"), Some("2026-11")), (Some("1900-01"), None), (Some("2026-13"), None), (None, Some("2026"))] {
            assert!(asked(from, to).is_err(), "{from:?} {to:?}");
        }
    }

    #[test]
    fn a_moment_lies_in_its_month() {
        let months = vec![("a".to_owned(), Instant(10)), ("b".to_owned(), Instant(20))];
        assert_eq!([5, 10, 19, 20, 99].map(|at| place(&months, at)), [None, Some(0), Some(0), Some(1), Some(1)]);
    }
}
