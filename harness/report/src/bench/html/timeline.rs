//! What happened second by second.

use parallax_outcome::bench::{Bench, BenchTarget, Second};

use super::chart::{Axes, Chart, look};
use super::scale::Scale;
use crate::bench::{duration, number};

/// The most points of a line. A longer time is drawn in longer steps.
const POINTS: usize = 240;
/// The least length of a step, in seconds: what is left of a second at the end of a round joins the next.
const LEAST: f64 = 0.5;

/// What happened in one step of the time line.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Step {
    from: f64,
    length: f64,
    answers: u64,
    errors: u64,
    never_sent: u64,
    /// The worst of its seconds: percentiles of parts make none of the whole.
    p99: f64,
}

/// A row of the table that says the same in numbers.
pub(super) struct Row {
    pub(super) at: String,
    pub(super) rate: String,
    pub(super) p99: String,
    pub(super) errors: u64,
    pub(super) never_sent: u64,
}

/// Answers a second and the 99th percentile; none where nothing was measured.
pub(super) fn charts(bench: &Bench) -> Option<[Chart; 2]> {
    let lines: Vec<_> = bench.targets.iter().map(steps).collect();
    if lines.iter().all(Vec::is_empty) {
        return None;
    }
    let all = || lines.iter().flatten();
    let end = all().map(|step| step.from + step.length).fold(0.0, f64::max);
    let rates = Axes::new(
        Scale::seconds(end),
        Scale::linear(all().map(Step::rate).fold(0.0, f64::max)),
        250.0,
    );
    let times = Axes::new(Scale::seconds(end), Scale::millis(all().map(|step| step.p99)), 250.0);
    let mut rate = rates.chart("rates", "Answers a second", "seconds of measured time");
    let mut p99 = times.chart("times", "99th percentile of latency", "seconds of measured time");
    let says = "The tables of seconds below have the same in numbers.";
    rate.description = format!(
        "Answers a second over the measured time; marks on the axis are times at which requests went wrong. {says}"
    );
    p99.description = format!("The 99th percentile of latency, on a logarithmic scale, over the measured time. {says}");
    for (at, steps) in lines.iter().enumerate() {
        let middle = |step: &Step| step.from + step.length / 2.0;
        let points: Vec<_> = steps.iter().map(|step| (middle(step), step.rate())).collect();
        rate.lines.push(rates.line(look(at), &points));
        // A second without an answer has no latency.
        let answered = steps.iter().filter(|step| step.p99 > 0.0);
        let points: Vec<_> = answered.map(|step| (middle(step), step.p99)).collect();
        p99.lines.push(times.line(look(at), &points));
        let wrong = steps.iter().filter(|step| step.errors > 0);
        rate.marks.extend(wrong.map(|step| rates.mark(look(at), middle(step))));
    }
    Some([rate, p99])
}

/// The steps of a target in numbers.
pub(super) fn rows(target: &BenchTarget) -> Vec<Row> {
    let row = |step: &Step| Row {
        at: format!("{:.1}", step.from),
        rate: number(step.rate()),
        p99: duration(step.p99),
        errors: step.errors,
        never_sent: step.never_sent,
    };
    steps(target).iter().map(row).collect()
}

/// The seconds of a target, put together until there are few enough.
fn steps(target: &BenchTarget) -> Vec<Step> {
    let whole: f64 = target.timeline.iter().map(|second| second.length).sum();
    #[expect(clippy::cast_precision_loss, reason = "a small number")]
    let least = (whole / POINTS as f64).max(LEAST);
    let mut steps = Vec::new();
    let mut open: Option<Step> = None;
    for second in &target.timeline {
        let step = open.get_or_insert(Step {
            from: second.at,
            ..Step::default()
        });
        step.add(second);
        // Lengths are sums of binary fractions.
        if step.length >= least - 1e-6 {
            steps.extend(open.take());
        }
    }
    match (open, steps.last_mut()) {
        (Some(rest), Some(last)) => last.join(&rest),
        (Some(rest), None) => steps.push(rest),
        (None, _) => {}
    }
    steps
}

impl Step {
    fn add(&mut self, second: &Second) {
        self.length += second.length.max(0.0);
        self.answers = self.answers.saturating_add(second.answers);
        self.errors = self.errors.saturating_add(second.errors);
        self.never_sent = self.never_sent.saturating_add(second.never_sent);
        self.p99 = self.p99.max(second.p99);
    }

    fn join(&mut self, other: &Self) {
        self.length += other.length;
        self.answers = self.answers.saturating_add(other.answers);
        self.errors = self.errors.saturating_add(other.errors);
        self.never_sent = self.never_sent.saturating_add(other.never_sent);
        self.p99 = self.p99.max(other.p99);
    }

    #[expect(clippy::cast_precision_loss, reason = "counts of requests fit 53 bits")]
    fn rate(&self) -> f64 {
        if self.length > 0.0 {
            self.answers as f64 / self.length
        } else {
            0.0
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(lengths: &[f64]) -> BenchTarget {
        let mut at = 0.0;
        let second = |length: &f64| {
            let second = Second {
                at,
                length: *length,
                answers: (100.0 * length) as u64,
                p99: 1.0,
                ..Second::default()
            };
            at += length;
            second
        };
        BenchTarget {
            timeline: lengths.iter().map(second).collect(),
            ..BenchTarget::default()
        }
    }

    #[test]
    fn what_is_left_of_a_second_joins_another() {
        let steps = steps(&target(&[1.0, 0.1, 1.0, 0.1]));
        assert_eq!(steps.len(), 2);
        assert!(steps.iter().all(|step| (step.rate() - 100.0).abs() < 1.0), "{steps:?}");
        let answers: u64 = steps.iter().map(|step| step.answers).sum();
        assert_eq!(answers, 220);
    }

    #[test]
    fn ten_hours_are_drawn_in_a_few_hundred_steps_and_no_answer_is_lost() {
        let steps = steps(&target(&[1.0; 36_000]));
        assert_eq!(steps.len(), POINTS);
        assert_eq!(steps.iter().map(|step| step.answers).sum::<u64>(), 3_600_000);
    }

    #[test]
    fn what_was_never_sent_is_told_in_its_step() {
        let mut target = target(&[1.0; 3]);
        (target.timeline[1].errors, target.timeline[1].never_sent) = (9, 7);
        let told: Vec<_> = rows(&target).iter().map(|row| (row.errors, row.never_sent)).collect();
        assert_eq!(told, [(0, 0), (9, 7), (0, 0)]);
    }

    #[test]
    fn a_round_shorter_than_a_step_is_one() {
        assert_eq!(steps(&target(&[0.2])).len(), 1);
        assert!(steps(&target(&[])).is_empty());
    }
}
