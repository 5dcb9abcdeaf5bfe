//! Texts: valid, with one rule broken, and wild.

use parallax_contract::{CharClass, Rule};

use super::choose::{Choose, index, pick, rarely, weighted};
use super::folding::{CLASSES, respell};
use super::notation::repeat;
use crate::TOKEN_LENGTH;
use crate::names::escape;

/// Bounds beyond this many characters are not tried; a request has its limits.
const LONGEST: u64 = 65_536;

/// Lengths at which programs break whatever the contract says: both sides of powers of two and of usual columns.
pub(super) const LENGTHS: [usize; 22] = [
    1, 2, 31, 32, 33, 63, 64, 65, 100, 127, 128, 129, 199, 200, 201, 254, 255, 256, 257, 511, 512, 513,
];

/// Far beyond what is usual, asked seldom.
const LONG: [usize; 5] = [1000, 1023, 1024, 1025, 4097];

/// What fills a text to a length: one, two, three and four bytes of UTF-8, and letters that grow when folded.
const FILLERS: [&str; 8] = ["a", "b", "Z", "7", "é", "日", "🦀", "ß"];

/// Characters that a rule may forbid at an end or in the middle.
const MARKS: [&str; 30] = [
    "-", "--", "_", ".", " ", "/", "\\", ":", "@", "+", "%", "#", "?", "=", "*", "{", "}", "&", "<", ">", "\"", "'",
    ",", ";", "$", "7", "é", "٣", "\t", "\u{7f}",
];

/// White space of every kind.
const SPACES: [&str; 11] = [
    " ", "  ", "\t", "\n", "\r\n", "\r", "\u{a0}", "\u{3000}", "\u{2028}", "\u{85}", "\u{200b}",
];

/// What an encoder or decoder may take for its own.
const MARKUP: [&str; 20] = [
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
const SPECIALS: [char; 16] = [
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

/// What is known of the texts of one member.
#[derive(Clone, Debug)]
pub(super) struct TextRule {
    /// The values that are valid, where they are listed.
    values: Vec<String>,
    /// Words that are taken and beginnings that are forbidden.
    words: Vec<String>,
    /// Characters that are surely permitted.
    pool: Vec<char>,
    /// Both sides of every bound on the length.
    lengths: Vec<usize>,
    /// The most characters, where somebody says so.
    longest: usize,
}

/// How a text is made.
#[derive(Clone, Copy)]
enum Manner {
    Plain,
    Valid,
    Length,
    Fold,
    Near,
    Word,
    Space,
    Markup,
    Wild,
}

impl TextRule {
    /// What these rules say.
    pub(super) fn new<'a>(rules: impl Iterator<Item = &'a Rule>) -> Self {
        let mut known = Self {
            values: Vec::new(),
            words: Vec::new(),
            pool: ('a'..='z').chain('0'..='9').collect(),
            lengths: Vec::new(),
            longest: 1024,
        };
        for rule in rules {
            known.learn(rule);
        }
        known.lengths.sort_unstable();
        known.lengths.dedup();
        known
    }

    fn learn(&mut self, rule: &Rule) {
        match rule {
            Rule::MinLength { min } => self.bound(*min),
            Rule::MaxLength { max } => {
                self.bound(*max);
                self.longest = self.longest.min(usize::try_from(*max).unwrap_or(usize::MAX));
            }
            Rule::Charset { classes } => {
                self.pool
                    .extend(classes.iter().flat_map(|class| characters(*class).chars()));
            }
            Rule::ValidValues { values } => self.values.extend(values.iter().cloned()),
            Rule::Reserved { words } => self.words.extend(words.iter().cloned()),
            Rule::ForbiddenPrefix { prefix } => self.words.push(prefix.clone()),
            Rule::Pattern { regex } if regex.starts_with(r"\d") => self.pool = ('0'..='9').collect(),
            _ => {}
        }
    }

    fn bound(&mut self, bound: u64) {
        if let Ok(bound) = usize::try_from(bound.min(LONGEST)) {
            self.lengths.extend([bound.saturating_sub(1), bound, bound + 1]);
        }
    }

    /// A text, in the notation of scenarios.
    pub(super) fn text(&self, choose: &mut dyn Choose) -> String {
        if let Some(value) = self.listed(choose) {
            return value;
        }
        let manner = [
            (14, Manner::Plain),
            (14, Manner::Valid),
            (12, Manner::Length),
            (12, Manner::Fold),
            (8, Manner::Near),
            (4, Manner::Word),
            (14, Manner::Space),
            (12, Manner::Markup),
            (10, Manner::Wild),
        ];
        let (mut head, tail) = self.made(choose, &manner, 0, 0);
        head.push_str(&tail);
        head
    }

    /// A name with the run token in it, never at its beginning, where it would decide what the first character is.
    /// `number` tells plain names apart.
    pub(super) fn name(&self, choose: &mut dyn Choose, number: usize) -> String {
        let manner = [
            (24, Manner::Plain),
            (20, Manner::Valid),
            (14, Manner::Length),
            (14, Manner::Fold),
            (12, Manner::Near),
            (4, Manner::Word),
            (3, Manner::Space),
            (3, Manner::Markup),
            (6, Manner::Wild),
        ];
        let (mut head, tail) = self.made(choose, &manner, TOKEN_LENGTH, number);
        if head.is_empty() {
            head.push('p');
        }
        format!("{head}{{run}}{tail}")
    }

    /// One of the listed values, often enough, where there are any; else near one.
    fn listed(&self, choose: &mut dyn Choose) -> Option<String> {
        let at = index(choose, self.values.len());
        let value = escape(self.values.get(at)?);
        match choose.below(8) {
            0..=5 => Some(value),
            6 => Some(respell(choose, &value)),
            _ => None,
        }
    }

    /// The text before and after the place of a token of `taken` characters.
    fn made(
        &self,
        choose: &mut dyn Choose,
        manners: &[(u32, Manner)],
        taken: usize,
        number: usize,
    ) -> (String, String) {
        match weighted(choose, manners).unwrap_or(Manner::Plain) {
            Manner::Plain => (plain(number), String::new()),
            Manner::Valid => (self.word(choose), self.maybe_word(choose)),
            Manner::Length => self.of_length(choose, taken),
            Manner::Fold => (folding(choose), self.maybe_word(choose)),
            Manner::Near => self.marked(choose, &MARKS),
            Manner::Word => (self.taken_word(choose), String::new()),
            Manner::Space => self.marked(choose, &SPACES),
            Manner::Markup => self.marked(choose, &MARKUP),
            Manner::Wild => (wild(choose), String::new()),
        }
    }

    /// One to eight permitted characters, the first a letter where letters are.
    fn word(&self, choose: &mut dyn Choose) -> String {
        let length = 1 + choose.below(8);
        let mut word: String = (0..length).filter_map(|_| pick(choose, &self.pool)).collect();
        if !self.pool.starts_with(&['0']) && rarely(choose, 3) {
            word = word.to_uppercase();
        }
        match self.pool.first() {
            Some(first) if !word.starts_with(char::is_alphabetic) => word.insert(0, *first),
            _ => {}
        }
        escape(&word)
    }

    fn maybe_word(&self, choose: &mut dyn Choose) -> String {
        match choose.below(3) {
            2 => self.word(choose),
            _ => String::new(),
        }
    }

    /// A text whose whole length is at a bound.
    fn of_length(&self, choose: &mut dyn Choose, taken: usize) -> (String, String) {
        let lengths = match choose.below(8) {
            0..=3 if !self.lengths.is_empty() => &self.lengths[..],
            7 if self.longest > 1000 => &LONG,
            _ => &LENGTHS,
        };
        let length = pick(choose, lengths).map_or(1, |length| length.saturating_sub(taken));
        let filler = match choose.below(3) {
            2 => pick(choose, &FILLERS).unwrap_or(&"a"),
            _ => "a",
        };
        match length {
            0 => (String::new(), String::new()),
            _ => (format!("p{}", repeat(filler, length - 1)), String::new()),
        }
    }

    /// One odd thing at the beginning, in the middle, before the token, or at the end.
    fn marked(&self, choose: &mut dyn Choose, marks: &[&str]) -> (String, String) {
        let mark = escape(pick(choose, marks).unwrap_or(&"-"));
        let word = self.word(choose);
        match choose.below(4) {
            0 => (format!("{word}{mark}{}", self.word(choose)), String::new()),
            1 => (word, mark),
            2 => (format!("{mark}{word}"), String::new()),
            _ => (format!("{mark}{word}{mark}"), mark),
        }
    }

    fn taken_word(&self, choose: &mut dyn Choose) -> String {
        let word = escape(pick(choose, &self.words).map_or("default", String::as_str));
        match choose.below(3) {
            2 => respell(choose, &word),
            _ => word,
        }
    }
}

fn plain(number: usize) -> String {
    match number {
        0 => "px".to_owned(),
        // A letter at the end keeps the number apart from the token's digits.
        _ => format!("px{number}n"),
    }
}

/// One to three strings that have partners under case folding.
fn folding(choose: &mut dyn Choose) -> String {
    let count = 1 + choose.below(3);
    let mut text = String::new();
    for _ in 0..count {
        let class = pick(choose, &CLASSES).copied().unwrap_or_default();
        text.push_str(pick(choose, class).unwrap_or(&"k"));
    }
    text
}

/// Up to sixteen characters of any kind.
fn wild(choose: &mut dyn Choose) -> String {
    let length = choose.below(17);
    escape(&(0..length).map(|_| wild_char(choose)).collect::<String>())
}

/// Any character, those that programs trip over more often.
pub(super) fn wild_char(choose: &mut dyn Choose) -> char {
    let code = match choose.below(6) {
        0 => 0x61 + choose.below(26),
        1 => 0x20 + choose.below(0x5f),
        2 => return pick(choose, &SPECIALS).copied().unwrap_or('a'),
        3 => choose.below(0x300),
        4 => choose.below(0x1_0000),
        _ => 0x1_0000 + choose.below(0x10_0000),
    };
    char::from_u32(code).unwrap_or('\u{fffd}')
}

/// Characters of a class, a few of them where there are many.
fn characters(class: CharClass) -> &'static str {
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

#[cfg(test)]
mod tests {
    use super::super::choose::{Replay, Seeded};
    use super::*;
    use crate::{Names, names};

    fn lengths_of(rule: &TextRule, token: &str) -> Vec<usize> {
        let mut choose = Seeded::new(1, 1);
        let names = Names::new(token);
        (0..4000)
            .map(|_| {
                names::fill_text(&rule.name(&mut choose, 0), &names)
                    .unwrap()
                    .chars()
                    .count()
            })
            .collect()
    }

    #[test]
    fn names_reach_both_sides_of_every_bound_with_the_token_in_them() {
        let rule = TextRule::new([Rule::MaxLength { max: 40 }].iter());
        let lengths = lengths_of(&rule, "tokenxx");
        for length in [39, 40, 41, 63, 64, 65, 127, 128, 129, 255, 256] {
            assert!(lengths.contains(&length), "{length}");
        }
    }

    #[test]
    fn the_simplest_texts_are_plain() {
        let rule = TextRule::new([].iter());
        let mut zeros = Replay::new(&[]);
        assert_eq!(rule.name(&mut zeros, 0), "px{run}");
        assert_eq!(rule.name(&mut zeros, 2), "px2n{run}");
        assert_eq!(rule.text(&mut zeros), "px");
        let listed = TextRule::new(
            [Rule::ValidValues {
                values: vec!["red".into()],
            }]
            .iter(),
        );
        assert_eq!(listed.text(&mut zeros), "red");
    }

    #[test]
    fn every_name_holds_the_token_and_does_not_begin_with_it() {
        let rule = TextRule::new([].iter());
        let mut choose = Seeded::new(5, 0);
        for _ in 0..5000 {
            let name = rule.name(&mut choose, 0);
            assert!(name.find("{run}").is_some_and(|at| at > 0), "{name}");
            assert!(names::fill_text(&name, &Names::new("tokenxx")).is_ok(), "{name}");
        }
    }
}
