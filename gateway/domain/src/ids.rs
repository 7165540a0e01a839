//! Typed ids: TypeIDs (`prt_01h…`, <https://github.com/jetify-com/typeid>) over UUIDv7 (RFC 9562), so that one kind is never taken for another.

use std::fmt;
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Crockford's base 32, lower case, as TypeID 0.3 has it.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// 26 digits of 5 bits hold the 128 bits of a UUID, with two to spare.
const SUFFIX_LEN: usize = 26;

/// A text that is not an id of the kind asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an id of the form {prefix}_…")]
pub struct InvalidId {
    /// The prefix that was expected.
    pub prefix: &'static str,
}

fn encode(prefix: &str, id: Uuid) -> String {
    let bits = id.as_u128();
    let mut text = String::with_capacity(prefix.len() + 1 + SUFFIX_LEN);
    text.push_str(prefix);
    text.push('_');
    for digit in (0..SUFFIX_LEN).rev() {
        let index = usize::try_from((bits >> (digit * 5)) & 31).unwrap_or(0);
        text.push(char::from(ALPHABET.get(index).copied().unwrap_or(b'0')));
    }
    text
}

fn decode(prefix: &'static str, text: &str) -> Result<Uuid, InvalidId> {
    let invalid = InvalidId { prefix };
    let suffix = text.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('_')).ok_or_else(|| invalid.clone())?;
    // The first digit carries three bits: over 7 it would overflow 128.
    if suffix.len() != SUFFIX_LEN || suffix.as_bytes().first().is_none_or(|first| *first > b'7') {
        return Err(invalid);
    }
    let mut bits: u128 = 0;
    for byte in suffix.bytes() {
        let digit = ALPHABET.iter().position(|known| *known == byte).and_then(|at| u128::try_from(at).ok());
        bits = (bits << 5) | digit.ok_or_else(|| invalid.clone())?;
    }
    Ok(Uuid::from_u128(bits))
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub Uuid);

        impl $name {
            /// What its text begins with, before the underscore.
            pub const PREFIX: &'static str = $prefix;

            /// The bare UUID, as the database keeps it.
            #[must_use]
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&encode($prefix, self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                decode($prefix, text).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&encode($prefix, self.0))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

ids! {
    /// A merchant of the coalition.
    PartnerId = "prt";
    /// A person.
    MemberId = "mbr";
    /// A purchase as posted.
    TransactionId = "txn";
    /// What came back of a purchase.
    RefundId = "rfd";
    /// Something other than buying that a partner posted.
    ActivityId = "act";
    /// Something that the gateway itself told rules of.
    EventId = "evt";
    /// Points that the operator gave or took by hand.
    AdjustmentId = "adj";
    /// A reward being redeemed.
    RedemptionId = "rdm";
    /// A version of a partner's rules.
    PluginId = "plg";
    /// What rules saw and said, once.
    DecisionId = "dec";
    /// A row of the ledger.
    TransferId = "ent";
    /// The points of one award.
    LotId = "lot";
    /// A voucher that rules issued.
    VoucherId = "vch";
    /// What rules told a member.
    MessageId = "msg";
    /// A promotion that several partners fund.
    CampaignId = "cmp";
    /// Points that a member gave to another.
    GiftId = "gft";
    /// Members who spend as one.
    HouseholdId = "hhd";
    /// A member who became another.
    MergeId = "mrg";
}

/// Makes UUIDv7s that grow within one process, whatever the clock does: 48 bits of milliseconds, 16 of a counter, 58 of chance.
///
/// The clock and the chance are handed in at each call.
#[derive(Debug, Default)]
pub struct IdSource {
    /// Milliseconds in the upper 48 bits, a counter in the lower 16.
    last: AtomicU64,
}

impl IdSource {
    /// The next id at `now_ms` (wall clock, since 1970) with `chance`, of which 58 bits are used.
    #[must_use]
    pub fn next(&self, now_ms: u64, chance: u64) -> Uuid {
        let floor = now_ms << 16;
        let mut seen = self.last.load(Ordering::Relaxed);
        let ticket = loop {
            let wanted = floor.max(seen.saturating_add(1));
            match self.last.compare_exchange_weak(seen, wanted, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => break wanted,
                Err(other) => seen = other,
            }
        };
        let bits = (u128::from(ticket >> 16) << 80)
            | (0x7 << 76)
            | (u128::from((ticket >> 4) & 0xfff) << 64)
            | (0b10 << 62)
            | (u128::from(ticket & 0xf) << 58)
            | u128::from(chance & ((1 << 58) - 1));
        Uuid::from_u128(bits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typeid_test_vectors() {
        // From the specification's valid.yml.
        let id: Uuid = "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap();
        assert_eq!(encode("prefix", id), "prefix_01h455vb4pex5vsknk084sn02q");
        assert_eq!(decode("prefix", "prefix_01h455vb4pex5vsknk084sn02q"), Ok(id));
        assert_eq!(encode("p", Uuid::nil()), "p_00000000000000000000000000");
        assert_eq!(decode("p", "p_7zzzzzzzzzzzzzzzzzzzzzzzzz"), Ok(Uuid::max()));
    }

    #[test]
    fn what_is_no_id_is_refused() {
        for text in [
            "",
            "mbr",
            "mbr_",
            "prt_01h455vb4pex5vsknk084sn02q",
            "mbr_81h455vb4pex5vsknk084sn02q",
            "mbr_01h455vb4pex5vsknk084sn02",
            "mbr_01H455VB4PEX5VSKNK084SN02Q",
            "mbr_01h455vb4pex5vsknk084sn0él",
        ] {
            assert!(text.parse::<MemberId>().is_err(), "{text}");
        }
    }

    #[test]
    fn ids_grow_even_when_the_clock_goes_back() {
        let source = IdSource::default();
        let mut last = Uuid::nil();
        for now in [1_000, 1_000, 2_000, 1_500, 1_500, 2_001] {
            for chance in [u64::MAX, 0] {
                let id = source.next(now, chance);
                assert!(id > last);
                assert_eq!(id.get_version_num(), 7);
                assert_eq!(id.get_variant(), uuid::Variant::RFC4122);
                last = id;
            }
        }
    }
}
