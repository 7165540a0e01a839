//! A merchant's configuration. One declaration, [`settings!`](crate::settings!), makes the struct, its defaults, its bounds, its JSON Schema and its reader, which
//! reports every problem with a pointer (RFC 6901) to the field. Table-driven and without floats, it costs a component a few kilobytes where
//! a general deserializer and schema generator cost hundreds.

pub mod json;
mod object;
mod problem;
mod values;
mod words;

pub use object::{Object, Properties};
pub use problem::{Place, Problem, Problems};
pub use values::Id;
pub use words::Words;

use json::Json;

/// A type that can stand in a configuration. Implemented for `bool`, `i64`, `u64`, `u32`, `String`, [`Id`], [`Words`], `Option`, `Vec`, the SDK's own values, and by
/// [`settings!`](crate::settings!) and [`choices!`](crate::choices!) for an author's types.
pub trait Setting: Sized {
    /// The value that `json` is, or none after saying to `problems` what is wrong at `place`.
    fn read(json: &Json<'_>, place: &Place<'_>, within: Within, problems: &mut Problems) -> Option<Self>;

    /// Appends the members of its JSON Schema, without the braces.
    fn schema(within: Within, schema: &mut String);

    /// Appends it as JSON.
    fn write(&self, json: &mut String);
}

/// Bounds of a setting: of a number its value, of a text its characters, of a list its items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Within {
    /// The least.
    pub min: i64,
    /// The most.
    pub max: i64,
}

impl Within {
    /// Whatever fits the type.
    pub const ALL: Self = Self { min: i64::MIN, max: i64::MAX };

    /// Whether `value` lies inside.
    #[must_use]
    pub const fn has(self, value: i64) -> bool {
        self.min <= value && value <= self.max
    }

    /// What is right, in words.
    fn say(self, unit: &str) -> String {
        let Self { min, max } = self;
        match (min, max) {
            (i64::MIN, _) => format!("at most {max}{unit}"),
            (_, i64::MAX) => format!("at least {min}{unit}"),
            _ => format!("from {min} to {max}{unit}"),
        }
    }
}

/// Reads a configuration, or says everything that is wrong with it.
///
/// # Errors
/// All problems found, each with its pointer.
pub fn read<S: Setting>(text: &str) -> Result<S, Vec<Problem>> {
    let mut problems = Problems::default();
    let value = match json::parse(text) {
        Ok(json) => S::read(&json, &Place::ROOT, Within::ALL, &mut problems),
        Err(not_json) => {
            let (what, at) = (not_json.what, not_json.at);
            problems.at("", format!("not JSON: {what}, at byte {at}"));
            None
        }
    };
    value.filter(|_| problems.found().is_empty()).ok_or_else(|| problems.into_found())
}

/// The JSON Schema (2020-12) of a configuration.
#[must_use]
pub fn schema<S: Setting>() -> String {
    let mut schema = String::from("{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",");
    S::schema(Within::ALL, &mut schema);
    schema.push('}');
    schema
}

/// Declares a configuration: a struct whose fields have a description (their doc comment), a default (`= …`; without one the field is required) and bounds
/// (`#[within(least, most)]`: of a number's value, a text's characters, a list's items).
///
/// ```
/// use coalition_sdk::{settings, settings::Id};
///
/// settings! {
///     /// Every tenth coffee is free.
///     pub struct Config {
///         /// How many stamps fill a card.
///         #[within(2, 100)]
///         pub needed: u32 = 9,
///         /// Which goods have a stamp.
///         #[within(0, 20)]
///         pub goods: Vec<Good> = Vec::new(),
///     }
/// }
///
/// settings! {
///     /// Something that has a stamp.
///     pub struct Good {
///         /// The article.
///         pub id: Id,
///     }
/// }
///
/// let config: Config = settings::read("{}").unwrap();
/// assert_eq!(config.needed, 9);
///
/// let problems = settings::read::<Config>(r#"{"needed": 1, "goods": [{}], "shoes": 2}"#).unwrap_err();
/// let pointers: Vec<&str> = problems.iter().map(|problem| problem.pointer.as_str()).collect();
/// assert_eq!(pointers, ["/shoes", "/needed", "/goods/0/id"]);
/// ```
#[macro_export]
macro_rules! settings {
    ($(
        $(#[doc = $about:literal])*
        $vis:vis struct $name:ident { $(
            $(#[doc = $doc:literal])*
            $(#[within($min:expr, $max:expr)])?
            $field_vis:vis $field:ident: $type:ty $(= $default:expr)?
        ),* $(,)? }
    )*) => { $(
        $(#[doc = $about])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        $vis struct $name { $(
            $(#[doc = $doc])*
            $field_vis $field: $type,
        )* }

        impl $crate::settings::Setting for $name {
            fn read(
                json: &$crate::settings::json::Json<'_>,
                place: &$crate::settings::Place<'_>,
                _: $crate::settings::Within,
                problems: &mut $crate::settings::Problems,
            ) -> ::core::option::Option<Self> {
                let object = $crate::settings::Object::of(json, place, &[$(stringify!($field)),*], problems)?;
                $(let $field = object.field::<$type>(
                    stringify!($field),
                    $crate::__settings_default!($($default)?),
                    $crate::__settings_within!($($min, $max)?),
                    problems,
                );)*
                ::core::option::Option::Some(Self { $($field: $field?),* })
            }

            fn schema(_: $crate::settings::Within, schema: &mut ::std::string::String) {
                let mut properties = $crate::settings::Properties::begin(concat!($($about),*), schema);
                $(properties.add::<$type>(
                    stringify!($field),
                    concat!($($doc),*),
                    $crate::__settings_default!($($default)?),
                    $crate::__settings_within!($($min, $max)?),
                );)*
                properties.end();
            }

            fn write(&self, json: &mut ::std::string::String) {
                let mut before = '{';
                $(
                    json.push(before);
                    before = ',';
                    $crate::settings::json::write_text(stringify!($field), json);
                    json.push(':');
                    $crate::settings::Setting::write(&self.$field, json);
                )*
                // A struct without fields has not opened yet.
                if before == '{' {
                    json.push(before);
                }
                json.push('}');
            }
        }
    )* };
}

/// Declares a closed set of words that a configuration chooses from.
///
/// ```
/// use coalition_sdk::{choices, settings};
/// choices! {
///     /// What a card counts.
///     pub enum Counts {
///         /// Pieces bought.
///         Pieces = "pieces",
///         /// Visits, however much was bought.
///         Visits = "visits",
///     }
/// }
/// assert_eq!(settings::read::<Counts>("\"visits\""), Ok(Counts::Visits));
/// assert_eq!(settings::read::<Counts>("\"vists\"").unwrap_err()[0].detail, "one of: pieces, visits");
/// ```
#[macro_export]
macro_rules! choices {
    ($(
        $(#[doc = $about:literal])*
        $vis:vis enum $name:ident { $(
            $(#[doc = $doc:literal])*
            $variant:ident = $word:literal
        ),* $(,)? }
    )*) => { $(
        $(#[doc = $about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        $vis enum $name { $(
            $(#[doc = $doc])*
            $variant,
        )* }

        impl $name {
            /// Its word in a configuration.
            #[must_use]
            #[allow(dead_code, reason = "not every program asks for it")]
            $vis const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }
        }

        $crate::__choices_setting!($name { $($variant = $word),* });
    )* };
}

/// The part of [`choices!`](crate::choices!) for enums that exist already.
#[doc(hidden)]
#[macro_export]
macro_rules! __choices_setting {
    ($name:ident { $($variant:ident = $word:literal),* }) => {
        impl $crate::settings::Setting for $name {
            fn read(
                json: &$crate::settings::json::Json<'_>,
                place: &$crate::settings::Place<'_>,
                _: $crate::settings::Within,
                problems: &mut $crate::settings::Problems,
            ) -> ::core::option::Option<Self> {
                let all = [$(($word, Self::$variant)),*];
                $crate::settings::choose(json, place, &[$($word),*], problems)
                    .and_then(|index| all.get(index))
                    .map(|(_, variant)| *variant)
            }

            fn schema(_: $crate::settings::Within, schema: &mut ::std::string::String) {
                $crate::settings::choice_schema(&[$($word),*], schema);
            }

            fn write(&self, json: &mut ::std::string::String) {
                $crate::settings::json::write_text(match self { $(Self::$variant => $word),* }, json);
            }
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __settings_default {
    () => {
        ::core::option::Option::None
    };
    ($default:expr) => {
        ::core::option::Option::Some(|| $default)
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __settings_within {
    () => {
        $crate::settings::Within::ALL
    };
    ($min:expr, $max:expr) => {
        $crate::settings::Within { min: $min, max: $max }
    };
}

#[doc(hidden)]
#[must_use]
pub fn choose(json: &Json<'_>, place: &Place<'_>, words: &[&str], problems: &mut Problems) -> Option<usize> {
    let index = match json {
        Json::Text(text) => words.iter().position(|word| word == text),
        _ => None,
    };
    if index.is_none() {
        problems.at(place.pointer(), format!("one of: {}", words.join(", ")));
    }
    index
}

#[doc(hidden)]
pub fn choice_schema(words: &[&str], schema: &mut String) {
    schema.push_str("\"enum\":");
    let mut before = '[';
    for word in words {
        schema.push(before);
        json::write_text(word, schema);
        before = ',';
    }
    schema.push(']');
}

#[cfg(test)]
mod tests;
