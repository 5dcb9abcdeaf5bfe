//! What a person reads at the end of a bench.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};
use parallax_outcome::bench::{Bench, BenchTarget, Latency};

use super::{duration, number, pace, statement};
use crate::text::{count, one_line, shown};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const RED: Style = Style::new().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Red)));
const YELLOW: Style = Style::new().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Yellow)));

/// The bench as text: what was asked, each target, then how they compare. Escape sequences are used only if `colour` says
/// so.
pub fn render(bench: &Bench, colour: bool) -> String {
    let mut page = Page {
        out: String::new(),
        colour,
    };
    page.head(bench);
    for target in &bench.targets {
        page.target(target, &bench.load.verify);
    }
    page.comparisons(bench);
    if bench.interrupted {
        page.line(YELLOW, "broken off: this is what was measured until then");
    }
    page.out
}

struct Page {
    out: String,
    colour: bool,
}

impl Page {
    fn head(&mut self, bench: &Bench) {
        let load = &bench.load;
        let rounds = count(load.rounds, "round", "rounds");
        self.line(
            DIM,
            &format!(
                "{} on {}: {}, {} s in {rounds}, answers checked: {}",
                one_line(&bench.mix.name),
                one_line(&bench.mix.resource),
                pace(load),
                number(load.duration),
                one_line(&load.verify),
            ),
        );
    }

    fn target(&mut self, target: &BenchTarget, verify: &str) {
        self.out.push('\n');
        self.line(BOLD, &one_line(&target.name));
        let checked = match verify {
            "off" => "not checked".to_owned(),
            _ => number(target.goodput),
        };
        self.pair("throughput", &format!("{} answers/s", number(target.throughput)));
        self.pair(
            "goodput",
            &format!("{checked}{}", if verify == "off" { "" } else { " right answers/s" }),
        );
        self.found(target);
        self.errors(target);
        self.latencies(target);
        self.schedule(target);
        self.aside(target);
        for warning in &target.warnings {
            self.line(YELLOW, &format!("  warning: {}", one_line(warning)));
        }
    }

    fn found(&mut self, target: &BenchTarget) {
        match (target.search.is_empty(), target.found_rate) {
            (true, _) => {}
            (false, Some(rate)) => self.pair(
                "highest rate",
                &format!("{} a second held the goal in the search", number(rate)),
            ),
            (false, None) => self.pair("highest rate", "none that was tried holds the goal"),
        }
    }

    fn errors(&mut self, target: &BenchTarget) {
        let errors = &target.errors;
        if errors.total > 0 {
            let share = 100.0 * errors.share;
            self.line(
                RED,
                &format!("  {:13} {} ({share:.2} % of the requests)", "errors", errors.total),
            );
        }
        for kind in &errors.kinds {
            let (name, example) = (one_line(&kind.kind), shown(&kind.example));
            let took = format!("median {}, longest {}", duration(kind.p50), duration(kind.max));
            self.pair("", &format!("{} {name}, {took}: {example}", kind.count));
        }
        if target.inconclusive > 0 {
            self.pair(
                "inconclusive",
                &format!("{}, never counted as right", target.inconclusive),
            );
        }
    }

    fn latencies(&mut self, target: &BenchTarget) {
        let width = target
            .operations
            .iter()
            .map(|row| row.operation.len())
            .max()
            .unwrap_or(0)
            .max(13);
        let head = ["p50", "p90", "p99", "p99.9", "p99.99", "max"]
            .map(|name| format!("{name:>9}"))
            .concat();
        self.line(DIM, &format!("  {:width$} {:>12}{head}", "latency", "answers/s"));
        if target.operations.len() > 1 {
            for row in &target.operations {
                self.latency(width, &one_line(&row.operation), &number(row.throughput), &row.latency);
            }
        }
        self.latency(width, "all", &number(target.throughput), &target.latency);
        if target.schedule.is_some() {
            self.latency(width, "all, uncorrected", "", &target.uncorrected);
        }
    }

    fn latency(&mut self, width: usize, name: &str, rate: &str, latency: &Latency) {
        let Latency {
            p50,
            p90,
            p99,
            p99_9,
            p99_99,
            max,
            ..
        } = latency;
        let cells = [p50, p90, p99, p99_9, p99_99, max]
            .map(|time| format!("{:>9}", duration(*time)))
            .concat();
        let _ = writeln!(self.out, "  {name:width$} {rate:>12}{cells}");
    }

    fn schedule(&mut self, target: &BenchTarget) {
        let Some(schedule) = &target.schedule else { return };
        let text = format!(
            "{} of {} a second sent, p99 {} late; {} waited for a connection",
            number(schedule.achieved),
            number(schedule.due),
            duration(schedule.p99),
            schedule.queued
        );
        self.pair("schedule", &text);
    }

    fn aside(&mut self, target: &BenchTarget) {
        let (connections, client) = (&target.connections, &target.client);
        let machine = client
            .machine
            .map_or_else(String::new, |share| format!(", all cores {:.0} %", 100.0 * share));
        let text = format!(
            "{} opened (p50 {}, apart from the latencies); client threads {:.0} % busy{machine}",
            count(connections.opened, "connection", "connections"),
            duration(connections.p50),
            100.0 * client.cpu
        );
        self.pair("aside", &text);
    }

    fn comparisons(&mut self, bench: &Bench) {
        for contest in &bench.comparisons {
            self.out.push('\n');
            let (one, other) = (one_line(&contest.one), one_line(&contest.other));
            for (what, ratio) in [
                ("throughput", &contest.throughput),
                ("goodput", &contest.goodput),
                ("p50", &contest.p50),
                ("p99", &contest.p99),
            ] {
                if ratio.rounds > 0 {
                    self.pair(what, &statement(&one, &other, ratio));
                }
            }
        }
    }

    fn pair(&mut self, name: &str, text: &str) {
        let _ = writeln!(self.out, "  {name:13} {text}");
    }

    fn line(&mut self, style: Style, text: &str) {
        let _ = match self.colour {
            true => writeln!(self.out, "{style}{text}{style:#}"),
            false => writeln!(self.out, "{text}"),
        };
    }
}
