//! Taking untrue lines out of a baseline without touching the rest of the file.

use std::collections::BTreeSet;

use toml_edit::{Array, DocumentMut, Item, RawString, Table};

use super::{Accepts, Baseline, EditError, Entry, Problem, Trouble};

/// The text without what the problems name. A comment goes with the entry or the id that it stands by.
///
/// # Errors
/// [`EditError::Inline`] where the entries are not tables of their own.
pub(super) fn remove(text: &str, baseline: &Baseline, problems: &[Problem]) -> Result<String, EditError> {
    let mut document: DocumentMut = text.parse().map_err(|_| EditError::Inline)?;
    let tables = document.get_mut("known").and_then(Item::as_array_of_tables_mut);
    let tables = tables.ok_or(EditError::Inline)?;
    let mut takes = Takes::of(problems);
    let mut loose = String::new();
    let mut at = 0;
    for entry in &baseline.entries {
        let Some(table) = tables.get_mut(at) else { break };
        let before = std::mem::take(&mut loose) + &prefix(table);
        if takes.leave_something(table, entry) {
            table.decor_mut().set_prefix(before);
            at += 1;
        } else {
            loose = not_of_the_entry(&before).to_owned();
            tables.remove(at);
        }
    }
    if tables.is_empty() {
        document.remove("known");
    }
    let rest = document.trailing().as_str().unwrap_or_default().to_owned();
    document.set_trailing(loose + &rest);
    Ok(document.to_string())
}

/// What is to be taken out: all of what is gone, and what was said before.
struct Takes<'p> {
    gone: BTreeSet<(usize, &'p str)>,
    said: BTreeSet<(Option<String>, String)>,
}

impl<'p> Takes<'p> {
    fn of(problems: &'p [Problem]) -> Self {
        let gone = problems.iter().filter(|problem| problem.trouble == Trouble::Gone);
        Self {
            gone: gone.map(|problem| (problem.line, problem.what.as_str())).collect(),
            said: BTreeSet::new(),
        }
    }

    /// Shrinks the entry; false where nothing is left of it.
    fn leave_something(&mut self, table: &mut Table, entry: &Entry) -> bool {
        let version = entry.version.as_ref().map(|version| version.as_str().to_owned());
        let items = entry.items();
        let gone: Vec<bool> = items
            .into_iter()
            .map(|(line, what)| {
                self.gone.contains(&(line, what.as_str())) || !self.said.insert((version.clone(), what))
            })
            .collect();
        if matches!(entry.accepts, Accepts::Ids(_)) {
            let single = table.contains_key("id");
            if single && gone.first() == Some(&true) {
                table.remove("id");
            }
            if let Some(list) = table.get_mut("ids").and_then(Item::as_array_mut) {
                shrink(list, gone.get(usize::from(single)..).unwrap_or_default());
            }
        }
        gone.contains(&false)
    }
}

/// Takes out the elements that are gone, each with what stands before it and with the rest of its line.
fn shrink(list: &mut Array, gone: &[bool]) {
    let mut kept = list.clone();
    kept.clear();
    let mut line_end = String::new();
    let mut before_is_kept = true;
    for (value, is_gone) in list.iter().zip(gone) {
        let prefix = value.decor().prefix().and_then(RawString::as_str).unwrap_or_default();
        let (of_before, own) = at_line_end(prefix);
        if before_is_kept {
            line_end = of_before.to_owned();
        }
        before_is_kept = !is_gone;
        if before_is_kept {
            let mut value = value.clone();
            value.decor_mut().set_prefix(std::mem::take(&mut line_end) + own);
            kept.push_formatted(value);
        }
    }
    let (of_last, own) = at_line_end(list.trailing().as_str().unwrap_or_default());
    if before_is_kept {
        line_end = of_last.to_owned();
    }
    kept.set_trailing(line_end + own);
    kept.set_trailing_comma(list.trailing_comma());
    *list = kept;
}

/// What stands between two elements: the rest of the line of the first, and what belongs to the second.
fn at_line_end(between: &str) -> (&str, &str) {
    between.split_at(between.find('\n').unwrap_or(0))
}

fn prefix(table: &Table) -> String {
    let prefix = table.decor().prefix().and_then(RawString::as_str);
    prefix.unwrap_or_default().to_owned()
}

/// Of what stands before an entry, the part that an empty line parts from it.
fn not_of_the_entry(before: &str) -> &str {
    let end = before.rfind("\n\n").map_or(0, |at| at + 1);
    let part = before.get(..end).unwrap_or_default();
    if part.trim().is_empty() { "" } else { part }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
# The head of the file.

# Of the first.
[[known]]
id = \"aaaaaaaaaaaaaaaa\"
reason = \"one\"

# Loose.

# Of the second.
[[known]] # kept
ids = [ # list
  \"bbbbbbbbbbbbbbbb\", # of b
  # before c
  \"cccccccccccccccc\", # of c
  \"dddddddddddddddd\", # of d
]
reason = \"two\" # why

[[known]]
kind = \"case\"
reason = \"three\"
# The end.
";

    fn check(gone: &[(usize, &str)], expected: &str) {
        let baseline = Baseline::read(TEXT).unwrap();
        let problem = |(line, what): &(usize, &str)| Problem {
            line: *line,
            what: format!("`{what}`"),
            trouble: Trouble::Gone,
        };
        let problems: Vec<_> = gone.iter().map(problem).collect();
        assert_eq!(remove(TEXT, &baseline, &problems).unwrap(), expected);
    }

    #[test]
    fn nothing_gone_changes_nothing() {
        check(&[], TEXT);
    }

    #[test]
    fn an_id_goes_with_its_comments_alone() {
        let without = TEXT.replace("  # before c\n  \"cccccccccccccccc\", # of c\n", "");
        check(&[(15, "cccccccccccccccc")], &without);
        let without = TEXT.replace("  \"dddddddddddddddd\", # of d\n", "");
        check(&[(16, "dddddddddddddddd")], &without);
        let without = TEXT.replace("  \"bbbbbbbbbbbbbbbb\", # of b\n", "");
        check(&[(13, "bbbbbbbbbbbbbbbb")], &without);
    }

    #[test]
    fn an_entry_goes_with_its_comment_and_leaves_the_others() {
        let without = TEXT.replace(
            "# Of the first.\n[[known]]\nid = \"aaaaaaaaaaaaaaaa\"\nreason = \"one\"\n\n",
            "",
        );
        check(
            &[(5, "aaaaaaaaaaaaaaaa")],
            &without.replace("file.\n\n", "file.\n\n\n").replace("\n\n\n#", "\n\n#"),
        );
        let without = TEXT.replace("\n[[known]]\nkind = \"case\"\nreason = \"three\"\n", "");
        check(&[(20, "kind case")], &without);
    }

    #[test]
    fn what_is_said_twice_stays_once() {
        let text = "[[known]]\nids = [\"aaaaaaaaaaaaaaaa\", \"aaaaaaaaaaaaaaaa\"]\nreason = 'x'\n";
        let baseline = Baseline::read(text).unwrap();
        let expected = text.replacen("\"aaaaaaaaaaaaaaaa\", ", "", 1);
        assert_eq!(remove(text, &baseline, &[]).unwrap(), expected);
    }
}
