//! Placeholders in a step's input.

use std::collections::BTreeMap;

use parallax_contract::{Call, Value};

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
        tweaks: call.tweaks.clone(),
    })
}

/// The text with its braces doubled, so that no part of it is taken for a placeholder.
pub fn escape(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
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

fn fill_text(text: &str, names: &Names) -> Result<String, Unresolved> {
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
                let value = names.values.get(name).ok_or_else(|| Unresolved(name.to_owned()))?;
                out.push_str(value);
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
    fn an_escaped_text_comes_back_as_it_was() {
        for text in ["{run}", "}{", "{{", "plain"] {
            check(&escape(text), Ok(text));
        }
    }
}
