//! The endpoint's own values: the first one seen must come back ever after.

use std::collections::BTreeMap;

use parallax_contract::Piece;

/// What is known of an endpoint's own values, by name: `account`, `region`, `partition`, ...
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bindings {
    values: BTreeMap<String, String>,
}

/// Where a text departs from a template.
pub(crate) struct Mismatch {
    /// The whole text that was due, for people: names in braces.
    pub(crate) shown: String,
    /// The whole text that was due as far as it can be told, to compare with.
    pub(crate) due: String,
}

impl Bindings {
    /// The value seen under this name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// Matches a text with a template. What the text says of names not seen before is kept, if the whole matches.
    pub(crate) fn match_text(&mut self, pieces: &[Piece], observed: &str) -> Result<(), Mismatch> {
        let mut learnt: Vec<(&str, &str)> = Vec::new();
        if consume(self, pieces, observed, &mut learnt, strip_exact) == Some("") {
            for (name, value) in learnt {
                self.values.insert(name.to_owned(), value.to_owned());
            }
            return Ok(());
        }
        Err(self.mismatch(pieces, observed))
    }

    /// The template for people, names in braces.
    pub(crate) fn outline(&self, pieces: &[Piece]) -> String {
        self.mismatch(pieces, "").shown
    }

    fn mismatch(&self, pieces: &[Piece], observed: &str) -> Mismatch {
        let mut learnt = Vec::new();
        consume(self, pieces, observed, &mut learnt, strip_folded);
        let mut mismatch = Mismatch {
            shown: String::new(),
            due: String::new(),
        };
        for piece in pieces {
            match piece {
                Piece::Literal(text) => {
                    mismatch.shown.push_str(text);
                    mismatch.due.push_str(text);
                }
                Piece::Bound(name) => self.bound(name, &learnt, &mut mismatch),
            }
        }
        mismatch
    }

    fn bound(&self, name: &str, learnt: &[(&str, &str)], mismatch: &mut Mismatch) {
        let known = self.get(name);
        let value = known.or_else(|| {
            learnt
                .iter()
                .find(|(learnt, _)| *learnt == name)
                .map(|(_, value)| *value)
        });
        match value {
            Some(value) => mismatch.due.push_str(value),
            None => mismatch.due.push_str(&format!("{{{name}}}")),
        }
        match known {
            Some(value) => mismatch.shown.push_str(&format!("{{{name}={value}}}")),
            None => mismatch.shown.push_str(&format!("{{{name}}}")),
        }
    }
}

/// Walks the template along the text; what is left of the text, or `None` where it departs.
fn consume<'t>(
    bindings: &Bindings,
    pieces: &'t [Piece],
    observed: &'t str,
    learnt: &mut Vec<(&'t str, &'t str)>,
    strip: for<'a> fn(&'a str, &'a str) -> Option<&'a str>,
) -> Option<&'t str> {
    let mut rest = observed;
    let mut pieces = pieces.iter().peekable();
    while let Some(piece) = pieces.next() {
        rest = match piece {
            Piece::Literal(text) => strip(rest, text)?,
            Piece::Bound(name) => {
                let seen = learnt.iter().find(|(seen, _)| seen == name).map(|(_, value)| *value);
                match bindings.get(name).or(seen) {
                    Some(value) => rest.strip_prefix(value)?,
                    None => {
                        let (value, rest) = take(name, rest, pieces.peek().copied())?;
                        learnt.push((name, value));
                        rest
                    }
                }
            }
        };
    }
    Some(rest)
}

/// The first sight of a name: its value and what follows. An account is twelve digits, anything else reaches to the
/// next literal.
fn take<'t>(name: &str, rest: &'t str, next: Option<&Piece>) -> Option<(&'t str, &'t str)> {
    let is_account = name == "account" || name.starts_with("account ");
    let length = match next {
        _ if is_account => 12,
        Some(Piece::Literal(literal)) => rest.find(literal.as_str())?,
        Some(Piece::Bound(_)) => return None,
        None => rest.len(),
    };
    let (value, rest) = rest.split_at_checked(length)?;
    let fits = !value.is_empty() && (!is_account || value.bytes().all(|byte| byte.is_ascii_digit()));
    fits.then_some((value, rest))
}

fn strip_exact<'a>(text: &'a str, prefix: &'a str) -> Option<&'a str> {
    text.strip_prefix(prefix)
}

fn strip_folded<'a>(text: &'a str, prefix: &'a str) -> Option<&'a str> {
    let length = text
        .char_indices()
        .nth(prefix.chars().count())
        .map_or(text.len(), |(at, _)| at);
    let (head, rest) = text.split_at_checked(length)?;
    parallax_contract::casing::same_but_case(head, prefix).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arn(id: &str) -> Vec<Piece> {
        let literal = |text: &str| Piece::Literal(text.to_owned());
        let bound = |name: &str| Piece::Bound(name.to_owned());
        vec![
            literal("arn:"),
            bound("partition"),
            literal(":svc:"),
            bound("region"),
            literal(":"),
            bound("account"),
            literal(&format!(":thing:{id}")),
        ]
    }

    #[test]
    fn the_first_value_seen_must_come_back() {
        let mut bindings = Bindings::default();
        assert!(
            bindings
                .match_text(&arn("a"), "arn:aws:svc:eu-west-1:123456789012:thing:a")
                .is_ok()
        );
        assert_eq!(bindings.get("region"), Some("eu-west-1"));
        assert!(
            bindings
                .match_text(&arn("b"), "arn:aws:svc:eu-west-1:123456789012:thing:b")
                .is_ok()
        );
        let mismatch = bindings
            .match_text(&arn("b"), "arn:aws:svc:eu-west-1:000000000000:thing:b")
            .err()
            .unwrap();
        assert!(mismatch.shown.contains("{account=123456789012}"), "{}", mismatch.shown);
    }

    #[test]
    fn an_account_is_twelve_digits_and_a_failed_match_teaches_nothing() {
        let mut bindings = Bindings::default();
        for wrong in [
            "arn:aws:svc:r:12345:thing:a",
            "arn:aws:svc:r:12345678901x:thing:a",
            "arn:aws:svc::123456789012:thing:a",
        ] {
            assert!(bindings.match_text(&arn("a"), wrong).is_err(), "{wrong}");
        }
        assert_eq!(bindings, Bindings::default());
    }

    #[test]
    fn what_is_due_is_told_even_where_the_case_differs() {
        let mut bindings = Bindings::default();
        let mismatch = bindings
            .match_text(&arn("ab"), "arn:aws:svc:r:123456789012:thing:AB")
            .err()
            .unwrap();
        assert_eq!(mismatch.due, "arn:aws:svc:r:123456789012:thing:ab");
        assert_eq!(mismatch.shown, "arn:{partition}:svc:{region}:{account}:thing:ab");
    }
}
