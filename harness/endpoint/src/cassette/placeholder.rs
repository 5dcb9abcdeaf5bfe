//! Placeholders in bytes: `{name}`; a literal brace stands twice.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Range;

use memchr::memmem;

use super::view::{Views, plain};
use crate::env::uuid_form;

/// The run's token, and the same in upper case.
pub(super) const RUN: &str = "run";
pub(super) const RUN_UPPER: &str = "RUN";

/// From how many bytes on a text is searched with tables, which take longer to make than they save in a shorter one.
const LARGE: usize = 4096;
/// Among how many of a text's first bytes a rare one is looked for.
const NEAR: usize = 24;

/// A text to hide, and what to put in its place.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) text: Vec<u8>,
    /// The name without its number.
    pub(super) base: Cow<'static, str>,
    /// The so manieth text of this name, from 1.
    number: usize,
    /// Where the text has a byte that other texts seldom have.
    rare: usize,
}

impl Known {
    /// The so manieth text of this name, from 1.
    pub(super) fn new(text: &[u8], base: Cow<'static, str>, number: usize) -> Self {
        let near = text.iter().take(NEAR).enumerate();
        let rarest = near.min_by_key(|(_, byte)| commonness(**byte));
        Self {
            base,
            number,
            rare: rarest.map_or(0, |(at, _)| at),
            text: text.to_vec(),
        }
    }

    /// Tells of every place of the text in another one, from the first on, none of which overlap.
    fn each_place(&self, text: &[u8], mut tell: impl FnMut(Range<usize>)) {
        let length = self.text.len();
        let Some(rare) = self.text.get(self.rare).filter(|_| text.len() >= length) else {
            return;
        };
        if text.len() >= LARGE {
            return memmem::find_iter(text, &self.text).for_each(|at| tell(at..at + length));
        }
        let mut behind = 0;
        for at in memchr::memchr_iter(*rare, text) {
            let begin = at.checked_sub(self.rare).filter(|begin| *begin >= behind);
            let Some(place) = begin.map(|begin| begin..begin + length) else {
                continue;
            };
            if text.get(place.clone()) == Some(self.text.as_slice()) {
                behind = place.end;
                tell(place);
            }
        }
    }

    /// Adds the placeholder.
    fn push(&self, out: &mut Vec<u8>) {
        out.push(b'{');
        out.extend_from_slice(self.base.as_bytes());
        if self.number > 1 {
            out.push(b':');
            out.extend_from_slice(self.number.to_string().as_bytes());
        }
        out.push(b'}');
    }
}

/// How often a byte is seen in forms and in XML, roughly.
fn commonness(byte: u8) -> u8 {
    match byte {
        b'a'..=b'z' | b'<' | b'>' | b'/' | b'=' | b'&' | b' ' => 3,
        b'A'..=b'Z' | b'-' | b'.' | b'%' => 2,
        b'0'..=b'9' | b'"' | b':' | b'_' => 1,
        _ => 0,
    }
}

/// What becomes of literal braces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Braces {
    /// They stand twice, so that a placeholder can be told from them.
    Doubled,
    /// They stay.
    Single,
}

/// The bytes with placeholders in the place of what is known, however it is escaped, and with literal braces doubled. Of
/// two texts that begin at the same place the longer one is meant.
pub(super) fn hide<'k>(
    views: &Views<'_>,
    known: &(impl Iterator<Item = &'k Known> + Clone),
    braces: Braces,
) -> Vec<u8> {
    let mut places = Vec::new();
    for (number, text) in views.texts().enumerate() {
        for known in known.clone() {
            known.each_place(text, |place| places.push((views.source(number, &place), known)));
        }
    }
    places.sort_by_key(|(place, _)| (place.start, Reverse(place.end)));
    let raw = views.raw();
    let mut out = Vec::with_capacity(raw.len() + raw.len() / 8);
    let plain = |text: &[u8], out: &mut Vec<u8>| match braces {
        Braces::Doubled => double_braces(text, out),
        Braces::Single => out.extend_from_slice(text),
    };
    let mut at = 0;
    for (place, known) in places {
        // What overlaps with what was hidden is hidden from there on.
        if place.end > at {
            plain(raw.get(at..place.start.max(at)).unwrap_or_default(), &mut out);
            known.push(&mut out);
            at = place.end;
        }
    }
    plain(raw.get(at..).unwrap_or_default(), &mut out);
    out
}

fn double_braces(text: &[u8], out: &mut Vec<u8>) {
    let mut at = 0;
    for brace in memchr::memchr2_iter(b'{', b'}', text) {
        out.extend_from_slice(text.get(at..=brace).unwrap_or_default());
        // The other one comes with what follows.
        at = brace;
    }
    out.extend_from_slice(text.get(at..).unwrap_or_default());
}

/// A part of a text as it was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece<'a> {
    /// These bytes.
    Literal(&'a [u8]),
    /// A placeholder of this name.
    Name(&'a str),
}

/// The parts of a text as it was kept. Two literal parts may follow each other.
fn pieces(kept: &[u8]) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = kept;
    std::iter::from_fn(move || {
        let at = memchr::memchr2(b'{', b'}', rest).unwrap_or(rest.len());
        if at > 0 {
            let (literal, after) = rest.split_at_checked(at)?;
            rest = after;
            return Some(Piece::Literal(literal));
        }
        if let Some((name, after)) = named(rest) {
            rest = after;
            return Some(Piece::Name(name));
        }
        let twice = rest.get(1) == rest.first();
        let literal = rest.get(..1)?;
        rest = rest.get(if twice { 2 } else { 1 }..)?;
        Some(Piece::Literal(literal))
    })
}

/// The name at the beginning of `{name}...` and what follows it.
fn named(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let rest = bytes.strip_prefix(b"{")?;
    let (name, after) = rest.split_at_checked(memchr::memchr(b'}', rest)?)?;
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b':');
    let name = std::str::from_utf8(name).ok().filter(|name| !name.is_empty())?;
    name.as_bytes().iter().all(is_part).then_some((name, after.get(1..)?))
}

/// The names of the placeholders in a text, in order.
pub(super) fn names(kept: &[u8]) -> impl Iterator<Item = &str> {
    pieces(kept).filter_map(|piece| match piece {
        Piece::Name(name) => Some(name),
        Piece::Literal(_) => None,
    })
}

/// What stands in the place of a name without a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Otherwise {
    /// A value of the right form, where it is of an account, an id, an address and the like.
    Made,
    /// The placeholder itself.
    Kept,
}

/// The bytes with every placeholder filled in and doubled braces made single. Values are escaped where the text is XML or
/// JSON.
pub(super) fn fill(bytes: &[u8], values: &BTreeMap<String, String>, otherwise: Otherwise) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 8);
    let form = bytes.trim_ascii_start().first().copied();
    for piece in pieces(bytes) {
        match piece {
            Piece::Literal(text) => out.extend_from_slice(text),
            Piece::Name(name) => match value(name, values).or_else(|| made(name, otherwise)) {
                Some(value) => push_escaped(&value, form, &mut out),
                None => out.extend_from_slice(format!("{{{name}}}").as_bytes()),
            },
        }
    }
    out
}

/// The same for text.
pub(super) fn fill_text(text: &str, values: &BTreeMap<String, String>, otherwise: Otherwise) -> String {
    let filled = pieces(text.as_bytes()).map(|piece| match piece {
        Piece::Literal(text) => String::from_utf8_lossy(text).into_owned(),
        Piece::Name(name) => value(name, values)
            .or_else(|| made(name, otherwise))
            .unwrap_or_else(|| format!("{{{name}}}")),
    });
    filled.collect()
}

fn push_escaped(value: &str, form: Option<u8>, out: &mut Vec<u8>) {
    for byte in value.bytes() {
        match (form, byte) {
            (Some(b'<'), b'&') => out.extend_from_slice(b"&amp;"),
            (Some(b'<'), b'<') => out.extend_from_slice(b"&lt;"),
            (Some(b'<'), b'>') => out.extend_from_slice(b"&gt;"),
            (Some(b'{'), b'"' | b'\\') => out.extend_from_slice(&[b'\\', byte]),
            _ => out.push(byte),
        }
    }
}

fn value(name: &str, values: &BTreeMap<String, String>) -> Option<String> {
    match values.get(name) {
        Some(value) => Some(value.clone()),
        None if name == RUN_UPPER => values.get(RUN).map(|token| token.to_ascii_uppercase()),
        None => None,
    }
}

/// A value of the form that the name's kind has.
fn made(name: &str, otherwise: Otherwise) -> Option<String> {
    if otherwise == Otherwise::Kept {
        return None;
    }
    let (kind, number) = name.split_once(':').unwrap_or((name, "1"));
    let number = number.parse::<u64>().ok().filter(|number| *number > 0)?;
    match kind.strip_prefix("given-").unwrap_or(kind) {
        "account" => Some(format!("{:012}", number - 1)),
        "request-id" => Some(uuid_form(0, number)),
        "email" => Some(format!("somebody{number}@example.com")),
        "access-key" => Some(format!("AKIA{number:016}")),
        "secret-key" => Some(format!("{number:040}")),
        "signature" => Some(format!("{number:064}")),
        "session-token" | "host-id" => Some(format!("{number:0100}")),
        _ => None,
    }
}

/// Whether what is asked now is what was kept, with some text for each placeholder: the bound one where there is one. What
/// the text says of others is bound, if all of it fits.
pub(super) fn fits(kept: &[u8], asked: &[u8], bound: &mut BTreeMap<String, String>) -> bool {
    let mut learnt = BTreeMap::new();
    let pieces = joined(kept);
    let known = |name: &str, learnt: &BTreeMap<String, String>| value(name, bound).or_else(|| value(name, learnt));
    let mut rest = asked;
    for (at, piece) in pieces.iter().enumerate() {
        let left = match piece {
            Part::Literal(text) => rest.strip_prefix(text.as_slice()),
            Part::Name(name) => {
                let next = pieces.get(at + 1);
                match known(name, &learnt) {
                    Some(value) => strip(rest, &value, next),
                    None => take(name, rest, next).map(|(value, left)| {
                        learnt.insert(name.clone(), value);
                        left
                    }),
                }
            }
        };
        match left {
            Some(left) => rest = left,
            None => return false,
        }
    }
    if rest.is_empty() {
        bound.append(&mut learnt);
    }
    rest.is_empty()
}

enum Part {
    Literal(Vec<u8>),
    Name(String),
}

/// The parts with no two literal ones behind each other.
fn joined(kept: &[u8]) -> Vec<Part> {
    let mut parts = Vec::new();
    for piece in pieces(kept) {
        match (piece, parts.last_mut()) {
            (Piece::Literal(text), Some(Part::Literal(last))) => last.extend_from_slice(text),
            (Piece::Literal(text), _) => parts.push(Part::Literal(text.to_vec())),
            (Piece::Name(name), _) => parts.push(Part::Name(name.to_owned())),
        }
    }
    parts
}

/// Behind a value that is known, as it is or escaped.
fn strip<'t>(rest: &'t [u8], value: &str, next: Option<&Part>) -> Option<&'t [u8]> {
    rest.strip_prefix(value.as_bytes()).or_else(|| {
        let mut ends = ends(rest, next).into_iter();
        let end = ends.find(|end| rest.get(..*end).is_some_and(|text| plain(text) == value.as_bytes()))?;
        rest.get(end..)
    })
}

/// The first sight of a name: its value and what follows. An account is twelve digits, anything else reaches to the next
/// literal.
fn take<'t>(name: &str, rest: &'t [u8], next: Option<&Part>) -> Option<(String, &'t [u8])> {
    let is_account = name.strip_prefix("given-").unwrap_or(name).starts_with("account");
    let is_fit = |text: &[u8]| !text.is_empty() && (!is_account || is_account_number(text));
    let twelve = || Some(12).filter(|end| is_account && rest.get(..*end).is_some_and(is_account_number));
    let end = twelve().or_else(|| {
        ends(rest, next)
            .into_iter()
            .find(|end| rest.get(..*end).is_some_and(|text| is_fit(&plain(text))))
    })?;
    let (text, left) = rest.split_at_checked(end)?;
    Some((String::from_utf8(plain(text)).ok()?, left))
}

fn is_account_number(text: &[u8]) -> bool {
    text.len() == 12 && text.iter().all(u8::is_ascii_digit)
}

/// Where a value may end.
fn ends(rest: &[u8], next: Option<&Part>) -> Vec<usize> {
    match next {
        Some(Part::Literal(literal)) => memmem::find_iter(rest, literal).collect(),
        // Where nothing is between two of them, nothing tells where one ends.
        Some(Part::Name(_)) => Vec::new(),
        None => vec![rest.len()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> [Known; 2] {
        [
            Known::new(b"r7", "run".into(), 1),
            Known::new(b"r7x@", "other".into(), 2),
        ]
    }

    fn hidden(text: &str) -> String {
        String::from_utf8(hide(&Views::of(text.as_bytes()), &known().iter(), Braces::Doubled)).unwrap()
    }

    fn values() -> BTreeMap<String, String> {
        [("run", "r7"), ("other:2", "r7x@")]
            .map(|(a, b)| (a.to_owned(), b.to_owned()))
            .into()
    }

    #[test]
    fn the_longest_text_is_hidden_and_braces_are_doubled() {
        assert_eq!(hidden("a-r7-r7x@-{r7}-é"), "a-{run}-{other:2}-{{{run}}}-é");
    }

    #[test]
    fn escaped_texts_are_hidden_with_their_escapes() {
        for text in ["r7x%40", "%72%37x&#64;", "r7x%2540", "&#x72;7x@"] {
            assert_eq!(hidden(&format!("<{text}>")), "<{other:2}>", "{text}");
        }
    }

    #[test]
    fn what_was_hidden_comes_back() {
        for text in ["r7r7x@", "{r7}", "{{run}}", "}{", "{", "plain é", "r7}}", "{}", "{a b}"] {
            let filled = fill(hidden(text).as_bytes(), &values(), Otherwise::Made);
            assert_eq!(String::from_utf8(filled).unwrap(), text);
            assert_eq!(fill_text(&hidden(text), &values(), Otherwise::Made), text);
        }
    }

    #[test]
    fn a_value_is_escaped_as_the_text_around_it_is() {
        let values = [("redacted".to_owned(), "a&\"<".to_owned())].into();
        for (kept, filled) in [
            ("<A>{redacted}</A>", "<A>a&amp;\"&lt;</A>"),
            ("{{\"a\":\"{redacted}\"}}", "{\"a\":\"a&\\\"<\"}"),
            ("plain {redacted}", "plain a&\"<"),
        ] {
            assert_eq!(
                String::from_utf8(fill(kept.as_bytes(), &values, Otherwise::Kept)).unwrap(),
                filled
            );
        }
    }

    #[test]
    fn a_name_without_a_value_gets_one_of_its_form_or_stays() {
        let filled = fill_text(
            "{account} {account:2} {request-id} {else}",
            &BTreeMap::new(),
            Otherwise::Made,
        );
        let parts: Vec<_> = filled.split(' ').collect();
        assert_eq!(
            (parts[0], parts[1], parts[3]),
            ("000000000000", "000000000001", "{else}")
        );
        assert_eq!(parts[2].len(), 36);
        assert_eq!(fill_text("{account}", &BTreeMap::new(), Otherwise::Kept), "{account}");
    }

    #[test]
    fn a_request_that_was_kept_fits_another_runs_and_binds_what_it_says() {
        let mut bound = values();
        let kept = b"Name={run}-{{&Owner={given-account}&Mail={given-email}&Again={given-email}";
        assert!(fits(
            kept,
            b"Name=r7-{&Owner=111122223333&Mail=a%40b.com&Again=a@b.com",
            &mut bound
        ));
        assert_eq!(bound["given-email"], "a@b.com");
        // What was bound stays bound.
        assert!(fits(b"{given-account}", b"111122223333", &mut bound));
        assert!(!fits(b"{given-account}", b"111122223334", &mut bound));
    }

    #[test]
    fn another_request_does_not_fit_and_binds_nothing() {
        for asked in [
            "Name=r8&Owner=111122223333&M=a",
            "Name=r7&Owner=11112222333&M=a",
            "Name=r7&Owner=111122223333&M=",
            "Name=r7&Owner=111122223333&M=a&More=1",
            "",
        ] {
            let mut bound = values();
            let fits = fits(
                b"Name={run}&Owner={given-account}&M={given-redacted}",
                asked.as_bytes(),
                &mut bound,
            );
            // What a placeholder stands for may hold anything, at the end of a request as well.
            assert_eq!(fits, asked.ends_with("More=1"), "{asked}");
            assert!(fits || bound == values());
        }
    }
}
