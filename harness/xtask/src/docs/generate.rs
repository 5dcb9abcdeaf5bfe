//! The pages of the reference that the code knows best.

use std::fmt::Write as _;

use camino::Utf8Path;
use parallax_outcome::{ExitCode, Kind};

use crate::check::{Mode, generated};
use crate::failure::Failure;
use crate::shell::{output, program};

/// Writes or compares the generated pages.
pub(super) fn pages(mode: Mode, binary: &Utf8Path) -> Result<(), Failure> {
    let commands = output(program(binary).arg("reference"))?;
    for (name, text) in [
        ("commands.md", commands),
        ("exit-codes.md", exit_codes()),
        ("kinds.md", kinds()),
    ] {
        let path = super::folder().join("reference").join(name);
        generated(mode, &path, &text, "docs")?;
    }
    Ok(())
}

fn exit_codes() -> String {
    let mut page = "# Exit codes\n\n| code | meaning |\n|-|-|\n".to_owned();
    for code in ExitCode::ALL {
        // Writing to a string cannot fail.
        let _ = writeln!(page, "| {} | {} |", code as u8, code.meaning());
    }
    page + "\
\nOf several the first in the order 70, 2, 3, 1, 5, 4 is taken. A run that was broken off (Ctrl-C, a target or a
reference that stopped answering in the middle, or a live reference that from some point on gave nothing but failures,
throttling and pages of a proxy) deletes what it created, writes the report of what it had found, with
`summary.interrupted`, and exits by the same rules: with 1 where what it found fails the gate, else with 4.

A part is no pass anywhere: `compare` ends with 4, unless `--fail-on` is `never`, where it finds nothing worse and one of the
runs was broken off or could not ask everything, and `baseline create` wants `--allow-incomplete`.

A run in which the target or the reference never answered leaves a report too, with `summary.never_answered`. It counts
nothing, and `baseline`, `compare` and `merge` refuse it.
"
}

fn kinds() -> String {
    let mut page = "\
# Kinds of divergence

A kind says in what way an answer differs. It is the column of the heat map in `report.html`, the rule in
`report.sarif`, and what `kind` in a baseline stands for.

| kind | meaning |
|-|-|
"
    .to_owned();
    for kind in Kind::ALL {
        // Writing to a string cannot fail.
        let _ = writeln!(page, "| `{kind}` | {} |", kind.meaning());
    }
    page + "\
\nA kind has no severity of its own; that depends on what was due and [how well it is
supported](../explanation/evidence.md).
"
}
