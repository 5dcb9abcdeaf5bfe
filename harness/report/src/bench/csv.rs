//! One line for each target and operation, for spreadsheets.

use std::fmt::Write;

use parallax_outcome::bench::{Bench, BenchTarget, Latency};

/// The bench as comma-separated values (RFC 4180, with line feeds): rates in requests a second, times in milliseconds.
/// The operation `all` is the whole of a target; what was never sent, among its errors, is of no operation.
pub fn render(bench: &Bench) -> String {
    let mut out = "target,operation,throughput,goodput,errors".to_owned();
    for kind in ["", "uncorrected_"] {
        for name in [
            "count", "min", "mean", "p50", "p75", "p90", "p95", "p99", "p99.9", "p99.99", "max",
        ] {
            // Writing to a string cannot fail.
            let _ = write!(out, ",{kind}{name}");
        }
    }
    out.push_str(",never_sent\n");
    bench.targets.iter().for_each(|target| rows(&mut out, target));
    out
}

fn rows(out: &mut String, target: &BenchTarget) {
    let whole = (target.throughput, target.goodput, target.errors.total);
    let never_sent = target.timeline.iter().map(|second| second.never_sent).sum();
    row(
        out,
        (&target.name, "all"),
        whole,
        [&target.latency, &target.uncorrected],
        Some(never_sent),
    );
    for one in &target.operations {
        let rates = (one.throughput, one.goodput, one.errors);
        row(
            out,
            (&target.name, &one.operation),
            rates,
            [&one.latency, &one.uncorrected],
            None,
        );
    }
}

fn row(
    out: &mut String,
    (target, operation): (&str, &str),
    (throughput, goodput, errors): (f64, f64, u64),
    latencies: [&Latency; 2],
    never_sent: Option<u64>,
) {
    let _ = write!(
        out,
        "{},{},{throughput},{goodput},{errors}",
        quoted(target),
        quoted(operation)
    );
    for latency in latencies {
        let _ = write!(out, ",{}", latency.count);
        for time in times(latency) {
            let _ = write!(out, ",{time}");
        }
    }
    let never_sent = never_sent.map_or_else(String::new, |count| count.to_string());
    let _ = writeln!(out, ",{never_sent}");
}

fn times(latency: &Latency) -> [f64; 10] {
    [
        latency.min,
        latency.mean,
        latency.p50,
        latency.p75,
        latency.p90,
        latency.p95,
        latency.p99,
        latency.p99_9,
        latency.p99_99,
        latency.max,
    ]
}

/// A text as one field. What a spreadsheet would take for a formula is kept from being one.
fn quoted(text: &str) -> String {
    let guarded = match text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => format!("'{text}"),
        false => text.to_owned(),
    };
    match guarded.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", guarded.replace('"', "\"\"")),
        false => guarded,
    }
}

#[cfg(test)]
mod tests {
    use parallax_outcome::bench::{OperationLoad, Second};

    use super::*;

    #[test]
    fn each_target_has_a_line_for_all_and_one_for_each_operation() {
        let mut target = BenchTarget {
            name: "a,\"b\"".into(),
            throughput: 12.5,
            ..BenchTarget::default()
        };
        target.timeline = [3, 4]
            .map(|never_sent| Second {
                never_sent,
                ..Second::default()
            })
            .into();
        target.operations = vec![OperationLoad {
            operation: "=Get".into(),
            ..OperationLoad::default()
        }];
        let text = render(&Bench {
            targets: vec![target],
            ..Bench::default()
        });
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines.len(), 3);
        assert!(lines[1].starts_with("\"a,\"\"b\"\"\",all,12.5,0,0,0,"), "{}", lines[1]);
        assert!(lines[2].contains(",'=Get,"), "{}", lines[2]);
        let fields = |line: &str| line.split(',').count();
        assert_eq!(fields(lines[0]), 28);
        // The quoted comma is one more.
        assert_eq!(fields(lines[1]), 29);
        assert!(lines[0].ends_with(",never_sent") && lines[1].ends_with(",7"), "{text}");
        assert!(lines[2].ends_with(','), "{text}");
    }
}
