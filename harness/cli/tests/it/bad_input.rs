//! Bad input ends with exit code 2, a message that names the file, the place and the mend, and nothing half-written.

use std::fs;
use std::path::Path;

use crate::binary::run;
#[cfg(unix)]
use crate::binary::{Ended, run_within};

/// Files in an empty folder, a command, and what its message must hold.
fn check(files: &[(&str, &[u8])], words: &[&str], expected: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    let ended = run(folder.path(), words);
    assert_eq!(ended.code, 2, "{words:?}: {}", ended.err);
    assert_eq!(ended.out, "", "{words:?}");
    for part in expected {
        assert!(
            ended.err.contains(part),
            "{words:?} does not say `{part}`: {}",
            ended.err
        );
    }
    assert_eq!(count(folder.path()), files.len(), "{words:?} left something behind");
}

fn count(folder: &Path) -> usize {
    fs::read_dir(folder).unwrap().count()
}

#[test]
fn a_matrix_names_the_report_that_is_of_another_service() {
    let report = |service: &str| {
        let counts = r#""error": 0, "warning": 0, "note": 0"#;
        let steps = r#""scenarios": 0, "steps": 0, "agree": 0, "diverge": 0, "inconclusive": 0, "skipped": 0"#;
        format!(
            r#"{{"schema": 1, "service": "{service}", "summary": {{{steps}, "divergences": {{{counts}}}}}, "operations": [],
                "divergences": [], "inconclusive": {{}}, "scenarios": [], "run": {{}}}}"#
        )
    };
    let (parcels, letters) = (report("parcels"), report("letters"));
    check(
        &[
            ("a.json", parcels.as_bytes()),
            ("b.json", parcels.as_bytes()),
            ("c.json", letters.as_bytes()),
        ],
        &["matrix", "a.json", "b.json", "c.json"],
        &["a.json and c.json", "parcels and letters"],
    );
}

#[test]
fn a_missing_model_is_named() {
    check(
        &[],
        &["spec", "import", "service-2.json", "--out", "c.json"],
        &["service-2.json cannot be read"],
    );
}

#[test]
fn a_truncated_model_is_named_with_line_and_column() {
    let files: &[(&str, &[u8])] = &[("service-2.json", b"{\n  \"metadata\": {")];
    check(
        files,
        &["spec", "import", "service-2.json", "--out", "c.json"],
        &["service-2.json", "line 2 column"],
    );
    let files: &[(&str, &[u8])] = &[("service-2.json.gz", &[0x1f, 0x8b, 8, 0, 0])];
    check(
        files,
        &["spec", "import", "service-2.json.gz"],
        &["service-2.json.gz", "gzipped but broken"],
    );
}

#[test]
fn a_name_that_promises_gzip_is_held_to_it() {
    let files: &[(&str, &[u8])] = &[("service-2.json.gz", b"\x93\x01 no gzip")];
    check(
        files,
        &["spec", "import", "service-2.json.gz"],
        &["service-2.json.gz is not gzip, though its name ends in .gz"],
    );
}

#[test]
fn a_broken_overlay_is_named_with_its_line() {
    let model = br#"{"metadata": {"apiVersion": "1", "endpointPrefix": "parcels", "protocol": "query",
        "serviceFullName": "Parcels", "serviceId": "Parcels"}, "operations": {}, "shapes": {}}"#;
    let files: &[(&str, &[u8])] = &[("service-2.json", model), ("o.toml", b"# a comment\n[resource\n")];
    let words = [
        "spec",
        "import",
        "service-2.json",
        "--overlay",
        "o.toml",
        "--out",
        "c.json",
    ];
    check(files, &words, &["o.toml", "line 2"]);
}

#[test]
fn a_contract_of_a_newer_format_asks_for_a_newer_version() {
    let files: &[(&str, &[u8])] = &[("c.json", b"{\"format\": 99}")];
    check(
        files,
        &["spec", "show", "--contract", "c.json"],
        &["c.json", "format 99", "newer parallax"],
    );
}

#[test]
fn a_broken_parallax_toml_is_named_with_its_line() {
    let files: &[(&str, &[u8])] = &[("parallax.toml", b"[target.a]\nurl = 1\n")];
    check(files, &["run", "--target", "a"], &["parallax.toml:2:7"]);
    let files: &[(&str, &[u8])] = &[("other.toml", b"[target.a]\nlaunch = 'x'\n")];
    check(
        files,
        &["run", "--config", "other.toml"],
        &["other.toml:2:10", "{port}"],
    );
    let files: &[(&str, &[u8])] = &[("parallax.toml", b"[target.embedded]\nurl = 'http://127.0.0.1:1'\n")];
    check(files, &["run"], &["parallax.toml:1:1", "`embedded`", "choose another"]);
    check(
        &[],
        &["run", "--config", "absent.toml"],
        &["absent.toml cannot be read"],
    );
}

#[test]
fn a_folder_in_the_place_of_parallax_toml_is_told() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("parallax.toml")).unwrap();
    let ended = run(folder.path(), &["run", "--target", "mine"]);
    assert_eq!(ended.code, 2, "{}", ended.err);
    assert!(ended.err.contains("parallax.toml cannot be read"), "{}", ended.err);
}

#[test]
fn what_was_meant_by_a_target_that_is_none_is_said() {
    let words = ["run", "--target", "127.0.0.1:5000"];
    check(&[], &words, &["`--target http://127.0.0.1:5000`"]);
    check(
        &[],
        &["run", "--reference", "localhost:80"],
        &["`--reference http://localhost:80`"],
    );
    check(
        &[("users", b"")],
        &["run", "--target", "users"],
        &["`--reference users`"],
    );
    check(&[], &["run", "--target", "a.cassette"], &["`--reference a.cassette`"]);
    check(&[], &["run", "--timeout", "10"], &["`10s`"]);
}

#[test]
fn a_name_in_another_case_is_named_as_it_is_written() {
    check(
        &[],
        &["list", "--operation", "createuser"],
        &["did you mean CreateUser?"],
    );
    check(&[], &["list", "--resource", "USER"], &["did you mean User?"]);
    check(
        &[],
        &["list", "--scenario", "createuser/*"],
        &["did you mean CreateUser/"],
    );
}

#[test]
fn an_unknown_name_comes_with_the_nearest_ones() {
    check(&[], &["run", "--operation", "CreateUsr"], &["CreateUsr", "CreateUser"]);
    check(&[], &["list", "--resource", "Usr"], &["Usr", "User"]);
    check(
        &[],
        &["list", "--scenario", "CreateUser/nme/*"],
        &["CreateUser/nme/*", "nearest"],
    );
    check(&[], &["spec", "show", "CreateUsr"], &["CreateUsr", "CreateUser"]);
    check(
        &[],
        &["list", "--service", "no-such-service"],
        &["no-such-service", "the only one is"],
    );
    let files: &[(&str, &[u8])] = &[("parallax.toml", b"[target.mine]\nurl = 'http://127.0.0.1:1'\n")];
    check(files, &["run", "--target", "mien"], &["mien", "mine", "parallax.toml"]);
}

#[test]
fn an_unwritable_out_is_found_before_the_run() {
    let files: &[(&str, &[u8])] = &[("taken", b"")];
    check(files, &["run", "--out", "taken"], &["taken is not a folder"]);
    check(
        files,
        &["record", "--reference", "docs", "--out", "taken/x.cassette"],
        &["taken/x.cassette cannot be written"],
    );
    check(
        &[],
        &["record", "--reference", "docs", "--out", "absent/x.cassette"],
        &["absent/x.cassette cannot be written"],
    );
}

#[test]
fn a_bad_url_is_refused() {
    check(
        &[],
        &["run", "--target", "ftp://127.0.0.1", "--out", "r"],
        &["ftp://127.0.0.1"],
    );
    check(&[], &["run", "--target", "http://", "--out", "r"], &["http://"]);
    check(
        &[],
        &["run", "--reference", "http://127.0.0.1:1/?q", "--out", "r"],
        &["http://127.0.0.1:1/?q"],
    );
}

#[test]
fn a_cassette_that_is_none_is_refused_with_the_line() {
    check(
        &[("a.cassette", b"{}\n")],
        &["run", "--reference", "a.cassette"],
        &["a.cassette", "line 1"],
    );
    check(
        &[],
        &["run", "--reference", "absent.cassette"],
        &["absent.cassette is not there"],
    );
}

#[test]
fn two_formats_do_not_fit_on_standard_output() {
    check(&[], &["run", "--format", "json,junit"], &["--out"]);
}

#[test]
fn what_is_no_report_is_named() {
    check(&[], &["report", "r.json"], &["r.json cannot be read"]);
    check(
        &[("r.json", b"{\"schema\": 1,")],
        &["report", "r.json", "--format", "sarif"],
        &["r.json cannot be read as a report", "line 1, column 13"],
    );
    check(
        &[("r.json", b"{\"schema\": 99}")],
        &["report", "r.json"],
        &["r.json", "newer parallax"],
    );
}

#[test]
fn a_source_of_no_operation_is_named() {
    let sample: &[u8] = include_bytes!("../../../../reports/samples/report.json");
    check(
        &[("r.json", sample), ("s.toml", b"Bake = \"src/bake.py\"\n")],
        &["report", "r.json", "--sources", "s.toml"],
        &["s.toml: source of `Bake`", "spec show"],
    );
}

#[test]
fn a_report_that_is_none_is_named_wherever_one_is_read() {
    let whole =
        br#"{"schema": 1, "service": "parcels", "summary": {"scenarios": 0, "steps": 0, "agree": 0, "diverge": 0,
        "inconclusive": 0, "skipped": 0, "divergences": {"error": 0, "warning": 0, "note": 0}}, "operations": [],
        "divergences": [], "inconclusive": {}, "scenarios": [], "run": {}}"#;
    let (cut, _) = whole.split_at(whole.len() / 2);
    let files: [(&[u8], &str); 4] = [
        (cut, "not whole JSON"),
        (b"{\"schema\": 99}", "newer parallax"),
        (b"{\"version\": \"2.1.0\"}", "no report of parallax"),
        (b"\xff", "not whole JSON"),
    ];
    let readers: [&[&str]; 6] = [
        &["compare", "good.json", "bad.json"],
        &["compare", "bad.json", "good.json"],
        &["matrix", "good.json", "bad.json"],
        &["baseline", "create", "bad.json", "--out", "b.toml", "--reason", "x"],
        &["run", "--shard", "1/2", "--durations", "bad.json", "--out", "r"],
        &["report", "bad.json"],
    ];
    for (bytes, expected) in files {
        for words in readers {
            check(
                &[("good.json", whole), ("bad.json", bytes)],
                words,
                &["bad.json", expected],
            );
        }
    }
    check(
        &[("good.json", whole)],
        &["compare", "good.json", "absent"],
        &["absent cannot be read"],
    );
}

#[test]
fn a_broken_baseline_is_named_with_line_and_column() {
    let files: &[(&str, &[u8])] = &[("b.toml", b"[[known]]\nkind = 'cose'\nreason = 'x'\n")];
    check(
        files,
        &["run", "--baseline", "b.toml", "--out", "r"],
        &["b.toml:2:8", "no kind matches"],
    );
    check(
        &[],
        &["run", "--baseline", "absent.toml"],
        &["absent.toml cannot be read"],
    );
    let both: &[(&str, &[u8])] = &[("b.toml", b""), ("report.json", b"")];
    let words = ["baseline", "create", "report.json", "--out", "b.toml", "--reason", "x"];
    check(both, &words, &["b.toml is there already"]);
}

#[test]
fn a_wrong_shard_is_refused_with_an_example() {
    check(&[], &["run", "--shard", "0/8", "--out", "r"], &["0/8", "2/8"]);
    check(&[], &["run", "--shard", "1/8"], &["--out"]);
}

/// Where a write beyond the limit on files ends the process by a signal, it leaves half a file and says nothing.
#[cfg(unix)]
#[test]
fn a_limit_on_files_is_told_and_nothing_half_written_is_left() {
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/../../reports/samples/report.json");
    let cases: [&[&str]; 2] = [
        &["report", sample, "--out", "r"],
        &["baseline", "create", sample, "--out", "b.toml", "--reason", "x"],
    ];
    for words in cases {
        let folder = tempfile::tempdir().unwrap();
        let Ended { code, err: told, .. } = run_within(folder.path(), "-f 8", words);
        assert_eq!(code, 2, "{words:?}: {told}");
        assert!(
            told.contains("cannot be written") && told.contains("ulimit -f"),
            "{words:?}: {told}"
        );
        let left = |path: &Path| fs::read_dir(path).map_or(0, Iterator::count);
        assert_eq!(
            left(&folder.path().join("r")) + usize::from(folder.path().join("b.toml").exists()),
            0,
            "{words:?}"
        );
    }
}

#[test]
fn the_service_itself_is_no_target_and_no_plain_reference() {
    let own = "https://elasticache.eu-west-1.amazonaws.com";
    let mend: &[&str] = &[own, "--reference aws --allow-aws"];
    check(&[], &["run", "--target", own], mend);
    check(&[], &["run", "--reference", own], mend);
    check(&[], &["record", "--reference", own, "--out", "it.cassette"], mend);
    check(&[], &["bench", "--target", own], mend);
    let file = format!("[target.mine]\nurl = \"{own}\"\n");
    let files: &[(&str, &[u8])] = &[("parallax.toml", file.as_bytes())];
    check(files, &["hunt", "--target", "mine", "--cases", "1"], mend);
}
