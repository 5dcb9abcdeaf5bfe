//! Every hunted fault from many seeds: in how many it was found, how soon, and how short what is told of it is.

use std::collections::BTreeMap;
use std::time::Duration;

use parallax_endpoint::fault::Class;
use parallax_runner::selftest::{Bounds, Hunted, Row, Subject, generated};
use serde_json::{Value, json};

/// How long a hunt may take where nobody says.
const USUAL: Duration = Duration::from_secs(60);
/// How many sequences are played at a time, as by `parallax hunt`.
const JOBS: usize = 8;
/// A fault must be found from so many of ten seeds.
const ENOUGH_OF_TEN: usize = 9;
/// Of all finds together the median may have so many steps beyond its set-up.
const SHORT: usize = 3;

/// The hunts: each fault from each seed.
pub(super) fn subjects(class: Option<Class>, seeds: u64, time: Option<Duration>) -> Vec<Subject> {
    let from = |seed| {
        let bounds = Bounds {
            seed,
            cases: None,
            time: time.or(Some(USUAL)),
            jobs: JOBS,
        };
        generated(class, bounds)
    };
    (1..=seeds).flat_map(from).collect()
}

/// What came of the hunts, by fault.
pub(super) struct Matrix<'r> {
    faults: BTreeMap<&'r str, Vec<&'r Row>>,
    /// The median of the steps beyond the set-up over all finds.
    beyond_set_up: Option<usize>,
}

impl<'r> Matrix<'r> {
    pub(super) fn of(rows: &'r [Row]) -> Self {
        let mut faults: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for row in rows {
            faults.entry(row.subject.name.as_str()).or_default().push(row);
        }
        let steps = finds(rows.iter()).map(|(_, hunted)| hunted.beyond_set_up).collect();
        Self {
            faults,
            beyond_set_up: median(steps),
        }
    }

    /// Whether each fault was found from enough seeds, and what was told was short.
    pub(super) fn is_right(&self) -> bool {
        let enough = |rows: &Vec<&Row>| finds(rows.iter().copied()).count() * 10 >= rows.len() * ENOUGH_OF_TEN;
        self.faults.values().all(enough) && self.beyond_set_up.is_none_or(|steps| steps <= SHORT)
    }

    pub(super) fn table(&self) -> String {
        let lines = self.faults.iter().map(|(name, rows)| {
            let found = finds(rows.iter().copied()).count();
            let cells: Vec<_> = rows.iter().map(|row| cell(row)).collect();
            format!("{name:45} {found:3} of {:3}  {}\n", rows.len(), cells.join(" "))
        });
        let told =
            "in how many seeds it was found; for each, after how many seconds, and the steps beyond the set-up\n";
        lines.chain([told.to_owned()]).collect()
    }

    pub(super) fn json(&self) -> Value {
        let fault = |(name, rows): (&&str, &Vec<&Row>)| {
            json!({
                "name": name,
                "seeds": rows.len(),
                "found": finds(rows.iter().copied()).count(),
                "hunts": rows.iter().map(|row| hunt(row)).collect::<Vec<_>>(),
            })
        };
        json!({
            "summary": { "right": self.is_right(), "median_beyond_set_up": self.beyond_set_up },
            "faults": self.faults.iter().map(fault).collect::<Vec<_>>(),
        })
    }

    pub(super) fn sum(&self) -> String {
        let hunts = self.faults.values().map(Vec::len).sum::<usize>();
        let found = self
            .faults
            .values()
            .flat_map(|rows| finds(rows.iter().copied()))
            .count();
        let steps = self
            .beyond_set_up
            .map_or_else(|| "no".to_owned(), |steps| steps.to_string());
        format!("{found} of {hunts} hunts found their fault; the median find has {steps} steps beyond its set-up")
    }
}

/// The hunts that found something.
fn finds<'r>(rows: impl Iterator<Item = &'r Row>) -> impl Iterator<Item = (&'r Row, &'r Hunted)> {
    rows.filter(|row| row.found.is_some())
        .filter_map(|row| Some((row, row.hunted.as_ref()?)))
}

fn cell(row: &Row) -> String {
    let found = finds(std::iter::once(row)).next();
    found.map_or_else(
        || "-".to_owned(),
        |(row, hunted)| {
            format!(
                "{:.1}({})",
                Duration::from_millis(row.millis).as_secs_f64(),
                hunted.beyond_set_up
            )
        },
    )
}

/// A hunt as data.
pub(super) fn hunt(row: &Row) -> Option<Value> {
    let hunted = row.hunted.as_ref()?;
    Some(json!({
        "seed": hunted.seed,
        "found": row.found.is_some(),
        "cases": hunted.cases,
        "millis": row.millis,
        "steps": hunted.steps,
        "beyond_set_up": hunted.beyond_set_up,
    }))
}

fn median(mut numbers: Vec<usize>) -> Option<usize> {
    numbers.sort_unstable();
    numbers.get(numbers.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use parallax_endpoint::fault::faults;
    use parallax_outcome::{Kind, Severity};
    use parallax_runner::selftest::Found;

    use super::*;

    fn rows(found: usize, beyond_set_up: usize) -> Vec<Row> {
        let fault = faults().into_iter().find(|fault| fault.generated).unwrap();
        let place = Found {
            scenario: String::new(),
            step: String::new(),
            kind: Kind::Value,
            severity: Severity::Error,
            path: String::new(),
            expected: String::new(),
            observed: String::new(),
        };
        let row = |subject: Subject| {
            let seed = subject.hunt.unwrap().seed;
            Row {
                found: (seed <= found as u64).then(|| place.clone()),
                noted: None,
                hunted: Some(Hunted {
                    seed,
                    cases: 10,
                    steps: beyond_set_up + 1,
                    beyond_set_up,
                }),
                millis: 1500,
                subject,
            }
        };
        let all = subjects(None, 10, None).into_iter();
        all.filter(|subject| subject.name == fault.name).map(row).collect()
    }

    fn check(found: usize, beyond_set_up: usize, expected: bool) {
        let rows = rows(found, beyond_set_up);
        assert_eq!(Matrix::of(&rows).is_right(), expected, "{found} {beyond_set_up}");
    }

    #[test]
    fn nine_of_ten_seeds_and_three_steps_beyond_the_set_up_are_enough() {
        check(10, 3, true);
        check(9, 3, true);
        check(8, 3, false);
        check(10, 4, false);
    }

    #[test]
    fn the_matrix_has_a_line_for_each_fault_and_a_cell_for_each_seed() {
        let rows = rows(9, 2);
        let table = Matrix::of(&rows).table();
        let line = table.lines().next().unwrap();
        assert!(line.contains("  9 of  10  1.5(2)") && line.ends_with(" -"), "{line}");
    }
}
