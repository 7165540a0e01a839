//! The bytes that stand for a row: its table and every column that must not change, each with its length before it.
//!
//! A field is its length in bytes as 64 bits, big-endian, then the bytes; a missing one is the length `2^64 − 1` and nothing after it.
//! Numbers are 64 bits, big-endian, two's complement; ids are the 16 bytes of their UUID; texts are UTF-8; times are milliseconds since
//! 1970-01-01T00:00Z. So two different rows never give the same bytes, and anybody can compute them from what a statement shows.

use uuid::Uuid;

use super::{Hash, leaf};

/// Canonical bytes, field after field.
#[derive(Clone, Debug)]
pub struct Canonical(Vec<u8>);

impl Canonical {
    /// Begins with the name of what this is.
    #[must_use]
    pub fn of(name: &str) -> Self {
        Self(Vec::with_capacity(256)).bytes(name.as_bytes())
    }

    /// One more field.
    #[must_use]
    pub fn bytes(mut self, bytes: &[u8]) -> Self {
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.0.extend_from_slice(&length.to_be_bytes());
        self.0.extend_from_slice(bytes);
        self
    }

    /// A text.
    #[must_use]
    pub fn text(self, text: &str) -> Self {
        self.bytes(text.as_bytes())
    }

    /// An id.
    #[must_use]
    pub fn id(self, id: Uuid) -> Self {
        self.bytes(id.as_bytes())
    }

    /// A number.
    #[must_use]
    pub fn int(self, number: i64) -> Self {
        self.bytes(&number.to_be_bytes())
    }

    /// Nothing, told apart from an empty value by its length.
    #[must_use]
    pub fn none(mut self) -> Self {
        self.0.extend_from_slice(&u64::MAX.to_be_bytes());
        self
    }

    /// A field that may be missing.
    #[must_use]
    pub fn maybe<T>(self, value: Option<T>, put: impl FnOnce(Self, T) -> Self) -> Self {
        match value {
            Some(value) => put(self, value),
            None => self.none(),
        }
    }

    /// A field that a table has gained since rows of it were sealed: its name and value where there is one, else nothing at all, so that a
    /// row without it is the same as ever.
    #[must_use]
    pub fn also<T>(self, name: &str, value: Option<T>, put: impl FnOnce(Self, T) -> Self) -> Self {
        match value {
            Some(value) => put(self.text(name), value),
            None => self,
        }
    }

    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The leaf of these bytes.
    #[must_use]
    pub fn leaf(&self) -> Hash {
        leaf(&self.0)
    }
}

/// A transfer's columns, in the order in which they are hashed.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "the columns of the table, which say themselves what they are")]
pub struct TransferRow<'a> {
    pub member_id: Uuid,
    pub id: Uuid,
    pub kind: i64,
    pub from_account: i64,
    pub to_account: i64,
    pub partner_id: Option<Uuid>,
    pub points: i64,
    pub lot_id: Option<Uuid>,
    pub subject_id: Option<Uuid>,
    pub decision_id: Option<Uuid>,
    pub reason: Option<&'a str>,
    pub effective_at: i64,
    pub recorded_at: i64,
}

impl TransferRow<'_> {
    /// Its leaf.
    #[must_use]
    pub fn leaf(&self) -> Hash {
        Canonical::of("transfers")
            .id(self.member_id)
            .id(self.id)
            .int(self.kind)
            .int(self.from_account)
            .int(self.to_account)
            .maybe(self.partner_id, Canonical::id)
            .int(self.points)
            .maybe(self.lot_id, Canonical::id)
            .maybe(self.subject_id, Canonical::id)
            .maybe(self.decision_id, Canonical::id)
            .maybe(self.reason, Canonical::text)
            .int(self.effective_at)
            .int(self.recorded_at)
            .leaf()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_do_not_run_into_each_other() {
        let bytes = |canonical: Canonical| canonical.as_bytes().to_vec();
        assert_ne!(bytes(Canonical::of("a").text("bc")), bytes(Canonical::of("ab").text("c")));
        assert_ne!(bytes(Canonical::of("a").none()), bytes(Canonical::of("a").text("")));
        assert_ne!(bytes(Canonical::of("a").none().text("x")), bytes(Canonical::of("a").text("x").none()));
        assert_eq!(
            bytes(Canonical::of("t").int(-2)),
            [&[0, 0, 0, 0, 0, 0, 0, 1, b't', 0, 0, 0, 0, 0, 0, 0, 8][..], &(-2_i64).to_be_bytes()].concat()
        );
    }

    #[test]
    fn a_transfer_is_hashed_as_it_always_was() {
        // Written down so that no later change of this file changes what old blocks have sealed.
        let row = TransferRow {
            member_id: Uuid::from_u128(1),
            id: Uuid::from_u128(2),
            kind: 1,
            from_account: 5,
            to_account: 2,
            partner_id: Some(Uuid::from_u128(3)),
            points: 7,
            lot_id: Some(Uuid::from_u128(4)),
            subject_id: None,
            decision_id: None,
            reason: Some("bread"),
            effective_at: 8,
            recorded_at: 9,
        };
        let text: String = row.leaf().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(text, "e0b6953e9bfbb32206adecce6186d7cdf2376fd61282f8d13366525631ede823");
    }
}
