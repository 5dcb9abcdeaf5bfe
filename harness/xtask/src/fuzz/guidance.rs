//! What guidance by behaviour is worth.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};

use camino::Utf8Path;

use super::{binaries, build, engine, fresh, number};
use crate::failure::{At as _, Failure};
use crate::shell::{program, root};

/// Ten faults of the catalogue that only generated input reaches, of every class that has such.
const FAULTS: [&str; 10] = [
    "kelvin-sign-folded",
    "description-of-64-cut",
    "description-with-trailing-backslash-cut",
    "identifier-of-64-without-description",
    "identifier-of-two-capitals-in-a-row-kept",
    "tag-with-equal-key-and-value-lost",
    "tag-readded-keeps-old-value",
    "third-creation-not-listed",
    "third-permission-lost",
    "deletion-takes-numbered-sibling",
];
/// How long each run lasts unless told otherwise, in seconds.
const SECONDS: u32 = 60;
/// How many seeds of libFuzzer's choices are tried unless told otherwise.
const SEEDS: u32 = 3;

/// Plays the differential target over HTTP against an emulator with ten faults at once, with the counters and without,
/// from the same seeds, and prints how many causes each found.
pub(crate) fn measure(words: &[&str]) -> Result<(), Failure> {
    let (mut seconds, mut seeds) = (SECONDS, SEEDS);
    for pair in words.chunks(2) {
        match pair {
            ["--seconds", value] => seconds = number(Some(value))?,
            ["--seeds", value] => seeds = number(Some(value))?,
            other => return Err(Failure::new(format!("unknown words: {}", other.join(" ")))),
        }
    }
    crate::e2e::build()?;
    build(false)?;
    println!("seed  on  off");
    let (mut on, mut off) = (0, 0);
    for seed in 1..=seeds {
        let found = (causes(seed, seconds, "on")?, causes(seed, seconds, "off")?);
        println!("{seed:4}  {:2}  {:3}", found.0, found.1);
        on += found.0;
        off += found.1;
    }
    println!(" sum  {on:2}  {off:3}");
    Ok(())
}

/// How many causes are found in this time, with the counters on or off.
fn causes(seed: u32, seconds: u32, counters: &str) -> Result<usize, Failure> {
    let scratch = root().join("target/fuzz").join(format!("guidance-{counters}-{seed}"));
    fresh(&scratch)?;
    let found = scratch.join("found");
    let emulator = Faulty::start()?;
    let log = scratch.join("log");
    let mut command = engine("differential", &binaries()?, &scratch)?;
    command
        .args([format!("-seed={seed}"), format!("-max_total_time={seconds}")])
        .arg("-len_control=0")
        .env("PARALLAX_TARGET", &emulator.url)
        .env("PARALLAX_COLLECT", &found)
        .env("PARALLAX_COUNTERS", counters)
        .stderr(std::fs::File::create(&log).at(&log)?);
    let status = command.status().at("differential")?;
    match status.success() {
        true => distinct(&found),
        false => Err(Failure::new(format!("differential ended with {status}; see {log}"))),
    }
}

/// The ids in a file of divergences; none where nothing was found.
fn distinct(path: &Utf8Path) -> Result<usize, Failure> {
    let text = std::fs::read_to_string(path).at(path)?;
    let ids = text.lines().filter_map(|line| line.split(' ').nth(1));
    Ok(ids.collect::<BTreeSet<_>>().len())
}

/// The embedded emulator with all the faults, in a process of its own.
struct Faulty {
    process: Child,
    url: String,
}

impl Faulty {
    fn start() -> Result<Self, Failure> {
        let faults = FAULTS.iter().flat_map(|fault| ["--fault", fault]);
        let mut process = program(root().join("target/release/parallax"))
            .args(["--quiet", "serve", "--listen", "127.0.0.1:0"])
            .args(faults)
            .stdout(Stdio::piped())
            .spawn()
            .at("parallax serve")?;
        let mut url = String::new();
        if let Some(out) = process.stdout.take() {
            BufReader::new(out).read_line(&mut url).at("parallax serve")?;
        }
        Ok(Self {
            process,
            url: url.trim().to_owned(),
        })
    }
}

impl Drop for Faulty {
    fn drop(&mut self) {
        // It may have ended by itself.
        self.process.kill().ok();
        self.process.wait().ok();
    }
}
