//! One measurement by one tool.

use camino::Utf8Path;
use serde_json::Value;

use super::request::Request;
use crate::failure::{At as _, Failure};
use crate::shell::program;

/// How many connections each tool holds.
const CONNECTIONS: &str = "16";

/// A load generator as it is called.
pub(super) struct Tool {
    pub(super) name: String,
    /// Whether it checks answers.
    pub(super) checks: bool,
    program: String,
    words: Vec<String>,
    reading: Reading,
}

/// Where the rate stands in what it prints.
#[derive(Clone, Copy)]
enum Reading {
    Wrk,
    Oha,
    Bench,
}

/// One measurement.
pub(super) struct Sample<'a> {
    pub(super) tool: &'a str,
    pub(super) round: usize,
    /// Answers a second.
    pub(super) rate: f64,
}

/// Every tool, the ones that others are compared with first.
pub(super) fn tools(
    binary: &Utf8Path,
    oha: &Utf8Path,
    request: &Request,
    folder: &Utf8Path,
) -> Result<Vec<Tool>, Failure> {
    let script = folder.join("request.lua");
    std::fs::write(&script, lua(request)).at(&script)?;
    let wrk = |threads: &str| Tool {
        name: format!("wrk -t{threads}"),
        checks: false,
        program: "wrk".to_owned(),
        words: words(&["-t", threads, "-c", CONNECTIONS, "-s", script.as_str()]),
        reading: Reading::Wrk,
    };
    let bench = |verify: &str, threads: &[&str]| Tool {
        name: ["bench", "--verify", verify]
            .iter()
            .chain(threads)
            .copied()
            .collect::<Vec<_>>()
            .join(" "),
        checks: verify != "off",
        program: binary.to_string(),
        words: [
            words(&[
                "bench",
                "--quiet",
                "--format",
                "json",
                "--warm-up",
                "200ms",
                "--connections",
                CONNECTIONS,
            ]),
            words(&["--verify", verify]),
            words(threads),
        ]
        .concat(),
        reading: Reading::Bench,
    };
    Ok(vec![
        wrk("1"),
        wrk("2"),
        Tool {
            name: "oha".to_owned(),
            checks: false,
            program: oha.to_string(),
            words: oha_words(request),
            reading: Reading::Oha,
        },
        bench("off", &[]),
        bench("off", &["--threads", "1"]),
        bench("off", &["--threads", "2"]),
        bench("shape", &[]),
        bench("full", &[]),
    ])
}

impl Tool {
    /// Answers a second over this time.
    pub(super) fn measure(&self, url: &str, seconds: u64) -> Result<f64, Failure> {
        let mut command = program(&self.program);
        command.args(&self.words);
        match self.reading {
            Reading::Wrk => command.args(["-d", &format!("{seconds}s"), url]),
            Reading::Oha => command.args(["-z", &format!("{seconds}s"), url]),
            Reading::Bench => command.args(["--duration", &format!("{seconds}s"), "--target", url]),
        };
        let told = command.output().at(&self.name)?;
        let out = String::from_utf8_lossy(&told.stdout);
        self.rate(&out).ok_or_else(|| {
            let err = String::from_utf8_lossy(&told.stderr);
            Failure::new(format!("{} told no rate of right answers:\n{out}\n{err}", self.name))
        })
    }

    /// The rate, if nothing went wrong.
    fn rate(&self, out: &str) -> Option<f64> {
        let number = |line: &str| line.split_whitespace().last()?.parse().ok();
        match self.reading {
            Reading::Wrk if out.contains("Non-2xx") || out.contains("Socket errors") => None,
            Reading::Wrk => number(out.lines().find(|line| line.starts_with("Requests/sec:"))?),
            Reading::Oha => {
                let told: Value = serde_json::from_str(out).ok()?;
                let summary = told.get("summary")?;
                let right = summary.get("successRate")?.as_f64()? > 0.99;
                summary.get("requestsPerSec")?.as_f64().filter(|_| right)
            }
            Reading::Bench => {
                let told: Value = serde_json::from_str(out).ok()?;
                let target = told.get("targets")?.get(0)?;
                let rate = if self.checks { "goodput" } else { "throughput" };
                let right = target.get("errors")?.get("total")?.as_u64()? == 0;
                target.get(rate)?.as_f64().filter(|_| right)
            }
        }
    }
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn oha_words(request: &Request) -> Vec<String> {
    let mut all = words(&[
        "--no-tui",
        "--output-format",
        "json",
        "-c",
        CONNECTIONS,
        "-m",
        &request.method,
        "-d",
    ]);
    all.push(request.body.clone());
    for (name, value) in &request.headers {
        all.extend(["-H".to_owned(), format!("{name}: {value}")]);
    }
    all
}

/// The request as wrk is told it.
fn lua(request: &Request) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    let mut script = format!(
        "wrk.method = {}\nwrk.path = {}\nwrk.body = {}\n",
        quoted(&request.method),
        quoted(&request.path),
        quoted(&request.body)
    );
    for (name, value) in &request.headers {
        script.push_str(&format!("wrk.headers[{}] = {}\n", quoted(name), quoted(value)));
    }
    script
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tool(reading: Reading) -> Tool {
        Tool {
            name: String::new(),
            checks: true,
            program: String::new(),
            words: Vec::new(),
            reading,
        }
    }

    #[test]
    fn rates_are_read_where_nothing_went_wrong() {
        let wrk = tool(Reading::Wrk);
        assert_eq!(
            wrk.rate("  1 requests\nRequests/sec:  1234.5\nTransfer/sec: 1MB\n"),
            Some(1234.5)
        );
        assert_eq!(wrk.rate("  Non-2xx or 3xx responses: 7\nRequests/sec:  1234.5\n"), None);
        let bench = tool(Reading::Bench);
        assert_eq!(
            bench.rate(r#"{"targets":[{"goodput":2.5,"errors":{"total":0}}]}"#),
            Some(2.5)
        );
        assert_eq!(
            bench.rate(r#"{"targets":[{"goodput":2.5,"errors":{"total":1}}]}"#),
            None
        );
        let oha = tool(Reading::Oha);
        assert_eq!(
            oha.rate(r#"{"summary":{"successRate":1.0,"requestsPerSec":7.0}}"#),
            Some(7.0)
        );
    }
}
