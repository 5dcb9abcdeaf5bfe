//! Why a run is no pass, whatever its divergences are: what of its baseline is untrue, and what it falls short of.

use parallax_outcome::{Gate, Report};
use serde::Deserialize;
use serde_json::Value;

use crate::baseline::Problem;
use crate::text::count;

/// Where in [`Run`](parallax_outcome::Run) a command keeps what the report falls short of, where that does not show in the
/// report itself.
pub const GATE: &str = "gate";

/// What fails a run beside its divergences.
#[derive(Debug, Default)]
pub(crate) struct Failing {
    /// The baseline, as it was named.
    pub(crate) file: String,
    /// What of it is untrue, in the order of its lines.
    pub(crate) problems: Vec<Problem>,
    /// What the run falls short of.
    pub(crate) shortfalls: Vec<String>,
}

/// `run.baseline`.
#[derive(Deserialize)]
struct Marked {
    file: String,
    problems: Vec<Problem>,
}

/// `run.gate`.
#[derive(Deserialize)]
struct Judged {
    shortfalls: Vec<String>,
}

impl Failing {
    /// What the command that made the report found; where it said nothing of a gate, what shows in the report.
    pub(crate) fn of(report: &Report) -> Self {
        let judged = said::<Judged>(report.run.get(GATE)).map(|judged| judged.shortfalls);
        let (file, problems) = said::<Marked>(report.run.get("baseline"))
            .map(|marked| (marked.file, marked.problems))
            .unwrap_or_default();
        Self {
            file,
            problems,
            shortfalls: judged.unwrap_or_else(|| Gate::default().shortfalls(report)),
        }
    }

    /// Whether nothing fails the run but its divergences.
    pub(crate) fn is_none(&self) -> bool {
        self.problems.is_empty() && self.shortfalls.is_empty()
    }

    /// So many lines for a person, with a word on how many there are beyond.
    pub(crate) fn lines(&self, most: usize) -> Vec<String> {
        let problems = self.problems.iter();
        let problems = problems.map(|problem| format!("{}: {problem}", self.file));
        let all = self.shortfalls.iter().cloned().chain(problems);
        let mut lines: Vec<_> = all.take(most).collect();
        if let more @ 1.. = self.number().saturating_sub(most) {
            let lines_more = count(more as u64, "more line", "more lines");
            lines.push(format!("{lines_more} of this kind in report.json"));
        }
        lines
    }

    /// Everything as a case of its own: its kind, its name, and why it fails.
    pub(crate) fn cases(&self) -> impl Iterator<Item = (&'static str, String, String)> {
        let shortfalls = (1..).zip(&self.shortfalls);
        let shortfalls = shortfalls.map(|(at, why)| ("too-little", format!("enough is told, {at}"), why.clone()));
        let problems = self.problems.iter().map(|problem| {
            let name = format!("{}, line {}: {}", self.file, problem.line, problem.what);
            ("stale-baseline", name, format!("{}: {problem}", self.file))
        });
        shortfalls.chain(problems)
    }

    fn number(&self) -> usize {
        self.problems.len() + self.shortfalls.len()
    }
}

/// A fact of the run in its form; what somebody wrote there otherwise says nothing.
fn said<'de, T: Deserialize<'de>>(fact: Option<&'de Value>) -> Option<T> {
    T::deserialize(fact?).ok()
}
