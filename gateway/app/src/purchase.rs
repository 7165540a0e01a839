//! The purchase as a till posts it, and what is checked before anything is asked of the database.

use std::collections::BTreeMap;

use coalition_domain::{Currency, Instant, MemberId};
use coalition_rules::contract::{Attribute, Line, Purchase, Scalar};
use serde::{Deserialize, Serialize};

use crate::error::{Error, FieldError};

/// Lines of one receipt.
pub const LINES_MAX: usize = 1_000;
/// Characters of an external id, a store, a channel.
pub const NAME_CHARS_MAX: usize = 128;
/// Attributes of a purchase or a line.
pub const ATTRIBUTES_MAX: usize = 32;
/// Characters of an attribute's value.
pub const ATTRIBUTE_CHARS_MAX: usize = 512;
/// Minor units of one purchase: far above any till's, far below what could overflow a sum.
pub const TOTAL_MAX: i64 = 1_000_000_000_000;
/// Thousandths of a line's quantity.
pub const QUANTITY_MILLI_MAX: i64 = 1_000_000_000_000;

/// Which member; exactly one of the three.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(min_properties = 1, max_properties = 1)]
pub struct MemberRef {
    /// The coalition's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, nullable = false, pattern = "^mbr_[0-7][0-9a-hjkmnp-tv-z]{25}$")]
    pub id: Option<MemberId>,
    /// The card.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 64, pattern = "^[A-Za-z0-9-]+$", example = "HH00900")]
    pub card: Option<String>,
    /// The partner's own customer number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 128, min_length = 1)]
    pub alias: Option<String>,
}

/// A value of an attribute.
pub type Attributes = BTreeMap<String, Scalar>;

/// One line of a receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLine {
    /// The article.
    #[schema(max_length = 128, example = "1095275")]
    pub sku: String,
    /// Its group.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[schema(max_length = 128, example = "ROLLS")]
    pub category: String,
    /// Pieces, litres, kilos; up to three decimals; 1 where it is left out.
    #[serde(default = "one_piece", with = "quantity", rename = "quantity")]
    #[schema(value_type = f64, minimum = 0, maximum = 1_000_000_000, required = false, example = 1)]
    pub quantity_milli: i64,
    /// Minor units, after discounts.
    #[schema(minimum = 0, maximum = 1_000_000_000_000_i64, example = 50)]
    pub amount: i64,
    /// Of the partner's own making, or of the register.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = Object)]
    pub attributes: Attributes,
}

const fn one_piece() -> i64 {
    1000
}

/// A purchase, as a till posts it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTransaction {
    /// The till's own number: unique for ever at this partner.
    #[schema(min_length = 1, max_length = 128, example = "pos-17-000123")]
    pub external_id: String,
    /// Who bought.
    pub member: MemberRef,
    /// When: RFC 3339 with an offset; at most 5 minutes ahead, and not older than the program allows (30 days).
    #[schema(value_type = String, format = DateTime, example = "2026-11-21T10:00:00Z")]
    pub occurred_at: Instant,
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 128, example = "store-330")]
    pub store: Option<String>,
    /// How: `pos`, `web`, `app` or the partner's own word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 128, example = "pos")]
    pub channel: Option<String>,
    /// ISO 4217; the partner's.
    #[schema(value_type = String, pattern = "^[A-Z]{3}$", example = "USD")]
    pub currency: Currency,
    /// Minor units, after discounts; the sum of the lines where there are any.
    #[schema(minimum = 0, maximum = 1_000_000_000_000_i64, example = 50)]
    pub total: i64,
    /// What was bought.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 1000)]
    pub lines: Vec<NewLine>,
    /// Of the partner's own making, or of the register.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = Object)]
    pub attributes: Attributes,
}

/// Quantities are JSON numbers with up to three decimals, kept in thousandths.
pub(crate) mod quantity {
    use serde::de::{Deserializer, Error, Visitor};
    use serde::ser::Serializer;

    use super::QUANTITY_MILLI_MAX;

    struct Milli;

    const EXPECTED: &str = "a quantity between 0 and 1 000 000 000, with up to three decimals";

    impl Visitor<'_> for Milli {
        type Value = i64;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(EXPECTED)
        }

        fn visit_u64<E: Error>(self, pieces: u64) -> Result<i64, E> {
            i64::try_from(pieces)
                .ok()
                .and_then(|pieces| pieces.checked_mul(1000))
                .filter(|milli| *milli <= QUANTITY_MILLI_MAX)
                .ok_or_else(|| E::custom(EXPECTED))
        }

        fn visit_i64<E: Error>(self, pieces: i64) -> Result<i64, E> {
            u64::try_from(pieces).map_err(|_| E::custom(EXPECTED)).and_then(|pieces| self.visit_u64(pieces))
        }

        fn visit_f64<E: Error>(self, quantity: f64) -> Result<i64, E> {
            // The shortest text that reads back as this number is the one that was sent, for up to 15 digits.
            let text = quantity.to_string();
            let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
            let digits = format!("{whole}{part:0<3}");
            if part.len() > 3 {
                return Err(E::custom(EXPECTED));
            }
            digits.parse::<i64>().ok().filter(|milli| (0..=QUANTITY_MILLI_MAX).contains(milli)).ok_or_else(|| E::custom(EXPECTED))
        }
    }

    /// The same, where it may be left out.
    pub(crate) mod optional {
        use serde::de::Deserializer;
        use serde::ser::Serializer;

        pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
            super::deserialize(deserializer).map(Some)
        }

        #[expect(clippy::ref_option, reason = "serde's signature")]
        pub(crate) fn serialize<S: Serializer>(milli: &Option<i64>, serializer: S) -> Result<S::Ok, S::Error> {
            match milli {
                Some(milli) => super::serialize(milli, serializer),
                None => serializer.serialize_none(),
            }
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
        deserializer.deserialize_any(Milli)
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
    pub(super) fn serialize<S: Serializer>(milli: &i64, serializer: S) -> Result<S::Ok, S::Error> {
        if milli % 1000 == 0 {
            return serializer.serialize_i64(milli / 1000);
        }
        let text = format!("{}.{:03}", milli / 1000, milli % 1000);
        serializer.serialize_f64(text.parse().map_err(serde::ser::Error::custom)?)
    }
}

/// Collects what is wrong, field by field.
#[derive(Default)]
pub(crate) struct Faults(Vec<FieldError>);

impl Faults {
    pub(crate) fn add(&mut self, pointer: impl Into<String>, detail: impl Into<String>) {
        self.0.push(FieldError { pointer: pointer.into(), detail: detail.into() });
    }

    pub(crate) fn text(&mut self, pointer: &str, text: &str, empty_allowed: bool) {
        if (text.is_empty() && !empty_allowed) || text.chars().count() > NAME_CHARS_MAX || text.chars().any(char::is_control) {
            self.add(
                pointer,
                format!(
                    "up to {NAME_CHARS_MAX} characters, none of them a control character{}",
                    if empty_allowed { "" } else { "; not empty" }
                ),
            );
        }
    }

    pub(crate) fn attributes(&mut self, pointer: &str, attributes: &Attributes) {
        if attributes.len() > ATTRIBUTES_MAX {
            self.add(pointer, format!("up to {ATTRIBUTES_MAX} attributes"));
        }
        for (name, value) in attributes {
            let long = matches!(value, Scalar::Text(text) if text.chars().count() > ATTRIBUTE_CHARS_MAX || text.contains('\0'));
            if long || name.is_empty() || name.chars().count() > NAME_CHARS_MAX || name.contains('\0') {
                let name: String = name.chars().take(NAME_CHARS_MAX).collect();
                self.add(
                    format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1")),
                    format!("names up to {NAME_CHARS_MAX} characters, values up to {ATTRIBUTE_CHARS_MAX}"),
                );
            }
        }
    }
}

impl Faults {
    pub(crate) fn member(&mut self, member: &MemberRef) {
        let named = [member.id.is_some(), member.card.is_some(), member.alias.is_some()];
        if named.into_iter().filter(|named| *named).count() != 1 {
            self.add("/member", "exactly one of id, card and alias");
        }
        for (pointer, text) in [("/member/card", &member.card), ("/member/alias", &member.alias)] {
            if let Some(text) = text {
                self.text(pointer, text, false);
            }
        }
    }

    /// The fields that are wrong, if any.
    pub(crate) fn done(self) -> Result<(), Error> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::invalid_fields(self.0)) }
    }
}

impl NewTransaction {
    /// Checks what can be checked without the database: bounds, sums, that one member is named.
    ///
    /// # Errors
    /// 400 with every field that is wrong.
    pub fn check(&self) -> Result<(), Error> {
        let mut faults = Faults::default();
        faults.text("/external_id", &self.external_id, false);
        faults.member(&self.member);
        for (pointer, text) in [("/store", &self.store), ("/channel", &self.channel)] {
            if let Some(text) = text {
                faults.text(pointer, text, false);
            }
        }
        if !(0..=TOTAL_MAX).contains(&self.total) {
            faults.add("/total", format!("minor units between 0 and {TOTAL_MAX}"));
        }
        if self.lines.len() > LINES_MAX {
            faults.add("/lines", format!("up to {LINES_MAX} lines"));
        }
        let mut sum = Some(0_i64);
        for (number, line) in self.lines.iter().enumerate().take(LINES_MAX) {
            faults.text(&format!("/lines/{number}/sku"), &line.sku, false);
            faults.text(&format!("/lines/{number}/category"), &line.category, true);
            faults.attributes(&format!("/lines/{number}/attributes"), &line.attributes);
            if !(0..=TOTAL_MAX).contains(&line.amount) {
                faults.add(format!("/lines/{number}/amount"), format!("minor units between 0 and {TOTAL_MAX}"));
            }
            sum = sum.and_then(|sum| sum.checked_add(line.amount));
        }
        if !self.lines.is_empty() && sum != Some(self.total) {
            faults.add("/total", "must be the sum of the lines' amounts");
        }
        faults.attributes("/attributes", &self.attributes);
        faults.done()
    }

    /// The purchase as rules see it.
    #[must_use]
    pub fn to_contract(&self) -> Purchase {
        let lines = self.lines.iter().enumerate().map(|(number, line)| Line {
            number: u32::try_from(number).unwrap_or(u32::MAX),
            sku: line.sku.clone(),
            category: line.category.clone(),
            quantity_milli: line.quantity_milli,
            amount: line.amount,
            attributes: to_contract(&line.attributes),
        });
        Purchase { currency: self.currency.to_string(), total: self.total, lines: lines.collect() }
    }
}

/// Attributes as rules see them, in the order of their names.
#[must_use]
pub fn to_contract(attributes: &Attributes) -> Vec<Attribute> {
    attributes.iter().map(|(name, value)| Attribute { name: name.clone(), value: value.clone() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<NewTransaction, String> {
        let transaction: NewTransaction = serde_json::from_str(text).map_err(|error| error.to_string())?;
        transaction.check().map_err(|error| format!("{:?}", error.errors))?;
        Ok(transaction)
    }

    fn with(lines: &str, total: &str) -> Result<NewTransaction, String> {
        read(&format!(
            r#"{{"external_id":"a","member":{{"card":"C1"}},"occurred_at":"2026-11-21T10:00:00+01:00","currency":"USD","total":{total},"lines":{lines}}}"#
        ))
    }

    #[test]
    fn quantities_keep_three_decimals() {
        for (text, milli) in
            [("1", 1000), ("0", 0), ("35.27", 35_270), ("0.001", 1), ("2.5", 2500), ("1e3", 1_000_000), ("1000000000", 1_000_000_000_000)]
        {
            let posted = with(&format!(r#"[{{"sku":"s","amount":5,"quantity":{text}}}]"#), "5").unwrap();
            assert_eq!(posted.lines[0].quantity_milli, milli, "{text}");
            let again: NewTransaction = serde_json::from_str(&serde_json::to_string(&posted).unwrap()).unwrap();
            assert_eq!(again, posted);
        }
        for text in ["-1", "0.0001", "1e10", "-0.5", "1e300", "\"1\"", "null"] {
            assert!(with(&format!(r#"[{{"sku":"s","amount":5,"quantity":{text}}}]"#), "5").is_err(), "{text}");
        }
    }

    #[test]
    fn sums_must_match_and_bounds_hold() {
        assert!(with(r#"[{"sku":"s","amount":5},{"sku":"s","amount":7}]"#, "12").is_ok());
        assert!(with("[]", "12").is_ok());
        for (lines, total) in [
            (r#"[{"sku":"s","amount":5}]"#, "6"),
            (r#"[{"sku":"s","amount":-5}]"#, "-5"),
            ("[]", "-1"),
            ("[]", "1e3"),
            ("[]", "9223372036854775807"),
            (r#"[{"sku":"","amount":5}]"#, "5"),
            (r#"[{"sku":"s","amount":5,"colour":"red"}]"#, "5"),
        ] {
            assert!(with(lines, total).is_err(), "{lines} {total}");
        }
    }
}
