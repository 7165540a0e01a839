//! Cursors of lists: opaque, and bound to the list and the caller they were made for, so that a forged or foreign one is refused.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

use crate::answer::{Listing, Page};
use crate::caller::Caller;
use crate::error::Error;

/// A cursor is as long as its position's 16 bytes and a tag of 16.
const CURSOR_BYTES: usize = 32;

fn tag(secret: &[u8; 32], list: &str, caller: &Caller, position: Uuid) -> [u8; 16] {
    let key = blake3::derive_key("coalition gateway: cursors of lists", secret);
    let mut hasher = blake3::Hasher::new_keyed(&key);
    // Neither a list's name nor a client's id holds a zero byte.
    hasher.update(list.as_bytes()).update(&[0]).update(caller.client_id.as_bytes()).update(&[0]).update(position.as_bytes());
    let mut tag = [0; 16];
    hasher.finalize_xof().fill(&mut tag);
    tag
}

/// The cursor that goes on after `position` in this caller's list.
pub(crate) fn seal(secret: &[u8; 32], list: &str, caller: &Caller, position: Uuid) -> String {
    let mut bytes = Vec::with_capacity(CURSOR_BYTES);
    bytes.extend_from_slice(position.as_bytes());
    bytes.extend_from_slice(&tag(secret, list, caller, position));
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The position in a cursor that [`seal`] made for this list and caller.
///
/// # Errors
/// 400 at `cursor` for anything else.
pub(crate) fn open(secret: &[u8; 32], list: &str, caller: &Caller, cursor: &str) -> Result<Uuid, Error> {
    let foreign = || Error::invalid("/cursor", "not a cursor of this list: take `next_cursor` of the page before, as it is");
    let bytes: [u8; CURSOR_BYTES] = URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|bytes| bytes.try_into().ok()).ok_or_else(foreign)?;
    let (position, found) = bytes.split_first_chunk::<16>().ok_or_else(foreign)?;
    let position = Uuid::from_bytes(*position);
    // Comparing two blake3 hashes takes the same time wherever they differ.
    let good = <[u8; 16]>::try_from(found).is_ok_and(|found| constant_time(&found, &tag(secret, list, caller, position)));
    if good { Ok(position) } else { Err(foreign()) }
}

fn constant_time(a: &[u8; 16], b: &[u8; 16]) -> bool {
    use subtle::ConstantTimeEq as _;
    a.ct_eq(b).into()
}

/// Where a page begins, and how many rows to read: one more than it shows, to know whether there is a next.
///
/// # Errors
/// 400 for a limit outside 1–200 or a cursor that is not of this list.
pub(crate) fn start(secret: &[u8; 32], list: &str, caller: &Caller, page: &Page) -> Result<(Option<Uuid>, u64), Error> {
    if !(1..=200).contains(&page.limit) {
        return Err(Error::invalid("/limit", "a whole number from 1 to 200"));
    }
    let before = page.cursor.as_deref().map(|cursor| open(secret, list, caller, cursor)).transpose()?;
    Ok((before, u64::from(page.limit) + 1))
}

/// The page made of rows that were read by [`start`]'s measure, newest first.
pub(crate) fn page<R, T>(
    secret: &[u8; 32],
    list: &str,
    caller: &Caller,
    page: &Page,
    mut rows: Vec<R>,
    position: impl Fn(&R) -> Uuid,
    view: impl FnMut(R) -> T,
) -> Listing<T> {
    let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next_cursor = rows.last().filter(|_| more).map(|last| seal(secret, list, caller, position(last)));
    Listing { items: rows.into_iter().map(view).collect(), next_cursor }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::caller::{Actor, Scopes};

    fn caller(id: &str) -> Caller {
        Caller { client_id: id.into(), actor: Actor::Operator, scopes: Scopes::default() }
    }

    #[test]
    fn a_cursor_is_good_for_its_list_and_caller_only() {
        let (secret, position) = ([1; 32], Uuid::from_u128(7));
        let cursor = seal(&secret, "partners", &caller("a"), position);
        assert_eq!(open(&secret, "partners", &caller("a"), &cursor), Ok(position));
        assert!(open(&secret, "plugins", &caller("a"), &cursor).is_err());
        assert!(open(&secret, "partners", &caller("b"), &cursor).is_err());
        assert!(open(&[2; 32], "partners", &caller("a"), &cursor).is_err());
    }

    #[test]
    fn a_forged_cursor_is_refused() {
        let (secret, position) = ([1; 32], Uuid::from_u128(7));
        let cursor = seal(&secret, "partners", &caller("a"), position);
        let mut bytes = URL_SAFE_NO_PAD.decode(&cursor).unwrap();
        for at in 0..bytes.len() {
            bytes[at] ^= 1;
            assert!(open(&secret, "partners", &caller("a"), &URL_SAFE_NO_PAD.encode(&bytes)).is_err(), "byte {at}");
            bytes[at] ^= 1;
        }
        for text in ["", "x", "!!", &cursor[1..], &format!("{cursor}A"), &"A".repeat(10_000)] {
            let error = open(&secret, "partners", &caller("a"), text).unwrap_err();
            assert_eq!(error.errors[0].pointer, "/cursor");
        }
    }

    #[test]
    fn pages_end() {
        let secret = [1; 32];
        let me = caller("a");
        let asked = Page { limit: 2, cursor: None };
        assert_eq!(start(&secret, "l", &me, &asked).unwrap(), (None, 3));
        let listing = page(&secret, "l", &me, &asked, vec![9_u128, 8, 7], |id| Uuid::from_u128(*id), |id| id);
        assert_eq!(listing.items, [9, 8]);
        let next = Page { limit: 2, cursor: listing.next_cursor };
        assert_eq!(start(&secret, "l", &me, &next).unwrap(), (Some(Uuid::from_u128(8)), 3));
        assert_eq!(page(&secret, "l", &me, &next, vec![7_u128], |id| Uuid::from_u128(*id), |id| id).next_cursor, None);
        for limit in [0, 201] {
            assert!(start(&secret, "l", &me, &Page { limit, cursor: None }).is_err());
        }
    }
}
