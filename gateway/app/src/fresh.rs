//! What is kept in memory for a moment: none of it is the truth, all of it is bounded in size and age.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The content of a lock; a panic elsewhere leaves what it holds usable, since every change here is one assignment.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A value that is read again when it is older than asked for; one reads, the others wait for it.
#[derive(Debug)]
pub(crate) struct Fresh<T> {
    kept: Mutex<Option<(Instant, T)>>,
    reading: tokio::sync::Mutex<()>,
}

impl<T> Default for Fresh<T> {
    fn default() -> Self {
        Self { kept: Mutex::new(None), reading: tokio::sync::Mutex::new(()) }
    }
}

impl<T: Clone> Fresh<T> {
    fn younger_than(&self, age_max: Duration) -> Option<T> {
        locked(&self.kept).as_ref().filter(|(read_at, _)| read_at.elapsed() < age_max).map(|(_, value)| value.clone())
    }

    /// The value, at most `age_max` old.
    ///
    /// # Errors
    /// What `read` fails with; the value then stays as old as it is, and is not given out.
    pub(crate) async fn get<E>(&self, age_max: Duration, read: impl Future<Output = Result<T, E>>) -> Result<T, E> {
        if let Some(value) = self.younger_than(age_max) {
            return Ok(value);
        }
        let asked_at = Instant::now();
        let _reading = self.reading.lock().await;
        // Whoever was reading when this call came has begun before it; only one who began since then counts as fresh enough.
        if let Some(value) = self.younger_than(age_max.max(asked_at.elapsed())) {
            return Ok(value);
        }
        // The age counts from before the read: what it saw may have changed while it was on its way.
        let read_at = Instant::now();
        let value = read.await?;
        *locked(&self.kept) = Some((read_at, value.clone()));
        Ok(value)
    }

    /// The value, however old.
    pub(crate) fn peek(&self) -> Option<T> {
        locked(&self.kept).as_ref().map(|(_, value)| value.clone())
    }

    /// Forgets the value, so that the next call reads it.
    pub(crate) fn forget(&self) {
        *locked(&self.kept) = None;
    }
}

/// A map that forgets what was not used lately once it is full: two generations, the older dropped when the younger fills up.
#[derive(Debug)]
pub(crate) struct Recent<K, V> {
    young: HashMap<K, V>,
    old: HashMap<K, V>,
    generation_max: usize,
}

impl<K: Eq + Hash + Clone, V: Clone> Recent<K, V> {
    /// Keeps at least `generation_max` entries, at most twice as many.
    pub(crate) fn new(generation_max: usize) -> Self {
        Self { young: HashMap::new(), old: HashMap::new(), generation_max }
    }

    /// What is kept under a key.
    pub(crate) fn get(&mut self, key: &K) -> Option<V> {
        if let Some(value) = self.young.get(key) {
            return Some(value.clone());
        }
        let value = self.old.remove(key)?;
        self.insert(key.clone(), value.clone());
        Some(value)
    }

    /// Keeps a value.
    pub(crate) fn insert(&mut self, key: K, value: V) {
        if self.young.len() >= self.generation_max {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, value);
    }

    /// Forgets a key.
    pub(crate) fn remove(&mut self, key: &K) {
        self.young.remove(key);
        self.old.remove(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};

    #[tokio::test]
    async fn a_value_is_read_again_when_it_is_old() {
        let fresh = Fresh::default();
        let reads = AtomicU32::new(0);
        let read = async || Ok::<u32, ()>(reads.fetch_add(1, Ordering::Relaxed));
        assert_eq!(fresh.get(Duration::from_secs(60), read()).await, Ok(0));
        assert_eq!(fresh.get(Duration::from_secs(60), read()).await, Ok(0));
        assert_eq!(fresh.get(Duration::ZERO, read()).await, Ok(1));
        fresh.forget();
        assert_eq!(fresh.peek(), None);
        assert_eq!(fresh.get(Duration::from_secs(60), async { Err(()) }).await, Err(()));
        assert_eq!(fresh.get(Duration::from_secs(60), read()).await, Ok(2));
    }

    #[test]
    fn what_is_used_stays() {
        let mut recent = Recent::new(2);
        recent.insert(1, 'a');
        recent.insert(2, 'b');
        recent.insert(3, 'c');
        assert_eq!(recent.get(&1), Some('a'));
        recent.insert(4, 'd');
        assert_eq!(recent.get(&2), None);
        assert_eq!(recent.get(&1), Some('a'));
        recent.remove(&1);
        assert_eq!(recent.get(&1), None);
    }
}
