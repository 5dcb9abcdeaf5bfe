//! `parallax bench compare`.

use parallax_load::{Condition, Gap, Held};
use parallax_outcome::ExitCode;
use parallax_outcome::bench::Bench;
use parallax_report::bench::{compare as form, number};

use super::written::read;
use crate::args::BenchCompareArgs;
use crate::failure::Failure;
use crate::screen::Screen;

/// Sets two benches side by side, and fails where a condition holds of a target or cannot be judged.
pub(crate) fn compare(args: &BenchCompareArgs, screen: Screen) -> Result<ExitCode, Failure> {
    let (old, new) = (read(&args.old)?, read(&args.new)?);
    let pairs = new.targets.iter().filter_map(|now| {
        let before = old.targets.iter().find(|before| before.name == now.name)?;
        Some((before, now))
    });
    let pairs: Vec<_> = pairs.collect();
    if pairs.is_empty() {
        return Err(
            Failure::usage(format!("{} and {} have no target in common", args.old, args.new))
                .mend("compare benches of the same targets; they are told apart by name"),
        );
    }
    warn(&old, &new, screen);
    screen.show(form::render(&old, &new))?;
    let mut code = ExitCode::Ok;
    for (before, now) in pairs {
        for condition in &args.fail_if {
            let found = match condition.judge(before, now) {
                Held::No => continue,
                Held::Yes { old, new } => {
                    screen.say(&holds(&now.name, condition, old, new));
                    ExitCode::Diverged
                }
                Held::Unknown(gap) => {
                    screen.say(&unjudged(&now.name, condition, gap));
                    ExitCode::TooLittle
                }
            };
            code = ExitCode::worst([code, found]);
        }
    }
    Ok(code)
}

fn holds(name: &str, condition: &Condition, old: f64, new: f64) -> String {
    let (old, new) = (number(old), number(new));
    format!("{name}: {condition} holds: it was {old} and is {new}")
}

fn unjudged(name: &str, condition: &Condition, gap: Gap) -> String {
    let side = match gap {
        Gap::Unmeasured(side) | Gap::NoAnswers(side) | Gap::OnlyWrong(side) | Gap::NoneRight(side) => side,
    };
    format!("{name}: {condition} cannot be judged, which is no pass: {gap}; measure {side} anew")
}

/// Says what makes the two less alike than they look.
fn warn(old: &Bench, new: &Bench, screen: Screen) {
    let told = [
        (old.mix != new.mix, "they asked different mixes"),
        (
            old.load.pace != new.load.pace,
            "they started requests at a different pace",
        ),
        (
            old.load.connections != new.load.connections,
            "they held different numbers of connections",
        ),
        (old.load.verify != new.load.verify, "they checked answers differently"),
        (old.machine != new.machine, "they were measured by different machines"),
        (old.interrupted || new.interrupted, "one of them was broken off"),
        (
            stopped(old) || stopped(new),
            "a target stopped answering in one of them",
        ),
    ];
    for (_, why) in told.iter().filter(|(is_so, _)| *is_so) {
        screen.say(&format!("{why}, which alone may part them"));
    }
}

fn stopped(bench: &Bench) -> bool {
    bench.targets.iter().any(|target| target.stopped)
}
