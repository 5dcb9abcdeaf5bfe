//! Chores: `cargo xtask CHORE`.
//!
//! Whatever needs Python, a C++ compiler, a package registry or a started emulator is here, so that building and testing need none of
//! it. This crate never becomes part of the `parallax` binary, and judges no answer.

mod browser;
mod cassettes;
mod check;
mod contracts;
mod docs;
mod e2e;
mod emulators;
mod failure;
mod formats;
mod fuzz;
mod limits;
mod peers;
mod samples;
mod scale;
mod schema;
mod shell;
mod tidy;
mod vectors;

use std::process::ExitCode;

use failure::Failure;

const USAGE: &str = "\
usage: cargo xtask CHORE

  browser              use and audit the HTML pages in headless Chromium
  cassettes            make cassettes of 100,000 exchanges and of 1 GiB, and measure how fast they are read
  contracts [--check]  import the pinned models into specs/contracts
  vectors              run the protocol vectors of the pinned source distribution
  emulators            install the pinned emulators under .emulators
  e2e [NAME...]        run everything against the emulators, moto also with signatures checked; reports under reports/runs
  docs [--check] [PARALLAX]
                       write the generated pages of docs, follow the links, run the examples and the action, with the
                       binary PARALLAX or else one that is installed for it
  peers PARALLAX [--rounds N] [--seconds N]
                       measure the bench of the binary PARALLAX beside wrk and oha, which it installs, in interleaved rounds
  limits PARALLAX [--minutes N]
                       measure what the bench of the binary PARALLAX promises: stalls, rates, connections, memory
  scale PARALLAX [DIVERGENCES...]
                       merge, render and judge a million verdicts with the binary PARALLAX, and see to the memory
  redact [EXCHANGES]   look for planted secrets in what is written of a million exchanges, and time it
  schema [--check]     write reports/schema/report.schema.json
  formats              hold the formats of reports/samples against their official schemas and a common reader
  samples NAME ARG...  write reports/samples from a run against the emulator NAME, with further arguments
  fuzz [--seconds N] [--address] [TARGET...]
                       build the fuzz targets and run each from its seeds; with --address on nightly, sanitized
  guidance [--seconds N] [--seeds N]
                       measure what the fuzz target `differential` finds with its counters and without
  tidy                 check the rules of the repository that no compiler checks

With --check nothing is written, and a difference fails.";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match chore(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn chore(words: &[&str]) -> Result<(), Failure> {
    match words {
        ["cassettes", words @ ..] => cassettes::measure(words),
        ["redact", words @ ..] => cassettes::redact(words),
        ["browser"] => browser::check(),
        ["contracts"] => contracts::run(false),
        ["contracts", "--check"] => contracts::run(true),
        ["docs", "--check", binary @ ..] if binary.len() <= 1 => docs::run(check::Mode::Check, binary.first().copied()),
        ["docs", binary @ ..] if binary.len() <= 1 => docs::run(check::Mode::Write, binary.first().copied()),
        ["emulators"] => emulators::install(),
        ["e2e", names @ ..] => e2e::run(names),
        ["fuzz", words @ ..] => fuzz::check(words),
        ["guidance", words @ ..] => fuzz::measure(words),
        ["limits", words @ ..] => limits::measure(words),
        ["peers", words @ ..] => peers::measure(words),
        ["formats"] => formats::check(),
        ["scale", words @ ..] => scale::measure(words),
        ["schema"] => schema::generate(check::Mode::Write),
        ["schema", "--check"] => schema::generate(check::Mode::Check),
        ["samples", name, further @ ..] => samples::write(name, further),
        ["vectors"] => vectors::run(),
        ["tidy"] => tidy::check(),
        [] | ["help" | "-h" | "--help"] => {
            println!("{USAGE}");
            Ok(())
        }
        _ => Err(Failure::new(format!("unknown chore `{}`\n\n{USAGE}", words.join(" ")))),
    }
}
