//! A run of a million verdicts, merged, rendered and judged: how long each takes, and how much memory.

use std::fs::File;
use std::io::BufWriter;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use camino::Utf8Path;
use parallax_outcome::{
    Collector, Difference, Event, EvidenceLine, Kind, RunInfo, ScenarioRecord, Severity, StepRecord, Text, Transcript,
    Verdict,
};
use parallax_report::shard::{FORMAT, Header, NAME, Writer};
use serde_json::json;

use crate::failure::{At as _, Failure};
use crate::shell::root;

/// How many verdicts the run has.
const VERDICTS: usize = 1_000_000;

/// How many steps a scenario has.
const STEPS: usize = 3;

/// How many parts it was played in.
const SHARDS: u32 = 8;

/// How many operations, and so causes of one kind, there are.
const OPERATIONS: usize = 40;

/// The most memory that a command may take, in MiB.
const MOST: u64 = 200;

/// Measures with every step agreeing, with a few divergences, and with as many as the words say or else at every second
/// step. Fails where a command takes more memory than it may; how long it takes says more on a calm machine.
pub(crate) fn measure(words: &[&str]) -> Result<(), Failure> {
    let (binary, counts) = match words {
        [binary, counts @ ..] => (*binary, counts),
        [] => {
            return Err(Failure::new(
                "give the binary to measure, such as target/release/parallax",
            ));
        }
    };
    let counts: Result<Vec<usize>, _> = counts.iter().map(|count| count.parse()).collect();
    let mut counts = counts.at("a number of divergences")?;
    if counts.is_empty() {
        counts = vec![0, 5_000, 350_000, VERDICTS];
    }
    let folder = root().join("target/scale");
    for count in counts {
        println!("{VERDICTS} verdicts, {count} of them diverging:");
        std::fs::remove_dir_all(&folder).ok();
        for index in 1..=SHARDS {
            shard(&folder.join(index.to_string()), index, count)?;
        }
        commands(binary, &folder)?;
    }
    std::fs::remove_dir_all(&folder).at(&folder)
}

fn commands(binary: &str, folder: &Utf8Path) -> Result<(), Failure> {
    let shards: Vec<String> = (1..=SHARDS)
        .map(|index| folder.join(index.to_string()).to_string())
        .collect();
    let (out, again, baseline) = (folder.join("out"), folder.join("again"), folder.join("baseline.toml"));
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let merge = [words(&["merge", "--quiet", "--out", out.as_str()]), shards].concat();
    let all = "json,junit,markdown,html,sarif,annotations,badge";
    let report = words(&[
        "report",
        "--quiet",
        out.as_str(),
        "--format",
        all,
        "--out",
        again.as_str(),
    ]);
    let create = words(&[
        "baseline",
        "create",
        "--quiet",
        out.as_str(),
        "--reason",
        "known",
        "--out",
        baseline.as_str(),
    ]);
    let check = words(&[
        "baseline",
        "check",
        "--quiet",
        out.as_str(),
        "--baseline",
        baseline.as_str(),
    ]);
    let mut over = Vec::new();
    for words in [merge, report, create, check] {
        let (seconds, mib, code) = watch(Command::new(binary).current_dir(root()).args(&words))?;
        let name = words
            .iter()
            .take_while(|word| !word.starts_with('-'))
            .cloned()
            .collect::<Vec<_>>()
            .join(" ");
        println!("  {name:16} {seconds:6.2} s {mib:6} MiB, ended with {code}");
        // A baseline of a million ids is a file of a hundred megabytes; it is told, and no reason to fail.
        if mib > MOST && !name.starts_with("baseline") {
            over.push(name);
        }
    }
    match over.as_slice() {
        [] => Ok(()),
        _ => Err(Failure::new(format!("more than {MOST} MiB: {}", over.join(", ")))),
    }
}

/// Runs a command to its end: how long it took, the most memory it held, and its exit code.
fn watch(command: &mut Command) -> Result<(f64, u64, i32), Failure> {
    let begin = Instant::now();
    let mut child = command.stdout(Stdio::null()).spawn().at("the binary")?;
    let mut most = 0;
    let code = loop {
        most = most.max(held(&child));
        match child.try_wait().at("the binary")? {
            Some(status) => break status.code().unwrap_or(-1),
            None => thread::sleep(Duration::from_millis(5)),
        }
    };
    Ok((begin.elapsed().as_secs_f64(), most, code))
}

/// The most memory that a process has held so far, in MiB; the system keeps count.
pub(crate) fn held(child: &Child) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.trim().split(' ').next()?.parse::<u64>().ok());
    number.unwrap_or(0) / 1024
}

/// Writes a part of the run.
fn shard(folder: &Utf8Path, index: u32, diverging: usize) -> Result<(), Failure> {
    std::fs::create_dir_all(folder).at(folder)?;
    let path = folder.join(NAME);
    let scenarios = VERDICTS / STEPS;
    let given = json!({ "beginning": "parallax run --target t --reference docs", "operation": null, "resource": null,
        "scenario": null, "generate": 0, "seed": 0, "regressions": null, "repeat": 1 });
    let header = Header {
        shard: FORMAT,
        index,
        count: SHARDS,
        tool: "parallax".into(),
        service: "parcels".into(),
        scenarios,
        given,
        ..Header::default()
    };
    let out = BufWriter::new(File::create(&path).at(&path)?);
    let mut writer = Writer::new(out, &header).at(&path)?;
    let operations: Vec<String> = (0..OPERATIONS).map(|at| format!("DescribeParcels{at}")).collect();
    let started = RunInfo {
        service: "parcels".into(),
        operations: operations.clone(),
        scenarios,
        target: "t".into(),
        reference: "docs".into(),
    };
    writer.event(&Event::Started(started)).at(&path)?;
    let coverage = operations.iter().map(|name| (name.clone(), true)).collect();
    writer.event(&Event::Coverage(coverage)).at(&path)?;
    let mut collector = Collector::new();
    for at in (index as usize - 1..scenarios).step_by(SHARDS as usize) {
        // As a part of a run does.
        let mut event = Event::Scenario(scenario(at, diverging));
        collector.take(event.clone());
        collector.shorten(&mut event);
        writer.event(&event).at(&path)?;
    }
    writer.end(&json!({ "target": "t", "reference": "docs" })).at(&path)?;
    Ok(())
}

fn scenario(index: usize, diverging: usize) -> ScenarioRecord {
    let steps = (0..STEPS).map(|at| {
        let place = index * STEPS + at;
        // Evenly among all, at the first multiple of the distance behind each.
        let diverges = place * diverging / VERDICTS != (place + 1) * diverging / VERDICTS;
        step(index, at, diverges)
    });
    ScenarioRecord {
        index,
        path: format!("CreateParcel{}/generated-names/case-{index}", index % OPERATIONS),
        resource: Some(format!("Parcel{}", index % 9)),
        steps: steps.collect(),
        micros: 1_234,
        requests: 4,
    }
}

fn step(index: usize, at: usize, diverges: bool) -> StepRecord {
    let operation = format!("DescribeParcels{}", (index + at) % OPERATIONS);
    StepRecord {
        step: format!("step-{at}"),
        verdict: if diverges { Verdict::Diverge } else { Verdict::Agree },
        held: false,
        differences: diverges.then(|| difference(index, &operation)).into_iter().collect(),
        curl: if diverges {
            curl(index, &operation)
        } else {
            String::new()
        },
        transcript: diverges.then(|| Box::new(transcript(index, &operation))),
        operation,
    }
}

/// Every key of a path and every value is of the scenario alone.
fn difference(index: usize, operation: &str) -> Difference {
    Difference {
        kind: if index.is_multiple_of(7) {
            Kind::Value
        } else {
            Kind::Case
        },
        severity: Severity::Error,
        path: format!("Parcels[parcel-{index}].ParcelName"),
        expected: format!("\"parcel-{index}\""),
        observed: format!("\"Parcel-{index}\""),
        evidence: vec![EvidenceLine {
            fact: format!("the name in {operation} is stored as a lowercase string"),
            source: "documentation: CreateParcelMessage.ParcelName".into(),
            confidence: "documented".into(),
        }],
        habit: false,
    }
}

fn curl(index: usize, operation: &str) -> String {
    format!(
        "curl -sS \"$TARGET\" -H 'Content-Type: application/x-www-form-urlencoded; charset=utf-8' --data-raw \
         'Action={operation}&Version=2015-02-02&ParcelName=parcel-{index}&Description=some+description'"
    )
}

fn transcript(index: usize, operation: &str) -> Transcript {
    let member = format!("<member><ParcelName>Parcel-{index}</ParcelName><Status>available</Status></member>\n");
    Transcript {
        request: Text::new(&format!(
            "POST /\nhost: 127.0.0.1\n\nAction={operation}&ParcelName=parcel-{index}"
        )),
        answer: Some(Text::new(&format!(
            "200\ncontent-type: text/xml\n\n{}",
            member.repeat(8)
        ))),
        reference: None,
        fields: Text::new(&format!("Parcels[parcel-{index}].ParcelName\tparcel-{index}\tParcel-{index}\n").repeat(8)),
    }
}
