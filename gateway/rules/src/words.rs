//! How names may look, wherever rules say one: bounded, printable, and fit for the place they end up in.

const ACTIVITIES: [&str; 9] = ["signup", "referral", "review", "survey", "quiz", "visit", "social", "subscription", "donation"];
const RELATIONS: [&str; 5] = ["referrer", "referred", "enroller", "enrolled", "household"];

/// A name that ends up in addresses and configuration: 1–64 of `A-Z a-z 0-9 . _ - :`.
pub(crate) fn is_token(name: &str) -> bool {
    (1..=64).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-:".contains(&byte))
}

/// A name that people may have chosen, such as a tier's or an award's key: 1–128 bytes, printable, no blanks around it.
pub(crate) fn is_label(name: &str) -> bool {
    (1..=128).contains(&name.len()) && name.trim() == name && !name.chars().any(char::is_control)
}

/// A name of the partner's own.
pub(crate) fn is_own(name: &str) -> bool {
    is_token(name) && name.strip_prefix("x-").is_some_and(is_token)
}

/// A kind of activity: of the register, or the partner's own.
#[must_use]
pub fn is_activity(kind: &str) -> bool {
    ACTIVITIES.contains(&kind) || is_own(kind)
}

/// A kind of relation between two members.
pub(crate) fn is_relation(name: &str) -> bool {
    RELATIONS.contains(&name)
}

/// A locale as BCP 47 has it, as far as we use it: `en`, `de-AT`, `zh-Hant-TW`.
pub(crate) fn is_locale(name: &str) -> bool {
    let mut parts = name.split('-');
    name.len() <= 35
        && parts.next().is_some_and(|language| (2..=8).contains(&language.len()) && language.bytes().all(|byte| byte.is_ascii_lowercase()))
        && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// An ISO 4217 code.
pub(crate) fn is_currency(code: &str) -> bool {
    code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// What is shown of a name that was refused: the uploader chose it.
pub(crate) fn shown(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(100).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_bounded_and_printable() {
        assert!(is_token("free-coffee:2026.v1_A") && !is_token("") && !is_token("a b") && !is_token("é") && !is_token(&"a".repeat(65)));
        assert!(is_label("Złoty klub") && !is_label("") && !is_label(" a") && !is_label("a\u{7}") && !is_label(&"a".repeat(129)));
        assert!(is_locale("en") && is_locale("de-AT") && is_locale("zh-Hant-TW"));
        assert!(!is_locale("") && !is_locale("e") && !is_locale("EN") && !is_locale("en-") && !is_locale("en_US"));
        assert!(is_activity("review") && is_activity("x-flown") && !is_activity("x-") && !is_activity("flown") && !is_activity("x-a b"));
        assert!(is_currency("USD") && !is_currency("usd") && !is_currency("US"));
    }
}
