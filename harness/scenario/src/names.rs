//! Placeholders in a step's input.
//!
//! `{name}` is what `name` stands for; `{name:lower}` and `{name:upper}` are the same in lower and upper case,
//! `{name:parent}` is its beginning up to and including the last `:` or `/`, and `{a*300}` is three hundred times `a`,
//! so that a scenario with a long text stays short.

use std::borrow::Cow;
use std::collections::BTreeMap;

use parallax_contract::{Call, Tweak, Value};

/// How many characters the run token has, all of them lower-case letters and digits. Names of an exact length count on
/// it. The runner makes a fresh one for each play of a scenario, so that neither runs nor scenarios meet.
pub const TOKEN_LENGTH: usize = 7;

/// The longest text that a `{a*N}` placeholder may stand for, in characters.
const LONGEST: usize = 16 << 20;

/// What placeholders stand for. `run` is the token that keeps runs apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    values: BTreeMap<String, String>,
}

/// A placeholder that nothing was captured for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unresolved(
    /// The placeholder's name.
    pub String,
);

impl Names {
    /// Only the run token, lower-case letters and digits, is known.
    pub fn new(run: &str) -> Self {
        let mut names = Self::default();
        names.set("run", run);
        names
    }

    /// Lets `{name}` stand for `value`.
    pub fn set(&mut self, name: &str, value: &str) {
        self.values.insert(name.to_owned(), value.to_owned());
    }

    /// What a placeholder stands for; the braces are off already.
    fn get(&self, placeholder: &str) -> Option<Cow<'_, str>> {
        if let Some((text, times)) = placeholder.split_once('*') {
            return repeated(text, times).map(Cow::Owned);
        }
        match placeholder.split_once(':') {
            None => self.values.get(placeholder).map(|value| Cow::Borrowed(value.as_str())),
            Some((name, form)) => derived(self.values.get(name)?, form),
        }
    }
}

fn repeated(text: &str, times: &str) -> Option<String> {
    let times: usize = times.parse().ok()?;
    (text.len().checked_mul(times)? <= LONGEST).then(|| text.repeat(times))
}

fn derived<'a>(value: &'a str, form: &str) -> Option<Cow<'a, str>> {
    match form {
        "lower" => Some(Cow::Owned(value.to_lowercase())),
        "upper" => Some(Cow::Owned(value.to_uppercase())),
        "parent" => {
            let end = value.rfind([':', '/']).map_or(0, |at| at + 1);
            value.get(..end).map(Cow::Borrowed)
        }
        _ => None,
    }
}

/// The call with every placeholder filled in.
///
/// # Errors
/// [`Unresolved`] names the first placeholder that nothing stands for.
pub fn resolve(call: &Call, names: &Names) -> Result<Call, Unresolved> {
    let input = fill(&call.input, names)?;
    Ok(Call {
        operation: call.operation.clone(),
        input,
        tweaks: call
            .tweaks
            .iter()
            .map(|tweak| fill_tweak(tweak, names))
            .collect::<Result<_, _>>()?,
    })
}

/// The text with its braces doubled, so that no part of it is taken for a placeholder.
pub fn escape(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
}

/// Whether `names` fill every placeholder of the text.
pub(crate) fn resolves(text: &str, names: &Names) -> bool {
    fill_text(text, names).is_ok()
}

fn fill(value: &Value, names: &Names) -> Result<Value, Unresolved> {
    Ok(match value {
        Value::Text(text) => Value::Text(fill_text(text, names)?),
        Value::List(items) => Value::List(items.iter().map(|item| fill(item, names)).collect::<Result<_, _>>()?),
        Value::Map(fields) => Value::Map(
            fields
                .iter()
                .map(|(name, value)| Ok((name.clone(), fill(value, names)?)))
                .collect::<Result<_, _>>()?,
        ),
        other => other.clone(),
    })
}

/// Only the value of an added parameter is text like any other; everything else of a tweak is meant as it stands.
fn fill_tweak(tweak: &Tweak, names: &Names) -> Result<Tweak, Unresolved> {
    Ok(match tweak {
        Tweak::Param(name, value) => Tweak::Param(name.clone(), fill_text(value, names)?),
        other => other.clone(),
    })
}

pub(crate) fn fill_text(text: &str, names: &Names) -> Result<String, Unresolved> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, brace) = rest.split_at(at);
        out.push_str(before);
        let doubled = ["{{", "}}"].iter().find(|pair| brace.starts_with(**pair));
        rest = match (doubled, brace.find('}')) {
            (Some(pair), _) => {
                out.push_str(&pair[..1]);
                &brace[2..]
            }
            (None, Some(end)) if end > 0 => {
                let name = &brace[1..end];
                let value = names.get(name).ok_or_else(|| Unresolved(name.to_owned()))?;
                out.push_str(&value);
                &brace[end + 1..]
            }
            _ => return Err(Unresolved(brace.to_owned())),
        };
    }
    out.push_str(rest);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<&str, &str>) {
        let names = Names::new("r7");
        let call = Call::new("Op", Value::map([("A", Value::List(vec![Value::text(text)]))]));
        let got = resolve(&call, &names).map(|call| call.input.at("A.0").and_then(Value::as_text).unwrap().to_owned());
        assert_eq!(
            got,
            expected.map(str::to_owned).map_err(|name| Unresolved(name.to_owned())),
            "{text}"
        );
    }

    #[test]
    fn placeholders_are_filled_and_doubled_braces_are_braces() {
        check("a{run}b{run}", Ok("ar7br7"));
        check("{{run}}", Ok("{run}"));
        check("é{run}", Ok("ér7"));
        check("{arn}", Err("arn"));
        check("{run", Err("{run"));
        check("}", Err("}"));
    }

    #[test]
    fn a_placeholder_may_ask_for_another_form_of_its_value() {
        check("{run:upper}", Ok("R7"));
        check("{run:lower}", Ok("r7"));
        check("{run:parent}x", Ok("x"));
        check("{run:other}", Err("run:other"));
        check("{a*3}", Ok("aaa"));
        check("{a*99999999999}", Err("a*99999999999"));
        let mut names = Names::default();
        names.set("arn", "arn:a:b/C");
        assert_eq!(fill_text("{arn:parent}c", &names), Ok("arn:a:b/c".to_owned()));
    }

    #[test]
    fn the_value_of_an_added_parameter_is_filled_and_raw_text_is_not() {
        let call = Call::new("Op", Value::Map(vec![]))
            .tweak(Tweak::Param("{run}".into(), "a{run}".into()))
            .tweak(Tweak::Raw("{run}".into()));
        let tweaks = resolve(&call, &Names::new("r7")).unwrap().tweaks;
        assert_eq!(
            tweaks,
            [Tweak::Param("{run}".into(), "ar7".into()), Tweak::Raw("{run}".into())]
        );
    }

    #[test]
    fn an_escaped_text_comes_back_as_it_was() {
        for text in ["{run}", "}{", "{{", "plain"] {
            check(&escape(text), Ok(text));
        }
    }
}
