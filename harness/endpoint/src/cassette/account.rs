//! Account numbers in messages.

use std::collections::BTreeSet;

/// How many digits an account number has.
const DIGITS: usize = 12;

/// The account numbers of one scenario: those that the endpoint showed, in the order in which it did. A number that a
/// request brought up first (an example in a test) is not the endpoint's own, and stays.
#[derive(Clone, Debug, Default)]
pub(super) struct Accounts {
    shown: Vec<String>,
    given: BTreeSet<String>,
}

impl Accounts {
    /// Takes a number for an account's, whoever brings it up.
    pub(super) fn know(&mut self, digits: &str) {
        self.shown.push(digits.to_owned());
    }

    /// The numbers to hide, in order.
    pub(super) fn shown(&self) -> &[String] {
        &self.shown
    }

    /// Learns what a request (its query or body, form-encoded) brings up.
    pub(super) fn ask(&mut self, request: &[u8]) {
        for found in numbers(&without_escapes(request)) {
            if !self.shown.iter().any(|shown| shown == found.digits) {
                self.given.insert(found.digits.to_owned());
            }
        }
    }

    /// Learns what an answer shows: numbers where an ARN has its account, or in a member named for one.
    pub(super) fn answer(&mut self, answer: &[u8]) {
        for found in numbers(answer) {
            let known = self.given.contains(found.digits) || self.shown.iter().any(|shown| shown == found.digits);
            if !known && (found.is_in_arn() || found.is_in_member()) {
                self.shown.push(found.digits.to_owned());
            }
        }
    }
}

/// The account numbers of the ARNs in a text.
pub(super) fn in_arns(text: &[u8]) -> impl Iterator<Item = &str> {
    numbers(text).filter(Found::is_in_arn).map(|found| found.digits)
}

struct Found<'a> {
    before: &'a [u8],
    digits: &'a str,
    after: &'a [u8],
}

impl Found<'_> {
    fn is_in_arn(&self) -> bool {
        self.before.ends_with(b":") && self.after.starts_with(b":")
    }

    /// Behind `<OwnerId>`, `"AccountId":"` and the like.
    fn is_in_member(&self) -> bool {
        let end = self
            .before
            .iter()
            .rposition(u8::is_ascii_alphanumeric)
            .map_or(0, |at| at + 1);
        let name = self.before.get(..end).unwrap_or_default();
        name.ends_with(b"OwnerId") || name.ends_with(b"AccountId")
    }
}

/// Every run of exactly twelve digits that is not part of a word.
fn numbers(bytes: &[u8]) -> impl Iterator<Item = Found<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < bytes.len() {
            let rest = bytes.get(at..)?;
            let word = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
            let start = at;
            at += word.max(1);
            let (digits, after) = rest.split_at(word);
            if word == DIGITS && digits.iter().all(u8::is_ascii_digit) {
                return Some(Found {
                    before: bytes.get(..start)?,
                    digits: std::str::from_utf8(digits).ok()?,
                    after,
                });
            }
        }
        None
    })
}

/// The same with a space for each `%XX`, whose digits would otherwise look like a part of what follows.
fn without_escapes(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let [first, tail @ ..] = rest {
        rest = match (first, tail) {
            (b'%', [a, b, after @ ..]) if a.is_ascii_hexdigit() && b.is_ascii_hexdigit() => {
                out.push(b' ');
                after
            }
            _ => {
                out.push(*first);
                tail
            }
        };
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(request: &str, answer: &str, expected: &[&str]) {
        let mut accounts = Accounts::default();
        accounts.ask(request.as_bytes());
        accounts.answer(answer.as_bytes());
        assert_eq!(accounts.shown(), expected, "{request} {answer}");
    }

    #[test]
    fn numbers_in_arns_and_owner_members_are_accounts() {
        check("", "<ARN>arn:aws:x:r:111122223333:thing:a</ARN>", &["111122223333"]);
        check("", "<OwnerId>111122223333</OwnerId>", &["111122223333"]);
        check("", r#"{"AccountId": "111122223333"}"#, &["111122223333"]);
    }

    #[test]
    fn other_numbers_are_none() {
        for answer in [
            "<Count>111122223333</Count>",
            "<OwnerId>1111222233334</OwnerId>",
            "<OwnerId>a11112222333</OwnerId>",
        ] {
            check("", answer, &[]);
        }
    }

    #[test]
    fn a_number_that_the_request_brought_up_is_not_the_endpoints_own() {
        let answer = "<EC2SecurityGroupOwnerId>444455556666</EC2SecurityGroupOwnerId><OwnerId>111122223333</OwnerId>";
        check("Owner=444455556666", answer, &["111122223333"]);
        check("Arn=arn%3A444455556666%3Ax", answer, &["111122223333"]);
    }

    #[test]
    fn an_account_that_was_shown_stays_one_when_a_request_repeats_it() {
        let mut accounts = Accounts::default();
        accounts.answer(b"<OwnerId>111122223333</OwnerId>");
        accounts.ask(b"Arn=arn%3A111122223333%3Ax");
        assert_eq!(accounts.shown(), ["111122223333"]);
        assert!(accounts.given.is_empty());
    }
}
