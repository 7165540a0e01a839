//! What a member lets a partner's rules see: flags and bands that follow from the personal data, and attributes by name. Never the data itself.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use coalition_domain::{Calendar, Instant};
use coalition_rules::contract::{Attribute, Scalar};
use coalition_store::{ConnectionTrait, load};
use jiff::civil::Date;
use uuid::Uuid;

use crate::error::Error;

/// Days before and after a birthday that count as its window.
const WINDOW_D: i32 = 7;
/// The first age of each band, and its name.
const BANDS: [(i16, &str); 7] =
    [(65, "65-plus"), (55, "55-64"), (45, "45-54"), (35, "35-44"), (25, "25-34"), (18, "18-24"), (0, "under-18")];

/// Whether a part of the member's view is shown only with the member's consent.
pub(crate) fn needs_consent(need: &str) -> bool {
    matches!(need, "birthday-window" | "age-band") || need.starts_with("x-")
}

/// What is known of a member as a person, and which of it which partner's rules may see.
#[derive(Clone, Default)]
pub(crate) struct Told {
    pub(crate) consents: HashMap<Uuid, BTreeSet<String>>,
    pub(crate) birthday: Option<String>,
    pub(crate) attributes: BTreeMap<String, Scalar>,
}

impl Told {
    /// The attributes of a member's view at `at`: what a partner's rules need, and is agreed to and known.
    pub(crate) fn attributes(&self, needs: &[String], partner: Uuid, calendar: &Calendar, at: Instant) -> Vec<Attribute> {
        let Some(agreed) = self.consents.get(&partner) else { return Vec::new() };
        let birthday: Option<Date> = self.birthday.as_ref().and_then(|text| text.parse().ok());
        let today: Option<Date> = calendar.day(at).parse().ok();
        let derived = |need: &str| match (need, birthday.zip(today)) {
            ("birthday-window", Some((birthday, today))) => Some(Scalar::Flag(is_near(birthday, today))),
            ("age-band", Some((birthday, today))) => Some(Scalar::Text(band(birthday, today).to_owned())),
            ("birthday-window" | "age-band", None) => None,
            _ => self.attributes.get(need).cloned(),
        };
        let wanted = needs.iter().filter(|need| needs_consent(need) && agreed.contains(*need));
        wanted.filter_map(|need| Some(Attribute { name: need.clone(), value: derived(need)? })).collect()
    }
}

/// Reads it for these members.
pub(crate) async fn read(conn: &impl ConnectionTrait, members: Vec<Uuid>) -> Result<HashMap<Uuid, Told>, Error> {
    let mut all: HashMap<Uuid, Told> = HashMap::new();
    for row in load::consents(conn, members.clone()).await? {
        let facts = serde_json::from_str(&row.facts).map_err(|error| Error::internal(&error))?;
        all.entry(row.member_id).or_default().consents.insert(row.partner_id, facts);
    }
    for row in load::personal(conn, members).await? {
        let told = all.entry(row.member_id).or_default();
        told.birthday = row.birthday;
        told.attributes = crate::member_input::read_attributes(&row.attributes)?;
    }
    Ok(all)
}

/// The birthday in that year: that of a leap day is the 28th in other years.
pub(crate) fn in_year(birthday: Date, year: i16) -> Option<Date> {
    Date::new(year, birthday.month(), birthday.day()).or_else(|_| Date::new(year, birthday.month(), 28)).ok()
}

fn is_near(birthday: Date, today: Date) -> bool {
    let years = [today.year().saturating_sub(1), today.year(), today.year().saturating_add(1)];
    let days = |day: Date| day.since(today).map_or(i32::MAX, |span| span.get_days().saturating_abs());
    years.into_iter().filter_map(|year| in_year(birthday, year)).any(|day| days(day) <= WINDOW_D)
}

fn band(birthday: Date, today: Date) -> &'static str {
    let had_it = in_year(birthday, today.year()).is_some_and(|day| day <= today);
    let age = today.year().saturating_sub(birthday.year()).saturating_sub(i16::from(!had_it));
    BANDS.iter().find(|(from, _)| age >= *from).map_or("under-18", |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn a_birthday_is_near_for_a_week_on_each_side_also_over_new_year() {
        for (birthday, today, near) in [
            ("1990-11-21", "2026-11-21", true),
            ("1990-11-21", "2026-11-28", true),
            ("1990-11-21", "2026-11-29", false),
            ("1990-11-21", "2026-11-14", true),
            ("1990-11-21", "2026-11-13", false),
            ("1990-01-02", "2026-12-27", true),
            ("1990-12-30", "2027-01-05", true),
            ("1992-02-29", "2026-03-07", true),
            ("1992-02-29", "2026-03-08", false),
        ] {
            assert_eq!(is_near(date(birthday), date(today)), near, "{birthday} {today}");
        }
    }

    #[test]
    fn a_leap_day_has_its_anniversary_every_year() {
        let day = |born: &str, year| in_year(date(born), year).unwrap().to_string();
        assert_eq!(day("2024-02-29", 2026), "2026-02-28");
        assert_eq!(day("2024-02-29", 2028), "2028-02-29");
        assert_eq!(day("2024-02-28", 2028), "2028-02-28");
        assert_eq!(day("2025-03-01", 2028), "2028-03-01");
    }

    #[test]
    fn a_band_changes_on_the_birthday() {
        for (birthday, today, name) in [
            ("2008-11-21", "2026-11-20", "under-18"),
            ("2008-11-21", "2026-11-21", "18-24"),
            ("1992-02-29", "2017-02-27", "18-24"),
            ("1992-02-29", "2017-02-28", "25-34"),
            ("1961-01-01", "2026-11-21", "65-plus"),
            ("1962-01-01", "2026-11-21", "55-64"),
        ] {
            assert_eq!(band(date(birthday), date(today)), name, "{birthday} {today}");
        }
    }

    #[test]
    fn only_what_is_needed_agreed_to_and_known_is_shown() {
        let calendar = Calendar::new("UTC").unwrap();
        let at = Instant::parse("2026-11-21T10:00:00Z").unwrap();
        let known = BTreeMap::from([("x-diet".to_owned(), Scalar::Text("vegan".to_owned())), ("vip".to_owned(), Scalar::Flag(true))]);
        let partner = Uuid::from_u128(1);
        let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<String>>();
        let shown = |needs: &[&str], agreed: &[&str]| {
            let consents = HashMap::from([(partner, list(agreed).into_iter().collect())]);
            let told = Told { consents, birthday: Some("1990-11-20".to_owned()), attributes: known.clone() };
            assert!(told.attributes(&list(needs), Uuid::from_u128(2), &calendar, at).is_empty(), "another partner's rules see nothing");
            let all = told.attributes(&list(needs), partner, &calendar, at);
            all.into_iter().map(|attribute| attribute.name).collect::<Vec<_>>()
        };
        let all = ["birthday-window", "age-band", "x-diet", "x-unknown"];
        assert_eq!(shown(&all, &all), ["birthday-window", "age-band", "x-diet"]);
        assert_eq!(shown(&all, &["age-band"]), ["age-band"]);
        assert!(shown(&["balance"], &all).is_empty() && shown(&all, &[]).is_empty());
    }
}
