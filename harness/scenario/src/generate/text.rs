//! Texts: valid, with one rule broken, and wild.

mod tables;

use parallax_contract::Rule;

use super::choose::{Choose, index, pick, weighted};
use super::folding::{CLASSES, respell};
use super::notation::repeat;
use crate::TOKEN_LENGTH;
use crate::names::escape;
pub(super) use tables::LENGTHS;
use tables::{ALPHABET, FILLERS, LONG, LONGEST, MARKS, MARKUP, SPACES, SPECIALS, characters};

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
    /// Whether only some characters are permitted.
    narrow: bool,
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
            narrow: false,
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
                self.narrow = true;
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
            (18, Manner::Fold),
            (8, Manner::Near),
            (4, Manner::Word),
            (14, Manner::Space),
            (12, Manner::Markup),
            (10, Manner::Wild),
        ];
        self.whole(choose, &manner)
    }

    /// A text that breaks no rule which is known here, so that what a call says otherwise is put to the test.
    pub(super) fn kept(&self, choose: &mut dyn Choose) -> String {
        if let Some(value) = pick(choose, &self.values) {
            return escape(value);
        }
        let manner = match (self.narrow, choose.below(2)) {
            (false, 1) => [
                (3, Manner::Fold),
                (3, Manner::Near),
                (2, Manner::Space),
                (2, Manner::Markup),
            ],
            _ => [
                (2, Manner::Plain),
                (7, Manner::Valid),
                (0, Manner::Fold),
                (1, Manner::Length),
            ],
        };
        match weighted(choose, &manner).unwrap_or(Manner::Plain) {
            Manner::Length => self.kept_length(choose),
            manner => self.whole(choose, &[(1, manner)]),
        }
    }

    fn whole(&self, choose: &mut dyn Choose, manners: &[(u32, Manner)]) -> String {
        let (head, tail) = self.made(choose, manners, 0, 0);
        head + &tail
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

    /// One to eight permitted characters, and now and then a number behind them; the first is a letter where letters are.
    fn word(&self, choose: &mut dyn Choose) -> String {
        let length = 1 + choose.below(8);
        let mut word: String = (0..length).filter_map(|_| pick(choose, &self.pool)).collect();
        let letters = self.pool.get(..ALPHABET).filter(|letters| letters.starts_with(&['a']));
        if let Some(letters) = letters {
            if !word.starts_with(char::is_alphabetic) {
                word.insert(0, *pick(choose, letters).unwrap_or(&'a'));
            }
            word = cased(choose, &word);
        }
        if choose.below(4) == 3 {
            word.push_str(&choose.below(100).to_string());
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

    /// A permitted text of a length at which something may break.
    fn kept_length(&self, choose: &mut dyn Choose) -> String {
        let bounds = self.lengths.iter().chain(&LENGTHS).copied();
        let lengths: Vec<usize> = bounds.filter(|length| (1..=self.longest).contains(length)).collect();
        let length = pick(choose, &lengths).copied().unwrap_or(1);
        format!("p{}", repeat("a", length - 1))
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

/// The word in small letters, or in one of the ways in which people capitalise.
fn cased(choose: &mut dyn Choose, word: &str) -> String {
    let first = match choose.below(8) {
        4 => word.len(),
        5 => 1,
        6 => 2,
        7 => index(choose, word.len()),
        _ => 0,
    };
    let raise = |(at, letter): (usize, char)| {
        if at < first {
            letter.to_ascii_uppercase()
        } else {
            letter
        }
    };
    word.chars().enumerate().map(raise).collect()
}

fn plain(number: usize) -> String {
    match number {
        0 => "px".to_owned(),
        // A letter at the end keeps the number apart from the token's digits.
        _ => format!("px{number}n"),
    }
}

/// One to four strings that have partners under case folding.
fn folding(choose: &mut dyn Choose) -> String {
    let count = 1 + choose.below(4);
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
    fn a_kept_text_breaks_no_rule_that_is_known() {
        let classes = vec![parallax_contract::CharClass::Hyphen];
        let rule = TextRule::new([Rule::MaxLength { max: 40 }, Rule::Charset { classes }].iter());
        let mut choose = Seeded::new(9, 0);
        for _ in 0..2000 {
            let text = names::fill_text(&rule.kept(&mut choose), &Names::new("tokenxx")).unwrap();
            assert!((1..=40).contains(&text.chars().count()), "{text}");
            assert!(text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'), "{text}");
        }
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
