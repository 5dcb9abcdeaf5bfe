//! A small report with every case in it: agreement, each severity, hostile text, nothing told, nothing asked.

use std::collections::BTreeMap;

use parallax_outcome::{
    Collector, Difference, Event, EvidenceLine, Kind, Report, RunInfo, ScenarioRecord, Severity, StepRecord, Text,
    Transcript, Verdict,
};

/// Text that tries to leave its place in every format.
const HOSTILE: &str = "\u{1b}[2J<b>|`]]> & @all\nnext\u{202e}";

/// The report.
pub(crate) fn report() -> Report {
    told_by(Collector::new())
}

/// The same with one divergence told in full and the others in brief.
pub(crate) fn brief() -> Report {
    told_by(Collector::telling(1))
}

fn told_by(mut collector: Collector) -> Report {
    collector.take(Event::Started(RunInfo {
        service: "parcels".into(),
        operations: ["CreateParcel", "DescribeParcels", "LoseParcel"]
            .map(str::to_owned)
            .into(),
        scenarios: 4,
        target: "depot".into(),
        reference: "docs".into(),
    }));
    let coverage = [("CreateParcel", true), ("DescribeParcels", true), ("LoseParcel", false)];
    collector.take(Event::Coverage(BTreeMap::from(
        coverage.map(|(name, has)| (name.to_owned(), has)),
    )));
    for (index, (path, steps)) in scenarios().into_iter().enumerate() {
        collector.take(Event::Scenario(ScenarioRecord {
            index,
            path: path.into(),
            resource: (index < 3).then(|| "Parcel".into()),
            steps,
            micros: 1_500,
            requests: 2,
        }));
    }
    let mut report = collector.report(serde_json::json!({"target": "depot", "reference": "docs"}));
    for divergence in &mut report.divergences {
        divergence.repeat = format!("parallax run --target depot --scenario '{}'", divergence.scenario);
    }
    report
}

fn scenarios() -> [(&'static str, Vec<StepRecord>); 4] {
    let case = difference(Kind::Case, Severity::Error, "Parcel.Name", "\"abc\"", "\"ABC\"");
    let state = difference(Kind::State, Severity::Error, "Parcels[abc]", "present", HOSTILE);
    let message = difference(Kind::ErrorMessage, Severity::Note, "", "Parcel abc not found", HOSTILE);
    [
        (
            "CreateParcel/name/letters-upper",
            vec![
                step("create", "CreateParcel", Verdict::Diverge, vec![case.clone()]),
                step("describe", "DescribeParcels", Verdict::Diverge, vec![case, state]),
            ],
        ),
        (
            "CreateParcel/name/odd",
            vec![
                step(
                    "create",
                    "CreateParcel",
                    Verdict::Inconclusive("the sources disagree on `_`".into()),
                    vec![],
                ),
                step("describe", "DescribeParcels", Verdict::Diverge, vec![message]),
            ],
        ),
        (
            "CreateParcel/name/plain",
            vec![step("create", "CreateParcel", Verdict::Agree, vec![])],
        ),
        (
            "LoseParcel/required",
            vec![step(
                "lose",
                "LoseParcel",
                Verdict::Skipped("not implemented".into()),
                vec![],
            )],
        ),
    ]
}

fn step(step: &str, operation: &str, verdict: Verdict, differences: Vec<Difference>) -> StepRecord {
    let curl = "curl -s http://127.0.0.1:1/ -d 'Action=CreateParcel&Name=A'".to_owned();
    let transcript = Transcript {
        request: Text::new("POST /\n\nAction=CreateParcel&Name=A"),
        answer: Some(Text::new(&format!("HTTP 200\n\n<Name>{HOSTILE}</Name>"))),
        reference: None,
        fields: Text::new(&format!(
            "\taccepted\taccepted\nParcel.Name\t\"abc\"\t{}\n",
            HOSTILE.replace('\n', " ")
        )),
    };
    StepRecord {
        step: step.into(),
        operation: operation.into(),
        verdict,
        held: false,
        differences,
        curl,
        transcript: Some(Box::new(transcript)),
    }
}

fn difference(kind: Kind, severity: Severity, path: &str, expected: &str, observed: &str) -> Difference {
    let evidence = EvidenceLine {
        fact: format!("{kind} is promised"),
        source: "model: CreateParcelMessage.Name".into(),
        confidence: "documented".into(),
    };
    Difference {
        kind,
        severity,
        path: path.into(),
        expected: expected.into(),
        observed: observed.into(),
        evidence: vec![evidence],
        habit: false,
    }
}
