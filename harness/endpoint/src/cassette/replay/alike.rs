//! Whether a call is a recorded one.

use std::ops::ControlFlow;

use parallax_contract::{Call, Tweak, Value};

/// Stands for the run's token in recorded calls. Nobody writes this.
pub(super) const MARK: &str = "zqxrunxqz";
/// How long a run's token is, as the runner makes it.
const TOKEN_LENGTH: usize = 7;

/// How a call stands to a recorded one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Alike {
    /// It is another.
    Not,
    /// It is the same, with this token in the place of the run's, if it bore one.
    With(Option<String>),
}

/// Compares a call with a recorded one, which has [`MARK`] where the run's token was.
pub(super) fn alike(recorded: &Call, given: &Call) -> Alike {
    let mut token = None;
    let same = recorded.operation == given.operation
        && recorded.tweaks.len() == given.tweaks.len()
        && value(&recorded.input, &given.input, &mut token)
        && recorded
            .tweaks
            .iter()
            .zip(&given.tweaks)
            .all(|(recorded, given)| tweak(recorded, given, &mut token));
    if same { Alike::With(token) } else { Alike::Not }
}

type Token = Option<String>;

fn value(recorded: &Value, given: &Value, token: &mut Token) -> bool {
    match (recorded, given) {
        (Value::Text(recorded), Value::Text(given)) => text(recorded, given, token),
        (Value::List(recorded), Value::List(given)) => {
            let mut pairs = recorded.iter().zip(given);
            recorded.len() == given.len() && pairs.all(|(recorded, given)| value(recorded, given, token))
        }
        (Value::Map(recorded), Value::Map(fields)) => {
            let mut pairs = recorded.iter().map(|(name, recorded)| (recorded, given.get(name)));
            recorded.len() == fields.len()
                && pairs.all(|(recorded, given)| given.is_some_and(|given| value(recorded, given, token)))
        }
        (recorded, given) => recorded == given,
    }
}

fn tweak(recorded: &Tweak, given: &Tweak, token: &mut Token) -> bool {
    match (recorded, given) {
        (Tweak::Param(name, recorded), Tweak::Param(other, given)) => {
            text(name, other, token) && text(recorded, given, token)
        }
        (Tweak::Raw(recorded), Tweak::Raw(given)) => text(recorded, given, token),
        (recorded, given) => recorded == given,
    }
}

/// Whether a text is the recorded one, with the same token wherever that has the mark.
fn text(recorded: &str, given: &str, token: &mut Token) -> bool {
    let mut pieces = recorded.split(MARK);
    let first = pieces.next().unwrap_or_default();
    let Some(rest) = given.strip_prefix(first) else {
        return false;
    };
    let end = pieces.try_fold(rest, |rest, piece| {
        match rest
            .split_at_checked(TOKEN_LENGTH)
            .filter(|(shown, _)| fits(shown, token))
        {
            Some((_, rest)) => rest
                .strip_prefix(piece)
                .map_or(ControlFlow::Break(()), ControlFlow::Continue),
            None => ControlFlow::Break(()),
        }
    });
    end == ControlFlow::Continue("")
}

/// Whether a text is the token, or may be it where none was shown so far.
fn fits(shown: &str, token: &mut Token) -> bool {
    match token {
        Some(token) => token == shown,
        None => {
            let has_form = shown.starts_with(|c: char| c.is_ascii_lowercase())
                && shown
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
            if has_form {
                *token = Some(shown.to_owned());
            }
            has_form
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(recorded: &[&str], given: &[&str], expected: &Alike) {
        let call = |texts: &[&str]| {
            let texts = texts.iter().enumerate();
            Call::new(
                "Op",
                Value::map(texts.map(|(at, text)| (at.to_string(), Value::text(*text)))),
            )
        };
        let recorded: Vec<String> = recorded.iter().map(|text| text.replace("{run}", MARK)).collect();
        let recorded: Vec<&str> = recorded.iter().map(String::as_str).collect();
        assert_eq!(
            &alike(&call(&recorded), &call(given)),
            expected,
            "{recorded:?} {given:?}"
        );
    }

    fn with(token: &str) -> Alike {
        Alike::With(Some(token.to_owned()))
    }

    #[test]
    fn one_token_stands_wherever_the_runs_own_stood() {
        check(&["a-{run}-b", "{run}"], &["a-abc0001-b", "abc0001"], &with("abc0001"));
        check(&["{run}{run}"], &["abc0001abc0001"], &with("abc0001"));
        check(&["a-{run}", "{run}"], &["a-abc0001", "abc0002"], &Alike::Not);
        check(&["plain"], &["plain"], &Alike::With(None));
    }

    #[test]
    fn what_has_not_the_form_of_a_token_is_none() {
        for given in ["a-ABC0001", "a-1bc0001", "a-abc001", "a-abc00012", "a-é234567", "a-"] {
            check(&["a-{run}"], &[given], &Alike::Not);
        }
    }

    #[test]
    fn another_member_or_one_less_is_another_call() {
        check(&["a", "b"], &["a"], &Alike::Not);
        check(&["a"], &["a", "b"], &Alike::Not);
        check(&["a"], &["b"], &Alike::Not);
    }
}
