//! Whether a call is a recorded one.

use std::collections::BTreeMap;

use parallax_contract::{Call, Tweak, Value};

/// A placeholder of recorded calls for which a client may write its own.
struct Part {
    name: &'static str,
    /// Stands for it in recorded calls. Nobody writes this.
    mark: &'static str,
    length: usize,
    fits: fn(&str) -> bool,
}

/// The run's token, in the form that the runner gives it, the account, and one that a request brought up.
const PARTS: [Part; 3] = [
    Part {
        name: "run",
        mark: "zqxrunxqz",
        length: 7,
        fits: |text| {
            text.starts_with(|c: char| c.is_ascii_lowercase())
                && text
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        },
    },
    Part {
        name: "account",
        mark: "zqxaccountxqz",
        length: 12,
        fits: |text| text.bytes().all(|byte| byte.is_ascii_digit()),
    },
    Part {
        name: "given-account",
        mark: "zqxgivenaccountxqz",
        length: 12,
        fits: |text| text.bytes().all(|byte| byte.is_ascii_digit()),
    },
];

/// What placeholders stand for, by name.
pub(super) type Shown = BTreeMap<String, String>;

/// Fills placeholders with what [`alike`] knows them by.
pub(super) fn marks() -> Shown {
    PARTS
        .iter()
        .map(|part| (part.name.to_owned(), part.mark.to_owned()))
        .collect()
}

/// What a call has in the place of placeholders, if it is the recorded one, which has [`marks`] there; the same for a name
/// everywhere.
pub(super) fn alike(recorded: &Call, given: &Call) -> Option<Shown> {
    let mut shown = Shown::new();
    let same = recorded.operation == given.operation
        && recorded.tweaks.len() == given.tweaks.len()
        && value(&recorded.input, &given.input, &mut shown)
        && recorded
            .tweaks
            .iter()
            .zip(&given.tweaks)
            .all(|(recorded, given)| tweak(recorded, given, &mut shown));
    same.then_some(shown)
}

fn value(recorded: &Value, given: &Value, shown: &mut Shown) -> bool {
    match (recorded, given) {
        (Value::Text(recorded), Value::Text(given)) => text(recorded, given, shown),
        (Value::List(recorded), Value::List(given)) => {
            let mut pairs = recorded.iter().zip(given);
            recorded.len() == given.len() && pairs.all(|(recorded, given)| value(recorded, given, shown))
        }
        (Value::Map(recorded), Value::Map(fields)) => {
            let mut pairs = recorded.iter().map(|(name, recorded)| (recorded, given.get(name)));
            recorded.len() == fields.len()
                && pairs.all(|(recorded, given)| given.is_some_and(|given| value(recorded, given, shown)))
        }
        (recorded, given) => recorded == given,
    }
}

fn tweak(recorded: &Tweak, given: &Tweak, shown: &mut Shown) -> bool {
    match (recorded, given) {
        (Tweak::Param(name, recorded), Tweak::Param(other, given)) => {
            text(name, other, shown) && text(recorded, given, shown)
        }
        (Tweak::Raw(recorded), Tweak::Raw(given)) => text(recorded, given, shown),
        (recorded, given) => recorded == given,
    }
}

/// Whether a text is the recorded one, with the same in the place of each mark.
fn text(mut recorded: &str, mut given: &str, shown: &mut Shown) -> bool {
    while let Some((before, part, after)) = next(recorded) {
        let found = given
            .strip_prefix(before)
            .and_then(|rest| rest.split_at_checked(part.length));
        match found {
            Some((own, rest)) if fits(part, own, shown) => (recorded, given) = (after, rest),
            _ => return false,
        }
    }
    recorded == given
}

/// The first mark in a text, with what stands before and after it.
fn next(text: &str) -> Option<(&str, &'static Part, &str)> {
    let found = PARTS.iter().filter_map(|part| {
        let (before, after) = text.split_once(part.mark)?;
        Some((before, part, after))
    });
    found.min_by_key(|(before, ..)| before.len())
}

/// Whether a text is what was shown for a part, or may be it where nothing was shown so far.
fn fits(part: &Part, own: &str, shown: &mut Shown) -> bool {
    match shown.get(part.name) {
        Some(known) => known == own,
        None => {
            let fits = (part.fits)(own);
            if fits {
                shown.insert(part.name.to_owned(), own.to_owned());
            }
            fits
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is shown is given as `name value`, more than one after a comma.
    fn check(recorded: &[&str], given: &[&str], expected: Option<&str>) {
        let call = |texts: &[String]| {
            let texts = texts.iter().enumerate();
            Call::new(
                "Op",
                Value::map(texts.map(|(at, text)| (at.to_string(), Value::text(&**text)))),
            )
        };
        let marked = |text: &&str| {
            let marks = marks();
            marks.iter().fold((*text).to_owned(), |text, (name, mark)| {
                text.replace(&format!("{{{name}}}"), mark)
            })
        };
        let recorded: Vec<String> = recorded.iter().map(marked).collect();
        let given: Vec<String> = given.iter().map(|text| (*text).to_owned()).collect();
        let found = alike(&call(&recorded), &call(&given));
        let told = found.map(|shown| {
            let all: Vec<String> = shown.iter().map(|(name, value)| format!("{name} {value}")).collect();
            all.join(",")
        });
        assert_eq!(told.as_deref(), expected, "{recorded:?} {given:?}");
    }

    #[test]
    fn one_token_stands_wherever_the_runs_own_stood() {
        check(
            &["a-{run}-b", "{run}"],
            &["a-abc0001-b", "abc0001"],
            Some("run abc0001"),
        );
        check(&["{run}{run}"], &["abc0001abc0001"], Some("run abc0001"));
        check(&["a-{run}", "{run}"], &["a-abc0001", "abc0002"], None);
        check(&["plain"], &["plain"], Some(""));
    }

    #[test]
    fn any_account_stands_where_the_recorded_one_stood() {
        let arn = "arn:x:{account}:thing:{run}";
        check(
            &[arn],
            &["arn:x:123456789012:thing:abc0001"],
            Some("account 123456789012,run abc0001"),
        );
        check(&[arn], &["arn:x:1234:thing:abc0001"], None);
    }

    #[test]
    fn what_has_not_the_form_of_a_token_is_none() {
        for given in ["a-ABC0001", "a-1bc0001", "a-abc001", "a-abc00012", "a-é234567", "a-"] {
            check(&["a-{run}"], &[given], None);
        }
    }

    #[test]
    fn another_member_or_one_less_is_another_call() {
        check(&["a", "b"], &["a"], None);
        check(&["a"], &["a", "b"], None);
        check(&["a"], &["b"], None);
    }
}
