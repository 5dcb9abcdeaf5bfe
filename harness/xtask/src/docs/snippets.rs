//! Blocks of the documentation that are not run: each is what it says it is, and what it gives to the action is an input
//! of it.

use serde_json::Value;

use super::page::{Block, Page};
use crate::failure::{At as _, Failure};

/// How a workflow names the action, without the version.
const ACTION: &str = "parallax-harness/parallax@";

/// The page that has a table of the inputs.
const INPUTS: &str = "docs/how-to/gate.md";

/// Reads every block of YAML, TOML and JSON, and holds what is said of the action's inputs against them.
pub(super) fn check(pages: &[Page], inputs: &[&str]) -> Result<(), Failure> {
    for page in pages {
        for block in &page.blocks {
            read(block, inputs).at(&page.path)?;
        }
    }
    let gate = pages.iter().find(|page| page.path == INPUTS);
    let in_table = |input: &&&str| gate.is_some_and(|page| page.words.iter().any(|word| word == **input));
    match inputs.iter().find(|input| !in_table(input)) {
        None => Ok(()),
        Some(input) => Err(Failure::new(format!(
            "{INPUTS} does not name the input `{input}` of action.yml"
        ))),
    }
}

fn read(block: &Block, inputs: &[&str]) -> Result<(), Failure> {
    let text = &block.text;
    match block.words.first().map(String::as_str) {
        Some("yaml") => given_to_action(&serde_saphyr::from_str(text).at(text)?, inputs),
        Some("toml") => toml::from_str::<toml::Table>(text).map(drop).at(text),
        Some("json") => serde_json::from_str::<Value>(text).map(drop).at(text),
        _ => Ok(()),
    }
}

/// Fails where a step gives the action what it does not take.
fn given_to_action(value: &Value, inputs: &[&str]) -> Result<(), Failure> {
    let uses = value.get("uses").and_then(Value::as_str).unwrap_or_default();
    if uses.starts_with(ACTION) {
        let given = value.get("with").and_then(Value::as_object);
        let mut names = given.into_iter().flat_map(|given| given.keys());
        if let Some(unknown) = names.find(|name| !inputs.contains(&name.as_str())) {
            return Err(Failure::new(format!("the action has no input `{unknown}`")));
        }
    }
    match value {
        Value::Array(values) => values.iter().try_for_each(|value| given_to_action(value, inputs)),
        Value::Object(entries) => entries.values().try_for_each(|value| given_to_action(value, inputs)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use camino::Utf8Path;

    use super::*;
    use crate::docs::page;

    fn complaint(text: &str) -> Option<String> {
        let page = page::parse(Utf8Path::new(INPUTS), &format!("`target`\n\n{text}"));
        check(&[page], &["target"]).err().map(|failure| failure.to_string())
    }

    #[test]
    fn a_workflow_gives_the_action_what_it_takes() {
        let step = |given: &str| format!("```yaml\nsteps:\n  - uses: {ACTION}v1\n    with:\n      {given}: x\n```\n");
        assert_eq!(complaint(&step("target")), None);
        assert!(complaint(&step("taget")).unwrap().contains("no input `taget`"));
    }

    #[test]
    fn a_block_is_in_the_language_it_names() {
        assert_eq!(complaint("```toml\na = 1\n```\n"), None);
        assert!(complaint("```toml\na =\n```\n").is_some());
        assert!(complaint("```yaml\na: [\n```\n").is_some());
    }

    #[test]
    fn an_input_that_the_page_does_not_name_is_told() {
        let page = page::parse(Utf8Path::new(INPUTS), "`target`");
        assert!(check(&[page], &["target", "out"]).is_err());
    }
}
