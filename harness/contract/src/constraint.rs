//! Rules on one member, as mined from a model's traits and documentation.

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

/// A point on which sources disagree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Contest {
    /// Whether these characters are permitted.
    Chars(String),
    /// Whether letters beyond ASCII are permitted.
    NonAsciiLetters,
    /// Whether lengths in this inclusive range are permitted.
    Lengths(u64, u64),
    /// Whether this exact value is permitted.
    Word(String),
    /// Whether null or an empty value is permitted.
    Empty,
}
