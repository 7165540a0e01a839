//! JSON as a configuration needs it: whole numbers only, bounded depth. Small on purpose: it is part of every component, where a general reader with floats and
//! generic visitors weighs more than the rules themselves.

use std::borrow::Cow;

/// Deeper than any honest configuration.
const DEPTH_MAX: u8 = 32;

/// A value of a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Flag(bool),
    /// A whole number of 64 bits.
    Number(i64),
    /// Any other number.
    Fraction,
    /// A text.
    Text(Cow<'a, str>),
    /// A list.
    List(Vec<Json<'a>>),
    /// An object, in the order written.
    Object(Vec<(Cow<'a, str>, Json<'a>)>),
}

/// Where a text stops being JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotJson {
    /// The byte.
    pub at: usize,
    /// What is wrong there.
    pub what: &'static str,
}

/// Reads the whole of `text`; nothing at all is an empty object.
pub fn parse(text: &str) -> Result<Json<'_>, NotJson> {
    let mut reader = Reader { text, at: 0 };
    reader.skip_space();
    if reader.at == text.len() {
        return Ok(Json::Object(Vec::new()));
    }
    let value = reader.value(0)?;
    reader.skip_space();
    if reader.at == text.len() { Ok(value) } else { reader.fail("nothing may follow the value") }
}

/// Appends `text` as a JSON string.
pub fn write_text(text: &str, json: &mut String) {
    json.push('"');
    for character in text.chars() {
        match character {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            '\n' => json.push_str("\\n"),
            control if control < ' ' => {
                const HEX: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
                let digit = |shift: u32| {
                    let nibble = usize::try_from((u32::from(control) >> shift) & 15);
                    nibble.ok().and_then(|n| HEX.get(n)).copied().unwrap_or('0')
                };
                json.push_str("\\u00");
                json.push(digit(4));
                json.push(digit(0));
            }
            other => json.push(other),
        }
    }
    json.push('"');
}

struct Reader<'a> {
    text: &'a str,
    /// A byte, always at the beginning of a character.
    at: usize,
}

impl<'a> Reader<'a> {
    fn fail<T>(&self, what: &'static str) -> Result<T, NotJson> {
        Err(NotJson { at: self.at, what })
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn skip_space(&mut self) {
        let solid = |byte: &u8| !matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
        self.skip_until(solid);
    }

    /// Goes on to the first byte of this kind, or to the end. Every configuration passes here on every decision: a loop over a slice, without a check a step.
    fn skip_until(&mut self, kind: impl Fn(&u8) -> bool) {
        let rest = self.rest().as_bytes();
        self.at += rest.iter().position(kind).unwrap_or(rest.len());
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn word(&mut self, word: &str, value: Json<'a>) -> Result<Json<'a>, NotJson> {
        if self.rest().starts_with(word) {
            self.at += word.len();
            Ok(value)
        } else {
            self.fail("not a JSON value")
        }
    }

    fn value(&mut self, depth: u8) -> Result<Json<'a>, NotJson> {
        if depth > DEPTH_MAX {
            return self.fail("nested too deeply");
        }
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.list(depth),
            Some(b'"') => Ok(Json::Text(self.string()?)),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Json::Flag(true)),
            Some(b'f') => self.word("false", Json::Flag(false)),
            _ => self.word("null", Json::Null),
        }
    }

    fn object(&mut self, depth: u8) -> Result<Json<'a>, NotJson> {
        let mut members = Vec::new();
        self.at += 1;
        self.skip_space();
        if self.take(b'}') {
            return Ok(Json::Object(members));
        }
        loop {
            self.skip_space();
            if self.peek() != Some(b'"') {
                return self.fail("a name in quotes is expected");
            }
            let name = self.string()?;
            self.skip_space();
            if !self.take(b':') {
                return self.fail("a colon is expected");
            }
            self.skip_space();
            let value = self.value(depth + 1)?;
            members.push((name, value));
            self.skip_space();
            if self.take(b'}') {
                return Ok(Json::Object(members));
            }
            if !self.take(b',') {
                return self.fail("a comma or the object's end is expected");
            }
        }
    }

    fn list(&mut self, depth: u8) -> Result<Json<'a>, NotJson> {
        let mut items = Vec::new();
        self.at += 1;
        self.skip_space();
        if self.take(b']') {
            return Ok(Json::List(items));
        }
        loop {
            self.skip_space();
            items.push(self.value(depth + 1)?);
            self.skip_space();
            if self.take(b']') {
                return Ok(Json::List(items));
            }
            if !self.take(b',') {
                return self.fail("a comma or the list's end is expected");
            }
        }
    }

    fn number(&mut self) -> Result<Json<'a>, NotJson> {
        let length = self.rest().bytes().take_while(|b| matches!(b, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E')).count();
        let text = self.rest().get(..length).unwrap_or_default();
        let digits = text.strip_prefix('-').unwrap_or(text);
        let mut bytes = digits.bytes();
        let begins_well = match (bytes.next(), bytes.next()) {
            (Some(b'0'), Some(b'0'..=b'9')) => false,
            (first, _) => first.is_some_and(|byte| byte.is_ascii_digit()),
        };
        if !begins_well {
            return self.fail("not a number");
        }
        self.at += length;
        // What is not a whole number of 64 bits fits no setting, whatever it is exactly.
        Ok(text.parse().map_or(Json::Fraction, Json::Number))
    }

    fn string(&mut self) -> Result<Cow<'a, str>, NotJson> {
        self.at += 1;
        let start = self.at;
        self.skip_until(|&byte| byte == b'"' || byte == b'\\' || byte < b' ');
        match self.peek() {
            Some(b'"') => {
                let text = self.text.get(start..self.at).unwrap_or_default();
                self.at += 1;
                Ok(Cow::Borrowed(text))
            }
            Some(b'\\') => self.escaped(start),
            _ => self.fail("the text has no end, or a control character in it"),
        }
    }

    /// The slower way, from the first backslash on.
    fn escaped(&mut self, start: usize) -> Result<Cow<'a, str>, NotJson> {
        let mut text = self.text.get(start..self.at).unwrap_or_default().to_owned();
        loop {
            let Some(character) = self.rest().chars().next() else {
                return self.fail("the text has no end");
            };
            self.at += character.len_utf8();
            match character {
                '"' => return Ok(Cow::Owned(text)),
                '\\' => {
                    let unescaped = self.escape()?;
                    text.push(unescaped);
                }
                control if control < ' ' => return self.fail("a control character in a text"),
                other => text.push(other),
            }
        }
    }

    fn escape(&mut self) -> Result<char, NotJson> {
        let byte = self.peek();
        self.at += usize::from(byte.is_some_and(|b| b.is_ascii()));
        Ok(match byte {
            Some(plain @ (b'"' | b'\\' | b'/')) => char::from(plain),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let high = self.hex()?;
                let code = if (0xD800..0xDC00).contains(&high) {
                    if !self.rest().starts_with("\\u") {
                        return self.fail("half a character");
                    }
                    self.at += 2;
                    let low = self.hex()?;
                    if !(0xDC00..0xE000).contains(&low) {
                        return self.fail("half a character");
                    }
                    0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00)
                } else {
                    high
                };
                match char::from_u32(code) {
                    Some(character) => character,
                    None => return self.fail("half a character"),
                }
            }
            _ => return self.fail("an unknown escape"),
        })
    }

    fn hex(&mut self) -> Result<u32, NotJson> {
        let digits = self.rest().get(..4).filter(|digits| {
            // `from_str_radix` would take a sign.
            digits.bytes().all(|byte| byte.is_ascii_hexdigit())
        });
        match digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()) {
            Some(code) => {
                self.at += 4;
                Ok(code)
            }
            None => self.fail("four hexadecimal digits are expected"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// As serde_json reads it, the reference.
    fn same(mine: &Json<'_>, theirs: &serde_json::Value) -> bool {
        match (mine, theirs) {
            (Json::Null, serde_json::Value::Null) => true,
            (Json::Flag(a), serde_json::Value::Bool(b)) => a == b,
            (Json::Number(a), serde_json::Value::Number(b)) => b.as_i64() == Some(*a),
            (Json::Fraction, serde_json::Value::Number(b)) => b.as_i64().is_none(),
            (Json::Text(a), serde_json::Value::String(b)) => a == b,
            (Json::List(a), serde_json::Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
            (Json::Object(a), serde_json::Value::Object(b)) => {
                a.len() == b.len() && a.iter().all(|(k, v)| b.get(k.as_ref()).is_some_and(|w| same(v, w)))
            }
            _ => false,
        }
    }

    #[test]
    fn what_is_no_json_is_refused_as_the_reference_does() {
        for text in [
            "{",
            "[1,]",
            "{\"a\" 1}",
            "01",
            "-",
            "1.",
            "+1",
            "nul",
            "\"\\x\"",
            "\"\\ud800\"",
            "\"\u{1}\"",
            "{} {}",
            "[1 2]",
            "{a:1}",
            "\"\\u+123\"",
            "'a'",
            "tru",
            "\u{e4}",
        ] {
            let reference = serde_json::from_str::<serde_json::Value>(text).is_ok();
            // "1." and its like are numbers of no use to us: refused by their type, later.
            let mine = parse(text).is_ok_and(|json| json != Json::Fraction);
            assert_eq!(mine, reference, "{text}");
        }
        assert!(parse(&"[".repeat(100_000)).is_err());
        assert_eq!(parse("  "), Ok(Json::Object(Vec::new())));
    }

    fn any_json() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(Into::into),
            any::<i64>().prop_map(Into::into),
            (-1e9f64..1e9).prop_map(Into::into),
            any::<String>().prop_map(Into::into),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
                prop::collection::vec((any::<String>(), inner), 0..6)
                    .prop_map(|members| { serde_json::Value::Object(members.into_iter().collect()) }),
            ]
        })
    }

    proptest! {
        #[test]
        fn reads_what_the_reference_writes(value in any_json()) {
            let text = value.to_string();
            prop_assert!(same(&parse(&text).unwrap(), &value), "{}", text);
        }

        #[test]
        fn nothing_makes_it_panic(text in "[\\[\\]{}:,\"\\\\u0-9a-f.eE+\\- \u{e4}\u{1F600}]{0,40}") {
            if let Ok(value) = serde_json::from_str::<serde_json::Value>(&text) {
                // The reference drops what an object has twice.
                let twice = text.contains(':');
                prop_assert!(twice || same(&parse(&text).unwrap(), &value), "{}", text);
            } else {
                let _ = parse(&text);
            }
        }

        #[test]
        fn written_texts_are_read_back(text in any::<String>()) {
            let mut json = String::new();
            write_text(&text, &mut json);
            prop_assert_eq!(parse(&json), Ok(Json::Text(text.into())));
        }
    }
}
