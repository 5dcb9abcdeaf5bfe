//! A text with its escapes read: what `%41`, `&amp;` and `\u0041` stand for, and where each byte came from.

use std::ops::Range;

/// How many escapes within escapes are read: more than layers of software have been seen to put around a text.
const DEPTH: usize = 8;
/// From where on an entity is none: with leading zeros it may be longer than it needs to be.
const LONGEST_ENTITY: usize = 40;

/// A text as it is, and as it reads with its escapes, with theirs again, and so on.
pub(super) struct Views<'a> {
    raw: &'a [u8],
    read: Vec<View>,
}

/// What is left of a text whose escapes were read.
struct View {
    text: Vec<u8>,
    /// Where a stretch begins here and in the text that was read; up to the next one both go on alike.
    stretches: Vec<(usize, usize)>,
}

impl<'a> Views<'a> {
    /// All ways to read a text.
    pub(super) fn of(raw: &'a [u8]) -> Self {
        let mut views = Self { raw, read: Vec::new() };
        while views.read.len() < DEPTH
            && let Some(next) = views.next()
        {
            views.read.push(next);
        }
        views
    }

    /// The text as it is.
    pub(super) fn raw(&self) -> &'a [u8] {
        self.raw
    }

    /// The ways to read it, the raw one first.
    pub(super) fn texts(&self) -> impl Iterator<Item = &[u8]> {
        std::iter::once(self.raw).chain(self.read.iter().map(|view| view.text.as_slice()))
    }

    /// The way to read it that has no escapes left.
    pub(super) fn plain(&self) -> &[u8] {
        self.read.last().map_or(self.raw, |view| &view.text)
    }

    /// Where a place in one of the texts is in the raw one; the texts are counted as [`Views::texts`] gives them.
    pub(super) fn source(&self, text: usize, place: &Range<usize>) -> Range<usize> {
        let views = self.read.get(..text).unwrap_or_default();
        let at = |place: usize| views.iter().rev().fold(place, |place, view| view.source(place));
        at(place.start)..at(place.end)
    }

    fn next(&self) -> Option<View> {
        let text = self.plain();
        memchr::memchr3(b'%', b'&', b'\\', text)?;
        let mut view = View {
            text: Vec::with_capacity(text.len()),
            stretches: Vec::new(),
        };
        let mut copied = 0;
        for at in memchr::memchr3_iter(b'%', b'&', b'\\', text) {
            // What an escape begins with may stand within the one before.
            let found = text.get(at..).filter(|_| at >= copied).and_then(escape);
            if let Some((length, escaped)) = found {
                view.text.extend_from_slice(text.get(copied..at)?);
                view.put(escaped, at, at + length);
                copied = at + length;
            }
        }
        view.text.extend_from_slice(text.get(copied..)?);
        (copied > 0).then_some(view)
    }
}

impl View {
    /// Adds what stands from here to there in the text that is read.
    fn put(&mut self, escaped: Escaped, from: usize, to: usize) {
        let mut encoded = [0; 4];
        let bytes = match escaped {
            Escaped::Byte(byte) => {
                encoded = [byte, 0, 0, 0];
                encoded.get(..1).unwrap_or_default()
            }
            Escaped::Character(character) => character.encode_utf8(&mut encoded).as_bytes(),
        };
        self.stretches.push((self.text.len(), from));
        for byte in bytes {
            self.text.push(*byte);
            // No place begins within an escape.
            self.stretches.push((self.text.len(), to));
        }
    }

    /// Where a place is in the text that was read.
    fn source(&self, place: usize) -> usize {
        let behind = self.stretches.partition_point(|(here, _)| *here <= place);
        let stretch = behind.checked_sub(1).and_then(|at| self.stretches.get(at));
        stretch.map_or(place, |(here, there)| there + (place - here))
    }
}

/// What a text reads as when no escape is left.
pub(super) fn plain(raw: &[u8]) -> Vec<u8> {
    Views::of(raw).plain().to_vec()
}

#[derive(Clone, Copy)]
enum Escaped {
    Byte(u8),
    Character(char),
}

/// The escape that a text begins with: its length and what it stands for.
fn escape(text: &[u8]) -> Option<(usize, Escaped)> {
    Some(match text {
        [b'%', a, b, ..] => (3, Escaped::Byte(byte(*a, *b)?)),
        [b'\\', b'u', digits @ ..] => (6, Escaped::Character(code(digits.get(..4)?, 16)?)),
        [b'\\', b'x', a, b, ..] => (4, Escaped::Byte(byte(*a, *b)?)),
        [b'\\', plain @ (b'/' | b'"' | b'\'' | b'\\'), ..] => (2, Escaped::Byte(*plain)),
        // Between words, whichever kind of space it is.
        [b'\\', b'b' | b'f' | b'n' | b'r' | b't', ..] => (2, Escaped::Byte(b' ')),
        [b'&', rest @ ..] => entity(rest)?,
        _ => return None,
    })
}

fn entity(rest: &[u8]) -> Option<(usize, Escaped)> {
    let end = rest.iter().take(LONGEST_ENTITY).position(|byte| *byte == b';')?;
    let escaped = match rest.get(..end)? {
        b"amp" => Escaped::Byte(b'&'),
        b"lt" => Escaped::Byte(b'<'),
        b"gt" => Escaped::Byte(b'>'),
        b"quot" => Escaped::Byte(b'"'),
        b"apos" => Escaped::Byte(b'\''),
        // Of HTML, by which some escape more than XML asks for.
        b"commat" => Escaped::Byte(b'@'),
        b"plus" => Escaped::Byte(b'+'),
        b"sol" => Escaped::Byte(b'/'),
        [b'#', b'x' | b'X', digits @ ..] => Escaped::Character(code(digits, 16)?),
        [b'#', digits @ ..] => Escaped::Character(code(digits, 10)?),
        _ => return None,
    };
    Some((end + 2, escaped))
}

fn byte(a: u8, b: u8) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(a)? * 16 + digit(b)?).ok()
}

fn code(digits: &[u8], radix: u32) -> Option<char> {
    let text = std::str::from_utf8(digits).ok()?;
    let plain = text.bytes().all(|byte| byte.is_ascii_hexdigit());
    char::from_u32(u32::from_str_radix(text, radix).ok().filter(|_| plain)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_escape_is_read_and_escapes_within_escapes_too() {
        for (raw, read) in [
            ("a%40b", "a@b"),
            ("a&#64;b&#x40;c", "a@b@c"),
            ("a&amp;#64;b", "a@b"),
            ("a%2540b", "a@b"),
            (r"a\u0040b\/c", "a@b/c"),
            (r"a\x40b\nc\'d", "a@b c'd"),
            ("a&#0000000000000064;b&commat;c", "a@b@c"),
            ("a%25252525252540b", "a@b"),
            (
                "100% & more \\ %zz &x; &#xffffffff;",
                "100% & more \\ %zz &x; &#xffffffff;",
            ),
            ("&#233;", "é"),
        ] {
            assert_eq!(String::from_utf8(plain(raw.as_bytes())).unwrap(), read, "{raw}");
        }
    }

    #[test]
    fn a_place_that_was_read_leads_back_to_its_escapes() {
        let raw = "x%2540y&#233;z";
        let views = Views::of(raw.as_bytes());
        let last = views.texts().count() - 1;
        let at = |text: &str| {
            views
                .plain()
                .windows(text.len())
                .position(|window| window == text.as_bytes())
                .unwrap()
        };
        for (text, source) in [
            ("@", "%2540"),
            ("y", "y"),
            ("é", "&#233;"),
            ("z", "z"),
            ("@yéz", "%2540y&#233;z"),
        ] {
            let begin = at(text);
            assert_eq!(&raw[views.source(last, &(begin..begin + text.len()))], source);
        }
    }
}
