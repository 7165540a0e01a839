//! Random bits for ids, drawn from the system many at a time: to ask it for each would cost more than the rest of an id.
//!
//! Not for secrets, which are drawn one by one and fail where the system can't give any.

use std::cell::RefCell;

/// Numbers of one draw.
const DRAWN: usize = 64;

thread_local! {
    static BITS: RefCell<Vec<u64>> = const { RefCell::new(Vec::new()) };
}

/// 64 random bits. Where the system has none to give they are 0, and ids are unique within this process all the same.
pub(crate) fn bits() -> u64 {
    BITS.with_borrow_mut(|bits| {
        if bits.is_empty() {
            draw(bits);
        }
        bits.pop().unwrap_or(0)
    })
}

fn draw(bits: &mut Vec<u64>) {
    let mut bytes = [0; DRAWN * size_of::<u64>()];
    if getrandom::fill(&mut bytes).is_ok() {
        bits.extend(bytes.as_chunks().0.iter().map(|chunk| u64::from_ne_bytes(*chunk)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_bits_come_twice() {
        let drawn: std::collections::HashSet<u64> = (0..1_000).map(|_| bits()).collect();
        assert_eq!(drawn.len(), 1_000);
    }
}
