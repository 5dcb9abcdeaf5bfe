//! The run token out of what people read: two equal runs give equal reports.

use parallax_outcome::{Difference, StepRecord, Verdict};

use crate::token;

/// What stands for a token where people read, and in upper case.
const SHOWN: [&str; 2] = ["{run}", "{RUN}"];

/// What stands for it in a line for the shell, which must do as it is.
const IN_SHELL: [&str; 2] = ["prlx000", "PRLX000"];

/// A token cut short beside an ellipsis is recognised from this many characters on.
const LEAST: usize = 3;

/// Hides a token in all that a step says: `{run}` for it, `{RUN}` for its upper case; in the `curl` line, which somebody
/// may run as it is, a token that no run has.
pub(crate) fn in_step(record: &mut StepRecord, token: &str) {
    for difference in &mut record.differences {
        in_difference(difference, token);
    }
    if !record.curl.is_empty() {
        record.curl = replaced(&record.curl, token, IN_SHELL);
    }
    if let Some(said) = &mut record.transcript {
        for text in said.texts() {
            // The reference's names have a token of their own.
            let shown = in_text(&in_text(&text.text, token), &token::for_reference(token));
            text.text = shown.into();
        }
    }
    if let Verdict::Inconclusive(reason) | Verdict::Skipped(reason) = &mut record.verdict
        && reason.contains(token)
    {
        *reason = in_text(reason, token);
    }
}

/// The same in one difference.
pub(crate) fn in_difference(difference: &mut Difference, token: &str) {
    for text in [&mut difference.path, &mut difference.expected, &mut difference.observed] {
        *text = in_text(text, token);
    }
}

fn in_text(text: &str, token: &str) -> String {
    replaced(text, token, SHOWN)
}

fn replaced(text: &str, token: &str, [shown, shown_upper]: [&str; 2]) -> String {
    let upper = token.to_ascii_uppercase();
    let text = text.replace(token, shown).replace(&upper, shown_upper);
    cut_short(cut_short(text, token, shown), &upper, shown_upper)
}

/// Where a long text was shortened, it may have been in the middle of the token.
fn cut_short(mut text: String, token: &str, shown: &str) -> String {
    for length in (LEAST..token.len()).rev() {
        let beginning = token.get(..length).unwrap_or_default();
        for end in ["\"…", "…"] {
            text = text.replace(&format!("{beginning}{end}"), &format!("{shown}{end}"));
        }
        let ending = token.get(token.len() - length..).unwrap_or_default();
        text = text.replace(&format!("…\"{ending}"), &format!("…\"{shown}"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(in_text(text, "k3z0001"), expected);
    }

    #[test]
    fn the_token_does_not_show_in_either_case() {
        check("\"my-k3z0001\" K3Z0001", "\"my-{run}\" {RUN}");
        check("nothing", "nothing");
    }

    #[test]
    fn a_token_that_was_cut_short_does_not_show_either() {
        check("\"aaak3z00\"… (300 characters)", "\"aaa{run}\"… (300 characters)");
        check("…\"0001aaa\" (300 characters)", "…\"{run}aaa\" (300 characters)");
        check("Users[aaak3z…]", "Users[aaa{run}…]");
    }
}
