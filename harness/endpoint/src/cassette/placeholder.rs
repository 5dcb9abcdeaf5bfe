//! Placeholders in bytes: `{name}`; a literal brace stands twice.

use std::collections::BTreeMap;

use crate::env::uuid_form;

/// What to hide: the text and the placeholder's name.
pub(super) struct Hidden {
    hidden: Vec<(String, String)>,
}

impl Hidden {
    /// Hides each text behind its name. Of two that begin at the same place the longer one is meant.
    pub(super) fn new(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut hidden: Vec<_> = pairs.into_iter().filter(|(text, _)| !text.is_empty()).collect();
        hidden.sort_by_key(|(text, _)| std::cmp::Reverse(text.len()));
        Self { hidden }
    }

    /// The bytes with placeholders, and with literal braces doubled.
    pub(super) fn hide(&self, bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(bytes.len());
        let mut rest = bytes;
        while let [first, tail @ ..] = rest {
            let found = self
                .hidden
                .iter()
                .find_map(|(text, name)| Some((rest.strip_prefix(text.as_bytes())?, name)));
            if let Some((after, name)) = found {
                out.extend_from_slice(format!("{{{name}}}").as_bytes());
                rest = after;
                continue;
            }
            if matches!(first, b'{' | b'}') {
                out.push(*first);
            }
            out.push(*first);
            rest = tail;
        }
        out
    }

    /// The same for text.
    pub(super) fn hide_text(&self, text: &str) -> String {
        // What is hidden begins and ends between characters, and so do braces.
        String::from_utf8_lossy(&self.hide(text.as_bytes())).into_owned()
    }
}

/// The bytes with every placeholder filled in and doubled braces made single. A name without a value gets one of the
/// right form if it is an account or a request id; else it stays.
pub(super) fn fill(bytes: &[u8], values: &BTreeMap<String, String>) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let [first, tail @ ..] = rest {
        rest = match tail {
            [second, after @ ..] if matches!(first, b'{' | b'}') && first == second => {
                out.push(*first);
                after
            }
            _ => match named(rest).and_then(|(name, after)| Some((value(name, values)?, after))) {
                Some((value, after)) => {
                    out.extend_from_slice(value.as_bytes());
                    after
                }
                None => {
                    out.push(*first);
                    tail
                }
            },
        };
    }
    out
}

/// The same for text.
pub(super) fn fill_text(text: &str, values: &BTreeMap<String, String>) -> String {
    String::from_utf8_lossy(&fill(text.as_bytes(), values)).into_owned()
}

/// The names of the placeholders in a text, in order.
pub(super) fn names(text: &str) -> Vec<String> {
    let (mut names, mut rest) = (Vec::new(), text.as_bytes());
    while let [first, tail @ ..] = rest {
        rest = match tail {
            [second, after @ ..] if matches!(first, b'{' | b'}') && first == second => after,
            _ => match named(rest).filter(|(name, _)| is_name(name)) {
                Some((name, after)) => {
                    names.push(name.to_owned());
                    after
                }
                None => tail,
            },
        };
    }
    names
}

/// Whether a text has the form of a placeholder's name.
fn is_name(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b':');
    !text.is_empty() && text.bytes().all(is_part)
}

/// The name at the beginning of `{name}...` and what follows it.
fn named(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let rest = bytes.strip_prefix(b"{")?;
    let (name, after) = rest.split_at_checked(rest.iter().position(|byte| *byte == b'}')?)?;
    Some((std::str::from_utf8(name).ok()?, after.get(1..)?))
}

fn value(name: &str, values: &BTreeMap<String, String>) -> Option<String> {
    if let Some(value) = values.get(name) {
        return Some(value.clone());
    }
    let (kind, number) = name.split_once(':').unwrap_or((name, "1"));
    let number = number.parse::<u64>().ok()?;
    match kind {
        "account" => Some(format!("{:012}", number - 1)),
        "request-id" => Some(uuid_form(0, number)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden() -> Hidden {
        Hidden::new([("r7".into(), "run".into()), ("r7x".into(), "other".into())])
    }

    #[test]
    fn the_longest_text_is_hidden_and_braces_are_doubled() {
        assert_eq!(hidden().hide_text("a-r7-r7x-{r7}-é"), "a-{run}-{other}-{{{run}}}-é");
    }

    #[test]
    fn what_was_hidden_comes_back() {
        let values = [
            ("run".to_owned(), "r7".to_owned()),
            ("other".to_owned(), "r7x".to_owned()),
        ]
        .into();
        for text in ["r7r7x", "{r7}", "{{run}}", "}{", "{", "plain é", "r7}}"] {
            let hidden = hidden().hide(text.as_bytes());
            assert_eq!(String::from_utf8(fill(&hidden, &values)).unwrap(), text);
        }
    }

    #[test]
    fn an_account_or_request_id_without_a_value_gets_one_of_its_form() {
        let filled = fill_text("{account} {account:2} {request-id} {else}", &BTreeMap::new());
        let parts: Vec<_> = filled.split(' ').collect();
        assert_eq!(
            (parts[0], parts[1], parts[3]),
            ("000000000000", "000000000001", "{else}")
        );
        assert_eq!(parts[2].len(), 36);
    }
}
