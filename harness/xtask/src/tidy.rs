//! Rules of the repository that no compiler checks.

mod arrows;
mod files;

use crate::failure::Failure;

/// One broken rule: where, and what to do.
type Complaint = String;

/// Checks every rule, and names all that is broken.
pub(crate) fn check() -> Result<(), Failure> {
    let complaints = [arrows::check()?, files::check()?].concat();
    match complaints.len() {
        0 => Ok(()),
        1 => Err(Failure::new(format!("not tidy: {}", complaints.concat()))),
        many => Err(Failure::new(format!(
            "not tidy in {many} places:\n  {}",
            complaints.join("\n  ")
        ))),
    }
}
