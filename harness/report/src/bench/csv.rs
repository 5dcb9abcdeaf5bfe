//! One line for each target and operation, for spreadsheets.

use std::fmt::Write;

use parallax_outcome::bench::{Bench, BenchTarget, Latency};

/// The bench as comma-separated values (RFC 4180, with line feeds): rates in requests a second, times in milliseconds.
/// The operation `all` is the whole of a target.
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
    out.push('\n');
    bench.targets.iter().for_each(|target| rows(&mut out, target));
    out
}

fn rows(out: &mut String, target: &BenchTarget) {
    let whole = (target.throughput, target.goodput, target.errors.total);
    row(
        out,
        (&target.name, "all"),
        whole,
        [&target.latency, &target.uncorrected],
    );
    for one in &target.operations {
        let rates = (one.throughput, one.goodput, one.errors);
        row(
            out,
            (&target.name, &one.operation),
            rates,
            [&one.latency, &one.uncorrected],
        );
    }
}

fn row(
    out: &mut String,
    (target, operation): (&str, &str),
    (throughput, goodput, errors): (f64, f64, u64),
    latencies: [&Latency; 2],
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
    out.push('\n');
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
    use parallax_outcome::bench::OperationLoad;

    use super::*;

    #[test]
    fn each_target_has_a_line_for_all_and_one_for_each_operation() {
        let mut target = BenchTarget {
            name: "a,\"b\"".into(),
            throughput: 12.5,
            ..BenchTarget::default()
        };
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
        assert_eq!(fields(lines[0]), 27);
        // The quoted comma is one more.
        assert_eq!(fields(lines[1]), 28);
    }
}
