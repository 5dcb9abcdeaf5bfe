//! The `parallax` binary: arguments, terminals, and where files live.
//!
//! Each command turns its arguments into calls of the other crates and their results into text, files and an exit code.
//! This crate never judges an answer, and holds no knowledge of any service: contracts are built in as data.

mod args;
mod cassettes;
mod command;
mod config;
mod direct;
mod failure;
mod files;
mod gate;
mod live;
mod nearest;
mod outputs;
mod party;
mod progress;
mod regressions;
mod repeat;
mod reports;
mod runtime;
mod scenarios;
mod scope;
mod screen;
mod services;
mod shards;
mod sources;
mod standings;
mod value;
mod veil;
mod version;

use std::panic::catch_unwind;
use std::process;

use clap::Parser as _;
use clap::error::ErrorKind;
use parallax_outcome::ExitCode;

use args::{BaselineCommand, Cli, Command, SpecCommand};
use failure::Failure;
use screen::Screen;

/// Requests and answers are made on one thread and often dropped on another, which the C library's allocator answers
/// with locks: a fifth of a run's time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> process::ExitCode {
    runtime::survive_full_files();
    let cli = match command_line() {
        Ok(cli) => cli,
        Err(code) => return process::ExitCode::from(code as u8),
    };
    let screen = Screen::of(&cli.global);
    let code = match catch_unwind(|| obey(&cli, screen)) {
        Ok(Ok(code)) => code,
        Ok(Err(failure)) => {
            let code = failure.code();
            screen.complain(failure);
            code
        }
        // The panic itself has been printed where it happened.
        Err(_) => {
            screen.say("this is a bug of parallax; please report it with the command and the lines above");
            ExitCode::Bug
        }
    };
    process::ExitCode::from(code as u8)
}

/// What is asked; or how the process ends, where that is a question for help or for the version, or nothing that can be
/// understood.
fn command_line() -> Result<Cli, ExitCode> {
    Cli::try_parse().map_err(|end| {
        let printed = match end.kind() {
            ErrorKind::DisplayVersion => screen::print(&version::text()),
            _ if !end.use_stderr() => screen::print_all(|| end.print()),
            _ => {
                // Nobody is left to tell who could be told.
                let _ = end.print();
                return ExitCode::Usage;
            }
        };
        printed.map_or_else(
            |failure| {
                let code = failure.code();
                screen::complain(failure);
                code
            },
            |()| ExitCode::Ok,
        )
    })
}

fn obey(cli: &Cli, screen: Screen) -> Result<ExitCode, Failure> {
    let global = &cli.global;
    match &cli.command {
        Command::Run(args) => command::run::run(args, global, screen),
        Command::Report(args) => command::report::report(args, global, screen),
        Command::Record(args) => command::record::record(args, global, screen),
        Command::Cassette(command) => command::cassette::cassette(command, screen),
        Command::Clean(args) => command::clean::clean(args, global, screen),
        Command::Hunt(args) => command::hunt::hunt(args, global, screen),
        Command::Selftest(args) => command::selftest::selftest(args, screen),
        Command::Bench(args) => command::bench::bench(args, global, screen),
        Command::List(args) => command::list::list(args, global),
        Command::Serve(args) => command::serve::until_interrupted(args, screen),
        Command::Compare(args) => command::compare::compare(args, screen),
        Command::Matrix(args) => command::matrix::matrix(args, screen),
        Command::Merge(args) => command::merge::merge(args, global, screen),
        Command::Baseline(BaselineCommand::Create(args)) => command::baseline::create(args, screen),
        Command::Baseline(BaselineCommand::Update(args)) => command::baseline::update(args, global, screen),
        Command::Baseline(BaselineCommand::Check(args)) => command::baseline::check(args, global, screen),
        Command::Spec(SpecCommand::Import(args)) => command::import::import(args, screen),
        Command::Spec(SpecCommand::Show(args)) => command::show::show(args),
        Command::Completions(args) => command::completions::completions(args),
        Command::Man(args) => command::man::man(args, screen),
        Command::Reference => command::reference::reference(),
    }
}
