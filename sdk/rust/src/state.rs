//! What a program remembers of a member, where counters, vouchers and awards can't say it. Small (16 keys, 8 KiB in all), written with the decision,
//! readable everywhere, writable only in [`Program::on_event`](crate::Program::on_event): there it is `&mut`.
//!
//! Derive, don't remember: after a refund the gateway puts counters, vouchers and points back, but it can't know what opaque bytes mean.

use std::marker::PhantomData;

use serde::{Serialize, de::DeserializeOwned};

use crate::Fault;

/// A typed place in the state. Raise the version when the type changes; what an older version wrote is then read with [`State::get_or`].
///
/// ```
/// use coalition_sdk::{Key, State};
/// const LAST_VISIT_MS: Key<i64> = Key::new("last-visit", 1);
///
/// # fn rule(state: &mut State) -> Result<(), coalition_sdk::Fault> {
/// let last: Option<i64> = state.get(&LAST_VISIT_MS)?;
/// state.put(&LAST_VISIT_MS, &1_795_840_200_000)?;
/// # let _ = last; Ok(()) }
/// ```
#[derive(Debug)]
pub struct Key<T> {
    name: &'static str,
    version: u16,
    holds: PhantomData<fn(T) -> T>,
}

impl<T> Key<T> {
    /// The place `name`, whose type is of this version.
    #[must_use]
    pub const fn new(name: &'static str, version: u16) -> Self {
        Self { name, version, holds: PhantomData }
    }
}

/// This member's state with this program.
#[derive(Debug)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Clone, Default, PartialEq))]
pub struct State {
    backing: backing::Backing,
}

impl State {
    /// What is stored at `key`; none when nothing is.
    ///
    /// # Errors
    /// [`Fault`] when what is stored is of another version, or not of this type: use [`State::get_or`] where that can happen.
    pub fn get<T: DeserializeOwned>(&self, key: &Key<T>) -> Result<Option<T>, Fault> {
        self.get_or(key, |_, _| None)
    }

    /// What is stored at `key`, where `older` reads what another version of the key wrote, from its version and JSON.
    ///
    /// # Errors
    /// [`Fault`] when neither can read what is stored.
    pub fn get_or<T: DeserializeOwned>(&self, key: &Key<T>, older: impl FnOnce(u16, &str) -> Option<T>) -> Result<Option<T>, Fault> {
        let Some(bytes) = self.backing.get(key.name) else {
            return Ok(None);
        };
        let unreadable = || Fault(format!("the state under {} can't be read", key.name));
        let text = std::str::from_utf8(&bytes).map_err(|_| unreadable())?;
        let (version, json) = text.split_once(':').ok_or_else(unreadable)?;
        let version: u16 = version.parse().map_err(|_| unreadable())?;
        let value = if version == key.version { serde_json::from_str(json).ok() } else { older(version, json) };
        value.map(Some).ok_or_else(unreadable)
    }

    /// Stores `value` at `key`.
    ///
    /// # Errors
    /// [`Fault`] when the state is full.
    pub fn put<T: Serialize>(&mut self, key: &Key<T>, value: &T) -> Result<(), Fault> {
        // The version in front, readable: support looks at these bytes.
        let json = serde_json::to_string(value).map_err(|error| Fault(error.to_string()))?;
        self.backing.put(key.name, format!("{}:{json}", key.version).into_bytes())
    }

    /// Forgets what is stored at `key`.
    ///
    /// # Errors
    /// [`Fault`] when the gateway doesn't let it.
    pub fn delete<T>(&mut self, key: &Key<T>) -> Result<(), Fault> {
        self.backing.delete(key.name)
    }
}

#[cfg(target_arch = "wasm32")]
mod backing {
    //! The gateway's own store.
    use crate::Fault;
    use crate::guest::bindings::coalition::rules::state as host;

    #[derive(Debug)]
    pub struct Backing;

    impl super::State {
        pub(crate) const fn of_host() -> Self {
            Self { backing: Backing }
        }
    }

    impl Backing {
        pub fn get(&self, key: &str) -> Option<Vec<u8>> {
            host::get(key)
        }

        pub fn put(&mut self, key: &str, value: Vec<u8>) -> Result<(), Fault> {
            host::put(key, &value).map_err(fault)
        }

        pub fn delete(&mut self, key: &str) -> Result<(), Fault> {
            host::delete(key).map_err(fault)
        }
    }

    fn fault(error: host::StateError) -> Fault {
        Fault(match error {
            host::StateError::Full => "the state is full: 16 keys and 8 KiB in all".to_owned(),
            host::StateError::ReadOnly => "state can only be written in on_event".to_owned(),
        })
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod backing {
    //! In memory, for the test kit, with the gateway's bounds.
    use std::collections::BTreeMap;

    use crate::Fault;

    const KEYS_MAX: usize = 16;
    const BYTES_MAX: usize = 8 * 1024;

    #[derive(Clone, Debug, Default, PartialEq, Eq)]
    pub struct Backing(BTreeMap<String, Vec<u8>>);

    impl Backing {
        pub fn get(&self, key: &str) -> Option<Vec<u8>> {
            self.0.get(key).cloned()
        }

        pub fn put(&mut self, key: &str, value: Vec<u8>) -> Result<(), Fault> {
            let mut next = self.0.clone();
            next.insert(key.to_owned(), value);
            let bytes: usize = next.iter().map(|(k, v)| k.len() + v.len()).sum();
            if next.len() > KEYS_MAX || bytes > BYTES_MAX {
                return Err(Fault("the state is full: 16 keys and 8 KiB in all".to_owned()));
            }
            self.0 = next;
            Ok(())
        }

        pub fn delete(&mut self, key: &str) -> Result<(), Fault> {
            self.0.remove(key);
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREAK: Key<u32> = Key::new("streak", 1);
    const STREAK_2: Key<(u32, i64)> = Key::new("streak", 2);

    #[test]
    fn what_is_put_is_got() {
        let mut state = State::default();
        assert_eq!(state.get(&STREAK), Ok(None));
        state.put(&STREAK, &3).unwrap();
        assert_eq!(state.get(&STREAK), Ok(Some(3)));
        state.delete(&STREAK).unwrap();
        assert_eq!(state.get(&STREAK), Ok(None));
    }

    #[test]
    fn another_version_is_migrated_or_a_fault_never_a_guess() {
        let mut state = State::default();
        state.put(&STREAK, &3).unwrap();
        assert!(state.get(&STREAK_2).is_err());
        let migrated = state.get_or(&STREAK_2, |version, json| (version == 1).then(|| Some((json.parse().ok()?, 0)))?);
        assert_eq!(migrated, Ok(Some((3, 0))));
    }

    #[test]
    fn the_state_is_bounded_as_in_production() {
        const LARGE: Key<String> = Key::new("large", 1);
        let mut state = State::default();
        assert!(state.put(&LARGE, &"x".repeat(9_000)).is_err());
        assert_eq!(state.get(&LARGE), Ok(None));
    }
}
