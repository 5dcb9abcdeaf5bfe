//! The bench beside other load generators, on the same machine, against the same servers, with the same request.

mod install;
mod measure;
mod request;
mod servers;
mod table;

use camino::Utf8Path;

use crate::failure::{At as _, Failure};
use measure::{Sample, Tool};
pub(crate) use servers::Server;

/// What the words after `peers` may say.
struct Wish {
    /// How often each tool measures each server.
    rounds: usize,
    /// For how long, in seconds.
    seconds: u64,
}

/// Installs wrk, nginx and oha where they are missing, and measures with each of them and with the binary in interleaved
/// rounds. Prints rates and ratios; what they ought to be is for people to judge, who know how calm the machine was.
pub(crate) fn measure(words: &[&str]) -> Result<(), Failure> {
    let (binary, wish) = wish(words)?;
    let binary = Utf8Path::new(binary).canonicalize_utf8().at(binary)?;
    let oha = install::all()?;
    let request = request::caught(&binary)?;
    let scratch = tempfile::tempdir().at("a temporary folder")?;
    let folder =
        Utf8Path::from_path(scratch.path()).ok_or_else(|| Failure::new("the temporary folder is not UTF-8"))?;
    let tools = measure::tools(&binary, &oha, &request, folder)?;
    println!("load of the machine before: {}", load());
    for server in [Server::nginx(folder)?, Server::embedded(&binary)?] {
        let fit: Vec<&Tool> = tools
            .iter()
            .filter(|tool| server.can_be_checked || !tool.checks)
            .collect();
        let mut samples = Vec::new();
        for round in 0..wish.rounds {
            for at in 0..fit.len() {
                // Every other round the other way about, so that what drifts drifts for all.
                let at = if round % 2 == 0 { at } else { fit.len() - 1 - at };
                if let Some(tool) = fit.get(at) {
                    let rate = tool.measure(&server.url, wish.seconds)?;
                    samples.push(Sample {
                        tool: &tool.name,
                        round,
                        rate,
                    });
                }
            }
            eprintln!(
                "{}: round {} of {}, load {}",
                server.name,
                round + 1,
                wish.rounds,
                load()
            );
        }
        println!(
            "\n{}, {} rounds of {} s each:\n",
            server.name, wish.rounds, wish.seconds
        );
        print!("{}", table::render(&fit, &samples));
    }
    println!("\nload of the machine after: {}", load());
    Ok(())
}

fn wish<'a>(words: &[&'a str]) -> Result<(&'a str, Wish), Failure> {
    let mut wish = Wish { rounds: 7, seconds: 3 };
    let (mut binary, mut words) = (None, words.iter());
    while let Some(word) = words.next() {
        let mut number = || words.next().map_or(Ok(0), |number| number.parse::<u64>()).at(word);
        match *word {
            "--rounds" => wish.rounds = usize::try_from(number()?).at(word)?.max(1),
            "--seconds" => wish.seconds = number()?.max(1),
            path => binary = Some(path),
        }
    }
    let binary = binary.ok_or_else(|| Failure::new("give the binary to measure, such as target/release/parallax"))?;
    Ok((binary, wish))
}

/// How many processes wanted to run, over one, five and fifteen minutes.
fn load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').take(3).collect::<Vec<_>>().join(" ")
}
