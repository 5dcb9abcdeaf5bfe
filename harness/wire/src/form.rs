//! `application/x-www-form-urlencoded`: pairs to text and back.

use std::borrow::Cow;

use parallax_contract::text::leading;

/// What a space is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Space {
    /// `+`, as form encoders write it.
    Plus,
    /// `%20`, as URI encoders write it.
    Percent,
}

/// Pairs being written.
pub(crate) struct Writer {
    text: String,
    space: Space,
}

impl Writer {
    pub(crate) fn new(space: Space) -> Self {
        Self {
            text: String::with_capacity(256),
            space,
        }
    }

    /// Adds `name=value`, both encoded.
    pub(crate) fn pair(&mut self, name: &str, value: &str) {
        // Growing by doubling would copy a long value several times.
        self.text.reserve(name.len() + value.len() + "&=".len());
        if !self.text.is_empty() {
            self.text.push('&');
        }
        self.encode(name);
        self.text.push('=');
        self.encode(value);
    }

    /// Adds these characters as they are.
    pub(crate) fn raw(&mut self, text: &str) {
        self.text.push_str(text);
    }

    pub(crate) fn finish(self) -> String {
        self.text
    }

    fn encode(&mut self, text: &str) {
        let mut rest = text;
        while !rest.is_empty() {
            let (kept, others) = rest.split_at(leading(rest.as_bytes(), unreserved));
            self.text.push_str(kept);
            let end = others.bytes().position(unreserved).unwrap_or(others.len());
            let (others, later) = others.split_at(end);
            others.bytes().for_each(|byte| self.escape(byte));
            rest = later;
        }
    }

    fn escape(&mut self, byte: u8) {
        if byte == b' ' && self.space == Space::Plus {
            return self.text.push('+');
        }
        self.text.push('%');
        for nibble in [byte >> 4, byte & 15] {
            let digit = char::from_digit(u32::from(nibble), 16).unwrap_or('0');
            self.text.push(digit.to_ascii_uppercase());
        }
    }
}

/// RFC 3986, section 2.3.
fn unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// The raw pairs of a form, empty ones left out.
pub(crate) fn pairs(form: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(form);
    let each = std::iter::from_fn(move || {
        let (pair, later) = part(rest?, b'&');
        rest = later;
        Some(pair)
    });
    each.filter(|pair| !pair.is_empty())
}

/// What stands before the first `separator` and what stands behind it.
fn part(text: &[u8], separator: u8) -> (&[u8], Option<&[u8]>) {
    let (before, from) = text.split_at(leading(text, |byte| byte != separator));
    (before, from.get(1..))
}

/// Whether a raw pair has a space in it that is written so.
pub(crate) fn has_space_as(space: Space, pair: &[u8]) -> bool {
    if space == Space::Plus {
        return pair.contains(&b'+');
    }
    let (_, from) = pair.split_at(leading(pair, |byte| byte != b'%'));
    from.windows(3).any(|three| three == b"%20")
}

/// Name and value of a raw pair; `None` for broken percent-encoding or what is not UTF-8 once decoded.
pub(crate) fn decode_pair(pair: &[u8]) -> Option<(Cow<'_, str>, Cow<'_, str>)> {
    let (name, value) = part(pair, b'=');
    Some((decode(name)?, decode(value.unwrap_or_default())?))
}

fn decode(text: &[u8]) -> Option<Cow<'_, str>> {
    let (plain, rest) = text.split_at(leading(text, |byte| !matches!(byte, b'%' | b'+')));
    if rest.is_empty() {
        return std::str::from_utf8(text).ok().map(Cow::Borrowed);
    }
    let mut bytes = Vec::with_capacity(text.len());
    bytes.extend_from_slice(plain);
    let mut rest = rest.iter();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => hex(rest.next()?)? << 4 | hex(rest.next()?)?,
            other => *other,
        });
    }
    String::from_utf8(bytes).ok().map(Cow::Owned)
}

fn hex(digit: &u8) -> Option<u8> {
    char::from(*digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}

/// Raw bytes as text that says the same on the wire: what is not UTF-8 is percent-encoded.
pub(crate) fn readable(raw: &[u8]) -> String {
    let mut writer = Writer::new(Space::Plus);
    for chunk in raw.utf8_chunks() {
        writer.raw(chunk.valid());
        chunk.invalid().iter().for_each(|byte| writer.escape(*byte));
    }
    writer.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(value: &str, space: Space, expected: &str) {
        let mut writer = Writer::new(space);
        writer.pair("n", value);
        let written = writer.finish();
        assert_eq!(written, format!("n={expected}"));
        let (_, decoded) = decode_pair(written.as_bytes()).unwrap();
        assert_eq!(decoded, value);
    }

    #[test]
    fn all_but_unreserved_characters_are_percent_encoded() {
        check("aZ09-._~", Space::Plus, "aZ09-._~");
        check("a b", Space::Plus, "a+b");
        check("a b", Space::Percent, "a%20b");
        check("+%&=/:*'", Space::Plus, "%2B%25%26%3D%2F%3A%2A%27");
        check("é\u{1F980}\n", Space::Plus, "%C3%A9%F0%9F%A6%80%0A");
        check("", Space::Plus, "");
    }

    #[test]
    fn broken_encoding_is_no_pair() {
        for broken in ["a=%", "a=%4", "a=%4G", "%ZZ=a", "a=%FF", "a=%C3"] {
            assert_eq!(decode_pair(broken.as_bytes()), None, "{broken}");
        }
        assert_eq!(decode_pair(b"a=\xFF"), None);
    }

    #[test]
    fn only_the_first_equals_sign_parts_name_and_value() {
        assert_eq!(decode_pair(b"a=b=c"), Some(("a".into(), "b=c".into())));
        assert_eq!(decode_pair(b"a"), Some(("a".into(), "".into())));
        assert_eq!(pairs(b"&a&&b&").count(), 2);
    }
}
