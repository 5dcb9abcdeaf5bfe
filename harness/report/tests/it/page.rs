//! The HTML page, as far as it can be told without a browser; `cargo xtask browser` opens it in one.

use parallax_outcome::bench::{Bench, ErrorKind};
use parallax_outcome::{Collector, Difference, Event, Kind, Report, ScenarioRecord, Severity, StepRecord, Text};
use parallax_outcome::{Transcript, Verdict};
use parallax_report::{compare, html, matrix};
use serde_json::Value;

use crate::sample::report;

/// What the page's script reads.
fn data(page: &str) -> Value {
    let begin = "<script type=\"application/json\" id=\"data\">";
    let json = page.split(begin).nth(1).unwrap().split("</script>").next().unwrap();
    serde_json::from_str(json).unwrap()
}

#[test]
fn nothing_that_a_target_said_is_markup() {
    let mut report = report();
    report.service = "</title><script>alert(1)</script>".into();
    report.operations[0].name = "\"><img src=x onerror=alert(2)>".into();
    report.divergences[0].observed = "</script><script>alert(3)</script><!--".into();
    let page = html::render(&report).unwrap();
    assert_eq!(page.matches("<script").count(), 2, "data and script");
    assert_eq!(page.matches("</script").count(), 2);
    assert!(!page.contains("<img") && !page.contains("<!--"));
    let strings = data(&page)["strings"].to_string();
    assert!(strings.contains("</script><script>alert(3)</script><!--"), "{strings}");
}

/// The page of a matrix of two reports, and of their comparison.
fn pages_of_two(one: &Report, other: &Report) -> [String; 2] {
    [
        matrix::html(&matrix::matrix(&[one, other]).unwrap()).unwrap(),
        compare::html(&compare::compare(one, other).unwrap()).unwrap(),
    ]
}

#[test]
fn nothing_that_a_target_said_is_markup_on_pages_of_several_reports() {
    let (mut one, other) = (report(), report());
    one.operations[0].name = "<script>alert(1)</script>".into();
    one.operations[0].asked = true;
    one.divergences[0].observed = "</script><script>alert(2)</script><!--".into();
    one.run
        .insert("target".to_owned(), "\"><img src=x onerror=alert(3)>".into());
    for page in pages_of_two(&one, &other) {
        assert_eq!(page.matches("<script").count(), 2, "data and script");
        assert_eq!(page.matches("</script").count(), 2);
        assert!(!page.contains("<img") && !page.contains("<!--"), "{page}");
        assert!(
            data(&page)["strings"].to_string().contains("alert(2)"),
            "what was said is shown"
        );
    }
}

/// Every divergence of a page, with its text of this name.
fn texts<'d>(data: &'d Value, name: &str) -> Vec<(&'d Value, String)> {
    let causes = data["causes"].as_array().unwrap().iter();
    let entries = causes.flat_map(|cause| cause.as_array().unwrap());
    let text = |entry: &Value| {
        let at = usize::try_from(entry[name].as_u64().unwrap()).unwrap();
        data["strings"].get(at).unwrap().as_str().unwrap().to_owned()
    };
    entries.map(|entry| (entry, text(entry))).collect()
}

#[test]
fn a_comparison_shows_of_each_fate_what_was_said_and_what_it_was_before() {
    let (old, mut new) = (report(), report());
    let gone = new.divergences.remove(0);
    new.divergences[0].observed = "late".into();
    let [_, page] = pages_of_two(&old, &new);
    let data = data(&page);
    let fates = texts(&data, "group");
    let of = |fate: &str| fates.iter().find(|(_, group)| group == fate).unwrap().0;
    assert_eq!(fates.len(), 2, "{data}");
    assert!(of("changed")["before"].is_array() && of("changed")["said"].is_u64());
    assert_eq!(of("fixed")["side"], 1, "what is gone is shown of the older report");
    let ids = texts(&data, "id");
    assert!(ids.iter().any(|(_, id)| *id == gone.id));
}

#[test]
fn a_number_of_a_matrix_leads_to_the_divergences_of_its_column() {
    let (one, mut other) = (report(), report());
    other.run.insert("target".to_owned(), "quay".into());
    let [page, _] = pages_of_two(&one, &other);
    let data = data(&page);
    let columns: Vec<_> = texts(&data, "group").into_iter().map(|(_, column)| column).collect();
    for target in ["depot", "quay"] {
        let number = columns.iter().filter(|column| *column == target).count();
        assert_eq!(number, one.divergences.len(), "{data}");
        assert!(
            page.contains(&format!("data-operation=\"CreateParcel\" data-group=\"{target}\"")),
            "{page}"
        );
        assert!(
            page.contains(&format!("data-kind=\"case\" data-group=\"{target}\"")),
            "{page}"
        );
    }
}

#[test]
fn the_page_loads_nothing() {
    let page = html::render(&report()).unwrap();
    for loading in [
        " src=",
        "url(",
        "@import",
        "<link rel=\"stylesheet",
        "fetch(",
        "XMLHttpRequest",
    ] {
        assert!(!page.contains(loading), "{loading}");
    }
    assert!(page.contains("default-src &#39;none&#39;"));
}

#[test]
fn every_divergence_is_on_the_page_with_what_was_said() {
    let report = report();
    let data = data(&html::render(&report).unwrap());
    let entries: Vec<_> = data["causes"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|cause| cause.as_array().unwrap())
        .collect();
    assert_eq!(entries.len(), report.divergences.len());
    let text = |number: &Value| {
        let at = usize::try_from(number.as_u64().unwrap()).unwrap();
        data["strings"][at].as_str().unwrap().to_owned()
    };
    for entry in entries {
        let said = &data["said"][usize::try_from(entry["said"].as_u64().unwrap()).unwrap()];
        assert!(text(&said["request"][0]).starts_with("POST /\n\n"), "{said}");
        assert!(
            text(&said["answer"][0]).contains("<b>|`]]> & @all\nnext\\u{202e}"),
            "{said}"
        );
        assert_eq!(text(&said["fields"][0]).lines().next(), Some("\taccepted\taccepted"));
    }
}

/// Divergences that have nothing in common and long answers.
fn large(number: usize) -> Report {
    let mut collector = Collector::new();
    for index in 0..number {
        let text = |what: &str| Text::new(&format!("{what} {index} {}", "<x> and ".repeat(400)));
        let difference = Difference {
            kind: Kind::ALL.into_iter().cycle().nth(index % 19).unwrap(),
            severity: Severity::Error,
            path: format!("Things[{index}].Name"),
            expected: format!("\"{index}\""),
            observed: format!("\"{}\"", "y".repeat(index % 200)),
            evidence: Vec::new(),
            habit: false,
        };
        let transcript = Transcript {
            request: Text::new("POST /"),
            answer: Some(text("answer")),
            reference: None,
            fields: text("fields"),
        };
        let step = StepRecord {
            step: "create".into(),
            operation: format!("Operation{}", index % 77),
            verdict: Verdict::Diverge,
            held: false,
            differences: vec![difference],
            curl: format!("curl {index} {}", "z".repeat(500)),
            transcript: Some(Box::new(transcript)),
        };
        collector.take(Event::Scenario(ScenarioRecord {
            index,
            path: format!("Operation{}/long/{index}", index % 77),
            steps: vec![step],
            ..ScenarioRecord::default()
        }));
    }
    collector.report(serde_json::json!({}))
}

#[test]
fn a_page_of_five_thousand_divergences_stays_under_twenty_mebibytes() {
    let page = html::render(&large(5_000)).unwrap();
    assert!(page.len() < 20 << 20, "{} bytes", page.len());
    let data = data(&page);
    let causes = data["causes"].as_array().unwrap().iter();
    assert_eq!(
        causes.map(|cause| cause.as_array().unwrap().len()).sum::<usize>(),
        5_000
    );
    assert!(!data["said"].as_array().unwrap().is_empty());
}

/// A bench with a distribution, as it is measured.
fn bench() -> Bench {
    let text = include_str!("bench.json");
    parallax_report::bench::json::read(text).unwrap()
}

#[test]
fn a_bench_is_a_page_without_a_script_that_shows_every_target() {
    let bench = bench();
    let page = parallax_report::bench::html::render(&bench).unwrap();
    assert!(!page.contains("<script"), "{page}");
    for loading in [" src=", "url(", "@import", "<link rel=\"stylesheet"] {
        assert!(!page.contains(loading), "{loading}");
    }
    for target in &bench.targets {
        assert!(page.contains(&target.name));
    }
    // A curve from the intended start and one from the sending, and two lines over the time, for each target.
    assert_eq!(page.matches("<polyline").count(), 4 * bench.targets.len());
}

#[test]
fn no_name_of_a_bench_is_markup() {
    let mut bench = bench();
    let hostile = "</title><script>alert(1)</script>\"><img src=x onerror=alert(2)>";
    let target = &mut bench.targets[0];
    target.operations.push(target.operations[0].clone());
    for text in [
        &mut target.name,
        &mut target.operations[0].operation,
        &mut bench.service,
        &mut bench.tool,
    ] {
        *text = hostile.to_owned();
    }
    target.warnings = vec![hostile.to_owned()];
    target.errors.kinds = vec![ErrorKind {
        kind: hostile.to_owned(),
        example: hostile.to_owned(),
        ..ErrorKind::default()
    }];
    (bench.mix.name, bench.mix.resource) = (hostile.to_owned(), hostile.to_owned());
    (bench.started, bench.load.verify) = (hostile.to_owned(), hostile.to_owned());
    let page = parallax_report::bench::html::render(&bench).unwrap();
    assert!(!page.contains("<script") && !page.contains("<img"), "{page}");
    assert!(page.matches("alert(1)").count() >= 9, "what it is called is shown");
}

#[test]
fn a_percentile_that_too_few_requests_tell_is_not_told() {
    let mut bench = bench();
    bench.targets.truncate(1);
    bench.comparisons.clear();
    let rows = |bench: &Bench| {
        let page = parallax_report::bench::html::render(bench).unwrap();
        page.matches("title=\"too few requests to tell\"").count()
    };
    bench.targets[0].latency.count = 10_000;
    bench.targets[0].uncorrected.count = 10_000;
    assert_eq!(rows(&bench), 0);
    bench.targets[0].latency.count = 9_999;
    assert_eq!(rows(&bench), 1, "no p99.99");
    bench.targets[0].latency.count = 99;
    assert_eq!(rows(&bench), 3, "no p99, p99.9 and p99.99");
}

#[test]
fn a_histogram_that_cannot_be_read_draws_no_curve() {
    let mut bench = bench();
    for target in &mut bench.targets {
        target.latency.histogram = "bm9uZQ==".to_owned();
        target.uncorrected.histogram.clear();
    }
    let page = parallax_report::bench::html::render(&bench).unwrap();
    assert!(page.contains("no curve to draw"));
    let empty = parallax_report::bench::html::render(&Bench::default()).unwrap();
    assert!(empty.contains("Nothing was measured"));
}
