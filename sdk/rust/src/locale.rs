//! A program's words in several languages. A phrase stands once, in all of them side by side, so that none can lack a text that another has; and numbers bring
//! the form of the word that goes with them, since from one point to five there is more to it than an s.

use crate::{Scalar, Window, words};

/// One of a program's locales, while its texts are written: what [`Manifest::say`](crate::Manifest::say) hands to who makes them.
///
/// ```
/// use coalition_sdk::{Locale, Manifest};
///
/// const LOCALES: [&str; 3] = ["en", "pl", "ru"];
/// const EARN: [&str; 3] = [
///     "You earn {points} {points|point|points} for every {spend} you spend.",
///     "Za każde wydane {spend} otrzymujesz {points} {points|punkt|punkty|punktów}.",
///     "За каждые потраченные {spend} вы получаете {points} {points|балл|балла|баллов}.",
/// ];
///
/// let manifest = Manifest::new("points", "1.0.0")
///     .say(LOCALES, "terms", |locale: Locale| locale.fill(&EARN, &[("points", 5_i64.into()), ("spend", "1.00 USD".into())]));
/// assert_eq!(manifest.texts[1].entries[0].1, "Za każde wydane 1.00 USD otrzymujesz 5 punktów.");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Locale {
    tag: &'static str,
    index: usize,
}

impl Locale {
    /// Each of `tags`, in their order: that of every phrase.
    #[must_use]
    pub fn each<const N: usize>(tags: [&'static str; N]) -> [Self; N] {
        let mut next = 0;
        tags.map(|tag| {
            let index = next;
            next += 1;
            Self { tag, index }
        })
    }

    /// Its tag, such as `en`.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        self.tag
    }

    /// What `each` has for this locale.
    #[must_use]
    pub fn of<const N: usize>(self, each: &[&'static str; N]) -> &'static str {
        each.get(self.index).copied().unwrap_or_default()
    }

    /// How often: `a month`, `pe lună`; of a lifetime `in all`. In the languages that the SDK knows, elsewhere in English.
    #[must_use]
    pub fn per(self, window: Window) -> &'static str {
        words::per(self.tag, window)
    }

    /// The phrase in this locale, filled with `values`: `{name}` is the value, `{name|point|points}` the form that goes with the number `name`, in the
    /// order of the language's plural rules (Unicode CLDR): one and other in English and Macedonian, one, few and other in Romanian, one, few and many
    /// in Polish and Russian. What has no value stays open, for the gateway to fill when a message is shown.
    #[must_use]
    pub fn fill<const N: usize>(self, phrase: &[&'static str; N], values: &[(&str, Scalar)]) -> String {
        let mut rest = self.of(phrase);
        let mut text = String::with_capacity(rest.len());
        while let Some((before, slot, behind)) = slot(rest) {
            text.push_str(before);
            rest = behind;
            let (name, forms) = slot.split_once('|').map_or((slot, None), |(name, forms)| (name, Some(forms)));
            match (values.iter().find(|(known, _)| *known == name), forms) {
                (Some((_, value)), None) => text.push_str(&value.to_string()),
                (Some((_, value)), Some(forms)) => text.push_str(self.form(value, forms)),
                (None, _) => {
                    text.push('{');
                    text.push_str(slot);
                    text.push('}');
                }
            }
        }
        text.push_str(rest);
        text
    }

    /// Of `one|few|many` the one that goes with `value`; the last where it is no number, or the language has more forms than are given.
    fn form<'f>(self, value: &Scalar, forms: &'f str) -> &'f str {
        let Scalar::Number(number) = value else { return forms.rsplit('|').next().unwrap_or_default() };
        let wanted = plural(self.tag, number.unsigned_abs());
        forms.split('|').take(wanted + 1).last().unwrap_or_default()
    }
}

/// What stands before the next `{…}`, inside it, and behind it.
fn slot(text: &str) -> Option<(&str, &str, &str)> {
    let (before, open) = text.split_once('{')?;
    let (slot, behind) = open.split_once('}')?;
    Some((before, slot, behind))
}

/// Which form of a word goes with `n` things, counted from 0 in the order of Unicode's plural rules for whole numbers.
fn plural(tag: &str, n: u64) -> usize {
    let (tens, hundreds) = (n % 10, n % 100);
    let teens = (11..=14).contains(&hundreds);
    match tag.split('-').next().unwrap_or_default() {
        "ro" => match n {
            1 => 0,
            _ if n == 0 || (1..=19).contains(&hundreds) => 1,
            _ => 2,
        },
        "mk" => usize::from(tens != 1 || hundreds == 11),
        "pl" => match n {
            1 => 0,
            _ if (2..=4).contains(&tens) && !teens => 1,
            _ => 2,
        },
        "ru" | "uk" | "be" | "sr" | "hr" | "bs" => match tens {
            1 if hundreds != 11 => 0,
            2..=4 if !teens => 1,
            _ => 2,
        },
        "cs" | "sk" => match n {
            1 => 0,
            2..=4 => 1,
            _ => 2,
        },
        "fr" => usize::from(n > 1),
        _ => usize::from(n != 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCALES: [&str; 5] = ["en", "ro", "mk", "pl", "ru"];
    const POINTS: [&str; 5] = [
        "{n} {n|point|points}",
        "{n} {n|punct|puncte|de puncte}",
        "{n} {n|поен|поени}",
        "{n} {n|punkt|punkty|punktów}",
        "{n} {n|балл|балла|баллов}",
    ];

    fn said(tag: &str, n: i64) -> String {
        let locale = Locale::each(LOCALES).into_iter().find(|locale| locale.tag() == tag).unwrap();
        locale.fill(&POINTS, &[("n", n.into())])
    }

    #[test]
    fn a_number_brings_the_form_of_its_word() {
        for (tag, forms) in [
            ("en", ["0 points", "1 point", "2 points", "5 points", "12 points", "21 points", "22 points", "100 points", "101 points"]),
            (
                "ro",
                ["0 puncte", "1 punct", "2 puncte", "5 puncte", "12 puncte", "21 de puncte", "22 de puncte", "100 de puncte", "101 puncte"],
            ),
            ("mk", ["0 поени", "1 поен", "2 поени", "5 поени", "12 поени", "21 поен", "22 поени", "100 поени", "101 поен"]),
            (
                "pl",
                ["0 punktów", "1 punkt", "2 punkty", "5 punktów", "12 punktów", "21 punktów", "22 punkty", "100 punktów", "101 punktów"],
            ),
            ("ru", ["0 баллов", "1 балл", "2 балла", "5 баллов", "12 баллов", "21 балл", "22 балла", "100 баллов", "101 балл"]),
        ] {
            for (n, form) in [0, 1, 2, 5, 12, 21, 22, 100, 101].into_iter().zip(forms) {
                assert_eq!(said(tag, n), form);
            }
        }
    }

    #[test]
    fn what_has_no_value_stays_open() {
        let [english] = Locale::each(["en"]);
        assert_eq!(english.fill(&["{a}{b} {c|x|y}"], &[("b", "B".into())]), "{a}B {c|x|y}");
        assert_eq!(english.fill(&["{a"], &[("a", "A".into())]), "{a");
        assert_eq!(english.fill(&["{a|one|more} {a}"], &[("a", "some".into())]), "more some");
    }
}
