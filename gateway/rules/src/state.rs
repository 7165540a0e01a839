//! What rules remember of a member: a few keys with bytes. It is loaded with the member and written with the posting; its bytes are
//! canonical, so that equal states are equal bytes and a replay can compare them.

use std::collections::BTreeMap;

use crate::digest::Digest;
use crate::limits::Limits;

/// At most [`Limits::state_keys_max`] keys and [`Limits::state_bytes_max`] bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State(BTreeMap<String, Vec<u8>>);

/// Bytes are not a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("these bytes are not a state: {0}")]
pub struct NotAState(&'static str);

/// The first byte of a state that is not empty, for the day when the form changes.
const FORM: u8 = 1;

impl State {
    /// Reads what [`State::to_bytes`] wrote. No bytes are the empty state.
    ///
    /// # Errors
    /// When they are anything but the canonical form: keys sorted and unique, lengths right, nothing left over.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NotAState> {
        let Some((form, mut rest)) = bytes.split_first() else {
            return Ok(Self::default());
        };
        if *form != FORM {
            return Err(NotAState("of an unknown form"));
        }
        let mut map = BTreeMap::new();
        while !rest.is_empty() {
            let key = std::str::from_utf8(take(&mut rest)?).map_err(|_| NotAState("a key is not UTF-8"))?;
            let value = take(&mut rest)?;
            if map.last_key_value().is_some_and(|(last, _): (&String, _)| last.as_str() >= key) {
                return Err(NotAState("keys are out of order"));
            }
            map.insert(key.to_owned(), value.to_owned());
        }
        if map.is_empty() {
            return Err(NotAState("the empty state has no bytes"));
        }
        Ok(Self(map))
    }

    /// The canonical bytes: none for the empty state, else 1, then for each key in order its length (u32, little endian), the key,
    /// the value's length and the value.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        if self.0.is_empty() {
            return Vec::new();
        }
        let mut bytes = Vec::with_capacity(1 + self.bytes() + 8 * self.0.len());
        bytes.push(FORM);
        for (key, value) in &self.0 {
            for part in [key.as_bytes(), value] {
                // Both are bounded far below 4 GiB by the limits of whoever filled the state.
                bytes.extend_from_slice(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_le_bytes());
                bytes.extend_from_slice(part);
            }
        }
        bytes
    }

    /// SHA-256 of the canonical bytes.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(&self.to_bytes())
    }

    /// Whether nothing is remembered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is remembered under `key`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&[u8]> {
        self.0.get(key).map(Vec::as_slice)
    }

    /// All keys and values, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_slice()))
    }

    /// Keys and values together, in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.0.iter().map(|(key, value)| key.len() + value.len()).sum()
    }

    /// Remembers `value` under `key`; false, and nothing is changed, when there is no room.
    pub fn put(&mut self, key: String, value: Vec<u8>, limits: &Limits) -> bool {
        let (keys, bytes) = match self.0.get(&key) {
            Some(old) => (self.0.len(), self.bytes() - old.len() + value.len()),
            None => (self.0.len() + 1, self.bytes() + key.len() + value.len()),
        };
        if keys > limits.state_keys_max || bytes > limits.state_bytes_max || key.len() > limits.state_key_bytes_max || key.is_empty() {
            return false;
        }
        self.0.insert(key, value);
        true
    }

    /// Forgets `key`.
    pub fn delete(&mut self, key: &str) {
        self.0.remove(key);
    }
}

fn take<'a>(rest: &mut &'a [u8]) -> Result<&'a [u8], NotAState> {
    const CUT: NotAState = NotAState("cut off");
    let (len, tail) = rest.split_first_chunk::<4>().ok_or(CUT)?;
    let len = usize::try_from(u32::from_le_bytes(*len)).map_err(|_| CUT)?;
    let (part, tail) = tail.split_at_checked(len).ok_or(CUT)?;
    *rest = tail;
    Ok(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_states_are_equal_bytes_and_read_back() {
        let limits = Limits::default();
        let mut one = State::default();
        let mut other = State::default();
        assert!(one.put("b".into(), vec![2, 3], &limits) && one.put("a".into(), vec![], &limits));
        assert!(
            other.put("a".into(), vec![9], &limits) && other.put("b".into(), vec![2, 3], &limits) && other.put("a".into(), vec![], &limits)
        );
        assert_eq!(one.to_bytes(), other.to_bytes());
        assert_eq!(one.digest(), other.digest());
        assert_eq!(State::from_bytes(&one.to_bytes()), Ok(one));
        assert_eq!(State::from_bytes(&[]), Ok(State::default()));
        assert!(State::default().to_bytes().is_empty());
    }

    #[test]
    fn what_is_not_canonical_is_refused() {
        let limits = Limits::default();
        let mut state = State::default();
        state.put("a".into(), b"x".to_vec(), &limits);
        let good = state.to_bytes();
        for cut in 1..good.len() {
            assert!(State::from_bytes(&good[..cut]).is_err(), "{cut}");
        }
        let twice = [good.as_slice(), &good[1..]].concat();
        assert!(State::from_bytes(&twice).is_err());
        assert!(State::from_bytes(&[2]).is_err());
        assert!(State::from_bytes(&[1, 255, 255, 255, 255]).is_err());
    }

    #[test]
    fn it_does_not_grow_beyond_its_limits() {
        let limits = Limits::default();
        let mut state = State::default();
        for n in 0..16 {
            assert!(state.put(format!("key{n:02}"), vec![0; 10], &limits));
        }
        assert!(!state.put("another".into(), vec![], &limits), "a 17th key");
        assert!(!state.put("key00".into(), vec![0; 8 << 10], &limits), "over 8 KiB");
        assert!(state.put("key00".into(), vec![0; 7 << 10], &limits));
        assert!(!state.put("k".repeat(65), vec![], &limits));
        state.delete("key01");
        assert!(state.put("another".into(), vec![], &limits));
    }
}
