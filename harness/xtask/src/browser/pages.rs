//! The pages that the browser opens.

use camino::Utf8Path;
use parallax_outcome::bench::{Bench, ErrorKind};
use parallax_outcome::{Report, Run, Text, Transcript, Transcripts, report::SCHEMA};
use parallax_report::{bench, compare, html, json, matrix};

use crate::failure::{At as _, Failure};
use crate::shell::root;

/// How many divergences a page must be able to hold.
const MANY: usize = 5_000;

/// The most bytes of such a page.
const LARGEST: usize = 20 << 20;

/// Texts that try to run, to turn the direction of writing, to end what they stand in, or to break the layout.
const HOSTILE: [&str; 7] = [
    "<script>window.hacked=1</script>",
    "\"><img src=x onerror=window.hacked=2>",
    "</script><svg onload=window.hacked=3>",
    "javascript:window.hacked=4//https://example.com/\"onclick=window.hacked=5",
    "\u{202e}desrever\u{2066}\u{200f}\u{200b}\u{feff}\u{1b}[31m",
    "שלום עולם العربية 漢字 🙂\u{301}\u{301}\u{301}",
    "{{7*7}} ${window.hacked=6} <!-- ]]> %s &lt;b&gt;",
];

/// Writes a page of the sample, a hostile one, one with many divergences, and one without any.
pub(super) fn write(folder: &Utf8Path) -> Result<(), Failure> {
    let path = super::sample();
    let sample = json::read(std::io::BufReader::new(std::fs::File::open(&path).at(&path)?)).at(&path)?;
    let empty = Report {
        schema: SCHEMA,
        service: "nothing".to_owned(),
        ..Report::default()
    };
    std::fs::create_dir_all(folder).at(folder)?;
    let large = page(&many(&sample))?;
    if large.len() > LARGEST {
        return Err(Failure::new(format!(
            "a page of {MANY} divergences has {} bytes, which is more than {LARGEST}",
            large.len()
        )));
    }
    println!("a page of {MANY} divergences has {} bytes", large.len());
    let hostile = hostile(sample.clone());
    let of_same = Report {
        service: sample.service.clone(),
        ..hostile.clone()
    };
    let pages = [
        ("sample", page(&sample)?),
        ("matrix", side_by_side(&[&sample, &of_same, &sample])?),
        ("compare", compared(&sample, &of_same)?),
        ("hostile", page(&hostile)?),
        ("large", large),
        ("empty", page(&empty)?),
        ("bench", bench::html::render(&measured()?).at("the bench")?),
        (
            "bench-hostile",
            bench::html::render(&hostile_bench(measured()?)).at("the bench")?,
        ),
        ("bench-empty", bench::html::render(&Bench::default()).at("the bench")?),
    ];
    for (name, text) in pages {
        let path = folder.join(format!("{name}.html"));
        std::fs::write(&path, text).at(&path)?;
    }
    Ok(())
}

fn side_by_side(reports: &[&Report]) -> Result<String, Failure> {
    matrix::html(&matrix::matrix(reports).at("the matrix")?).at("the matrix")
}

fn compared(old: &Report, new: &Report) -> Result<String, Failure> {
    compare::html(&compare::compare(old, new).at("the comparison")?).at("the comparison")
}

fn page(report: &Report) -> Result<String, Failure> {
    html::render(report).at("the page")
}

/// The sample of a bench.
fn measured() -> Result<Bench, Failure> {
    let path = root().join("reports/samples/bench.json");
    let text = std::fs::read_to_string(&path).at(&path)?;
    bench::json::read(&text).at(&path)
}

/// The sample with nine targets, and texts that nothing should be called by.
fn hostile_bench(mut bench: Bench) -> Bench {
    let long = HOSTILE.map(|text| text.repeat(10_000 / text.chars().count() + 1));
    let texts: Vec<&str> = HOSTILE.into_iter().chain(long.iter().map(String::as_str)).collect();
    let mut next = texts.iter().cycle().map(|text| (*text).to_owned());
    let mut draw = || next.next().unwrap_or_default();
    (bench.service, bench.tool, bench.started) = (draw(), draw(), draw());
    (bench.mix.name, bench.mix.resource, bench.load.verify) = (draw(), draw(), draw());
    bench.targets = bench.targets.iter().cycle().take(9).cloned().collect();
    for (target, growth) in bench.targets.iter_mut().zip(1_u32..) {
        target.name = draw();
        target.warnings = vec![draw()];
        target.operations.iter_mut().for_each(|row| row.operation = draw());
        target.errors.kinds = vec![ErrorKind {
            kind: draw(),
            example: draw(),
            count: u64::MAX,
            p50: f64::MAX,
            max: f64::MIN,
        }];
        target
            .timeline
            .iter_mut()
            .for_each(|second| second.p99 *= f64::from(growth));
    }
    bench
        .comparisons
        .iter_mut()
        .for_each(|contest| (contest.one, contest.other) = (draw(), draw()));
    bench
}

/// The sample with texts that a target, a scenario or a contract should not have, each also 10,000 characters long.
fn hostile(mut report: Report) -> Report {
    let long = HOSTILE.map(|text| text.repeat(10_000 / text.chars().count() + 1));
    let texts: Vec<&str> = HOSTILE.into_iter().chain(long.iter().map(String::as_str)).collect();
    let mut next = texts.iter().cycle().map(|text| (*text).to_owned());
    let mut draw = || next.next().unwrap_or_default();
    let said = said(&report);
    report.service = draw();
    report
        .operations
        .iter_mut()
        .take(9)
        .for_each(|row| (row.name, row.implemented) = (draw(), true));
    let mut transcripts = Transcripts::default();
    report.divergences.truncate(14);
    for (divergence, said) in report.divergences.iter_mut().zip(said.iter().cycle()) {
        (divergence.operation, divergence.scenario, divergence.step) = (draw(), draw(), draw());
        (divergence.path, divergence.expected, divergence.observed) = (draw(), draw(), draw());
        (divergence.curl, divergence.repeat) = (draw(), draw());
        for line in &mut divergence.evidence {
            (line.fact, line.source) = (draw(), draw());
        }
        let mut said = said.clone();
        said.texts().for_each(|text| text.text = draw().into());
        said.fields = Text::new(&format!("{}\t{}\t{}\n", draw(), draw(), draw()));
        said.reference = Some(Text::new(&draw()));
        transcripts.push(&divergence.scenario, &divergence.step, said);
    }
    report.inconclusive = texts.iter().map(|text| ((*text).to_owned(), 1)).collect();
    let mut run = Run::from(serde_json::json!({ "target": draw(), "reference": draw(), "started": draw() }));
    run.transcripts = transcripts;
    Report { run, ..report }
}

/// The sample's divergences over and over, each in a scenario of its own and with what was said there.
fn many(sample: &Report) -> Report {
    let mut report = sample.clone();
    let said = said(sample);
    let mut transcripts = Transcripts::default();
    report.divergences.clear();
    for (at, divergence) in sample.divergences.iter().cycle().take(MANY).enumerate() {
        let mut divergence = divergence.clone();
        divergence.id = format!("{at:016x}");
        divergence.scenario.push_str(&format!("/{at}"));
        // Nothing of it recurs, and there are more causes than a real report has.
        divergence.path.push_str(&format!("[{at}]"));
        divergence
            .evidence
            .iter_mut()
            .for_each(|line| line.fact.push_str(&format!(" {}", at / 3)));
        if let Some(mut said) = said.get(at % said.len().max(1)).cloned() {
            said.texts()
                .for_each(|text| text.text = format!("{}\n{at}", text.text).into());
            transcripts.push(&divergence.scenario, &divergence.step, said);
        }
        report.divergences.push(divergence);
    }
    report.run = serde_json::json!({ "target": "many", "reference": "docs" }).into();
    report.run.transcripts = transcripts;
    report
}

/// What was said in a report.
fn said(report: &Report) -> Vec<Transcript> {
    let Transcripts { steps, texts } = &report.run.transcripts;
    let text = |name: &String| texts.get(name).cloned();
    let whole = steps.iter().filter_map(|said| {
        Some(Transcript {
            request: text(&said.request)?,
            answer: said.answer.as_ref().and_then(text),
            reference: said.reference.as_ref().and_then(text),
            fields: text(&said.fields)?,
        })
    });
    whole.collect()
}
