use parallax_outcome::{
    Collector, Difference, Event, EvidenceLine, Kind, Report, RunInfo, ScenarioRecord, Severity, StepRecord, Verdict,
};
use parallax_report::json;
use parallax_report::merge::{BROKEN_OFF, Merge, MergeError, Part};
use parallax_report::shard::{FORMAT, Header, ShardError, Writer};
use serde_json::json;

const SCENARIOS: usize = 100;

fn header(index: u32, count: u32) -> Header {
    Header {
        shard: FORMAT,
        index,
        count,
        tool: "parallax 1".into(),
        scenarios: SCENARIOS,
        ..Header::default()
    }
}

/// What every part tells of the run.
fn of_the_run() -> Vec<Event> {
    let operations = ["A", "B", "C"].map(str::to_owned);
    let has = |name: &String| (name.clone(), name != "C");
    vec![
        Event::Started(RunInfo {
            service: "parcels".into(),
            operations: operations.to_vec(),
            ..RunInfo::default()
        }),
        Event::Coverage(operations.iter().map(has).collect()),
        scenario(
            SCENARIOS,
            "*",
            Verdict::Diverge,
            vec![difference(Kind::Unimplemented, false)],
        ),
    ]
}

/// Scenarios with verdicts of every kind, habits that agree, diverge or leave open, and one played twice.
fn scenarios() -> Vec<Event> {
    let mut events: Vec<_> = (0..SCENARIOS)
        .map(|at| {
            let operation = if at % 2 == 0 { "A" } else { "B" };
            match at % 7 {
                0 => scenario(at, operation, Verdict::Agree, vec![]),
                1 => scenario(at, operation, Verdict::Diverge, vec![difference(Kind::Case, false)]),
                2 => scenario(at, operation, Verdict::Agree, vec![difference(Kind::Envelope, true)]),
                3 => {
                    let open = Verdict::Inconclusive("the sources disagree".into());
                    scenario(
                        at,
                        operation,
                        open,
                        vec![difference(Kind::Envelope, true), difference(Kind::Order, true)],
                    )
                }
                4 => {
                    let both = vec![difference(Kind::Envelope, true), difference(Kind::Value, false)];
                    scenario(at, operation, Verdict::Diverge, both)
                }
                5 => scenario(at, operation, Verdict::Inconclusive("a doubt".into()), vec![]),
                _ => scenario(at, "C", Verdict::Skipped("not implemented".into()), vec![]),
            }
        })
        .collect();
    events.extend(events.get(9).cloned());
    events
}

fn scenario(index: usize, operation: &str, verdict: Verdict, differences: Vec<Difference>) -> Event {
    let step = |step: &str, verdict, differences| StepRecord {
        step: step.into(),
        operation: operation.into(),
        verdict,
        held: false,
        differences,
        curl: "curl".into(),
        transcript: None,
    };
    Event::Scenario(ScenarioRecord {
        index,
        path: format!("s{index}"),
        resource: None,
        steps: vec![
            step("first", Verdict::Agree, vec![]),
            step("second", verdict, differences),
        ],
        micros: 7,
        requests: 3,
    })
}

fn difference(kind: Kind, habit: bool) -> Difference {
    Difference {
        kind,
        severity: Severity::Error,
        path: "A[b].C".into(),
        expected: "a".into(),
        observed: "A".into(),
        evidence: vec![EvidenceLine {
            fact: format!("{kind} is promised"),
            source: "model".into(),
            confidence: "documented".into(),
        }],
        habit,
    }
}

/// The bytes of a part that has these scenarios.
fn part(header: &Header, mine: impl Fn(usize) -> bool) -> Vec<u8> {
    let run = json!({"started": "2026-11-22", "target": "t"});
    let mut writer = Writer::new(Vec::new(), header).unwrap();
    let is_mine = |event: &Event| matches!(event, Event::Scenario(record) if mine(record.index));
    for event in of_the_run().into_iter().chain(scenarios().into_iter().filter(is_mine)) {
        writer.event(&event).unwrap();
    }
    writer.end(&run).unwrap()
}

fn merge(parts: &[(String, Vec<u8>)]) -> Result<Report, MergeError> {
    let open = |(file, bytes): &'_ (String, Vec<u8>)| Part::open(file.clone(), std::io::Cursor::new(bytes.clone()));
    Merge::of(parts.iter().map(open).collect::<Result<_, _>>()?)?.report()
}

fn parts(count: u32) -> Vec<(String, Vec<u8>)> {
    let of = |index: u32| {
        (index as usize..)
            .step_by(count as usize)
            .take_while(|at| *at <= SCENARIOS)
            .collect::<Vec<_>>()
    };
    let part = |index: u32| {
        // The first scenario is 0, and so is the first of the last part.
        let mine = of(if index == count { 0 } else { index });
        (format!("{index}"), part(&header(index, count), |at| mine.contains(&at)))
    };
    (1..=count).map(part).collect()
}

/// All but what belongs to one run.
fn bytes(mut report: Report) -> String {
    report.run = Default::default();
    json::write(&report).unwrap()
}

#[test]
fn any_number_of_shards_merges_to_the_bytes_of_the_whole() {
    let mut whole = Collector::new();
    of_the_run()
        .into_iter()
        .chain(scenarios())
        .for_each(|event| whole.take(event));
    let whole = bytes(whole.report(json!({})));
    assert!(whole.contains("envelope") && whole.contains("unimplemented"));
    // The one step that showed a habit first counts as diverging, and is open no more.
    assert!(whole.contains("\"the sources disagree\": 12"), "{whole}");
    for count in 1..=64 {
        let mut parts = parts(count);
        parts.reverse();
        assert_eq!(bytes(merge(&parts).unwrap()), whole, "{count} shards");
    }
}

#[test]
fn the_durations_of_all_shards_are_in_the_merged_report() {
    let report = merge(&parts(3)).unwrap();
    let micros = &report.run.durations;
    assert_eq!((micros.len(), micros[9]), (SCENARIOS + 1, 14));
    assert_eq!(report.run["shards"].as_array().unwrap().len(), 3);
}

/// Changes the parts of a run, and says what merging them complains of.
fn complaint(change: impl FnOnce(&mut Vec<(String, Vec<u8>)>)) -> String {
    let mut parts = parts(4);
    change(&mut parts);
    merge(&parts).unwrap_err().to_string()
}

fn check(change: impl FnOnce(&mut Vec<(String, Vec<u8>)>), expected: &str) {
    let complaint = complaint(change);
    assert!(complaint.starts_with(expected), "{complaint}");
}

#[test]
fn shards_that_make_no_run_are_told_by_file() {
    check(Vec::clear, "there is nothing to merge");
    check(|parts| parts.truncate(2), "of 4 shards 3, 4 are missing");
    check(
        |parts| parts[3] = (String::from("5"), parts[0].1.clone()),
        "1 and 5 are both shard 1 of 4",
    );
    check(
        |parts| {
            parts[1].1 = part(
                &Header {
                    tool: "parallax 2".into(),
                    ..header(2, 4)
                },
                |_| false,
            );
        },
        "1 and 2 are of different runs: the tool is `parallax 1` in one and `parallax 2` in the other",
    );
    check(
        |parts| parts[2].1 = part(&header(2, 5), |_| false),
        "1 and 3 are of different runs: the number of shards is `4`",
    );
    check(
        |parts| {
            parts[2].1 = part(
                &Header {
                    split: "x".into(),
                    ..header(3, 4)
                },
                |_| false,
            );
        },
        "1 and 3 are of different runs: the split by --durations",
    );
}

#[test]
fn shards_that_were_given_other_things_are_told_by_what_differs() {
    let given = |version: &str, cassette: Option<&str>| Header {
        given: json!({"seed": 7, "cassette": cassette, "target_version": version}),
        ..header(2, 4)
    };
    check(
        |parts| {
            parts[0].1 = part(
                &Header {
                    index: 1,
                    ..given("5.1", None)
                },
                |_| false,
            );
            parts[1].1 = part(&given("5.2", Some("sealed 1f")), |_| false);
        },
        "1 and 2 are of different runs: the cassette is `` in one and `sealed 1f` in the other, the target version is `5.1` \
         in one and `5.2` in the other; play",
    );
}

#[test]
fn a_merged_report_tells_which_shards_were_broken_off() {
    let mut parts = parts(3);
    let mut writer = Writer::new(Vec::new(), &header(2, 3)).unwrap();
    let off = Event::Interrupted {
        left_behind: 0,
        target_gone: false,
        reference_gone: false,
    };
    writer.event(&off).unwrap();
    parts[1].1 = writer.end(&json!({"target": "t"})).unwrap();
    let report = merge(&parts).unwrap();
    let told: Vec<_> = report.run["shards"]
        .as_array()
        .unwrap()
        .iter()
        .map(|shard| shard.get(BROKEN_OFF))
        .collect();
    assert_eq!(told, [None, Some(&json!(true)), None]);
    assert!(report.summary.interrupted);
}

#[test]
fn what_is_no_shard_is_told_by_file_and_line() {
    check(
        |parts| parts[1].1 = b"{\"schema\": 1}\n".to_vec(),
        "2: this is no shard.jsonl",
    );
    check(|parts| parts[1].1 = b"\xff\n".to_vec(), "2: this is no shard.jsonl");
    check(|parts| parts[1].1.clear(), "2: it is cut off after line 0");
    check(
        |parts| parts[1].1.extend_from_slice(b"{}\n"),
        "2: line 31: there is something behind the end; play the shard again alone",
    );
    check(
        |parts| {
            let text = String::from_utf8(parts[1].1.clone()).unwrap();
            let edited = text.replacen("\"micros\":7", "\"micros\":8", 1);
            assert_ne!(edited, text);
            parts[1].1 = edited.into_bytes();
        },
        "2: line 30: the lines before are not those that the shard wrote",
    );
    check(
        |parts| parts[1].1 = b"{\"Shard\":{\"shard\":3}}\n".to_vec(),
        "2: its form is 3 and this version reads up to 2",
    );
    check(
        |parts| {
            let kept = parts[1].1.len() - 9;
            parts[1].1.truncate(kept);
        },
        "2: it is cut off after line",
    );
    let without_a_line = |parts: &mut Vec<(String, Vec<u8>)>| {
        let text = String::from_utf8(parts[1].1.clone()).unwrap();
        let lines: Vec<_> = text
            .lines()
            .enumerate()
            .filter(|(at, _)| *at != 5)
            .map(|(_, line)| format!("{line}\n"))
            .collect();
        parts[1].1 = lines.concat().into_bytes();
    };
    check(without_a_line, "2: line ");
}

#[test]
fn wherever_a_shard_is_cut_off_it_is_told() {
    let whole = part(&header(1, 1), |at| at < 3);
    for kept in 0..whole.len() {
        let error = merge(&[("1".to_owned(), whole[..kept].to_vec())]).unwrap_err();
        let MergeError::Part { error, .. } = &error else {
            panic!("{kept}: {error}")
        };
        assert!(matches!(error, ShardError::CutOff { .. }), "{kept}: {error}");
    }
}
