//! Words that a merchant writes and people read: one text for everybody, or one for each language.

use std::borrow::Cow;

use super::json::{Json, write_text};
use super::values::{TEXT_MAX, bounds_schema, count, narrowed};
use super::{Place, Problems, Setting, Within};

/// A text that people read, in one language or in several: `"Coffee card"`, or `{"en": "Coffee card", "pl": "Karta kawowa"}`.
///
/// ```
/// use coalition_sdk::{settings, settings::Words};
/// let words: Words = settings::read(r#"{"en": "Coffee card", "pl": "Karta kawowa"}"#).unwrap();
/// assert_eq!(words.at("pl"), "Karta kawowa");
/// assert_eq!(words.at("ru"), "Coffee card", "where there is none, the English one");
/// assert_eq!(settings::read::<Words>("\"Coffee card\"").unwrap().at("pl"), "Coffee card");
/// ```
#[derive(Clone, Debug)]
pub struct Words(Said);

#[derive(Clone, Debug)]
enum Said {
    /// By the program itself, as a default: nothing is copied where it is not shown.
    Own(&'static [(&'static str, &'static str)]),
    /// The same in every language.
    All(String),
    /// By language.
    Each(Vec<(String, String)>),
}

impl Words {
    /// The program's own, by locale.
    #[must_use]
    pub const fn own(each: &'static [(&'static str, &'static str)]) -> Self {
        Self(Said::Own(each))
    }

    /// The text for `locale`: its own, that of its language, the English one, or the first.
    #[must_use]
    pub fn at(&self, locale: &str) -> &str {
        let language = locale.split('-').next().unwrap_or_default();
        let find = |tag: &str| self.each().find(|(known, _)| *known == tag);
        let text = find(locale).or_else(|| find(language)).or_else(|| find("en")).or_else(|| self.each().next());
        text.map_or("", |(_, text)| text)
    }

    /// Locale and text; without a locale, where it is the same in all.
    fn each(&self) -> impl Iterator<Item = (&str, &str)> {
        let (own, all, each): (&[_], _, &[_]) = match &self.0 {
            Said::Own(own) => (own, None, &[]),
            Said::All(text) => (&[], Some(("", text.as_str())), &[]),
            Said::Each(each) => (&[], None, each),
        };
        own.iter().copied().chain(all).chain(each.iter().map(|(locale, text)| (locale.as_str(), text.as_str())))
    }
}

impl From<&str> for Words {
    fn from(text: &str) -> Self {
        Self(Said::All(text.to_owned()))
    }
}

impl PartialEq for Words {
    fn eq(&self, other: &Self) -> bool {
        self.each().eq(other.each())
    }
}

impl Eq for Words {}

/// Each text of at most 1 000 characters, unless the field says otherwise, and never empty.
impl Setting for Words {
    fn read(json: &Json<'_>, place: &Place<'_>, within: Within, problems: &mut Problems) -> Option<Self> {
        let within = narrowed(within, 1, TEXT_MAX);
        let fits = |text: &Cow<'_, str>| within.has(count(text.chars().count())) && !text.trim().is_empty();
        match json {
            Json::Text(text) if fits(text) => Some(Self(Said::All(text.clone().into_owned()))),
            Json::Object(members) if (1..=LOCALES_MAX).contains(&members.len()) => {
                let found = problems.found().len();
                let mut each: Vec<(String, String)> = Vec::with_capacity(members.len());
                for (locale, json) in members {
                    let place = Place::Field(place, locale);
                    if !is_locale(locale) {
                        problems.at(place.pointer(), "a language such as en or de-AT");
                    } else if each.iter().any(|(known, _)| known == locale) {
                        problems.at(place.pointer(), "given twice");
                    }
                    match json {
                        Json::Text(text) if fits(text) => each.push((locale.clone().into_owned(), text.clone().into_owned())),
                        _ => problems.at(place.pointer(), right(within)),
                    }
                }
                (problems.found().len() == found).then_some(Self(Said::Each(each)))
            }
            _ => {
                problems.at(place.pointer(), format!("{}; or an object of such texts by language", right(within)));
                None
            }
        }
    }

    fn schema(within: Within, schema: &mut String) {
        let text = |schema: &mut String| {
            schema.push_str("{\"type\":\"string\"");
            bounds_schema(narrowed(within, 1, TEXT_MAX), ["minLength", "maxLength"], schema);
            schema.push('}');
        };
        schema.push_str("\"anyOf\":[");
        text(schema);
        schema.push_str(",{\"type\":\"object\",\"minProperties\":1,\"additionalProperties\":");
        text(schema);
        schema.push_str("}]");
    }

    fn write(&self, json: &mut String) {
        if let Said::All(text) = &self.0 {
            return write_text(text, json);
        }
        let mut before = '{';
        for (locale, text) in self.each() {
            json.push(before);
            before = ',';
            write_text(locale, json);
            json.push(':');
            write_text(text, json);
        }
        json.push('}');
    }
}

/// As many as a manifest may have.
const LOCALES_MAX: usize = 32;

fn right(within: Within) -> String {
    format!("a text, {}", within.say(" characters"))
}

fn is_locale(tag: &str) -> bool {
    (2..=35).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::super::{read, schema};
    use super::*;

    #[test]
    fn words_are_read_by_language() {
        let words: Words = read(r#"{"de": "Karte", "ru": "Карта"}"#).unwrap();
        assert_eq!((words.at("de-AT"), words.at("ru"), words.at("en")), ("Karte", "Карта", "Karte"));
        let mut written = String::new();
        words.write(&mut written);
        assert_eq!(read::<Words>(&written), Ok(words));
        const OWN: Words = Words::own(&[("en", "Card"), ("ro", "Card de fidelitate")]);
        let mut written = String::new();
        OWN.write(&mut written);
        assert_eq!(read::<Words>(&written), Ok(OWN));
        assert_eq!(Words::from("Card").at("ro"), "Card");
    }

    #[test]
    fn what_is_no_text_is_told_where() {
        let pointers = |text: &str| -> Vec<String> {
            read::<Words>(text).unwrap_err().into_iter().map(|problem| format!("{}: {}", problem.pointer, problem.detail)).collect()
        };
        assert_eq!(pointers("5"), [": a text, from 1 to 1000 characters; or an object of such texts by language"]);
        assert_eq!(pointers("\" \"").len(), 1);
        assert_eq!(pointers("{}").len(), 1);
        assert_eq!(
            pointers(r#"{"en": "", "e": "x", "pl": "x", "pl": "y"}"#),
            ["/en: a text, from 1 to 1000 characters", "/e: a language such as en or de-AT", "/pl: given twice"]
        );
        let schema: serde_json::Value = serde_json::from_str(&schema::<Words>()).unwrap();
        assert_eq!(schema["anyOf"][1]["additionalProperties"]["maxLength"], 1_000);
    }
}
