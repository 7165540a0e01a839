//! Checks of what a request body says: every fault is found, each with its JSON pointer (RFC 6901), before anything is done.

use crate::error::{Error, FieldError};

/// Faults found so far.
#[derive(Debug, Default)]
pub(crate) struct Checks(Vec<FieldError>);

impl Checks {
    /// Says that a field is wrong.
    pub(crate) fn fault(&mut self, pointer: impl Into<String>, detail: impl Into<String>) {
        self.0.push(FieldError { pointer: pointer.into(), detail: detail.into() });
    }

    /// `holds`, or the field is wrong.
    pub(crate) fn expect(&mut self, holds: bool, pointer: &str, detail: &str) {
        if !holds {
            self.fault(pointer, detail);
        }
    }

    /// A line for people: 1 to `chars_max` characters, none of them a control character.
    pub(crate) fn line(&mut self, pointer: &str, text: &str, chars_max: usize) {
        let good = !text.trim().is_empty() && text.chars().count() <= chars_max && !text.chars().any(char::is_control);
        self.expect(good, pointer, &format!("1 to {chars_max} characters, no line breaks or control characters"));
    }

    /// A whole number within bounds.
    pub(crate) fn within(&mut self, pointer: &str, number: i64, min: i64, max: i64) {
        self.expect((min..=max).contains(&number), pointer, &format!("a whole number from {min} to {max}"));
    }

    /// No fault, or all of them.
    pub(crate) fn done(self) -> Result<(), Error> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::invalid_fields(self.0)) }
    }
}

/// A name as one step of a JSON pointer.
pub(crate) fn pointer_step(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// A slug: 1–63 lower-case letters, digits and inner hyphens.
pub(crate) fn is_slug(text: &str) -> bool {
    (1..=63).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
}

/// Tells a field that is null from one that is absent, as JSON Merge Patch (RFC 7396) does: absent is None, null is Some(None).
pub(crate) fn nullable<'de, T, D>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    T: serde::Deserialize<'de>,
    D: serde::Deserializer<'de>,
{
    <Option<T> as serde::Deserialize>::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_told() {
        let mut checks = Checks::default();
        checks.line("/name", "a\nb", 10);
        checks.line("/title", "fine", 10);
        checks.within("/days", 0, 1, 10);
        let error = checks.done().unwrap_err();
        assert_eq!(error.errors.iter().map(|fault| fault.pointer.as_str()).collect::<Vec<_>>(), ["/name", "/days"]);
        assert_eq!(pointer_step("a/b~c"), "a~1b~0c");
    }

    #[test]
    fn slugs() {
        for good in ["a", "hungry-howies", "7-eleven"] {
            assert!(is_slug(good), "{good}");
        }
        for bad in ["", "-a", "a-", "A", "a_b", "é", &"a".repeat(64)] {
            assert!(!is_slug(bad), "{bad}");
        }
    }
}
