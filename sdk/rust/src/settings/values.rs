//! The plain types that a configuration is made of.

use std::borrow::Cow;

use super::json::{Json, write_text};
use super::{Place, Problems, Setting, Within};
use crate::{BasisPoints, Currency, Date, Points, Rounding, Weekday, Window};

fn whole_number(json: &Json<'_>, place: &Place<'_>, within: Within, problems: &mut Problems) -> Option<i64> {
    match json {
        Json::Number(number) if within.has(*number) => Some(*number),
        _ if within == Within::ALL => {
            problems.at(place.pointer(), "a whole number");
            None
        }
        _ => {
            problems.at(place.pointer(), format!("a whole number, {}", within.say("")));
            None
        }
    }
}

fn number_schema(within: Within, schema: &mut String) {
    schema.push_str("\"type\":\"integer\"");
    bounds_schema(within, ["minimum", "maximum"], schema);
}

pub(super) fn bounds_schema(within: Within, names: [&str; 2], schema: &mut String) {
    let bounds = [(within.min, Within::ALL.min), (within.max, Within::ALL.max)];
    for (name, (bound, none)) in names.into_iter().zip(bounds) {
        if bound != none {
            schema.push_str(&format!(",\"{name}\":{bound}"));
        }
    }
}

/// A number of a narrower type: the bounds of the type, narrowed by those of the field.
macro_rules! number {
    ($type:ty, $least:expr, $most:expr, $from:expr, $to:expr) => {
        impl Setting for $type {
            fn read(json: &Json<'_>, place: &Place<'_>, within: Within, problems: &mut Problems) -> Option<Self> {
                whole_number(json, place, narrowed(within, $least, $most), problems).and_then($from)
            }

            fn schema(within: Within, schema: &mut String) {
                number_schema(narrowed(within, $least, $most), schema);
            }

            fn write(&self, json: &mut String) {
                json.push_str(&$to(self).to_string());
            }
        }
    };
}

pub(super) fn narrowed(within: Within, least: i64, most: i64) -> Within {
    Within { min: within.min.max(least), max: within.max.min(most) }
}

const U32_MAX: i64 = 4_294_967_295;

number!(i64, i64::MIN, i64::MAX, Some, |n: &i64| *n);
number!(u64, 0, i64::MAX, |n| Self::try_from(n).ok(), |n: &u64| *n);
number!(u32, 0, U32_MAX, |n| Self::try_from(n).ok(), |n: &u32| *n);
number!(Points, i64::MIN, i64::MAX, |n| Some(Self::new(n)), |n: &Points| n.get());
number!(BasisPoints, 0, U32_MAX, |n| u32::try_from(n).ok().map(Self::new), |n: &BasisPoints| n.get());

impl Setting for bool {
    fn read(json: &Json<'_>, place: &Place<'_>, _: Within, problems: &mut Problems) -> Option<Self> {
        match json {
            Json::Flag(flag) => Some(*flag),
            _ => {
                problems.at(place.pointer(), "true or false");
                None
            }
        }
    }

    fn schema(_: Within, schema: &mut String) {
        schema.push_str("\"type\":\"boolean\"");
    }

    fn write(&self, json: &mut String) {
        json.push_str(if *self { "true" } else { "false" });
    }
}

/// A text of at most 1 000 characters, unless the field says otherwise.
impl Setting for String {
    fn read(json: &Json<'_>, place: &Place<'_>, within: Within, problems: &mut Problems) -> Option<Self> {
        let within = narrowed(within, 0, TEXT_MAX);
        match json {
            Json::Text(text) if within.has(count(text.chars().count())) => Some(text.clone().into_owned()),
            _ => {
                let right = format!("a text, {}", within.say(" characters"));
                problems.at(place.pointer(), right);
                None
            }
        }
    }

    fn schema(within: Within, schema: &mut String) {
        schema.push_str("\"type\":\"string\"");
        bounds_schema(narrowed(within, 0, TEXT_MAX), ["minLength", "maxLength"], schema);
    }

    fn write(&self, json: &mut String) {
        write_text(self, json);
    }
}

pub(super) const TEXT_MAX: i64 = 1_000;
const ITEMS_MAX: i64 = 100;

pub(super) fn count(items: usize) -> i64 {
    i64::try_from(items).unwrap_or(i64::MAX)
}

/// A name for machines: 1 to 40 lower-case letters, digits and hyphens.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(Cow<'static, str>);

impl Id {
    /// The id of this name, or none when it isn't one.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        ((1..=40).contains(&name.len()) && name.bytes().all(fits)).then(|| Self(Cow::Owned(name.to_owned())))
    }

    /// The id that a program itself names, best in a `const`, where a wrong name does not compile.
    ///
    /// # Panics
    /// When `name` is no id.
    #[must_use]
    pub const fn of(name: &'static str) -> Self {
        let mut rest = name.as_bytes();
        assert!(!rest.is_empty() && rest.len() <= 40, "1 to 40 characters");
        while let Some((byte, others)) = rest.split_first() {
            assert!(byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-', "lower-case letters, digits and hyphens");
            rest = others;
        }
        Self(Cow::Borrowed(name))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::ops::Deref for Id {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Id {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl Setting for Id {
    fn read(json: &Json<'_>, place: &Place<'_>, _: Within, problems: &mut Problems) -> Option<Self> {
        let id = match json {
            Json::Text(text) => Self::parse(text),
            _ => None,
        };
        if id.is_none() {
            let right = "1 to 40 lower-case letters, digits and hyphens";
            problems.at(place.pointer(), right);
        }
        id
    }

    fn schema(_: Within, schema: &mut String) {
        schema.push_str("\"type\":\"string\",\"pattern\":\"^[a-z0-9-]{1,40}$\"");
    }

    fn write(&self, json: &mut String) {
        write_text(&self.0, json);
    }
}

impl Setting for Currency {
    fn read(json: &Json<'_>, place: &Place<'_>, _: Within, problems: &mut Problems) -> Option<Self> {
        let currency = match json {
            Json::Text(code) => Self::parse(code),
            _ => None,
        };
        if currency.is_none() {
            problems.at(place.pointer(), "a currency's three capital letters, such as USD");
        }
        currency
    }

    fn schema(_: Within, schema: &mut String) {
        schema.push_str("\"type\":\"string\",\"pattern\":\"^[A-Z]{3}$\"");
    }

    fn write(&self, json: &mut String) {
        write_text(self.as_str(), json);
    }
}

/// A day, as `2026-11-27`.
impl Setting for Date {
    fn read(json: &Json<'_>, place: &Place<'_>, _: Within, problems: &mut Problems) -> Option<Self> {
        let date = match json {
            Json::Text(text) => Self::parse(text),
            _ => None,
        };
        if date.is_none() {
            problems.at(place.pointer(), "a day such as 2026-11-27");
        }
        date
    }

    fn schema(_: Within, schema: &mut String) {
        schema.push_str("\"type\":\"string\",\"format\":\"date\"");
    }

    fn write(&self, json: &mut String) {
        write_text(&self.to_string(), json);
    }
}

/// A value or `null`.
impl<S: Setting> Setting for Option<S> {
    fn read(json: &Json<'_>, place: &Place<'_>, within: Within, problems: &mut Problems) -> Option<Self> {
        match json {
            Json::Null => Some(None),
            json => S::read(json, place, within, problems).map(Some),
        }
    }

    fn schema(within: Within, schema: &mut String) {
        schema.push_str("\"anyOf\":[{");
        S::schema(within, schema);
        schema.push_str("},{\"type\":\"null\"}]");
    }

    fn write(&self, json: &mut String) {
        match self {
            Some(value) => value.write(json),
            None => json.push_str("null"),
        }
    }
}

/// A list of at most 100 items, unless the field says otherwise.
impl<S: Setting> Setting for Vec<S> {
    fn read(json: &Json<'_>, place: &Place<'_>, within: Within, problems: &mut Problems) -> Option<Self> {
        let within = narrowed(within, 0, ITEMS_MAX);
        match json {
            Json::List(items) if within.has(count(items.len())) => {
                let read = |(index, item)| S::read(item, &Place::Item(place, index), Within::ALL, problems);
                // Every item is read, so that every problem is reported.
                let read: Vec<Option<S>> = items.iter().enumerate().map(read).collect();
                read.into_iter().collect()
            }
            _ => {
                let right = format!("a list, {}", within.say(" items"));
                problems.at(place.pointer(), right);
                None
            }
        }
    }

    fn schema(within: Within, schema: &mut String) {
        schema.push_str("\"type\":\"array\"");
        bounds_schema(narrowed(within, 0, ITEMS_MAX), ["minItems", "maxItems"], schema);
        schema.push_str(",\"items\":{");
        S::schema(Within::ALL, schema);
        schema.push('}');
    }

    fn write(&self, json: &mut String) {
        json.push('[');
        for (index, item) in self.iter().enumerate() {
            if index > 0 {
                json.push(',');
            }
            item.write(json);
        }
        json.push(']');
    }
}

crate::__choices_setting!(Rounding { Floor = "floor", HalfUp = "half_up", HalfEven = "half_even", Ceil = "ceil" });
crate::__choices_setting!(Window {
    Day = "day",
    Week = "week",
    Month = "month",
    Quarter = "quarter",
    Year = "year",
    Lifetime = "lifetime"
});
crate::__choices_setting!(Weekday {
    Monday = "monday",
    Tuesday = "tuesday",
    Wednesday = "wednesday",
    Thursday = "thursday",
    Friday = "friday",
    Saturday = "saturday",
    Sunday = "sunday"
});
