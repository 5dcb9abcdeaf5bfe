//! The command line: what may be asked, in which words.

use camino::Utf8PathBuf;
use clap::{Args, Parser, Subcommand, ValueEnum};
use parallax_endpoint::fault::Class;

use crate::value::{AnswerLimit, Timeout};

mod baseline;
mod paper;
mod shard;
mod views;

pub(crate) use baseline::{BaselineCommand, CheckArgs, CreateArgs, Entries, GateArgs, UpdateArgs};
pub(crate) use paper::{CompletionsArgs, ManArgs};
pub(crate) use shard::{MergeArgs, ShardArgs};
pub(crate) use views::{CompareArgs, MatrixArgs, View};

/// Shows where an implementation of an AWS-style API parts from what the service promises.
#[derive(Debug, Parser)]
#[command(
    name = "parallax",
    version,
    arg_required_else_help = true,
    after_help = "\
Examples:
  parallax run
  parallax run --target http://127.0.0.1:5000 --out report
  parallax list --resource User
"
)]
pub(crate) struct Cli {
    /// What holds for every command.
    #[command(flatten)]
    pub(crate) global: Global,
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What holds for every command.
#[derive(Args, Debug)]
#[command(next_help_heading = "Everywhere")]
pub(crate) struct Global {
    /// Read targets from this file instead of the nearest parallax.toml upwards of the current folder
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<Utf8PathBuf>,
    /// Say less: no progress, no hints
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Say more: once for what happens, twice for each request
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
    /// When to colour what people read
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub(crate) color: Color,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Ask a target and a reference the same things, and report where they part
    Run(RunArgs),
    /// Render a report.json in other formats, without asking anybody
    Report(ReportArgs),
    /// List the scenarios that a run would play
    List(ListArgs),
    /// Serve the embedded emulator until Ctrl-C
    Serve(ServeArgs),
    /// Record what a reference answers in a cassette
    Record(RecordArgs),
    /// Look for divergences that nobody thought of, and keep each as a short scenario
    Hunt(HuntArgs),
    /// Put the harness itself to the test: it must find every fault of the embedded emulator and stay silent otherwise
    Selftest(SelftestArgs),
    /// Make one report of the shards of a run
    Merge(MergeArgs),
    /// Say what is fixed, new, changed or moved between two reports
    Compare(CompareArgs),
    /// Set the reports of many targets side by side
    Matrix(MatrixArgs),
    /// Keep the list of divergences that are accepted for now
    #[command(subcommand)]
    Baseline(BaselineCommand),
    /// Import or show what a service promises
    #[command(subcommand)]
    Spec(SpecCommand),
    /// Print a script that lets a shell complete commands and options
    Completions(CompletionsArgs),
    /// Write the manual pages
    Man(ManArgs),
    /// Print every command with its options, in Markdown
    #[command(hide = true, after_help = "Examples:\n  parallax reference\n")]
    Reference,
}

/// Which scenarios of which service.
#[derive(Args, Clone, Debug)]
pub(crate) struct Selection {
    /// The service; unneeded while only one is built in
    #[arg(long, value_name = "NAME")]
    pub(crate) service: Option<String>,
    /// Only scenarios of operations that match
    #[arg(long, value_name = "GLOB")]
    pub(crate) operation: Option<String>,
    /// Only the scenarios of this resource, such as UserGroup
    #[arg(long, value_name = "NAME")]
    pub(crate) resource: Option<String>,
    /// Only scenarios whose path matches; `*` also stands for slashes
    #[arg(long, value_name = "GLOB")]
    pub(crate) scenario: Option<String>,
}

/// Scenarios besides the derived ones.
#[derive(Args, Clone, Debug)]
pub(crate) struct More {
    /// Also this many generated scenarios
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u64).range(..=1_000_000))]
    pub(crate) generate: u64,
    /// Where the generated scenarios come from: the same seed gives the same ones everywhere
    #[arg(long, value_name = "S", default_value_t = 0)]
    pub(crate) seed: u64,
    /// The folder of kept scenarios; corpus/regressions beside parallax.toml if absent
    #[arg(long, value_name = "DIR")]
    pub(crate) regressions: Option<Utf8PathBuf>,
}

/// How to ask.
#[derive(Args, Clone, Debug)]
pub(crate) struct Asking {
    /// How long a request may take
    #[arg(long, value_name = "TIME", default_value = "10s")]
    pub(crate) timeout: Timeout,
    /// How large an answer may be
    #[arg(long, value_name = "SIZE", default_value = "8MiB")]
    pub(crate) max_answer: AnswerLimit,
}

/// `parallax run`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  parallax run
  parallax run --target moto --out report
  parallax run --target http://127.0.0.1:4566 --resource User --fail-on warning
  parallax run --scenario 'CreateUser/name/*' --reference recorded.cassette
  parallax run --generate 500 --seed 7 --resource User
  parallax run --target moto --shard 2/8 --out shard-2
  parallax run --target moto --baseline reports/baselines/moto.toml --target-version 5.2.5
")]
pub(crate) struct RunArgs {
    #[command(flatten)]
    pub(crate) selection: Selection,
    #[command(flatten)]
    pub(crate) more: More,
    /// Who is under test: `embedded`, a URL, or a target of parallax.toml
    #[arg(long, value_name = "TARGET", default_value = "embedded")]
    pub(crate) target: String,
    /// Who is right: `docs`, a cassette, a URL, or a target of parallax.toml
    #[arg(long, value_name = "REFERENCE", default_value = "docs")]
    pub(crate) reference: String,
    #[command(flatten)]
    pub(crate) asking: Asking,
    /// How many scenarios to play at a time
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) jobs: u16,
    /// How often to play each scenario
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) repeat: u32,
    #[command(flatten)]
    pub(crate) shard: ShardArgs,
    #[command(flatten)]
    pub(crate) rendering: Rendering,
    #[command(flatten)]
    pub(crate) gate: GateArgs,
    /// The version of the target, for the report and for the entries of a baseline that are about one
    #[arg(long, value_name = "TEXT")]
    pub(crate) target_version: Option<String>,
}

/// In which forms a report is written, and where.
#[derive(Args, Clone, Debug)]
pub(crate) struct Rendering {
    /// Write report.json, junit.xml, summary.md and report.html into this folder
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<Utf8PathBuf>,
    /// Only these formats; a single one without --out goes to standard output
    #[arg(long, value_name = "LIST", value_enum, value_delimiter = ',')]
    pub(crate) format: Vec<Format>,
    /// Where the code of each operation stands, for sarif and annotations: lines `OPERATION = "FILE:LINE"`, in which
    /// globs may stand for operations; besides, `[sources]` in parallax.toml
    #[arg(long, value_name = "FILE")]
    pub(crate) sources: Option<Utf8PathBuf>,
}

/// `parallax report`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  parallax report report/report.json
  parallax report report/report.json --format badge
  parallax report report/report.json --format sarif,annotations,badge --out report --sources sources.toml
")]
pub(crate) struct ReportArgs {
    /// A report.json, or its folder
    #[arg(value_name = "REPORT")]
    pub(crate) report: Utf8PathBuf,
    #[command(flatten)]
    pub(crate) rendering: Rendering,
    /// The least severity that makes a test case of junit fail; rendering itself does not
    #[arg(long, value_enum, default_value_t = FailOn::Error, value_name = "SEVERITY")]
    pub(crate) fail_on: FailOn,
}

/// A form of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Format {
    /// report.json, which every other form is made of.
    Json,
    /// junit.xml, one test case a scenario.
    Junit,
    /// summary.md, fit for the summary of a CI step.
    Markdown,
    /// report.html, one page for a browser that needs no network.
    Html,
    /// report.sarif, SARIF 2.1.0 for code scanning.
    Sarif,
    /// annotations.txt, workflow commands that GitHub shows beside the code.
    Annotations,
    /// badge.json, an endpoint badge of shields.io.
    Badge,
}

/// The least severity that fails a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// An SDK would raise, or lose or corrupt data.
    Error,
    /// Visible, harmless to an SDK.
    Warning,
    /// Wording, or what could be disputed.
    Note,
    /// Report only.
    Never,
}

impl From<FailOn> for parallax_outcome::FailOn {
    fn from(given: FailOn) -> Self {
        match given {
            FailOn::Error => Self::Error,
            FailOn::Warning => Self::Warning,
            FailOn::Note => Self::Note,
            FailOn::Never => Self::Never,
        }
    }
}

/// `parallax list`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  parallax list
  parallax list --resource UserGroup
  parallax list --scenario '*/name/*'
")]
pub(crate) struct ListArgs {
    #[command(flatten)]
    pub(crate) selection: Selection,
    #[command(flatten)]
    pub(crate) more: More,
    /// List instead the declared errors that no scenario can provoke, each with the reason
    #[arg(long, conflicts_with_all = ["operation", "resource", "scenario", "generate", "regressions"])]
    pub(crate) unreachable: bool,
}

/// `parallax serve`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  parallax serve
  parallax serve --listen 127.0.0.1:5005
  parallax serve --list-faults
  parallax serve --fault created-not-kept
  parallax serve --variant compact --variant other-account
")]
pub(crate) struct ServeArgs {
    /// The service; unneeded while only one is built in
    #[arg(long, value_name = "NAME")]
    pub(crate) service: Option<String>,
    /// Where to listen; port 0 takes a free one, and the address is printed
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    pub(crate) listen: std::net::SocketAddr,
    /// Serve with this deliberate defect; may be given more than once, the first innermost
    #[arg(long, value_name = "NAME")]
    pub(crate) fault: Vec<String>,
    /// Serve with this benign variation; may be given more than once
    #[arg(long, value_name = "NAME")]
    pub(crate) variant: Vec<String>,
    /// List the deliberate defects: name, class, what it does
    #[arg(long, conflicts_with_all = ["fault", "variant"])]
    pub(crate) list_faults: bool,
    /// List the benign variations: name, what it does
    #[arg(long, conflicts_with_all = ["fault", "variant", "list_faults"])]
    pub(crate) list_variants: bool,
}

/// `parallax selftest`.
#[derive(Args, Debug)]
#[command(after_help = "\
Each fault and each benign variant of the embedded emulator is served on its own and asked the derived scenarios; a fault
that only generated input reaches is hunted for. Ends with 0 where every fault was found and nothing else was reported,
else with 1; with --seeds, where each fault was found from nine of ten seeds.

Examples:
  parallax selftest
  parallax selftest --seeds 10
  parallax selftest --class tags
  parallax selftest --class benign --json
")]
pub(crate) struct SelftestArgs {
    /// The service; unneeded while only one is built in
    #[arg(long, value_name = "NAME")]
    pub(crate) service: Option<String>,
    /// Only faults of this class: lowercasing, validation, errors, shapes, tags, state or transport; or benign
    #[arg(long, value_name = "CLASS", value_parser = class)]
    pub(crate) class: Option<Class>,
    /// Only the faults that no derived scenario reaches: hunt for each with nothing in hand, from each of so many seeds
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1000))]
    pub(crate) seeds: Option<u64>,
    /// How long each of these hunts may take; 60s if absent
    #[arg(long, value_name = "TIME", requires = "seeds")]
    pub(crate) time: Option<Timeout>,
    /// How many emulators to ask at a time
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) jobs: u16,
    /// Print JSON instead of a table
    #[arg(long)]
    pub(crate) json: bool,
}

fn class(text: &str) -> Result<Class, String> {
    let all = Class::FAULTS.into_iter().chain([Class::Benign]);
    let found = all.clone().find(|class| class.as_str() == text);
    found.ok_or_else(|| {
        let names: Vec<_> = all.map(Class::as_str).collect();
        format!("no class has this name; there are {}", names.join(", "))
    })
}

/// `parallax record`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  parallax record --reference docs --out documented.cassette
  parallax record --reference http://127.0.0.1:4566 --resource User --out users.cassette
  parallax record --reference docs --generate 500 --seed 7 --out generated.cassette
")]
pub(crate) struct RecordArgs {
    #[command(flatten)]
    pub(crate) selection: Selection,
    #[command(flatten)]
    pub(crate) more: More,
    /// Whom to record: `docs`, a URL, or a target of parallax.toml
    #[arg(long, value_name = "REFERENCE")]
    pub(crate) reference: String,
    /// The cassette to write
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Utf8PathBuf,
    /// The kind of account that is recorded, such as vpc-only; goes into the cassette
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    #[command(flatten)]
    pub(crate) asking: Asking,
}

/// `parallax hunt`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  parallax hunt --target http://127.0.0.1:4566 --reference docs
  parallax hunt --target moto --resource User --time 5m
  parallax hunt --cases 1000 --seed 7 --jobs 1 --out finds
")]
pub(crate) struct HuntArgs {
    /// The service; unneeded while only one is built in
    #[arg(long, value_name = "NAME")]
    pub(crate) service: Option<String>,
    /// Only resources with an operation that matches, and of operations without a resource only these
    #[arg(long, value_name = "GLOB")]
    pub(crate) operation: Option<String>,
    /// Only this resource, such as UserGroup
    #[arg(long, value_name = "NAME")]
    pub(crate) resource: Option<String>,
    /// Who is under test: `embedded`, a URL, or a target of parallax.toml
    #[arg(long, value_name = "TARGET", default_value = "embedded")]
    pub(crate) target: String,
    /// Who is right: `docs`, a URL, or a target of parallax.toml
    #[arg(long, value_name = "REFERENCE", default_value = "docs")]
    pub(crate) reference: String,
    #[command(flatten)]
    pub(crate) asking: Asking,
    /// How long to hunt; 60s unless --cases bounds it
    #[arg(long, value_name = "TIME")]
    pub(crate) time: Option<Timeout>,
    /// How many sequences to play
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) cases: Option<u64>,
    /// Where the choices come from; with --cases and --jobs 1, the same seed makes the same finds
    #[arg(long, value_name = "S", default_value_t = 0)]
    pub(crate) seed: u64,
    /// How many sequences to play at a time
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) jobs: u16,
    /// Keep the finds in this folder, and start from what is there; corpus/regressions beside parallax.toml if absent
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<Utf8PathBuf>,
    /// The least severity that fails the hunt
    #[arg(long, value_enum, default_value_t = FailOn::Error, value_name = "SEVERITY")]
    pub(crate) fail_on: FailOn,
}

/// `parallax spec`.
#[derive(Debug, Subcommand)]
#[command(after_help = "\
Examples:
  parallax spec import service-2.json --out contract.json
  parallax spec show CreateUser
")]
pub(crate) enum SpecCommand {
    /// Turn a botocore model into a contract
    Import(ImportArgs),
    /// Print a contract, or one operation of it, for people
    Show(ShowArgs),
}

/// `parallax spec import`.
#[derive(Args, Debug)]
#[command(after_help = "\
The model's neighbours are read where they lie beside it: paginators-1.json, waiters-2.json and examples-1.json, also
with .gz.

Examples:
  parallax spec import service-2.json.gz
  parallax spec import service-2.json --overlay overlay.toml --out contract.json
")]
pub(crate) struct ImportArgs {
    /// The model, service-2.json or service-2.json.gz
    #[arg(value_name = "PATH")]
    pub(crate) path: Utf8PathBuf,
    /// Write the contract here instead of to standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<Utf8PathBuf>,
    /// Complete the contract from this overlay
    #[arg(long, value_name = "FILE")]
    pub(crate) overlay: Option<Utf8PathBuf>,
    /// What to call the model in the contract, such as `botocore 1.44.5`
    #[arg(long, value_name = "TEXT")]
    pub(crate) source: Option<String>,
}

/// `parallax spec show`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  parallax spec show
  parallax spec show CreateUser
  parallax spec show --contract contract.json
")]
pub(crate) struct ShowArgs {
    /// The operation; all of them in short if absent
    #[arg(value_name = "OPERATION")]
    pub(crate) operation: Option<String>,
    /// The service; unneeded while only one is built in
    #[arg(long, value_name = "NAME", conflicts_with = "contract")]
    pub(crate) service: Option<String>,
    /// Show this contract file instead of a built-in one
    #[arg(long, value_name = "FILE")]
    pub(crate) contract: Option<Utf8PathBuf>,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }

    /// Every command of the tree, with the words that lead to it.
    fn commands(command: &clap::Command) -> Vec<clap::Command> {
        let below = command
            .get_subcommands()
            .filter(|c| c.get_name() != "help")
            .flat_map(commands);
        std::iter::once(command.clone()).chain(below).collect()
    }

    #[test]
    fn every_command_has_examples_and_every_example_parses() {
        for command in commands(&Cli::command()) {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            let examples: Vec<_> = help.lines().filter_map(|line| line.strip_prefix("  ")).collect();
            assert!(!examples.is_empty(), "{} has no example", command.get_name());
            for example in examples {
                let words = example.split_whitespace().map(|word| word.trim_matches('\''));
                Cli::try_parse_from(words).unwrap_or_else(|error| panic!("{example}: {error}"));
            }
        }
    }

    /// Every Markdown file of a folder and of those in it.
    fn pages(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
        let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let within = |path: std::path::PathBuf| if path.is_dir() { pages(&path) } else { vec![path] };
        let mut pages: Vec<_> = entries.flat_map(within).collect();
        pages.retain(|page| page.extension().is_some_and(|extension| extension == "md"));
        pages
    }

    /// The words of a line that gives a command, up to what only a shell understands. What `--version` prints is none.
    fn command_line(line: &str) -> Option<Vec<String>> {
        let line = line
            .trim()
            .strip_prefix("cargo run --release -- ")
            .map_or_else(|| line.trim().to_owned(), |words| format!("parallax {words}"));
        let given = line
            .strip_prefix("parallax ")
            .is_some_and(|rest| !rest.starts_with(char::is_numeric));
        let plain = given && !line.contains(['$', '`']) && !line.ends_with('\\');
        let ends = ["|", "||", "&&", ";", "&", ">", ">>"];
        let words = shlex::split(&line).filter(|_| plain)?;
        Some(
            words
                .into_iter()
                .take_while(|word| !ends.contains(&word.as_str()))
                .collect(),
        )
    }

    #[test]
    fn every_command_in_the_documents_parses() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        // The page that is generated has usages, which are no commands, and the examples of the test above.
        let written = pages(&root.join("docs"))
            .into_iter()
            .filter(|page| !page.ends_with("reference/commands.md"));
        let documents = written.chain([root.join("README.md")]);
        let mut commands = 0;
        for path in documents {
            for words in std::fs::read_to_string(&path).unwrap().lines().filter_map(command_line) {
                commands += 1;
                if let Err(error) = Cli::try_parse_from(&words) {
                    assert!(!error.use_stderr(), "{}: {}: {error}", path.display(), words.join(" "));
                }
            }
        }
        assert!(commands > 20, "only {commands} commands were found");
    }
}
