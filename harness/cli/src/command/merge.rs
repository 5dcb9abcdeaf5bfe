//! `parallax merge`.

use std::fs::File;
use std::io::BufReader;

use camino::{Utf8Path, Utf8PathBuf};
use parallax_outcome::{ExitCode, Report};
use parallax_report::merge::{BROKEN_OFF, Merge, MergeError, Part};
use parallax_report::shard::NAME;
use serde_json::Value;

use crate::args::{Global, MergeArgs};
use crate::config::Config;
use crate::failure::Failure;
use crate::gate::Judge;
use crate::outputs::{Manner, Outputs};
use crate::repeat::Given;
use crate::screen::Screen;
use crate::{files, scope, sources};

/// Makes one report of the shards of a run, and judges it as the whole run would have been.
pub(crate) fn merge(args: &MergeArgs, global: &Global, screen: Screen) -> Result<ExitCode, Failure> {
    let judge = Judge::prepare(&args.gate)?;
    let config = Config::find(global.config.as_deref())?;
    let mut report = whole(&args.shards)?;
    let manner = Manner {
        fail_on: args.gate.fail_on.into(),
        sources: sources::of(&report.service, args.rendering.sources.as_deref(), &config)?,
    };
    for words in broken_off(&report) {
        screen.say(&words);
    }
    not_over_a_shard(args)?;
    let outputs = Outputs::of(args.rendering.out.as_deref(), &args.rendering.format)?;
    let scope = scope::of_read(&report, &config)?;
    let problems = judge.mark(&mut report, &scope);
    outputs.write(&report, &manner, screen)?;
    Ok(judge.end(&report, &problems, screen))
}

/// What the whole run would have told.
fn whole(folders: &[Utf8PathBuf]) -> Result<Report, Failure> {
    let parts: Result<Vec<_>, Failure> = folders.iter().map(|folder| part(folder)).collect();
    let merge = Merge::of(parts?).map_err(|error| wrong(&error))?;
    let given: Given = serde_json::from_value(merge.header().given.clone())
        .map_err(|error| Failure::usage("the shards do not tell what was given to the run").because(error))?;
    let mut report = merge.report().map_err(|error| wrong(&error))?;
    given.fill_in(&mut report);
    Ok(report)
}

/// Which shards did not come to their end.
fn broken_off(report: &Report) -> impl Iterator<Item = String> {
    let shards = report.run.get("shards").and_then(Value::as_array).into_iter().flatten();
    let broken = shards.filter(|shard| shard.get(BROKEN_OFF).is_some());
    broken.filter_map(|shard| {
        let number = |name: &str| shard.get("shard")?.get(name)?.as_u64();
        let (index, count) = (number("index")?, number("count")?);
        Some(format!(
            "shard {index} of {count} was broken off; play it again alone with --shard {index}/{count}, and merge anew"
        ))
    })
}

fn part(given: &Utf8Path) -> Result<Part<BufReader<File>>, Failure> {
    let path = files::meant(given, NAME);
    let file = File::open(&path).map_err(|error| {
        Failure::usage(format!("{path} cannot be read"))
            .mend("a shard leaves it when it ends; play the shard again alone, or check the path")
            .because(error)
    })?;
    Part::open(path.to_string(), BufReader::new(file)).map_err(|error| wrong(&error))
}

fn wrong(error: &MergeError) -> Failure {
    Failure::usage(error.to_string())
}

/// A report in the folder of a shard would take the place of the shard's own.
fn not_over_a_shard(args: &MergeArgs) -> Result<(), Failure> {
    let place = |path: &Utf8Path| path.canonicalize_utf8().ok();
    let out = args.rendering.out.as_deref().and_then(place);
    match args.shards.iter().find(|shard| out.is_some() && place(shard) == out) {
        Some(shard) => {
            Err(Failure::usage(format!("{shard} is the folder of a shard")).mend("give another folder with --out"))
        }
        None => Ok(()),
    }
}
