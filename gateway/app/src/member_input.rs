//! What may be said of a member: the inputs, and every check of them.

use std::collections::BTreeMap;

use coalition_domain::{Instant, MemberId};
use coalition_rules::contract::Scalar;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::check::{Checks, nullable, pointer_step};
use crate::error::Error;

/// Attributes of one member.
const ATTRIBUTES_MAX: usize = 64;
/// The text of one attribute, bytes.
const ATTRIBUTE_BYTES_MAX: usize = 1_024;
/// A member's card, alias or an attribute's name, characters.
pub(crate) const NAME_MAX: usize = 64;
/// An e-mail address, bytes (RFC 5321).
const EMAIL_BYTES_MAX: usize = 254;

/// What is known of a member besides the rest: text, whole numbers and flags by name.
pub type Attributes = BTreeMap<String, Scalar>;

/// A member to be enrolled.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMember {
    /// 1–64 of `A-Z a-z 0-9 -`, unique in the coalition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "HH00900")]
    pub card: Option<String>,
    /// Up to 254 bytes with an `@` in them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// 1–100 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// A past date, `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(format = Date)]
    pub birthday: Option<String>,
    /// At most 64, text up to 1 KiB.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = Object)]
    pub attributes: Attributes,
    /// The member who brought this one along.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub referrer: Option<MemberId>,
    /// The staff member who enrols this one: a member too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub enrolled_by: Option<MemberId>,
}

/// What is to change of a member; what is left out stays, null takes it away.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberPatch {
    /// Another card.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    pub card: Option<Option<String>>,
    /// Another address.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    pub email: Option<Option<String>>,
    /// Another name.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    pub name: Option<Option<String>>,
    /// Another birthday.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    pub birthday: Option<Option<String>>,
    /// Attributes by name; those that are left out stay, null takes one away.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = Object)]
    pub attributes: BTreeMap<String, Option<Scalar>>,
}

fn check_card(checks: &mut Checks, card: &str) {
    let good = (1..=NAME_MAX).contains(&card.len()) && card.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    checks.expect(good, "/card", "1 to 64 of A-Z a-z 0-9 and hyphens");
}

fn check_email(checks: &mut Checks, email: &str) {
    let parts = email.rsplit_once('@').is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty());
    let good = parts && email.len() <= EMAIL_BYTES_MAX && !email.chars().any(|letter| letter.is_control() || letter.is_whitespace());
    checks.expect(good, "/email", "an e-mail address of at most 254 bytes");
}

fn check_birthday(checks: &mut Checks, birthday: &str, today: Instant) {
    let date = (birthday.len() == 10).then(|| birthday.parse::<jiff::civil::Date>().ok()).flatten();
    // Dates in this form compare as text; a day of slack, since somewhere it is tomorrow.
    let latest = today.plus_ms(86_400_000).to_string();
    checks.expect(date.is_some() && *birthday <= *latest, "/birthday", "a past date such as 1990-04-23");
}

fn check_attribute(checks: &mut Checks, name: &str, value: Option<&Scalar>) {
    let pointer = format!("/attributes/{}", pointer_step(name));
    let good = (1..=NAME_MAX).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-:".contains(&byte));
    checks.expect(good, &pointer, "a name is 1 to 64 of A-Z a-z 0-9 . _ - :");
    if let Some(Scalar::Text(text)) = value {
        let good = text.len() <= ATTRIBUTE_BYTES_MAX && !text.contains('\0');
        checks.expect(good, &pointer, "text of at most 1 024 bytes");
    }
}

/// Everything that is wrong with a new member.
pub(crate) fn check_new(new: &NewMember, today: Instant) -> Result<(), Error> {
    let mut checks = Checks::default();
    if let Some(card) = &new.card {
        check_card(&mut checks, card);
    }
    if let Some(email) = &new.email {
        check_email(&mut checks, email);
    }
    if let Some(name) = &new.name {
        checks.line("/name", name, 100);
    }
    if let Some(birthday) = &new.birthday {
        check_birthday(&mut checks, birthday, today);
    }
    checks.expect(new.attributes.len() <= ATTRIBUTES_MAX, "/attributes", "at most 64 attributes");
    for (name, value) in new.attributes.iter().take(ATTRIBUTES_MAX) {
        check_attribute(&mut checks, name, Some(value));
    }
    checks.done()
}

/// Everything that is wrong with a patch.
pub(crate) fn check_patch(patch: &MemberPatch, today: Instant) -> Result<(), Error> {
    let mut checks = Checks::default();
    if let Some(Some(card)) = &patch.card {
        check_card(&mut checks, card);
    }
    if let Some(Some(email)) = &patch.email {
        check_email(&mut checks, email);
    }
    if let Some(Some(name)) = &patch.name {
        checks.line("/name", name, 100);
    }
    if let Some(Some(birthday)) = &patch.birthday {
        check_birthday(&mut checks, birthday, today);
    }
    checks.expect(patch.attributes.len() <= ATTRIBUTES_MAX, "/attributes", "at most 64 attributes");
    for (name, value) in patch.attributes.iter().take(ATTRIBUTES_MAX) {
        check_attribute(&mut checks, name, value.as_ref());
    }
    checks.done()
}

pub(crate) fn read_attributes(text: &str) -> Result<Attributes, Error> {
    serde_json::from_str(text).map_err(|error| Error::internal(&error))
}

pub(crate) fn write_attributes(attributes: &Attributes) -> Result<String, Error> {
    serde_json::to_string(attributes).map_err(|error| Error::internal(&error))
}

/// The attributes as kept with a patch applied.
pub(crate) fn merged(kept: &str, patch: &BTreeMap<String, Option<Scalar>>) -> Result<String, Error> {
    let mut attributes = read_attributes(kept)?;
    for (name, value) in patch {
        match value {
            Some(value) => drop(attributes.insert(name.clone(), value.clone())),
            None => drop(attributes.remove(name)),
        }
    }
    if attributes.len() > ATTRIBUTES_MAX {
        return Err(Error::invalid("/attributes", "at most 64 attributes, those that are there already among them"));
    }
    write_attributes(&attributes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn today() -> Instant {
        Instant::parse("2026-11-21T10:00:00Z").unwrap()
    }

    fn pointers(new: &NewMember) -> Vec<String> {
        check_new(new, today()).map_or_else(|error| error.errors.into_iter().map(|fault| fault.pointer).collect(), |()| Vec::new())
    }

    #[test]
    fn a_member_may_be_nobody_in_particular() {
        assert!(pointers(&NewMember::default()).is_empty());
    }

    #[test]
    fn what_is_said_of_a_member_is_checked() {
        let with = |value: serde_json::Value| pointers(&serde_json::from_value(value).unwrap());
        for good in [
            json!({"card": "HH00900", "email": "ada@example.org", "name": "Ada Lovelace", "birthday": "1815-12-10"}),
            json!({"email": "\"odd@\"@example.org", "attributes": {"shoe-size": 38, "vip": true, "x-colour": "red"}}),
        ] {
            assert!(with(good.clone()).is_empty(), "{good}");
        }
        for (bad, pointer) in [
            (json!({"card": ""}), "/card"),
            (json!({"card": "with space"}), "/card"),
            (json!({"card": "x".repeat(65)}), "/card"),
            (json!({"email": "nobody"}), "/email"),
            (json!({"email": "a b@example.org"}), "/email"),
            (json!({"email": format!("{}@example.org", "a".repeat(250))}), "/email"),
            (json!({"name": " "}), "/name"),
            (json!({"birthday": "yesterday"}), "/birthday"),
            (json!({"birthday": "2026-11-31"}), "/birthday"),
            (json!({"birthday": "2027-01-01"}), "/birthday"),
            (json!({"birthday": "20000101"}), "/birthday"),
            (json!({"attributes": {"a/b": 1}}), "/attributes/a~1b"),
            (json!({"attributes": {"note": "x".repeat(1_025)}}), "/attributes/note"),
        ] {
            assert_eq!(with(bad.clone()), [pointer], "{bad}");
        }
        let many: Attributes = (0..65).map(|number| (number.to_string(), Scalar::Flag(true))).collect();
        assert_eq!(pointers(&NewMember { attributes: many, ..NewMember::default() }), ["/attributes"]);
        assert!(serde_json::from_value::<NewMember>(json!({"attributes": {"deep": {"er": 1}}})).is_err());
    }

    #[test]
    fn attributes_are_merged() {
        let patch = BTreeMap::from([("a".to_owned(), None), ("b".to_owned(), Some(Scalar::Number(2)))]);
        assert_eq!(merged(r#"{"a":1,"c":"x"}"#, &patch).unwrap(), r#"{"b":2,"c":"x"}"#);
        let full: Attributes = (0..64).map(|number| (number.to_string(), Scalar::Flag(true))).collect();
        assert!(merged(&write_attributes(&full).unwrap(), &patch).is_err());
    }
}
