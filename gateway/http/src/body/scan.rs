//! A look over JSON before it is understood: bounded depth, and no key twice in one object.
//!
//! serde would keep the last of two equal keys of a map in silence, and its depth bound is too generous. Malformed JSON passes here:
//! the parser says better what is wrong with it.

use std::borrow::Cow;

/// Objects and lists that may lie in one another. No document of this API comes near.
pub const DEPTH_MAX: usize = 32;
/// Up to so many keys are compared pair by pair; more are sorted first.
const PAIRWISE_MAX: usize = 12;

/// What is wrong with a document that may well be JSON.
#[derive(Debug, PartialEq, Eq)]
pub enum Flaw {
    /// More than [`DEPTH_MAX`].
    TooDeep,
    /// A key that stands twice in the object at this JSON pointer.
    DuplicateKey {
        /// Where the object is, and the key.
        pointer: String,
    },
}

/// An object or list that is open.
struct Frame {
    is_object: bool,
    /// In an object: whether the next text is a key.
    expects_key: bool,
    /// Where this object's keys begin in the list of keys.
    keys_from: usize,
    /// In a list: the number of the current element.
    index: usize,
}

/// Looks the document over, once, without building anything.
///
/// # Errors
/// The first [`Flaw`].
pub fn look_over(text: &str) -> Result<(), Flaw> {
    let mut frames: Vec<Frame> = Vec::with_capacity(8);
    let mut keys: Vec<Cow<'_, str>> = Vec::with_capacity(32);
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => {
                let Some(end) = end_of_text(bytes, at) else { return Ok(()) };
                if let Some(frame) = frames.last_mut().filter(|frame| frame.expects_key) {
                    frame.expects_key = false;
                    keys.push(key(text, at, end));
                }
                at = end;
            }
            b'{' | b'[' => {
                if frames.len() == DEPTH_MAX {
                    return Err(Flaw::TooDeep);
                }
                let is_object = *byte == b'{';
                frames.push(Frame { is_object, expects_key: is_object, keys_from: keys.len(), index: 0 });
            }
            b',' => {
                if let Some(frame) = frames.last_mut() {
                    frame.expects_key = frame.is_object;
                    frame.index += 1;
                }
            }
            b'}' | b']' => {
                if let Some(frame) = frames.pop() {
                    let own = keys.get_mut(frame.keys_from..).unwrap_or_default();
                    if let Some(twice) = repeated(own) {
                        return Err(Flaw::DuplicateKey { pointer: pointer(&frames, frame.keys_from, &keys, &twice) });
                    }
                    keys.truncate(frame.keys_from);
                }
            }
            _ => {}
        }
        at += 1;
    }
    Ok(())
}

/// The place of the quote that ends the text begun at `start`; None where it never ends.
fn end_of_text(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

/// The key between two quotes. Escapes are resolved: `"a"` and `"\u0061"` are the same key.
fn key(text: &str, start: usize, end: usize) -> Cow<'_, str> {
    let raw = text.get(start + 1..end).unwrap_or_default();
    if !raw.contains('\\') {
        return Cow::Borrowed(raw);
    }
    let resolved = text.get(start..=end).and_then(|quoted| serde_json::from_str::<String>(quoted).ok());
    resolved.map_or(Cow::Borrowed(raw), Cow::Owned)
}

fn repeated(keys: &mut [Cow<'_, str>]) -> Option<String> {
    if keys.len() > PAIRWISE_MAX {
        keys.sort_unstable();
        return keys.windows(2).find_map(|pair| match pair {
            [one, other] if one == other => Some(one.to_string()),
            _ => None,
        });
    }
    keys.iter().enumerate().find(|(at, key)| keys.iter().take(*at).any(|before| before == *key)).map(|(_, key)| key.to_string())
}

/// The JSON pointer (RFC 6901) of a key in the object that was just closed, whose keys began at `keys_from`; `frames` are those around it.
fn pointer(frames: &[Frame], keys_from: usize, keys: &[Cow<'_, str>], key: &str) -> String {
    let mut pointer = String::new();
    for (level, frame) in frames.iter().enumerate() {
        if frame.is_object {
            // The last key before the inner frame's own is the one that leads there.
            let inner = frames.get(level + 1).map_or(keys_from, |inner| inner.keys_from);
            push_segment(&mut pointer, keys.get(..inner).and_then(<[_]>::last).map_or("", |key| key));
        } else {
            push_segment(&mut pointer, &frame.index.to_string());
        }
    }
    push_segment(&mut pointer, key);
    pointer
}

/// Lengthens a JSON pointer by one segment.
pub fn push_segment(pointer: &mut String, segment: &str) {
    pointer.push('/');
    pointer.push_str(&segment.replace('~', "~0").replace('/', "~1"));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn twice(pointer: &str) -> Result<(), Flaw> {
        Err(Flaw::DuplicateKey { pointer: pointer.to_owned() })
    }

    #[test]
    fn depth_is_bounded() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(look_over(&nested(DEPTH_MAX)), Ok(()));
        assert_eq!(look_over(&nested(DEPTH_MAX + 1)), Err(Flaw::TooDeep));
        assert_eq!(look_over(&"{\"a\":".repeat(1_000_000)), Err(Flaw::TooDeep));
    }

    #[test]
    fn keys_that_stand_twice_are_found() {
        assert_eq!(look_over(r#"{"a":1,"b":{"a":1},"c":[{"a":1},{"a":1}]}"#), Ok(()));
        assert_eq!(look_over(r#"{"a":1,"b":2,"a":3}"#), twice("/a"));
        assert_eq!(look_over(r#"{"a":1,"\u0061":3}"#), twice("/a"));
        assert_eq!(look_over(r#"{"items":[{"x":0},{"attributes":{"a/b":1,"z":2,"a/b":3}}]}"#), twice("/items/1/attributes/a~1b"));
        let many: Vec<String> = (0..100).map(|n| format!("\"k{}\":0", n % 99)).collect();
        assert_eq!(look_over(&format!("{{{}}}", many.join(","))), twice("/k0"));
    }

    #[test]
    fn texts_are_no_structure() {
        assert_eq!(look_over(r#"{"a":"{\"a\":1,\"a\":2}[[[","b":"\\","c":"\\\""}"#), Ok(()));
        for malformed in ["", "{", "}", "]]]", "\"", "\"\\", "{\"a\"", "{\"a\":1,", ",,,", "{]}["] {
            assert_eq!(look_over(malformed), Ok(()), "{malformed}");
        }
    }
}
