//! What texts are made of.

use parallax_contract::CharClass;

/// How many letters a pool of characters begins with, where it begins with letters.
pub(super) const ALPHABET: usize = 26;

/// Bounds beyond this many characters are not tried; a request has its limits.
pub(super) const LONGEST: u64 = 65_536;

/// Lengths at which programs break whatever the contract says: both sides of powers of two and of usual columns.
pub(in crate::generate) const LENGTHS: [usize; 22] = [
    1, 2, 31, 32, 33, 63, 64, 65, 100, 127, 128, 129, 199, 200, 201, 254, 255, 256, 257, 511, 512, 513,
];

/// Far beyond what is usual, asked seldom.
pub(super) const LONG: [usize; 5] = [1000, 1023, 1024, 1025, 4097];

/// What fills a text to a length: one, two, three and four bytes of UTF-8, and letters that grow when folded.
pub(super) const FILLERS: [&str; 8] = ["a", "b", "Z", "7", "é", "日", "🦀", "ß"];

/// Characters that a rule may forbid at an end or in the middle.
pub(super) const MARKS: [&str; 30] = [
    "-", "--", "_", ".", " ", "/", "\\", ":", "@", "+", "%", "#", "?", "=", "*", "{", "}", "&", "<", ">", "\"", "'",
    ",", ";", "$", "7", "é", "٣", "\t", "\u{7f}",
];

/// White space of every kind.
pub(super) const SPACES: [&str; 11] = [
    " ", "  ", "\t", "\n", "\r\n", "\r", "\u{a0}", "\u{3000}", "\u{2028}", "\u{85}", "\u{200b}",
];

/// What an encoder or decoder may take for its own.
pub(super) const MARKUP: [&str; 20] = [
    "<a>",
    "&amp;",
    "]]>",
    "&",
    "\"",
    "'",
    "<!--",
    "&#65;",
    "%41",
    "%",
    "+",
    "a=b&c=d",
    "<![CDATA[x]]>",
    "{x}",
    "\\u0041",
    "\\n",
    "${x}",
    "</a>",
    "<a/>",
    "&lt;",
];

/// Characters with a meaning of their own.
pub(super) const SPECIALS: [char; 16] = [
    '\u{0}',
    '\u{1}',
    '\u{b}',
    '\u{1f}',
    '\u{7f}',
    '\u{80}',
    '\u{ad}',
    '\u{300}',
    '\u{200d}',
    '\u{202e}',
    '\u{d7ff}',
    '\u{e000}',
    '\u{feff}',
    '\u{fffd}',
    '\u{fffe}',
    '\u{1f9d1}',
];

/// Characters of a class, a few of them where there are many.
pub(super) fn characters(class: CharClass) -> &'static str {
    match class {
        CharClass::Letters | CharClass::AsciiLetters => "AKSZ",
        CharClass::LowercaseLetters | CharClass::Digits => "",
        CharClass::Hyphen => "-",
        CharClass::Underscore => "_",
        CharClass::Period => ".",
        CharClass::Slash => "/",
        CharClass::Space => " ",
        CharClass::Plus => "+",
        CharClass::At => "@",
        CharClass::Equals => "=",
        CharClass::Colon => ":",
        CharClass::Backslash => "\\",
        CharClass::PrintableAscii => "!&~ \"<>",
    }
}
