//! What the host knows of a member beside the facts of one program; names and seeds that a program gets in place of what it must not know.

use coalition_domain::{Instant, PartnerId, Points};
use coalition_rules::contract::Attribute;

/// What the host knows of the member beside the facts.
#[derive(Clone, Debug)]
pub struct About {
    /// Differs per partner.
    pub pseudonym: String,
    /// When they joined the coalition.
    pub enrolled_at: Instant,
    /// By the operator's rules.
    pub coalition_tier: Option<String>,
    /// To be spent.
    pub available: Points,
    /// Kinds of relation that they have.
    pub relations: Vec<String>,
    /// What they let these rules see.
    pub attributes: Vec<Attribute>,
}

/// A name for the member that differs per partner, so that two partners' rules can't find out that they know the same person.
#[must_use]
pub fn pseudonym(secret: &[u8], partner: PartnerId, member: coalition_domain::MemberId) -> String {
    let key = blake3::derive_key("coalition member pseudonym v1", secret);
    let mut hasher = blake3::Hasher::new_keyed(&key);
    hasher.update(partner.uuid().as_bytes()).update(member.uuid().as_bytes());
    let hash = hasher.finalize();
    format!("m_{}", hash.to_hex().chars().take(32).collect::<String>())
}

/// The seed of an event: from its id and the program's secret, so that neither till nor member can choose it.
#[must_use]
pub fn seed(secret: &[u8], event: &str) -> u64 {
    let key = blake3::derive_key("coalition event seed v1", secret);
    let hash = blake3::keyed_hash(&key, event.as_bytes());
    hash.as_bytes().first_chunk::<8>().map_or(0, |bytes| u64::from_le_bytes(*bytes))
}

/// A name for the event that a signal follows from: it tells two of them apart, and leads to none.
#[must_use]
pub fn source(secret: &[u8], event: &str) -> String {
    let key = blake3::derive_key("coalition signal source v1", secret);
    let hash = blake3::keyed_hash(&key, event.as_bytes());
    format!("src_{}", hash.to_hex().chars().take(32).collect::<String>())
}
