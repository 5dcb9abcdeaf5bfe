//! What must not be kept, found by its form, or ([`named`]) by the name that it stands behind.

use std::ops::Range;

mod named;

pub(super) use named::named_by;

/// How many digits an account number has.
const ACCOUNT: usize = 12;
/// From how many characters on a text may be the identifier of an access key.
const KEY: usize = 16;
/// How many hexadecimal digits a signature has.
const SIGNATURE: usize = 64;
/// How many characters a secret key has.
const SECRET_KEY: usize = 40;
/// From how many characters on a text may be a session token.
const TOKEN: usize = 100;
/// What identifiers of access keys and other unique ids begin with.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-prefixes>
const KEY_PREFIXES: [&[u8]; 12] = [
    b"ABIA", b"ACCA", b"AGPA", b"AIDA", b"AIPA", b"AKIA", b"ANPA", b"ANVA", b"APKA", b"AROA", b"ASCA", b"ASIA",
];
/// What all of them begin with.
const KEY_BEGIN: u8 = b'A';
/// What session tokens begin with, as they are seen in the wild and in the documentation's examples.
const TOKEN_PREFIXES: [&[u8]; 4] = [b"AQoD", b"FQoG", b"FwoG", b"IQoJ"];

/// The kinds of what must not be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    AccessKey,
    Account,
    Email,
    HostId,
    RequestId,
    SecretKey,
    SessionToken,
    Signature,
    /// What a pattern of the user's matched.
    Given,
}

impl Kind {
    /// The placeholder's name.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::AccessKey => "access-key",
            Self::Account => "account",
            Self::Email => "email",
            Self::HostId => "host-id",
            Self::RequestId => "request-id",
            Self::SecretKey => "secret-key",
            Self::SessionToken => "session-token",
            Self::Signature => "signature",
            Self::Given => "redacted",
        }
    }

    /// The placeholder's name for a text that a request brought up first; of what passes nobody asks.
    pub(super) fn given_name(self) -> &'static str {
        match self {
            Self::AccessKey => "given-access-key",
            Self::Account => "given-account",
            Self::Email => "given-email",
            Self::SecretKey => "given-secret-key",
            Self::SessionToken => "given-session-token",
            Self::Given => "given-redacted",
            Self::HostId | Self::RequestId | Self::Signature => self.name(),
        }
    }

    /// Whether it is another one in every exchange.
    pub(super) fn passes(self) -> bool {
        matches!(self, Self::HostId | Self::RequestId | Self::Signature)
    }

    /// Whether it is of use to a thief.
    pub(super) fn gives_access(self) -> bool {
        matches!(
            self,
            Self::AccessKey | Self::Email | Self::Given | Self::SecretKey | Self::SessionToken | Self::Signature
        )
    }

    /// Whether a text in the place of one may be one.
    pub(super) fn fits(self, text: &[u8]) -> bool {
        match self {
            Self::Account => text.len() == ACCOUNT && text.iter().all(u8::is_ascii_digit),
            Self::HostId | Self::RequestId | Self::Email | Self::Given => text.len() >= 4,
            Self::AccessKey | Self::SecretKey | Self::SessionToken | Self::Signature => text.len() >= 16,
        }
    }
}

/// Everything in a text that must not be kept, in its order; the same place perhaps more than once. Where one text is of two
/// kinds, that of its name comes before that of its form.
pub(super) fn find(text: &[u8]) -> Vec<(Kind, Range<usize>)> {
    let mut found = Vec::new();
    emails(text, &mut |kind, place| found.push((kind, place)));
    named::find(text, &mut |kind, place| found.push((kind, place)));
    runs(text, &mut |kind, place| found.push((kind, place)));
    found.sort_by_key(|(_, place)| place.start);
    found
}

/// Looks at the runs of letters, digits, `+` and `/` that are long enough to be something. One of those that begin among
/// so many bytes would hold the last of them, so that most bytes need not be looked at.
fn runs(text: &[u8], tell: &mut impl FnMut(Kind, Range<usize>)) {
    let mut from = 0;
    while let Some(within) = text.get(from..from + ACCOUNT) {
        // What was left behind ends in a byte of no run.
        let (before, signs_before) = run_of(within.iter().rev());
        if before == 0 {
            from += ACCOUNT;
            continue;
        }
        let start = from + ACCOUNT - before;
        let rest = text.get(from + ACCOUNT..).unwrap_or_default();
        let (behind, signs_behind) = run_of(rest.iter());
        let end = from + ACCOUNT + behind;
        // The names of elements, most of what there is, are neither long nor of many capitals.
        if end - start >= SECRET_KEY || signs_before + signs_behind >= ACCOUNT {
            shapes(text, start..end, tell);
        }
        from = end + 1;
    }
}

/// How many letters, digits, `+` and `/` come first, and how many of them are capitals or digits: whatever shows by its form
/// is either at least as long as a secret key or has as many of these as an account number has digits.
fn run_of<'a>(bytes: impl Iterator<Item = &'a u8>) -> (usize, usize) {
    let of_run = bytes.map(|byte| class(*byte)).take_while(|class| *class != Class::None);
    of_run.fold((0, 0), |(length, signs), class| {
        (length + 1, signs + usize::from(class == Class::Sign))
    })
}

fn is_base64(byte: u8) -> bool {
    class(byte) != Class::None
}

/// What a byte is to a run.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Of no run.
    None,
    /// A small letter, `+` or `/`.
    Plain,
    /// A capital or a digit.
    Sign,
}

fn class(byte: u8) -> Class {
    CLASSES.get(usize::from(byte)).copied().unwrap_or(Class::None)
}

/// Looking it up takes half the time of comparing, and it is asked of every byte of every exchange.
const CLASSES: [Class; 256] = {
    let mut table = [Class::None; 256];
    let mut byte = 0;
    while byte < table.len() {
        #[expect(
            clippy::indexing_slicing,
            reason = "the compiler itself does this, and would refuse a wrong one"
        )]
        {
            table[byte] = match byte as u8 {
                b'a'..=b'z' | b'+' | b'/' => Class::Plain,
                b'0'..=b'9' | b'A'..=b'Z' => Class::Sign,
                _ => Class::None,
            };
        }
        byte += 1;
    }
    table
};

/// What shows by its form alone, in a run of letters, digits, `+` and `/`.
fn shapes(text: &[u8], run: Range<usize>, tell: &mut impl FnMut(Kind, Range<usize>)) {
    let whole = text.get(run.clone()).unwrap_or_default();
    // Within a path it has slashes around it, and may have some of its own.
    for (before, after) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
        let inner = whole.get(before..whole.len() - after).unwrap_or_default();
        if inner.len() == SECRET_KEY && is_mixed(inner) {
            tell(Kind::SecretKey, run.start + before..run.end - after);
        }
    }
    // In the place of a key's identifier: `key/date/region`.
    let scope = whole.get(SECRET_KEY..).unwrap_or_default();
    if let [b'/', date @ .., b'/'] = scope.get(..10).unwrap_or_default()
        && date.iter().all(u8::is_ascii_digit)
        && whole.get(..SECRET_KEY).is_some_and(is_mixed)
    {
        tell(Kind::SecretKey, run.start..run.start + SECRET_KEY);
    }
    if whole.len() >= TOKEN && TOKEN_PREFIXES.iter().any(|prefix| whole.starts_with(prefix)) {
        let padding = text.get(run.end..).unwrap_or_default();
        let padding = padding.iter().take(2).take_while(|byte| **byte == b'=').count();
        tell(Kind::SessionToken, run.start..run.end + padding);
    }
    let mut at = run.start;
    for word in whole.split(|byte| matches!(byte, b'+' | b'/')) {
        let place = at..at + word.len();
        at = place.end + 1;
        if word.len() == ACCOUNT && word.iter().all(u8::is_ascii_digit) && !is_other_number(text, &place) {
            tell(Kind::Account, place.clone());
        }
        let skipped = if word.starts_with(b"0x") { 2 } else { 0 };
        let digits = word.get(skipped..).unwrap_or_default();
        if digits.len() == SIGNATURE && digits.iter().all(u8::is_ascii_hexdigit) {
            tell(Kind::Signature, place.start + skipped..place.end);
        }
        if word.len() >= KEY {
            access_keys(word, place.start, tell);
        }
    }
}

/// Upper case, lower case and digits: what a name, a path or a digest in hexadecimal seldom has together.
fn is_mixed(text: &[u8]) -> bool {
    let has = |is: fn(&u8) -> bool| text.iter().any(is);
    has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_digit)
}

/// A known beginning and twelve or more capitals and digits, also within a longer word.
fn access_keys(word: &[u8], start: usize, tell: &mut impl FnMut(Kind, Range<usize>)) {
    let mut behind = 0;
    for at in memchr::memchr_iter(KEY_BEGIN, word) {
        let rest = word.get(at..).unwrap_or_default();
        if at < behind || !KEY_PREFIXES.iter().any(|prefix| rest.starts_with(prefix)) {
            continue;
        }
        let length = rest
            .iter()
            .take_while(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
            .count();
        if length >= KEY {
            behind = at + length;
            tell(Kind::AccessKey, start + at..start + behind);
        }
    }
}

/// Whether twelve digits are a value of their own, which may be any number unless it is one of a list, or the end of a UUID.
fn is_other_number(text: &[u8], place: &Range<usize>) -> bool {
    let before = text.get(..place.start).unwrap_or_default();
    let after = text.get(place.end..).unwrap_or_default();
    let begins = matches!(before.last(), None | Some(b'>' | b'=' | b':' | b'"' | b' '));
    let ends = matches!(after.first(), None | Some(b'<' | b'&' | b'"' | b',' | b'}'));
    // A sentence has a space before the number, too; a value in JSON has a name before that.
    let in_sentence = before.ends_with(b" ") && !before.trim_ascii_end().ends_with(b":");
    let in_list = [&b"<member>"[..], b"<item>", b"[", b"[\""]
        .iter()
        .any(|opens| before.ends_with(opens));
    (begins && ends && !in_sentence && !in_list) || ends_as_a_uuid_begins(before)
}

fn ends_as_a_uuid_begins(before: &[u8]) -> bool {
    let begin = before.len().checked_sub("00000000-0000-0000-0000-".len());
    let tail = begin.and_then(|begin| before.get(begin..)).unwrap_or_default();
    tail.len() == 24
        && tail.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// The account numbers of the ARNs in a text.
pub(super) fn accounts_in_arns(text: &str) -> Vec<&str> {
    let is_between = |place: &Range<usize>| {
        text.get(..place.start).is_some_and(|before| before.ends_with(':'))
            && text.get(place.end..).is_some_and(|after| after.starts_with(':'))
    };
    let found = find(text.as_bytes()).into_iter();
    found
        .filter(|(kind, place)| *kind == Kind::Account && is_between(place))
        .filter_map(|(_, place)| text.get(place))
        .collect()
}

fn emails(text: &[u8], tell: &mut impl FnMut(Kind, Range<usize>)) {
    for at in memchr::memchr_iter(b'@', text) {
        let before = text.get(..at).unwrap_or_default();
        let after = text.get(at + 1..).unwrap_or_default();
        let local = before.iter().rev().take_while(|byte| is_local(**byte)).count();
        let domain = after.iter().take_while(|byte| is_domain(**byte)).count();
        let domain = after.get(..domain).unwrap_or_default();
        let domain = trimmed(domain);
        if local > 0 && has_suffix(domain) {
            tell(Kind::Email, at - local..at + 1 + domain.len());
        }
    }
}

fn is_local(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'+' | b'-')
}

fn is_domain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-')
}

/// Without the end of the sentence.
fn trimmed(domain: &[u8]) -> &[u8] {
    let end = domain.iter().rposition(|byte| !matches!(byte, b'.' | b'-'));
    end.and_then(|end| domain.get(..=end)).unwrap_or_default()
}

fn has_suffix(domain: &[u8]) -> bool {
    let mut labels = domain.rsplit(|byte| *byte == b'.');
    let last = labels.next().unwrap_or_default();
    last.len() >= 2 && last.iter().all(u8::is_ascii_alphabetic) && labels.next().is_some_and(|label| !label.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(Kind, &str)]) {
        let found = find(text.as_bytes()).into_iter();
        let mut found: Vec<_> = found.map(|(kind, place)| (kind, &text[place])).collect();
        found.sort_by_key(|(kind, value)| (kind.name(), *value));
        found.dedup();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn accounts_show_in_arns_sentences_and_members_named_for_them() {
        for text in [
            "<ARN>arn:aws:x:r:111122223333:thing:a</ARN>",
            "arn:aws:iam::111122223333:root",
            "<OwnerId>111122223333</OwnerId>",
            r#"{"AccountId": "111122223333"}"#,
            r#"{"AccountId":111122223333}"#,
            "Owner=111122223333&x=y",
            "account 111122223333 may not",
            "User 111122223333, who",
            "my-bucket-111122223333",
            "111122223333.dkr.ecr.example.com",
            r#"<OwnerId xsi:type="xsd:string">111122223333</OwnerId>"#,
            "<OwnerId a='b' >111122223333</OwnerId>",
            "<OwnerId\n>111122223333</OwnerId>",
            "<OwnerId> <!-- whose? -->111122223333</OwnerId>",
            "<OwnerId><![CDATA[111122223333]]></OwnerId>",
            "<AccountIds><member>111122223333</member></AccountIds>",
            r#""accounts":["111122223333"]"#,
            "{'AccountId': '111122223333'}",
        ] {
            check(text, &[(Kind::Account, "111122223333")]);
        }
    }

    #[test]
    fn other_numbers_are_none() {
        for text in [
            "<Size>111122223333</Size>",
            r#"{"size":111122223333,"a":1}"#,
            r#"{"size": 111122223333}"#,
            "Size=111122223333&a=b",
            "<OwnerId>1111222233334</OwnerId>",
            "<OwnerId>a11112222333</OwnerId>",
            "<Id>0aa0bb0c-0000-4000-8000-111122223333</Id>",
            r#"<Size unit="OwnerId">111122223333</Size>"#,
            r#"<a b="c">111122223333</a>"#,
        ] {
            check(text, &[]);
        }
    }

    #[test]
    fn all_prefixes_of_keys_begin_as_is_looked_for() {
        assert!(KEY_PREFIXES.iter().all(|prefix| prefix.first() == Some(&KEY_BEGIN)));
    }

    #[test]
    fn keys_show_by_their_form() {
        check(
            "Credential=AKIAIOSFODNN7EXAMPLE/2026",
            &[(Kind::AccessKey, "AKIAIOSFODNN7EXAMPLE")],
        );
        check(
            "key ASIAIOSFODNN7EXAMPLE.",
            &[(Kind::AccessKey, "ASIAIOSFODNN7EXAMPLE")],
        );
        let secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
        check(&format!("the key {secret} is"), &[(Kind::SecretKey, secret)]);
        check(&format!("https://host/{secret}/path"), &[]);
        check(&format!("https://host?a=/{secret}/"), &[(Kind::SecretKey, secret)]);
        check(
            &format!("Credential={secret}/20261127/here"),
            &[(Kind::SecretKey, secret)],
        );
        check("pppppppppppppppppppppppppppppppppppppppp", &[]);
        check("0123456789abcdef0123456789abcdef01234567", &[]);
    }

    #[test]
    fn signatures_and_tokens_show_by_form_and_name() {
        let signature = "0123456789abcdef".repeat(4);
        check(&format!("is '{signature}'"), &[(Kind::Signature, &signature)]);
        check(&format!("is 0x{signature}"), &[(Kind::Signature, &signature)]);
        let capitals = signature.to_ascii_uppercase();
        check(&format!("is {capitals}."), &[(Kind::Signature, &capitals)]);
        check(
            "X-Amz-Signature=c2lnbmF0dXJlIQ==&a",
            &[(Kind::Signature, "c2lnbmF0dXJlIQ==")],
        );
        let token = format!("FwoGZXIvYXdz{}/+w==", "aB3".repeat(40));
        check(&format!("<t>{token}</t>"), &[(Kind::SessionToken, &token)]);
        check(
            "X-Amz-Security-Token=abcdefghijklmnop&a",
            &[(Kind::SessionToken, "abcdefghijklmnop")],
        );
        check(
            "<SessionToken>\n abcdefghijklmnop\n</SessionToken>\n<a>",
            &[(Kind::SessionToken, "abcdefghijklmnop")],
        );
        check(
            r#"{"Token" : "abcdefghijklmnop", "NextToken": "qrstuvwxyzabcdef"}"#,
            &[(Kind::SessionToken, "abcdefghijklmnop")],
        );
    }

    #[test]
    fn ids_show_by_name() {
        check("<RequestId>id-1</RequestId>\n<a/>", &[(Kind::RequestId, "id-1")]);
        check(r#"{"requestId" : "id-1"}"#, &[(Kind::RequestId, "id-1")]);
        check(
            "(Request ID: id-1, Host ID: ab+/cd=)",
            &[(Kind::HostId, "ab+/cd="), (Kind::RequestId, "id-1")],
        );
        check("<HostId>ab/cd=</HostId>", &[(Kind::HostId, "ab/cd=")]);
    }

    #[test]
    fn addresses_show_by_their_form() {
        check(
            "mail a.b+c@mail.example.com.",
            &[(Kind::Email, "a.b+c@mail.example.com")],
        );
        for text in ["a@b", "@example.com", "a@.com", "a@b.c", "pre@1.2.3.4"] {
            check(text, &[]);
        }
    }
}
