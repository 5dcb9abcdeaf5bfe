//! The rules of names, defined a second time: by bytes and tables, without the functions that the oracle uses.

use parallax_contract::{CharClass, Rule};
use unicase::UniCase;

/// What a rule says of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    /// It is kept.
    Kept,
    /// It is broken.
    Broken,
    /// The sources leave it open.
    Open,
}

use Says::{Broken, Kept, Open};

/// Whether two texts are one under Unicode's default caseless matching.
pub fn same_folded(one: &str, other: &str) -> bool {
    UniCase::unicode(one) == UniCase::unicode(other)
}

/// Whether any case mapping of Unicode, simple or full, brings two texts together.
pub fn may_meet(one: &str, other: &str) -> bool {
    let forms = |text: &str| {
        let (lower, upper) = (text.to_lowercase(), text.to_uppercase());
        [
            lower.to_uppercase(),
            upper.to_lowercase(),
            lower.to_uppercase().to_lowercase(),
            lower,
            upper,
        ]
    };
    let others = forms(other);
    same_folded(one, other) || forms(one).iter().any(|form| others.contains(form))
}

/// The text in lower case as ASCII has it.
pub fn ascii_lower(text: &str) -> String {
    let lower = |c: char| match c {
        'A'..='Z' => char::from_u32(u32::from(c) + 32).unwrap_or(c),
        _ => c,
    };
    text.chars().map(lower).collect()
}

/// What a rule says of a text of at least one character; `None` where it is not defined here.
pub fn judge(rule: &Rule, text: &str) -> Option<Says> {
    Some(match rule {
        Rule::MinLength { min } => bounded(*min <= characters(text), *min <= units(text)),
        Rule::MaxLength { max } => bounded(units(text) <= *max, characters(text) <= *max),
        Rule::Charset { classes } => charset(classes, text),
        Rule::Without { chars } => broken_if(text.chars().any(|c| chars.chars().any(|other| other == c))),
        Rule::FirstLetter => first_letter(text),
        Rule::NoTrailingHyphen => broken_if(text.as_bytes().last() == Some(&b'-')),
        Rule::NoDoubleHyphen => broken_if(text.as_bytes().windows(2).any(|two| two == b"--")),
        Rule::NotBlank => broken_if(text.chars().all(char::is_whitespace)),
        Rule::Reserved { words } => match words.iter().find(|word| same_folded(word, text)) {
            Some(word) if word == text => Broken,
            Some(_) => Open,
            None => Kept,
        },
        Rule::ForbiddenPrefix { prefix } => {
            let head: Vec<u8> = text.bytes().take(prefix.len()).collect();
            match (head == prefix.as_bytes(), head.eq_ignore_ascii_case(prefix.as_bytes())) {
                (true, _) => Broken,
                (false, true) => Open,
                (false, false) => Kept,
            }
        }
        _ => return None,
    })
}

fn broken_if(broken: bool) -> Says {
    if broken { Broken } else { Kept }
}

/// Kept in every way of counting, in one, or in none.
fn bounded(in_all: bool, in_one: bool) -> Says {
    match (in_all, in_one) {
        (true, _) => Kept,
        (false, true) => Open,
        (false, false) => Broken,
    }
}

/// Characters: the bytes of UTF-8 that continue none.
fn characters(text: &str) -> u64 {
    text.bytes().filter(|byte| byte & 0xc0 != 0x80).count() as u64
}

/// Units of UTF-16: a character of four bytes counts twice.
fn units(text: &str) -> u64 {
    characters(text) + text.bytes().filter(|byte| *byte >= 0xf0).count() as u64
}

fn charset(classes: &[CharClass], text: &str) -> Says {
    let of_class = |c: char| classes.iter().any(|class| members(*class).contains(c));
    let outside: Vec<char> = text.chars().filter(|c| !of_class(*c)).collect();
    let letters = classes.contains(&CharClass::Letters);
    match outside.as_slice() {
        [] => Kept,
        some if letters && some.iter().all(|c| word_of_elsewhere(*c)) => Open,
        _ => Broken,
    }
}

/// The members of a class, written out.
fn members(class: CharClass) -> String {
    let (lower, upper) = ("abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    match class {
        CharClass::Letters | CharClass::AsciiLetters => format!("{lower}{upper}"),
        CharClass::LowercaseLetters => lower.to_owned(),
        CharClass::Digits => "0123456789".to_owned(),
        CharClass::PrintableAscii => (32..127_u8).map(char::from).collect(),
        other => match other {
            CharClass::Hyphen => "-",
            CharClass::Underscore => "_",
            CharClass::Period => ".",
            CharClass::Slash => "/",
            CharClass::Plus => "+",
            CharClass::At => "@",
            CharClass::Equals => "=",
            CharClass::Colon => ":",
            CharClass::Backslash => "\\",
            _ => " ",
        }
        .to_owned(),
    }
}

/// Letters, digits and combining marks of other scripts: alphanumeric in somebody's reading.
fn word_of_elsewhere(c: char) -> bool {
    let code = u32::from(c);
    let mark = [0x300..=0x36f, 0x1ab0..=0x1aff, 0x20d0..=0x20ff];
    code > 0x7f && (c.is_alphabetic() || c.is_numeric() || mark.iter().any(|range| range.contains(&code)))
}

fn first_letter(text: &str) -> Says {
    match text.bytes().next() {
        Some(byte) if members(CharClass::Letters).as_bytes().contains(&byte) => Kept,
        Some(0x80..) if text.chars().next().is_some_and(char::is_alphabetic) => Open,
        _ => Broken,
    }
}
