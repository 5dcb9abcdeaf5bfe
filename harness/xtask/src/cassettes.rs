//! Cassettes at their full size: whether a secret gets into one, how fast they are read, and how much that takes.

#[path = "../../endpoint/tests/it/plant.rs"]
mod plant;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, LineWriter, Write};
use std::process::Command;
use std::time::{Duration, Instant};

use camino::{Utf8Path, Utf8PathBuf};
use parallax_contract::Contract;
use parallax_endpoint::Exchange;
use parallax_endpoint::cassette::{Care, Cassette, Header, Position, Provenance, Redactor, Rules, Writer};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::failure::{At as _, Failure};
use crate::shell::root;

/// How many exchanges are searched for secrets unless told otherwise.
const SEARCHED: u64 = 1_000_000;
/// How many exchanges are replayed.
const REPLAYED: u64 = 100_000;
/// The size of the large cassette.
const LARGE: u64 = 1 << 30;
/// How many exchanges a scenario has.
const STEPS: u64 = 4;
/// The run token of what is redacted.
const TOKEN: &str = "r7k2m";
/// How many exchanges are written to compare the times.
const TIMED: u64 = 50_000;

/// What is aimed at.
const LEAST_RATE: f64 = 50_000.0;
const MOST_START: Duration = Duration::from_millis(50);
const MOST_RATIO: f64 = 2.0;

/// Redacts so many exchanges with planted secrets, and fails where one is found in what would be written, or where
/// redacting takes longer than it may.
pub(crate) fn redact(words: &[&str]) -> Result<(), Failure> {
    let count = match words {
        [] => SEARCHED,
        [count, ..] => count.parse().at("a number of exchanges")?,
    };
    let rules = Rules::of(&[plant::PATTERN.to_owned()]).at("the pattern")?;
    for number in 0..count {
        let planted = plant::exchange(number);
        let mut redactor = Redactor::new(TOKEN).by(rules.clone());
        let text = one(&mut redactor, &planted.exchange).at(number)?;
        if let Some(shown) = planted.shown(&text) {
            return Err(Failure::new(format!("exchange {number} shows {shown}\n{text}")));
        }
    }
    println!("{count} exchanges with planted secrets: none is in what is written");
    let ratio = ratio()?;
    match ratio > MOST_RATIO {
        true => Err(Failure::new(format!(
            "redacting takes {ratio:.2} times as long as writing alone"
        ))),
        false => Ok(()),
    }
}

/// A cassette of one exchange.
fn one(redactor: &mut Redactor, exchange: &Exchange) -> std::io::Result<String> {
    let mut writer = Writer::create(Vec::new(), header())?;
    writer.write(Position::new("a", "b"), redactor.redact(exchange), None)?;
    String::from_utf8(writer.finish()?).map_err(std::io::Error::other)
}

/// How much longer redacting and writing takes than the writing of the same lines from the exchange as it is: with a secret
/// in nearly every place, and with what a service says. A recording has each line on disk before it asks again, so that is
/// what counts; what of it is not the system's part is told besides.
fn ratio() -> Result<f64, Failure> {
    let planted: Vec<_> = (0..500).map(|number| plant::exchange(number).exchange).collect();
    let mut most: f64 = 0.0;
    for (what, exchanges) in [("full of secrets", planted), ("of the documented cassette", typical()?)] {
        timed(what, &exchanges, "memory", || Ok(std::io::sink()))?;
        let to_file = || tempfile::tempfile().map(LineWriter::new).at("a temporary file");
        most = most.max(timed(what, &exchanges, "a file", to_file)?);
    }
    Ok(most)
}

/// The exchanges of the committed cassette, as they would come.
fn typical() -> Result<Vec<Exchange>, Failure> {
    let folder = root().join("corpus/cassettes");
    let mut services = folder.read_dir_utf8().at(&folder)?.flatten();
    let path = services
        .find_map(|service| Some(service.path().join("documented.cassette")).filter(|path| path.exists()))
        .ok_or_else(|| Failure::new(format!("no service has a documented cassette in {folder}")))?;
    let cassette = Cassette::read(std::fs::read(&path).at(&path)?).at(&path)?;
    let contract = root().join(format!("specs/contracts/{}.json", cassette.header().service));
    let contract: Contract = serde_json::from_slice(&std::fs::read(&contract).at(&contract)?).at(&contract)?;
    let values = BTreeMap::from([("run".to_owned(), TOKEN.to_owned())]);
    let mut exchanges = Vec::new();
    for found in cassette.entries() {
        let (_, entry) = found.at(&path)?;
        let observation = entry.observation(&contract, "", &values).at(&path)?;
        if let (Some(request), Some(observation)) = (entry.request(&values), observation) {
            exchanges.push(Exchange {
                request,
                answer: entry.answer(&values),
                observation,
            });
        }
    }
    Ok(exchanges)
}

fn timed<W: Write>(
    what: &str,
    exchanges: &[Exchange],
    place: &str,
    open: impl Fn() -> Result<W, Failure>,
) -> Result<f64, Failure> {
    let all = || exchanges.iter().cycle().zip(0..TIMED);
    let mut best = [f64::MAX; 2];
    for _ in 0..5 {
        let out = open()?;
        let begin = worked();
        let mut writer = Writer::create(out, header()).at("writing")?;
        let mut redactor = Redactor::new(TOKEN);
        for (exchange, number) in all() {
            // A scenario has a few steps, and a redactor of its own.
            if number % STEPS == 0 {
                redactor = Redactor::new(TOKEN);
            }
            let clean = redactor.redact(exchange);
            writer.write(position(number), clean, None).at("writing")?;
        }
        writer.finish().at("writing")?;
        let with = (worked() - begin).as_secs_f64();
        let mut out = open()?;
        let begin = worked();
        for (exchange, number) in all() {
            bare(exchange, &position(number), &mut out).at("writing")?;
        }
        let without = (worked() - begin).as_secs_f64();
        for (best, now) in best.iter_mut().zip([with, without]) {
            *best = best.min(now);
        }
    }
    let [with, without] = best.map(|seconds| seconds * 1e6 / TIMED as f64);
    let ratio = with / without;
    println!(
        "an exchange {what}: {with:.2} µs to be redacted and written to {place}, {without:.2} µs to be written: {ratio:.2} times as long"
    );
    Ok(ratio)
}

/// Writes the line of an exchange that nobody redacted; the shape and the digest are those of a cassette.
fn bare(exchange: &Exchange, at: &Position, out: &mut impl Write) -> std::io::Result<()> {
    #[derive(Serialize)]
    struct Line<'a> {
        scenario: &'a str,
        step: &'a str,
        request: Message<'a>,
        response: Message<'a>,
    }
    #[derive(Serialize)]
    struct Message<'a> {
        first: &'a str,
        headers: Vec<(String, String)>,
        body: String,
    }
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let request = &exchange.request;
    let answer = exchange.answer.as_ref();
    let line = Line {
        scenario: &at.scenario,
        step: &at.step,
        request: Message {
            first: &request.query,
            headers: request.headers.clone(),
            body: text(&request.body),
        },
        response: Message {
            first: "200",
            headers: answer.map(|answer| answer.headers.clone()).unwrap_or_default(),
            body: answer.map(|answer| text(&answer.body)).unwrap_or_default(),
        },
    };
    let line = serde_json::to_string(&line)?;
    let digest = hex::encode(Sha256::digest(line.as_bytes()));
    // In one piece, as a line of a cassette is.
    out.write_all(format!("{{\"digest\":\"{digest}\",{line}\n").as_bytes())
}

fn header() -> Header {
    Header {
        service: "things".into(),
        contract: "0".repeat(64),
        provenance: Provenance::Documented,
        updated: None,
        profile: None,
        tool: "xtask".into(),
        seed: None,
        settings: BTreeMap::new(),
    }
}

fn position(number: u64) -> Position {
    Position::new(
        format!("CreateThing/name/{}", number / STEPS),
        format!("step-{}", number % STEPS),
    )
}

/// Measures replays and starts, each in a process of its own.
pub(crate) fn measure(words: &[&str]) -> Result<(), Failure> {
    if let ["replay", path, count] = words {
        return replay(Utf8Path::new(path), count.parse().at("a number of exchanges")?);
    }
    let folder = root().join("target/cassettes");
    std::fs::create_dir_all(&folder).at(&folder)?;
    let measured = [("of 100,000 exchanges", REPLAYED, 0), ("of 1 GiB", u64::MAX, LARGE)]
        .into_iter()
        .try_for_each(|(name, most, size)| {
            let path = folder.join("measured.cassette");
            let count = make(&path, most, size)?;
            let bytes = std::fs::metadata(&path).at(&path)?.len();
            println!("a cassette {name}: {count} exchanges, {bytes} bytes");
            for _ in 0..3 {
                let own = std::env::current_exe().at("this program")?;
                let mut command = Command::new(own);
                command.args(["cassettes", "replay", path.as_str(), &count.to_string()]);
                let status = command.status().at("this program")?;
                if !status.success() {
                    return Err(Failure::new("the replay failed"));
                }
            }
            Ok(())
        });
    std::fs::remove_dir_all(&folder).at(&folder)?;
    measured
}

/// Makes a cassette of at most so many exchanges, or until it has this size.
fn make(path: &Utf8PathBuf, most: u64, size: u64) -> Result<u64, Failure> {
    let sources: Vec<_> = (0..500).map(|number| plant::exchange(number).exchange).collect();
    let file = BufWriter::new(File::create(path).at(path)?);
    let mut writer = Writer::create(Counted { to: file, bytes: 0 }, header()).at(path)?;
    let mut count = 0;
    for exchange in sources.iter().cycle() {
        if count == most || (size > 0 && writer.written().bytes >= size) {
            break;
        }
        let clean = Redactor::new(TOKEN).redact(exchange);
        writer.write(position(count), clean, None).at(path)?;
        count += 1;
    }
    writer.finish().at(path)?;
    Ok(count)
}

struct Counted<W> {
    to: W,
    bytes: u64,
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, buffer: &[u8]) -> std::io::Result<usize> {
        let count = self.to.write(buffer)?;
        self.bytes += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.to.flush()
    }
}

/// Opens a cassette and asks for its exchanges, in the order of the file and out of it.
fn replay(path: &Utf8Path, count: u64) -> Result<(), Failure> {
    let had_index = Utf8PathBuf::from(format!("{path}.index")).exists();
    let (begin, at_work) = (Instant::now(), worked());
    let cassette = Cassette::open(path.as_std_path(), Care::Whole).at(path)?;
    let (start, at_work) = (begin.elapsed(), worked() - at_work);
    let asked = count.min(REPLAYED);
    // A stride without a common factor leads to every place, far from the one before.
    let orders: [(&str, u64); 2] = [("in order", 1), ("out of order", 7_919)];
    let mut rates = Vec::new();
    for (name, stride) in orders {
        let begin = worked();
        let values = BTreeMap::from([("run".to_owned(), "r7k2m".to_owned())]);
        let mut bytes = 0;
        for number in 0..asked {
            let entry = cassette.get(&position(number * stride % count)).at(path)?;
            let answer = entry.and_then(|entry| entry.answer(&values));
            bytes += answer.map_or(0, |answer| answer.body.len());
        }
        let rate = asked as f64 / (worked() - begin).as_secs_f64();
        rates.push(format!("{rate:.0} a second {name} ({bytes} bytes)"));
        if rate < LEAST_RATE {
            rates.push("TOO SLOW".to_owned());
        }
    }
    let late = if had_index && start > MOST_START {
        " TOO LATE"
    } else {
        ""
    };
    let index = if had_index {
        "with its index"
    } else {
        "without an index"
    };
    println!(
        "  begun {index} after {:.1} ms ({:.1} ms at work){late}; {}; {} MiB held at most",
        start.as_secs_f64() * 1e3,
        at_work.as_secs_f64() * 1e3,
        rates.join(", "),
        held()
    );
    Ok(())
}

/// How long this process has been at work: what others on the machine do is not counted.
fn worked() -> Duration {
    let told = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    let nanoseconds = told.split(' ').next().and_then(|number| number.parse().ok());
    Duration::from_nanos(nanoseconds.unwrap_or(0))
}

/// The most memory that this process has held, in MiB; the system keeps count.
fn held() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.trim().split(' ').next()?.parse::<u64>().ok());
    number.unwrap_or(0) / 1024
}
