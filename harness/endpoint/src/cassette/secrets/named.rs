//! What must not be kept, found by the name that it stands behind.

use std::ops::Range;

use super::{Kind, is_base64};

/// The longest tag that is looked at.
const LONGEST_TAG: usize = 256;
/// The longest value of a name that is looked at.
const LONGEST: usize = 1 << 13;

/// Names without `-`, `_` and spaces and in lower case, of members, header fields and parameters; the longer before those
/// that they end in.
const NAMES: [(&[u8], Kind); 16] = [
    (b"accesskeyid", Kind::AccessKey),
    (b"accesskey", Kind::AccessKey),
    (b"accountid", Kind::Account),
    (b"accountnumber", Kind::Account),
    (b"account", Kind::Account),
    (b"amzid2", Kind::HostId),
    (b"hostid", Kind::HostId),
    (b"ownerid", Kind::Account),
    (b"owner", Kind::Account),
    (b"principal", Kind::Account),
    (b"requestid", Kind::RequestId),
    (b"secretaccesskey", Kind::SecretKey),
    (b"secretkey", Kind::SecretKey),
    (b"securitytoken", Kind::SessionToken),
    (b"sessiontoken", Kind::SessionToken),
    (b"signature", Kind::Signature),
];
/// Names that say so only where nothing stands before them: the next page's token is none of these.
const WHOLE_NAMES: [(&[u8], Kind); 1] = [(b"token", Kind::SessionToken)];
/// Longer than any of the names, also with what is left out of them.
const REACH: usize = 24;

/// Looks at what stands behind names.
pub(super) fn find(text: &[u8], tell: &mut impl FnMut(Kind, Range<usize>)) {
    let ends = memchr::memchr3_iter(b'>', b'"', b'=', text).chain(memchr::memchr2_iter(b':', b'\'', text));
    for end in ends {
        let next = text.get(end).copied().unwrap_or_default();
        let before = text.get(..end).unwrap_or_default();
        // An element's name stands before its attributes.
        let before = match (next, before) {
            (b'>', [.., b'"' | b'\'' | b' ' | b'\t' | b'\r' | b'\n']) => element_name(before),
            _ => before,
        };
        if may_be_name(before) {
            let length = before.iter().rev().take_while(|byte| is_base64(**byte)).count();
            if length > 0 {
                named(text, (before.len() - length..before.len(), end), tell);
            }
        }
    }
}

/// What there is up to the end of the name of the element whose attributes a text ends in; nothing where it ends in none.
fn element_name(text: &[u8]) -> &[u8] {
    let begin = text.len().saturating_sub(LONGEST_TAG);
    let tag = text.get(begin..).unwrap_or_default();
    let opens = memchr::memrchr(b'<', tag).map(|at| begin + at + 1);
    let name = opens.and_then(|opens| text.get(opens..)).unwrap_or_default();
    let length = name.iter().position(u8::is_ascii_whitespace);
    let end = opens.zip(length).map(|(opens, length)| opens + length);
    end.and_then(|end| text.get(..end)).unwrap_or_default()
}

/// What stands behind a name: `<Name>value<`, `<Name a="b">value<`, `"Name": "value"`, `'Name': 'value'`, `Name=value&`,
/// `Name: value`. The name is a run, and ends there or further on.
fn named(text: &[u8], (run, end): (Range<usize>, usize), tell: &mut impl FnMut(Kind, Range<usize>)) {
    let Some(next) = text.get(end).copied() else {
        return;
    };
    let closes = text.get(run.start) == Some(&b'/') && next == b'>';
    if closes {
        return;
    }
    let Some(kind) = kind_of(text.get(..run.end).unwrap_or_default()) else {
        return;
    };
    if let Some(place) = value(text, end, next)
        && kind.fits(text.get(place.clone()).unwrap_or_default())
    {
        tell(kind, place);
    }
}

/// Whether a text ends as one of the names does; most end otherwise.
fn may_be_name(text: &[u8]) -> bool {
    let [.., before, last] = text else { return false };
    match (before.to_ascii_lowercase(), last.to_ascii_lowercase()) {
        (_, b'2') => true,
        end => matches!(&[end.0, end.1], b"id" | b"ey" | b"er" | b"nt" | b"al" | b"en" | b"re"),
    }
}

/// The kind that the name of a header says its value has.
pub(in super::super) fn named_by(name: &str, value: &[u8]) -> Option<Kind> {
    kind_of(name.as_bytes()).filter(|kind| kind.fits(value))
}

/// The kind of a name that a text ends with.
fn kind_of(text: &[u8]) -> Option<Kind> {
    let backwards = text.iter().rev().take(REACH);
    let name = backwards.filter(|byte| !matches!(byte, b'-' | b'_' | b' '));
    let is = |known: &[u8]| {
        let mut name = name.clone();
        let mut known = known.iter().rev();
        known.all(|due| name.next().is_some_and(|byte| byte.to_ascii_lowercase() == *due))
    };
    let is_whole = |known: &[u8]| is(known) && !name.clone().nth(known.len()).is_some_and(u8::is_ascii_alphanumeric);
    let named = NAMES.iter().find(|(known, _)| is(known));
    let named = named.or_else(|| WHOLE_NAMES.iter().find(|(known, _)| is_whole(known)));
    named.map(|(_, kind)| *kind)
}

/// Where the value of a name that ends here stands.
fn value(text: &[u8], end: usize, next: u8) -> Option<Range<usize>> {
    let behind = text.get(end + 1..)?;
    let behind = behind.get(..LONGEST).unwrap_or(behind);
    let skip = |from: usize, is: fn(&u8) -> bool| from + behind.iter().skip(from).take_while(|byte| is(byte)).count();
    let space = |byte: &u8| byte.is_ascii_whitespace();
    let (begin, stops): (usize, fn(&u8) -> bool) = match next {
        b'>' => content(behind),
        b'"' | b'\'' => {
            let colon = skip(0, space);
            let begin = skip((behind.get(colon) == Some(&b':')).then_some(colon + 1)?, space);
            match behind.get(begin)? {
                b'"' => (begin + 1, |byte| *byte == b'"'),
                b'\'' => (begin + 1, |byte| *byte == b'\''),
                b'0'..=b'9' => (begin, |byte| !byte.is_ascii_digit()),
                _ => return None,
            }
        }
        b'=' => (skip(0, |byte| matches!(byte, b'"' | b'\'')), ends_a_word),
        _ => (skip(0, space), ends_a_word),
    };
    let length = behind
        .get(begin..)?
        .iter()
        .position(stops)
        .unwrap_or(behind.len() - begin);
    let value = behind.get(begin..begin + length)?.trim_ascii_end();
    Some(end + 1 + begin..end + 1 + begin + value.len())
}

/// Where the text of an element begins behind its tag, and what ends it.
fn content(behind: &[u8]) -> (usize, fn(&u8) -> bool) {
    let mut begin = 0;
    loop {
        let rest = behind.get(begin..).unwrap_or_default();
        let spaces = rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let rest = rest.get(spaces..).unwrap_or_default();
        begin += spaces;
        if rest.starts_with(b"<![CDATA[") {
            return (begin + b"<![CDATA[".len(), |byte| *byte == b']');
        }
        match rest
            .starts_with(b"<!--")
            .then(|| memchr::memmem::find(rest, b"-->"))
            .flatten()
        {
            Some(end) => begin += end + b"-->".len(),
            None => return (begin, |byte| *byte == b'<'),
        }
    }
}

fn ends_a_word(byte: &u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b'&' | b',' | b';' | b'"' | b'\'' | b'<' | b'>' | b')' | b'}')
}
