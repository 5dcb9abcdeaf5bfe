//! Rules on one member, as mined from a model's traits and documentation.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Confidence;

/// One rule on one member, with its origin and confidence. Its place in the contract is the member it hangs on; `at`
/// says where it was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Constraint {
    /// The rule.
    #[serde(flatten)]
    pub rule: Rule,
    /// Which kind of source it comes from.
    pub origin: Origin,
    /// How far it may be trusted.
    pub confidence: Confidence,
    /// Where it was found, such as `CreateUserMessage.UserId` or a page's address.
    pub at: String,
}

/// Which kind of source a constraint comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// A trait of the model, such as `min` or `pattern`.
    Model,
    /// A sentence of the model's documentation.
    Prose,
    /// The hand-written overlay.
    Overlay,
    /// An example beside the model.
    Example,
}

/// What a rule demands. Lengths count Unicode characters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "kebab-case")]
pub enum Rule {
    /// At least `min` characters or list members.
    MinLength {
        /// The bound, inclusive.
        min: u64,
    },
    /// At most `max` characters or list members.
    MaxLength {
        /// The bound, inclusive.
        max: u64,
    },
    /// Only characters of these classes.
    Charset {
        /// The permitted classes.
        classes: Vec<CharClass>,
    },
    /// None of these characters.
    Without {
        /// The forbidden characters.
        chars: String,
    },
    /// The first character is a letter.
    FirstLetter,
    /// The last character is no hyphen.
    NoTrailingHyphen,
    /// No two hyphens in a row.
    NoDoubleHyphen,
    /// Not one of these words, as spelled.
    Reserved {
        /// The words.
        words: Vec<String>,
    },
    /// Kept, and given back, in lower case.
    StoredLowercase,
    /// Not empty and not only white space.
    NotBlank,
    /// One of these values.
    ValidValues {
        /// The values.
        values: Vec<String>,
    },
    /// A number of at least `min` and at most `max`, where given.
    Range {
        /// The lower bound, inclusive.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        min: Option<i64>,
        /// The upper bound, inclusive.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max: Option<i64>,
    },
    /// What is taken when the member is absent.
    Default {
        /// The value as text.
        value: String,
    },
    /// Matches this regular expression as a whole.
    Pattern {
        /// The expression as the model has it.
        regex: String,
    },
    /// Does not begin with this text.
    ForbiddenPrefix {
        /// The prefix, case-sensitive.
        prefix: String,
    },
    /// The sources disagree here; inputs that touch the point are unspecified.
    Contested {
        /// The point.
        point: Contest,
        /// Both sides, in words.
        why: String,
    },
}

/// A class of characters that prose names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CharClass {
    /// Letters; whether only ASCII letters are meant is open unless a source says so.
    Letters,
    /// Letters of ASCII only.
    AsciiLetters,
    /// Lower-case letters of ASCII only.
    LowercaseLetters,
    /// `0` to `9`.
    Digits,
    /// `-`
    Hyphen,
    /// `_`
    Underscore,
    /// `.`
    Period,
    /// `/`
    Slash,
    /// A space.
    Space,
    /// `+`
    Plus,
    /// `@`
    At,
    /// `=`
    Equals,
    /// `:`
    Colon,
    /// `\`
    Backslash,
    /// From `!` to `~`, and the space.
    PrintableAscii,
}

impl CharClass {
    /// Whether a character is of this class in the narrowest reading: letters are those of ASCII.
    pub fn contains(self, c: char) -> bool {
        match self {
            Self::Letters | Self::AsciiLetters => c.is_ascii_alphabetic(),
            Self::LowercaseLetters => c.is_ascii_lowercase(),
            Self::Digits => c.is_ascii_digit(),
            Self::Hyphen => c == '-',
            Self::Underscore => c == '_',
            Self::Period => c == '.',
            Self::Slash => c == '/',
            Self::Space => c == ' ',
            Self::Plus => c == '+',
            Self::At => c == '@',
            Self::Equals => c == '=',
            Self::Colon => c == ':',
            Self::Backslash => c == '\\',
            Self::PrintableAscii => (' '..='~').contains(&c),
        }
    }
}

/// A point on which sources disagree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Contest {
    /// Whether these characters are permitted.
    Chars(String),
    /// Whether letters beyond ASCII are permitted.
    NonAsciiLetters,
    /// Whether characters are permitted that are in none of these classes.
    Outside(Vec<CharClass>),
    /// Whether this beginning is permitted, in any casing.
    Prefix(String),
    /// Whether lengths in this inclusive range are permitted.
    Lengths(u64, u64),
    /// Whether this exact value is permitted.
    Word(String),
    /// Whether null or an empty value is permitted.
    Empty,
}

/// The rule in words for people, such as `at most 255 long`.
impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MinLength { min } => write!(f, "at least {min} long"),
            Self::MaxLength { max } => write!(f, "at most {max} long"),
            Self::Charset { classes } => {
                let names: Vec<_> = classes.iter().map(ToString::to_string).collect();
                write!(f, "only {}", names.join(", "))
            }
            Self::Without { chars } => write!(f, "none of {chars}"),
            Self::FirstLetter => f.write_str("begins with a letter"),
            Self::NoTrailingHyphen => f.write_str("does not end with a hyphen"),
            Self::NoDoubleHyphen => f.write_str("has no two hyphens in a row"),
            Self::Reserved { words } => write!(f, "is not {}", words.join(", ")),
            Self::StoredLowercase => f.write_str("stored in lower case"),
            Self::NotBlank => f.write_str("is not blank"),
            Self::ValidValues { values } => write!(f, "one of {}", values.join(", ")),
            Self::Range { min, max } => match (min, max) {
                (Some(min), Some(max)) => write!(f, "from {min} to {max}"),
                (Some(min), None) => write!(f, "at least {min}"),
                (None, Some(max)) => write!(f, "at most {max}"),
                (None, None) => f.write_str("any number"),
            },
            Self::Default { value } => write!(f, "{value} unless given"),
            Self::Pattern { regex } => write!(f, "matches {regex}"),
            Self::ForbiddenPrefix { prefix } => write!(f, "does not begin with {prefix}"),
            Self::Contested { why, .. } => write!(f, "contested: {why}"),
        }
    }
}

impl fmt::Display for CharClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Letters => "letters",
            Self::AsciiLetters => "ASCII letters",
            Self::LowercaseLetters => "lower-case letters",
            Self::Digits => "digits",
            Self::Hyphen => "hyphens",
            Self::Underscore => "underscores",
            Self::Period => "periods",
            Self::Slash => "slashes",
            Self::Space => "spaces",
            Self::Plus => "plus signs",
            Self::At => "at signs",
            Self::Equals => "equals signs",
            Self::Colon => "colons",
            Self::Backslash => "backslashes",
            Self::PrintableAscii => "printable ASCII characters",
        })
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Model => "model",
            Self::Prose => "prose",
            Self::Overlay => "overlay",
            Self::Example => "example",
        })
    }
}
