//! What the calendar brings, and joining: anniversaries of enrolments and birthdays, and the ends of counters' windows, in the program's time zone.
//!
//! A job on every gateway catches up from where the last has come, day by day and window by window. Each event has a name of its own, so that
//! it comes once, however many gateways notice it and however often one begins again.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use coalition_domain::{Calendar, DecisionId, Instant, MemberId, PartnerId, TransactionId, Window};
use coalition_rules::contract::{Anniversary, CounterDef, CounterTotal, Enrolment, EventBody, PeriodClose};
use coalition_store::entities::members;
use coalition_store::{DatabaseTransaction, StoreError, calendar, load, reads};
use jiff::ToSpan as _;
use jiff::civil::Date;
use uuid::Uuid;

use crate::App;
use crate::error::{Error, Kind};
use crate::facts::{Facts, window};
use crate::idempotency::Fault;
use crate::live::LiveRules;
use crate::program::Settings;
use crate::relations;
use crate::told;
use crate::write_path::command::{Command, Occurrence, Work, kind};
use crate::write_path::deferral::{self, Waits};
use crate::write_path::happen::{self, Happened};

/// Members that are read, and events that are noted, at once.
const PAGE: u64 = 500;
const ANNIVERSARIES: &str = "anniversaries";

/// A partner whose rules are live.
type Alive = (PartnerId, Arc<LiveRules>);

impl App {
    /// Of the partner's and the operator's rules, those that handle a kind of event.
    pub(crate) async fn rules_that_handle(&self, kind: &str, partner: Option<PartnerId>) -> Result<Vec<PartnerId>, Error> {
        let settings = self.settings().await?;
        let wanted: Vec<PartnerId> = partner.into_iter().chain([settings.operator]).collect();
        let rows = load::partners(self.store().read(), wanted.iter().map(|id| id.uuid()).collect(), false).await?;
        let mut owners = Vec::new();
        for id in wanted {
            let Some(row) = rows.iter().find(|row| row.id == id.uuid()) else { continue };
            let handles = match self.live(id, row.plugin_epoch).await {
                Ok(live) => live.is_some_and(|live| live.handles(kind)),
                // They are asked again later.
                Err(error) if error.code == "rules-unavailable" => true,
                Err(error) => return Err(error),
            };
            if handles && !owners.contains(&id) {
                owners.push(id);
            }
        }
        Ok(owners)
    }

    /// Notes that a member has joined, for the rules that want to know; the last thing of the transaction that enrols them.
    pub(crate) async fn record_enrolment(
        &self,
        txn: &DatabaseTransaction,
        row: &members::Model,
        owners: &[PartnerId],
    ) -> Result<(), Fault> {
        if owners.is_empty() {
            return Ok(());
        }
        let settings = self.settings().await?;
        let happened = Happened {
            member: row.id,
            partner: row.enrolled_by.map_or(settings.operator, PartnerId),
            owners,
            cause: None,
            at: Instant(row.enrolled_at),
            body: EventBody::Enrolment(Enrolment { relations: relations::kinds(row) }),
            attributes: Vec::new(),
        };
        let commit_id = self.new_id();
        let event = happen::row(self, &settings, &happened)?;
        let subject = TransactionId(event.id);
        let queued = owners.iter().map(|owner| deferral::row(row.id, *owner, subject, DecisionId(self.new_id()), &Waits::queued()));
        let queued =
            queued.map(|deferral| coalition_store::entities::deferrals::Model { recorded_at: row.enrolled_at, ..deferral }).collect();
        let event = coalition_store::entities::events::Model { recorded_at: row.enrolled_at, commit_id, ..event };
        coalition_store::seal::record(txn, vec![event], queued, commit_id, self.wall_now().0).await?;
        self.0.memory.queued.notify_one();
        Ok(())
    }

    /// Notes everything that the calendar has brought by now. Nothing is read where this gateway has seen the day before.
    pub(crate) async fn keep_calendar(&self) -> Result<(), Error> {
        let settings = self.settings().await?;
        // A test program's time has not begun before its clock is set.
        if settings.test && settings.business_now.is_none() {
            return Ok(());
        }
        let now = settings.business_now.unwrap_or_else(|| self.wall_now());
        let today = settings.calendar.window_index(Window::Day, now);
        if self.0.memory.calendar_day.load(Ordering::Relaxed) == today {
            return Ok(());
        }
        let mut alive: Vec<Alive> = Vec::new();
        let mut are_all_there = true;
        for row in reads::active_partners(self.store().read()).await? {
            match self.live(PartnerId(row.id), row.plugin_epoch).await {
                Ok(live) => alive.extend(live.map(|live| (PartnerId(row.id), live))),
                Err(error) if error.code == "rules-unavailable" => are_all_there = false,
                Err(error) => return Err(error),
            }
        }
        for (partner, live) in &alive {
            if live.handles("period-close") {
                for kind in windows_of(live) {
                    self.close(&settings, now, *partner, live, kind).await?;
                }
            }
        }
        let alive: Vec<Alive> = alive.into_iter().filter(|(_, live)| live.handles("anniversary")).collect();
        // Days are the same for all: they wait until every partner's rules can be asked what they want.
        if are_all_there {
            self.celebrate(&settings, today, &alive).await?;
            self.0.memory.calendar_day.store(today, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Has the anniversaries begin with the day of `now`, where nobody has looked for any yet.
    pub(crate) async fn begin_calendar(&self, txn: &DatabaseTransaction, settings: &Settings, now: Instant) -> Result<(), StoreError> {
        let today = settings.calendar.window_index(Window::Day, now);
        calendar::keep(txn, ANNIVERSARIES, today.saturating_sub(1), "").await
    }

    /// Notes the anniversaries up to `today`, a calendar year at a time.
    async fn celebrate(&self, settings: &Settings, today: i64, alive: &[Alive]) -> Result<(), Error> {
        let conn = self.store().read();
        let known = calendar::schedule(conn, ANNIVERSARIES).await?.map_or(today.saturating_sub(1), |row| row.done);
        let (mut from, last) = (date_of(known.saturating_add(1)), date_of(today));
        while let Some((first, last)) = from.zip(last).filter(|(first, last)| !alive.is_empty() && first <= last) {
            let until = last.min(first.last_of_year());
            self.celebrate_days(settings, first, until, alive).await?;
            from = until.tomorrow().ok();
        }
        self.advance(ANNIVERSARIES, today).await
    }

    /// Notes the anniversaries from one day to another of the same year.
    async fn celebrate_days(&self, settings: &Settings, first: Date, last: Date, alive: &[Alive]) -> Result<(), Error> {
        let conn = self.store().read();
        let zone = &settings.calendar;
        let within = |day: Option<Date>| day.filter(|day| (first..=last).contains(day));
        let joined = calendar::first_enrolled(conn).await?.and_then(|at| date(zone, Instant(at)));
        for year in joined.map_or(first.year(), |date| date.year())..first.year() {
            // A day more on either side, for the days of leap years: each is looked at again.
            let [from, to] = [told::in_year(first, year), told::in_year(last, year)];
            let from = from.and_then(|day| day.yesterday().ok()).and_then(|day| span(zone, day));
            let to = to.and_then(|day| day.tomorrow().ok()).and_then(|day| span(zone, day));
            let Some((from, to)) = from.zip(to) else { continue };
            let mut after = None;
            loop {
                let page = calendar::enrolled_between(conn, (from.0.0, to.1.0), after, PAGE).await?;
                let Some((last, _)) = page.last() else { break };
                after = Some(*last);
                let day =
                    |at: i64| date(zone, Instant(at)).filter(|date| date.year() == year).and_then(|date| told::in_year(date, first.year()));
                let days = page.iter().filter_map(|(member, at)| Some((*member, within(day(*at))?))).collect();
                let years = u32::try_from(first.year().saturating_sub(year)).unwrap_or(0);
                self.tell_all(settings, days, alive, &Anniversary { kind: "enrolment".to_owned(), years }).await?;
            }
        }
        // Who was born on a leap day has it on the 28th.
        let [from, to] = [first, last].map(|day| format!("{:02}-{:02}", day.month(), day.day()));
        let to = if to == "02-28" { "02-29".to_owned() } else { to };
        let mut after = None;
        loop {
            let page = calendar::born_between(conn, (&from, &to), after, PAGE).await?;
            let Some((last, _)) = page.last() else { break };
            after = Some(*last);
            let day = |text: &str| {
                text.parse::<Date>().ok().filter(|date| date.year() < first.year()).and_then(|date| told::in_year(date, first.year()))
            };
            let days = page.iter().filter_map(|(member, born)| Some((*member, within(day(born))?))).collect();
            // Nobody's age enters.
            self.tell_all(settings, days, alive, &Anniversary { kind: "birthday".to_owned(), years: 0 }).await?;
        }
        Ok(())
    }

    /// Notes an anniversary of each of these members on their day, for those rules that know them, and of a birthday may know.
    async fn tell_all(
        &self,
        settings: &Settings,
        days: Vec<(Uuid, Date)>,
        alive: &[Alive],
        anniversary: &Anniversary,
    ) -> Result<(), Error> {
        let conn = self.store().read();
        let members: Vec<Uuid> = days.iter().map(|(member, _)| *member).collect();
        let partners = alive.iter().map(|(partner, _)| partner.uuid()).collect();
        let linked = load::profiles(conn, members.clone(), partners).await?;
        let is_birthday = anniversary.kind == "birthday";
        let agreed = if is_birthday { told::read(conn, members).await? } else { HashMap::new() };
        let mut occurrences = Vec::new();
        for (member, day) in days {
            let knows = |partner: PartnerId| {
                let is_linked = linked.iter().any(|row| row.member_id == member && row.partner_id == partner.uuid() && row.linked_at > 0);
                let may = agreed.get(&member).and_then(|told| told.consents.get(&partner.uuid()));
                (is_linked || partner == settings.operator) && (!is_birthday || may.is_some_and(|facts| facts.contains("birthday-window")))
            };
            let owners: Vec<PartnerId> = alive.iter().map(|(partner, _)| *partner).filter(|partner| knows(*partner)).collect();
            let at = span(&settings.calendar, day).map(|(at, _)| at);
            if let Some(at) = at.filter(|_| !owners.is_empty()) {
                let name = format!("anniversary:{}:{}:{day}", anniversary.kind, MemberId(member));
                let body = EventBody::Anniversary(anniversary.clone());
                let occurrence = Occurrence { member: MemberId(member), partner: settings.operator, owners, at, body };
                occurrences.push((settings.operator, name, occurrence));
            }
        }
        self.occur(occurrences).await
    }

    /// Notes the ends of one partner's windows of one kind.
    async fn close(&self, settings: &Settings, now: Instant, partner: PartnerId, live: &LiveRules, kind: Window) -> Result<(), Error> {
        let zone = &settings.calendar;
        let conn = self.store().read();
        let name = format!("close:{partner}:{}", name_of(kind));
        let done = match calendar::schedule(conn, &name).await? {
            Some(row) => row.done,
            // The windows that were open when these rules began are the first that close.
            None => {
                let began = coalition_store::plugins::live(conn, partner.uuid()).await?.map_or(now.0, |active| active.starts_at);
                zone.window_index(kind, Instant(began)).saturating_sub(1)
            }
        };
        let last = zone.window_index(kind, now).saturating_sub(1);
        if last > done {
            let defs: Vec<&CounterDef> = live.manifest.counters.iter().filter(|def| window(def.window) == kind).collect();
            let closing = Closing { partner, kind, first: done.saturating_add(1), last, defs };
            let totals = self.totals(&closing).await?;
            self.close_members(settings, &closing, &totals).await?;
        }
        self.advance(&name, last.max(done)).await
    }

    async fn advance(&self, name: &str, done: i64) -> Result<(), Error> {
        let txn = self.store().begin().await?;
        calendar::advance(&txn, name, done).await?;
        Ok(txn.commit().await.map_err(StoreError::from)?)
    }

    /// The sums over all members, for the counters that ask for them: told once, whichever gateway closes the window.
    async fn totals(&self, closing: &Closing<'_>) -> Result<BTreeMap<i64, Vec<CounterTotal>>, Error> {
        let asked: Vec<&CounterDef> = closing.defs.iter().copied().filter(|def| def.totals).collect();
        if asked.is_empty() {
            return Ok(BTreeMap::new());
        }
        let mut sums: BTreeMap<(i64, &str), (i64, u64)> = BTreeMap::new();
        let mut after = None;
        loop {
            let page = calendar::profiles_page(self.store().read(), closing.partner.uuid(), after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.member_id);
            for row in &page {
                let facts = crate::balances::facts(&row.facts)?;
                for def in &asked {
                    for (index, value) in closing.values(&facts, def) {
                        let sum = sums.entry((index, def.name.as_str())).or_default();
                        *sum = (sum.0.saturating_add(value), sum.1.saturating_add(1));
                    }
                }
            }
        }
        let mut totals = BTreeMap::new();
        for index in closing.first..=closing.last {
            let of = |def: &&CounterDef| {
                let (total, members) = sums.get(&(index, def.name.as_str())).copied().unwrap_or_default();
                CounterTotal { counter: def.name.clone(), total, members }
            };
            let mine: Vec<CounterTotal> = asked.iter().map(of).collect();
            if mine.iter().all(|total| total.members == 0) {
                continue;
            }
            let name = format!("totals:{}:{}:{index}", closing.partner, name_of(closing.kind));
            let body = serde_json::to_string(&mine).map_err(|error| Error::internal(&error))?;
            let txn = self.store().begin().await?;
            calendar::keep(&txn, &name, index, &body).await?;
            txn.commit().await.map_err(StoreError::from)?;
            let said = calendar::schedule(self.store().read(), &name).await?.map_or(body, |row| row.body);
            totals.insert(index, serde_json::from_str(&said).map_err(|error| Error::internal(&error))?);
        }
        Ok(totals)
    }

    async fn close_members(
        &self,
        settings: &Settings,
        closing: &Closing<'_>,
        totals: &BTreeMap<i64, Vec<CounterTotal>>,
    ) -> Result<(), Error> {
        let mut after = None;
        loop {
            let page = calendar::profiles_page(self.store().read(), closing.partner.uuid(), after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(()) };
            after = Some(last.member_id);
            let mut occurrences = Vec::new();
            for row in &page {
                let facts = crate::balances::facts(&row.facts)?;
                let indices: BTreeSet<i64> =
                    closing.defs.iter().flat_map(|def| closing.values(&facts, def)).map(|(index, _)| index).collect();
                for index in indices {
                    let Some((from, to)) = settings.calendar.window_span(closing.kind, index) else { continue };
                    let Some(def) = closing.defs.first() else { continue };
                    let totals = totals.get(&index).cloned().unwrap_or_default();
                    let body = EventBody::PeriodClose(PeriodClose { window: def.window, from: from.0, to: to.0, totals });
                    let member = MemberId(row.member_id);
                    let owners = vec![closing.partner];
                    let occurrence = Occurrence { member, partner: closing.partner, owners, at: to.plus_ms(-1), body };
                    occurrences.push((closing.partner, format!("close:{}:{index}:{member}", name_of(closing.kind)), occurrence));
                }
            }
            self.occur(occurrences).await?;
        }
    }

    /// Notes events of the calendar, each under its name.
    async fn occur(&self, occurrences: Vec<(PartnerId, String, Occurrence)>) -> Result<(), Error> {
        let works = occurrences.into_iter().map(|(partner, name, occurrence)| {
            let key = (partner.uuid(), kind::OCCURRENCE, name);
            let work = Work::Occur(Box::new(occurrence));
            self.write_path().submit(Command { work, caller: None, claim: None, key, body_hash: [0; 32] })
        });
        for done in futures::future::join_all(works).await {
            // Who has left has no more days.
            if let Err(error) = done
                && error.kind != Kind::NotFound
            {
                return Err(error);
            }
        }
        Ok(())
    }
}

/// Windows of one kind of one partner's counters, that end.
struct Closing<'a> {
    partner: PartnerId,
    kind: Window,
    first: i64,
    last: i64,
    defs: Vec<&'a CounterDef>,
}

impl Closing<'_> {
    /// What a member has on a counter in the windows that end, where that is not zero: window and value.
    fn values(&self, facts: &Facts, def: &CounterDef) -> Vec<(i64, i64)> {
        let fact = facts.counters.iter().find(|fact| fact.name == def.name && fact.window == self.kind);
        let values = fact
            .into_iter()
            .flat_map(|fact| fact.values.iter().zip(0_i64..).map(|(value, back)| (fact.index.saturating_sub(back), *value)));
        values.filter(|(index, value)| *value != 0 && (self.first..=self.last).contains(index)).collect()
    }
}

const WINDOWS: [Window; 5] = [Window::Day, Window::Week, Window::Month, Window::Quarter, Window::Year];

/// The kinds of window that end, among a program's counters.
fn windows_of(live: &LiveRules) -> Vec<Window> {
    let counted = |kind: &Window| live.manifest.counters.iter().any(|def| window(def.window) == *kind);
    WINDOWS.into_iter().filter(counted).collect()
}

const fn name_of(window: Window) -> &'static str {
    match window {
        Window::Day => "day",
        Window::Week => "week",
        Window::Month => "month",
        Window::Quarter => "quarter",
        Window::Year => "year",
        Window::Lifetime => "lifetime",
    }
}

fn date(calendar: &Calendar, at: Instant) -> Option<Date> {
    calendar.day(at).parse().ok()
}

/// The local day of this number.
fn date_of(day: i64) -> Option<Date> {
    Date::constant(1970, 1, 1).checked_add(day.days()).ok()
}

/// From when to when a local day lasts.
fn span(calendar: &Calendar, date: Date) -> Option<(Instant, Instant)> {
    let days = date.since(Date::constant(1970, 1, 1)).ok()?.get_days();
    calendar.window_span(Window::Day, i64::from(days))
}
