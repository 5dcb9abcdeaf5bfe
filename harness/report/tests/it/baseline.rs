use jiff::civil::{Date, date};
use parallax_outcome::{ExitCode, FailOn, Gate, Report};
use parallax_report::baseline::{Accepts, Baseline, NewEntries, Scope, Trouble, create, update};
use parallax_report::{Sources, annotations, badge, junit, markdown, sarif, terminal};

use crate::sample::{brief, report};

const TODAY: Date = date(2026, 11, 22);

fn new(fail_on: FailOn) -> NewEntries<'static> {
    NewEntries {
        fail_on,
        reason: "as of the \"first\" run",
        link: Some("https://tracker.example/1"),
        until: None,
        version: None,
    }
}

/// The exit code of the gate, and the troubles with their lines.
fn judge(text: &str, report: &mut Report, scope: &Scope) -> (ExitCode, Vec<(usize, Trouble)>) {
    let problems = Baseline::read(text).unwrap().judge(report, scope, TODAY);
    let troubles = problems.into_iter().map(|problem| (problem.line, problem.trouble));
    (Gate::default().judge(report), troubles.collect())
}

fn check(text: &str, scope: &Scope, expected: &[(usize, Trouble)]) {
    assert_eq!(judge(text, &mut report(), scope).1, expected, "{text}");
}

fn part(left_out: &[&str]) -> Scope {
    let left_out = left_out.iter().map(|path| (*path).to_owned()).collect();
    Scope::Part {
        left_out: Some(left_out),
    }
}

#[test]
fn a_baseline_made_of_a_report_accepts_it() {
    let text = create(&report(), &new(FailOn::Error)).unwrap();
    insta::assert_snapshot!(text);
    assert_eq!(judge(&text, &mut report(), &Scope::Whole), (ExitCode::Ok, vec![]));
}

#[test]
fn what_is_told_in_brief_is_accepted_and_told_like_what_is_told_in_full() {
    let (whole, part) = (
        create(&report(), &new(FailOn::Note)).unwrap(),
        create(&brief(), &new(FailOn::Note)).unwrap(),
    );
    let ids = |text: &str| {
        let entries = Baseline::read(text).unwrap().entries;
        let mut ids: Vec<_> = entries.iter().flat_map(|entry| entry_ids(&entry.accepts)).collect();
        ids.sort();
        ids
    };
    assert_eq!(ids(&whole), ids(&part));
    assert_eq!(judge(&whole, &mut brief(), &Scope::Whole), (ExitCode::Ok, vec![]));
    assert_eq!(judge(&part, &mut report(), &Scope::Whole), (ExitCode::Ok, vec![]));
    let pattern = "[[known]]\nscenario = '*'\nreason = 'x'\n";
    let mut known = brief();
    assert_eq!(judge(pattern, &mut known, &Scope::Whole), (ExitCode::Ok, vec![]));
    assert_eq!(known.summary.known, known.summary.divergences);
}

fn entry_ids(accepts: &Accepts) -> Vec<String> {
    match accepts {
        Accepts::Ids(ids) => ids.iter().map(|id| id.id.clone()).collect(),
        Accepts::Matching(_) => Vec::new(),
    }
}

#[test]
fn a_new_divergence_fails_and_one_that_is_gone_is_told() {
    let text = create(&report(), &new(FailOn::Error)).unwrap();
    let mut fewer = report();
    let gone = fewer.divergences.remove(0);
    let line = 1 + text.lines().position(|line| line.contains(&gone.id)).unwrap();
    assert_eq!(judge(&text, &mut fewer, &Scope::Whole).1, [(line, Trouble::Gone)]);
    let one_less = create(&fewer, &new(FailOn::Error)).unwrap();
    assert_eq!(
        judge(&one_less, &mut report(), &Scope::Whole),
        (ExitCode::Diverged, vec![])
    );
}

#[test]
fn every_format_tells_what_is_known_apart_from_what_is_new() {
    let mut known = report();
    judge(&create(&known, &new(FailOn::Note)).unwrap(), &mut known, &Scope::Whole);
    let line = "the baseline accepts 3 errors, 0 warnings, 1 note";
    assert!(terminal::render(&known, false).contains(line));
    assert!(markdown::render(&known).contains(line));
    assert!(
        sarif::render(&known, &Sources::default())
            .unwrap()
            .contains("\"suppressions\": [\n")
    );
    assert_eq!(annotations::render(&known, &Sources::default()), "");
    assert!(badge::render(&known).contains("no new divergence"));
    let junit = |report: &Report| junit::render(report, FailOn::Note).unwrap().contains("<failure");
    assert!(junit(&report()) && !junit(&known));
}

#[test]
fn patterns_accept_what_all_of_them_match() {
    let entry = |rest: &str| format!("[[known]]\nreason = 'x'\n{rest}\n");
    check(&entry("kind = 'error-*'"), &Scope::Whole, &[]);
    check(
        &entry("path = 'Parcels[*]'\noperation = 'Describe*'"),
        &Scope::Whole,
        &[],
    );
    check(&entry("path = 'Parcels'"), &Scope::Whole, &[(1, Trouble::Gone)]);
    check(
        &entry("kind = 'case'\noperation = 'Lose*'"),
        &Scope::Whole,
        &[(1, Trouble::Gone)],
    );
}

#[test]
fn an_expired_entry_is_told_and_accepts_all_the_same() {
    let text = "[[known]]\nkind = '*'\nreason = 'x'\nuntil = 2026-11-21\n";
    let expired = (1, Trouble::Expired("2026-11-21".to_owned()));
    assert_eq!(judge(text, &mut report(), &Scope::Whole), (ExitCode::Ok, vec![expired]));
    check(&text.replace("-21", "-22"), &Scope::Whole, &[]);
}

#[test]
fn what_stands_twice_is_told_with_the_first_line() {
    let text = "[[known]]\nkind = 'case'\nreason = 'x'\n[[known]]\nkind = 'case'\nreason = 'y'\n";
    check(text, &Scope::Whole, &[(4, Trouble::Duplicate(1))]);
}

#[test]
fn only_entries_whose_scenarios_were_played_can_be_untrue_in_a_part() {
    let elsewhere = "[[known]]\nid = '0123456789abcdef'\nreason = 'x'\n";
    check(elsewhere, &Scope::Whole, &[(2, Trouble::Gone)]);
    check(elsewhere, &part(&[]), &[]);
    let mut silent = report();
    let id = silent.divergences.remove(0).id;
    let text = format!("[[known]]\nid = '{id}'\nreason = 'x'\n");
    assert_eq!(judge(&text, &mut silent, &part(&[])).1, [(2, Trouble::Gone)]);

    let pattern = "[[known]]\nscenario = 'CreateParcel/*'\nkind = 'order'\nreason = 'x'\n";
    check(pattern, &part(&["LoseParcel/x"]), &[(1, Trouble::Gone)]);
    check(pattern, &part(&["CreateParcel/x"]), &[]);
    check(pattern, &Scope::Part { left_out: None }, &[]);
}

#[test]
fn entries_for_another_version_are_out_of_play() {
    let text = "[[known]]\nkind = 'order'\nversion = '5.*'\nreason = 'x'\n";
    check(text, &Scope::Whole, &[]);
    let mut five = report();
    five.run.insert("target_version".into(), "5.2".into());
    assert_eq!(judge(text, &mut five, &Scope::Whole).1, [(1, Trouble::Gone)]);
}

#[test]
fn an_update_keeps_what_people_wrote_and_makes_the_report_pass() {
    let text =
        "# By hand.\n[[known]]\nkind = 'case' # for now\nreason = 'x'\n\n[[known]]\nkind = 'order'\nreason = 'y'\n";
    let updated = update(text, (&mut report(), &Scope::Whole, TODAY), &new(FailOn::Error)).unwrap();
    assert!(
        updated
            .text
            .starts_with("# By hand.\n[[known]]\nkind = 'case' # for now\nreason = 'x'\n")
    );
    assert_eq!((updated.removed.len(), updated.added), (1, 1));
    assert_eq!(
        judge(&updated.text, &mut report(), &Scope::Whole),
        (ExitCode::Ok, vec![])
    );
    let again = update(
        &updated.text,
        (&mut report(), &Scope::Whole, TODAY),
        &new(FailOn::Error),
    )
    .unwrap();
    assert_eq!(again.text, updated.text);
}

#[test]
fn entries_are_made_for_the_version_of_the_report_only() {
    let mut of_five = report();
    of_five.run.insert("target_version".to_owned(), "5.2.5".into());
    let version = |version| NewEntries {
        version: Some(version),
        ..new(FailOn::Error)
    };
    let check = |report: &mut Report, pattern, expected: Option<&str>| {
        let made = create(report, &version(pattern)).map_err(|error| error.to_string());
        let updated = update("", (report, &Scope::Whole, TODAY), &version(pattern)).map_err(|error| error.to_string());
        match expected {
            None => assert!(made.is_ok() && updated.is_ok()),
            Some(words) => {
                assert!(updated.unwrap_err().contains(words));
                assert!(made.unwrap_err().contains(words));
            }
        }
    };
    check(&mut of_five, "5.*", None);
    check(
        &mut of_five,
        "6.*",
        Some("the report is of version 5.2.5 of the target, which `6.*` does not match"),
    );
    check(&mut of_five, "[5", Some("`[5` is no pattern of versions"));
    check(&mut report(), "5.*", Some("the report does not say which version"));
}

#[test]
fn a_file_of_windows_keeps_its_line_ends() {
    let gone = "[[known]]\r\nids = [\r\n  \"0000000000000000\", # gone\r\n]\r\nreason = \"x\"\r\n";
    let kept = "# The head.\r\n\r\n[[known]]\r\nkind = \"state\"\r\nreason = \"y\"\r\n";
    for text in [format!("{kept}\r\n{gone}"), kept.to_owned()] {
        let updated = update(&text, (&mut report(), &Scope::Whole, TODAY), &new(FailOn::Error)).unwrap();
        assert!(updated.added > 0 && updated.text.starts_with(kept), "{}", updated.text);
        let ends = |end: &str| updated.text.matches(end).count();
        assert_eq!(ends("\r\n"), ends("\n"), "{:?}", updated.text);
        assert!(!updated.text.contains("\r\r"));
    }
}
