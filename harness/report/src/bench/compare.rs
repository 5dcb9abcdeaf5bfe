//! Two benches side by side: what it was, what it is, and the ratio.

use std::fmt::Write;

use parallax_outcome::bench::{Bench, BenchTarget};

use super::{duration, number};
use crate::text::one_line;

/// Each target that both have, figure by figure; then what only one of them has.
pub fn render(old: &Bench, new: &Bench) -> String {
    let mut out = String::new();
    for target in &new.targets {
        match old.targets.iter().find(|known| known.name == target.name) {
            Some(before) => table(&mut out, before, target),
            None => line(&mut out, &format!("{}: only in the newer one", one_line(&target.name))),
        }
    }
    for target in old.targets.iter().filter(|target| !has(new, &target.name)) {
        line(&mut out, &format!("{}: only in the older one", one_line(&target.name)));
    }
    out
}

fn has(bench: &Bench, name: &str) -> bool {
    bench.targets.iter().any(|target| target.name == name)
}

fn table(out: &mut String, old: &BenchTarget, new: &BenchTarget) {
    line(out, &one_line(&new.name));
    line(out, &format!("  {:12} {:>12} {:>12} {:>8}", "", "old", "new", "ratio"));
    let rate = |value: f64| number(value);
    let share = |value: f64| format!("{:.2} %", 100.0 * value);
    let mut both = |name: &str, pair, shown: &dyn Fn(f64) -> String| row(out, name, pair, ratio(pair), shown);
    both("answers/s", (old.throughput, new.throughput), &rate);
    both("right/s", (old.goodput, new.goodput), &rate);
    both("errors", (old.errors.share, new.errors.share), &share);
    let (before, now) = (&old.latency, &new.latency);
    for (name, pair) in [
        ("mean", (before.mean, now.mean)),
        ("p50", (before.p50, now.p50)),
        ("p90", (before.p90, now.p90)),
        ("p99", (before.p99, now.p99)),
        ("p99.9", (before.p99_9, now.p99_9)),
        ("max", (before.max, now.max)),
    ] {
        // No answers are not the fastest ones.
        let ratio = ratio(pair).filter(|_| before.count > 0 && now.count > 0);
        row(out, name, pair, ratio, &duration);
    }
}

/// What it is in what it was; none where it was nothing.
fn ratio((old, new): (f64, f64)) -> Option<f64> {
    (old > 0.0).then(|| new / old)
}

fn row(out: &mut String, name: &str, (old, new): (f64, f64), ratio: Option<f64>, shown: &dyn Fn(f64) -> String) {
    let ratio = ratio.map_or_else(|| "-".to_owned(), |ratio| format!("{ratio:.2}x"));
    line(
        out,
        &format!("  {name:12} {:>12} {:>12} {ratio:>8}", shown(old), shown(new)),
    );
}

fn line(out: &mut String, text: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{text}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bench(names: &[&str], throughput: f64) -> Bench {
        let target = |name: &&str| BenchTarget {
            name: (*name).to_owned(),
            throughput,
            ..BenchTarget::default()
        };
        Bench {
            targets: names.iter().map(target).collect(),
            ..Bench::default()
        }
    }

    #[test]
    fn figures_stand_beside_each_other_with_their_ratio() {
        let text = render(&bench(&["a", "gone"], 1000.0), &bench(&["a", "new"], 1500.0));
        assert!(
            text.contains("answers/s           1,000        1,500    1.50x"),
            "{text}"
        );
        assert!(text.contains("new: only in the newer one"), "{text}");
        assert!(text.contains("gone: only in the older one"), "{text}");
    }

    #[test]
    fn where_nothing_was_answered_no_latency_has_a_ratio() {
        let mut old = bench(&["a"], 1000.0);
        (old.targets[0].latency.p99, old.targets[0].latency.count) = (10.0, 1000);
        let text = render(&old, &bench(&["a"], 0.0));
        let row = text.lines().find(|line| line.contains("p99 ")).unwrap();
        assert!(row.ends_with(" -"), "{text}");
        assert!(
            text.contains("answers/s           1,000            0    0.00x"),
            "{text}"
        );
    }
}
