//! The fuzz targets: built, and each run for a while from its seeds.

mod guidance;

use std::fs::File;
use std::process::{Command, Stdio};
use std::thread;

use camino::{Utf8Path, Utf8PathBuf};
use serde::Deserialize;

use crate::failure::{At as _, Failure};
use crate::shell::{output, program, root, run};

pub(crate) use guidance::measure;

/// How long each target runs unless told otherwise, in seconds.
const SECONDS: u32 = 20;
/// The longest input, in bytes: more than a scenario's file and less than what would only slow a run down.
const LONGEST: u32 = 16 * 1024;
/// How many lines of a failed run are shown.
const TOLD: usize = 40;

/// What to run, and how.
struct Job<'a> {
    seconds: u32,
    /// The targets by name; all where it is empty.
    targets: Vec<&'a str>,
    /// Whether the address sanitizer is built in, which wants a nightly toolchain.
    address: bool,
}

/// Builds every target and runs it, a few at a time; fails if one crashes.
pub(crate) fn check(words: &[&str]) -> Result<(), Failure> {
    let job = Job::of(words)?;
    let known = targets()?;
    let unknown = job.targets.iter().find(|name| known.iter().all(|known| known != *name));
    if let Some(name) = unknown {
        let known = known.join(", ");
        return Err(Failure::new(format!(
            "no fuzz target is named `{name}`; there are {known}"
        )));
    }
    let chosen = known
        .iter()
        .filter(|name| job.targets.is_empty() || job.targets.contains(&name.as_str()));
    let chosen: Vec<&String> = chosen.collect();
    build(job.address)?;
    let folder = binaries()?;
    let at_a_time = thread::available_parallelism().map_or(1, usize::from);
    let failed: Vec<String> = chosen
        .chunks(at_a_time)
        .flat_map(|some| side_by_side(some, &folder, job.seconds))
        .filter_map(|ended| ended.err().map(|failure| failure.to_string()))
        .collect();
    match failed.as_slice() {
        [] => Ok(()),
        some => Err(Failure::new(some.join("\n\n"))),
    }
}

impl<'a> Job<'a> {
    fn of(words: &[&'a str]) -> Result<Self, Failure> {
        let mut job = Self {
            seconds: SECONDS,
            targets: Vec::new(),
            address: false,
        };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match *word {
                "--seconds" => job.seconds = number(words.next().copied())?,
                "--address" => job.address = true,
                target => job.targets.push(target),
            }
        }
        Ok(job)
    }
}

fn number(word: Option<&str>) -> Result<u32, Failure> {
    let number = word.and_then(|word| word.parse().ok());
    number.ok_or_else(|| Failure::new("give a whole number, such as `--seconds 20`"))
}

/// Builds all targets at once, with what every engine needs and no sanitizer unless asked for.
fn build(address: bool) -> Result<(), Failure> {
    if output(program("cargo").args(["fuzz", "--version"])).is_err() {
        run(program("cargo").args(["install", "cargo-fuzz", "--locked"]))?;
    }
    match address {
        true => run(program("cargo").args(["+nightly", "fuzz", "build"])),
        false => run(program("cargo").args(["fuzz", "build", "--sanitizer", "none"])),
    }
}

/// The names of the targets.
fn targets() -> Result<Vec<String>, Failure> {
    #[derive(Deserialize)]
    struct Manifest {
        bin: Vec<Target>,
    }
    #[derive(Deserialize)]
    struct Target {
        name: String,
    }
    let path = root().join("fuzz/Cargo.toml");
    let manifest: Manifest = toml::from_str(&std::fs::read_to_string(&path).at(&path)?).at(&path)?;
    Ok(manifest.bin.into_iter().map(|target| target.name).collect())
}

/// Where cargo-fuzz puts what it builds.
fn binaries() -> Result<Utf8PathBuf, Failure> {
    let about = output(program("rustc").arg("-vV"))?;
    let host = about.lines().find_map(|line| line.strip_prefix("host: "));
    let host = host.ok_or_else(|| Failure::new("`rustc -vV` names no host"))?;
    Ok(root().join("target").join(host).join("release"))
}

fn side_by_side(names: &[&String], folder: &Utf8Path, seconds: u32) -> Vec<Result<(), Failure>> {
    thread::scope(|scope| {
        let running: Vec<_> = names
            .iter()
            .map(|name| scope.spawn(|| one(name, folder, seconds)))
            .collect();
        let ended = running.into_iter().map(thread::ScopedJoinHandle::join);
        ended
            .map(|ended| ended.unwrap_or_else(|_| Err(Failure::new("a run of a fuzz target broke off"))))
            .collect()
    })
}

/// Runs one target from its seeds, with its dictionary. What it learns is not kept.
fn one(name: &str, folder: &Utf8Path, seconds: u32) -> Result<(), Failure> {
    let scratch = root().join("target/fuzz").join(name);
    fresh(&scratch)?;
    let log = scratch.join("log");
    let mut command = engine(name, folder, &scratch)?;
    // The same choices each time: of the same code the chore says the same.
    command.arg("-seed=1").arg(format!("-max_total_time={seconds}"));
    let status = command
        .stdout(Stdio::null())
        .stderr(File::create(&log).at(&log)?)
        .status();
    let status = status.at(name)?;
    let told = std::fs::read(&log).at(&log)?;
    let told = String::from_utf8_lossy(&told);
    let lines: Vec<&str> = told.lines().collect();
    if status.success() {
        println!("{name}: {}", lines.last().copied().unwrap_or_default());
        return Ok(());
    }
    let begin = lines.len().saturating_sub(TOLD);
    let end = lines.get(begin..).unwrap_or_default().join("\n");
    Err(Failure::new(format!(
        "{end}\n{name}: ended with {status}; its input is in {scratch}, and `cargo fuzz run --sanitizer none {name} FILE` \
         shows it again. Mend the cause and keep the input in corpus/seeds/{name}/"
    )))
}

/// The target with its seeds and its dictionary; what it finds goes to the scratch folder.
fn engine(name: &str, folder: &Utf8Path, scratch: &Utf8Path) -> Result<Command, Failure> {
    let seeds = root().join("corpus/seeds").join(name);
    let dictionary = root().join("corpus/seeds").join(format!("{name}.dict"));
    let corpus = scratch.join("corpus");
    std::fs::create_dir_all(&corpus).at(&corpus)?;
    let mut command = program(folder.join(name));
    command
        .arg(format!("-max_len={LONGEST}"))
        .arg("-timeout=20")
        .arg("-print_final_stats=0")
        .arg(format!("-artifact_prefix={scratch}/"));
    if dictionary.exists() {
        command.arg(format!("-dict={dictionary}"));
    }
    command.args([&corpus, &seeds]);
    Ok(command)
}

/// An empty folder, whatever was there.
fn fresh(folder: &Utf8Path) -> Result<(), Failure> {
    if folder.exists() {
        std::fs::remove_dir_all(folder).at(folder)?;
    }
    std::fs::create_dir_all(folder).at(folder)
}
