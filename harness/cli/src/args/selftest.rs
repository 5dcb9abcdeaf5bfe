//! `parallax selftest`.

use clap::Args;
use parallax_endpoint::fault::Class;

use crate::value::Timeout;

/// `parallax selftest`.
#[derive(Args, Debug)]
#[command(after_help = "\
Each fault and each benign variant of the embedded emulator is served on its own and asked the derived scenarios; a fault \
that only generated input reaches is hunted for. Ends with 0 where every fault was found and nothing else was reported, \
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
