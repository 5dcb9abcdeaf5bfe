//! Sentences as AWS writes them, each with the rules in it.

use proptest::prelude::*;

use super::*;
use crate::constraint::CharClass::{
    AsciiLetters, At, Digits, Hyphen, Letters, LowercaseLetters, Period, Plus, PrintableAscii, Space, Underscore,
};
use crate::constraint::{CharClass, Rule};

fn check(html: &str, expected: &[Rule]) {
    assert_eq!(mine(html, "TheMember"), expected, "{html}");
}

fn none(html: &str) {
    check(html, &[]);
}

fn min(min: u64) -> Rule {
    Rule::MinLength { min }
}

fn max(max: u64) -> Rule {
    Rule::MaxLength { max }
}

fn charset(classes: &[CharClass]) -> Rule {
    Rule::Charset {
        classes: classes.to_vec(),
    }
}

fn without(chars: &str) -> Rule {
    Rule::Without {
        chars: chars.to_owned(),
    }
}

fn reserved(words: &[&str]) -> Rule {
    Rule::Reserved {
        words: words.iter().map(|word| (*word).to_owned()).collect(),
    }
}

fn values(values: &[&str]) -> Rule {
    Rule::ValidValues {
        values: values.iter().map(|value| (*value).to_owned()).collect(),
    }
}

fn range(min: impl Into<Option<i64>>, max: impl Into<Option<i64>>) -> Rule {
    Rule::Range {
        min: min.into(),
        max: max.into(),
    }
}

fn default(value: &str) -> Rule {
    Rule::Default {
        value: value.to_owned(),
    }
}

#[test]
fn lengths_come_with_the_characters_they_count() {
    check(
        "Must contain no more than 255 alphanumeric characters.",
        &[max(255), charset(&[Letters, Digits])],
    );
    check(
        "Must contain no more than 255 alphanumeric characters or hyphens",
        &[max(255), charset(&[Letters, Digits, Hyphen])],
    );
    check(
        "A name must contain from 1 to 50 alphanumeric characters or hyphens.",
        &[min(1), max(50), charset(&[Letters, Digits, Hyphen])],
    );
    check(
        "Must contain from 1 to 63 letters, numbers, or hyphens",
        &[min(1), max(63), charset(&[Letters, Digits, Hyphen])],
    );
    check(
        "Must be 1 to 255 letters, numbers, or underscores",
        &[min(1), max(255), charset(&[Letters, Digits, Underscore])],
    );
    check(
        "It must contain 1 to 128 alphanumeric characters",
        &[min(1), max(128), charset(&[Letters, Digits])],
    );
    check(
        "Must be 1 - 63 alphanumeric characters or hyphens",
        &[min(1), max(63), charset(&[Letters, Digits, Hyphen])],
    );
    check(
        "Must contain from 1 to 20 lowercase letters, digits, or hyphens",
        &[min(1), max(20), charset(&[LowercaseLetters, Digits, Hyphen])],
    );
    check(
        "If supplied, must contain from 1 to 63 letters",
        &[min(1), max(63), charset(&[Letters])],
    );
    check(
        "Must contain no more than 255 letters, numbers, periods, underscores, spaces, or hyphens",
        &[max(255), charset(&[Letters, Digits, Period, Underscore, Space, Hyphen])],
    );
}

#[test]
fn lengths_stand_alone_too() {
    check("Must be between 1 and 255 characters.", &[min(1), max(255)]);
    check("Must be between 1 and 64 characters in length", &[min(1), max(64)]);
    check(
        "Must be at least 16 characters and no more than 128 characters in length",
        &[min(16), max(128)],
    );
    check("The description has a maximum length of 255 characters.", &[max(255)]);
    check("Maximum length is 255 characters.", &[max(255)]);
    check("The maximum length is 1,024 characters.", &[max(1024)]);
    check(
        "Length constraints: Minimum length of 1. Maximum length of 63.",
        &[min(1), max(63)],
    );
    check("Can't be longer than 128 characters", &[max(128)]);
    check("The name must be less than 256 characters", &[max(255)]);
    check("Must be at least 8 characters", &[min(8)]);
}

#[test]
fn a_length_of_something_else_is_none() {
    none("Must contain from 1 to 63 widgets");
    none("Can't contain more than 5 groups of characters separated by hyphens");
    none("Must be between 9 and 3 characters");
}

#[test]
fn charsets_are_understood_as_a_whole_or_not_at_all() {
    check(
        "Must be only printable ASCII characters.",
        &[charset(&[PrintableAscii])],
    );
    check(
        "Can only contain lowercase letters (a-z), numbers (0-9), underscores (_), and hyphens (-)",
        &[charset(&[LowercaseLetters, Digits, Underscore, Hyphen])],
    );
    check(
        "Must contain uppercase or lowercase letters, numbers, underscore, plus sign, period (dot), at symbol (@), or hyphen",
        &[charset(&[AsciiLetters, Digits, Underscore, Plus, Period, At, Hyphen])],
    );
    none("Must contain at least one lowercase letter");
    none("Must contain a letter");
    none("Must contain one number");
    none("Must contain only letters and glyphs");
}

#[test]
fn forbidden_characters_are_read_in_every_notation() {
    check(
        "Cannot contain any of the following characters: '/', '\"', or '@', '%'",
        &[without("/\"@%")],
    );
    check("Must not contain a colon (:) or a slash (/)", &[without(":/")]);
    check("Must not contain a colon ( : ) or slash ( / )", &[without(":/")]);
    check("Cannot contain spaces", &[without(" ")]);
    check(
        "Can include any printable ASCII character except forward slash (/), double quote (\"), at symbol (@), ampersand (&amp;), or single quote (').",
        &[charset(&[PrintableAscii]), without("/\"@&'")],
    );
    check(
        "Can include any printable ASCII character except \"/\", \"\"\", or \"@\".",
        &[charset(&[PrintableAscii]), without("/\"@")],
    );
    check(
        "The only permitted printable special characters are !, &amp;, #, $, ^, &lt;, &gt;, and -.",
        &[without("\"%'()*+,./:;=?@[\\]_`{|}~")],
    );
    none("The object name in the ARN of the bucket cannot contain any commas");
}

#[test]
fn first_and_last_characters() {
    check("First character must be a letter", &[Rule::FirstLetter]);
    check("The first character must be a letter.", &[Rule::FirstLetter]);
    check("Must begin with a letter", &[Rule::FirstLetter]);
    check(
        "A name cannot end with a hyphen or contain two consecutive hyphens.",
        &[Rule::NoTrailingHyphen, Rule::NoDoubleHyphen],
    );
    check(
        "Can\u{2019}t end with a hyphen or contain two consecutive hyphens",
        &[Rule::NoTrailingHyphen, Rule::NoDoubleHyphen],
    );
    check("Must not end with a hyphen", &[Rule::NoTrailingHyphen]);
}

#[test]
fn lower_case_in_every_spelling() {
    check("This value is stored as a lowercase string.", &[Rule::StoredLowercase]);
    check(
        "This parameter is stored as a lower-case string",
        &[Rule::StoredLowercase],
    );
    none("Must contain at least one lowercase character");
}

#[test]
fn reserved_words_stand_out_from_plain_verbs() {
    check("Cannot be the word \"Default\".", &[reserved(&["Default"])]);
    check("Must not be \"Default\".", &[reserved(&["Default"])]);
    check("Must not be <code>default</code>.", &[reserved(&["default"])]);
    check("The user name can't be <code>PUBLIC</code>.", &[reserved(&["PUBLIC"])]);
    check("Must not be Default.", &[reserved(&["Default"])]);
    none("This value cannot be changed.");
    none("Must not be NULL.");
    none("Cannot be a reserved word");
}

#[test]
fn blank_is_its_own_rule() {
    check("Cannot be null, empty, or blank", &[Rule::NotBlank]);
    check("Can't be blank", &[Rule::NotBlank]);
    none("May not be null.");
}

#[test]
fn valid_values_need_a_clean_list() {
    check("Valid values: <code>a</code> | <code>b</code>.", &[values(&["a", "b"])]);
    check(
        "Valid Values: <code>1 | 3 | 31536000</code>",
        &[values(&["1", "3", "31536000"])],
    );
    check(
        "Valid values for this parameter are: <code>x</code> | <code>y</code>",
        &[values(&["x", "y"])],
    );
    check(
        "Valid values: <code>\"Light Use\"|\"Heavy Use\"</code>",
        &[values(&["Light Use", "Heavy Use"])],
    );
    check(
        "Must be either <code>vpc</code> | <code>public</code>.",
        &[values(&["vpc", "public"])],
    );
    check(
        "The value must be set to <code>x</code> or <code>y</code>.",
        &[values(&["x", "y"])],
    );
    check(
        "Valid values are <code>none</code> and <code>verify-ca</code>.",
        &[values(&["none", "verify-ca"])],
    );
    none("Valid values for ddd are: <code>sun</code> | <code>mon</code>");
    none("Valid values: any that the engine supports");
    none("Valid values: a (the first) | b");
    none("Must be <code>dynamodb</code>.");
}

#[test]
fn ranges_of_numbers() {
    check("Constraints: minimum 20; maximum 100.", &[range(20, 100)]);
    check("Constraints: minimum 20, maximum 100.", &[range(20, 100)]);
    check("Minimum 20. Maximum 50.", &[range(20, 50)]);
    check("Must be a value from 0 to 35.", &[range(0, 35)]);
    check("Must be between 1 and 40.", &[range(1, 40)]);
    check(
        "If specified, this value must be set to a number from 0 to 259,200 (72 hours).",
        &[range(0, 259_200)],
    );
    check("Must be an integer greater than 0", &[range(1, None)]);
    check("The maximum value allowed is 35 days.", &[range(None, 35)]);
    check(
        "The maximum permitted value for <code>TheMember</code> is 6 (1 primary plus 5 replicas).",
        &[range(None, 6)],
    );
    check("Valid values are 0 to 5.", &[range(0, 5)]);
    check("Must be at least 30 minutes", &[range(30, None)]);
    check("Can't exceed 5", &[range(None, 5)]);
    none("Must be between 1 and the value of another");
    none("The maximum is two.");
}

#[test]
fn defaults_are_values_and_not_stories() {
    check("Default: 100", &[default("100")]);
    check("Default: <code>false</code>", &[default("false")]);
    check(
        "Default: 0 (i.e., automatic backups are disabled for this cluster).",
        &[default("0")],
    );
    check("The default is 50.", &[default("50")]);
    check("If not specified, defaults to <code>vpc</code>.", &[default("vpc")]);
    none("Default: System chosen zone.");
    none("Default: NULL, i.e. nothing is taken.");
    none(
        "If not specified, defaults to <code>a</code>, unless it is late, in which case it defaults to <code>b</code>.",
    );
    none("Default: <code>true</code> when using one engine, <code>false</code> when using another");
}

#[test]
fn a_condition_never_becomes_a_rule() {
    none(
        "For clusters running Valkey, this value must be 1. For clusters running Memcached, this value must be between 1 and 40.",
    );
    none("If the mode is on, must contain from 1 to 20 letters.");
    none("Must contain from 1 to 63 letters when the engine is old.");
    none("Must contain from 1 to 63 (for one kind) or 1 to 52 (for another) letters, numbers, or hyphens.");
    none("<p>Constraints for clusters that are old:</p><ul><li>Must be between 1 and 40.</li></ul>");
    none("<dl><dt>Amazon Engine</dt><dd><p>Constraints: Must contain from 1 to 64 letters.</p></dd></dl>");
    none("<dl><dt>An Engine of Many Words</dt><dd><p>Default: <code>ORCL</code></p></dd></dl>");
    none("<p><b>MySQL</b></p><p>Constraints:</p><ul><li>Must contain from 1 to 64 letters.</li></ul>");
}

#[test]
fn a_list_after_a_neutral_heading_counts() {
    check(
        "<p>The name. Constraints:</p><ul><li><p>Must be 1 to 255 alphanumeric characters</p></li><li><p>First character must be a letter</p></li></ul>",
        &[min(1), max(255), charset(&[Letters, Digits]), Rule::FirstLetter],
    );
    check(
        "<p><b>Constraints:</b></p><ul><li>Must begin with a letter</li></ul>",
        &[Rule::FirstLetter],
    );
    check(
        "<p>If old:</p><ul><li>Must be between 1 and 4.</li></ul><p>Must begin with a letter.</p>",
        &[Rule::FirstLetter],
    );
}

#[test]
fn two_rules_that_cannot_both_hold_are_dropped() {
    check(
        "Can't be longer than 5 characters. Can't be longer than 9 characters. Must begin with a letter.",
        &[Rule::FirstLetter],
    );
    check(
        "Must not be \"a\". Must not be \"b\".",
        &[reserved(&["a"]), reserved(&["b"])],
    );
}

proptest! {
    #[test]
    fn any_text_is_read_without_panic(html in "\\PC*") {
        mine(&html, "TheMember");
    }

    #[test]
    fn any_markup_is_read_without_panic(parts in proptest::collection::vec(
        prop::sample::select(vec!["<p>", "</p>", "<", ">", "&amp;", "<code>", "<ul>", "<li>", "</ul>", "<b>", "</b>", "<dt>", ". ", "Must contain ", "from 1 to 9 ", "letters", "; ", "Default: ", "|", "é", "\u{2019}"]), 0..40)) {
        mine(&parts.concat(), "TheMember");
    }

    #[test]
    fn every_length_in_a_known_sentence_is_found(low in 0_u64..1000, more in 0_u64..100_000) {
        let high = low + more;
        check(&format!("Must contain from {low} to {high} letters, numbers, or hyphens."), &[min(low), max(high), charset(&[Letters, Digits, Hyphen])]);
    }
}
