//! What is written: whole or not at all in the place of a regular file, and straight into whatever else is there.

use std::fs;
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _, symlink};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::binary::{parallax, run};

const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../reports/samples/report.json");

/// Commands that write a file of the name `{}`.
const WRITERS: [&str; 4] = [
    "baseline create {sample} --reason x --out {}",
    "record --force --reference docs --resource User --scenario CreateUser/name/* --out {}",
    "record --force --reference embedded --resource User --scenario CreateUser/name/* --out {}",
    "spec import model.json --out {}",
];

const MODEL: &str = r#"{"metadata": {"apiVersion": "1", "endpointPrefix": "parcels", "protocol": "query",
    "serviceFullName": "Parcels", "serviceId": "Parcels"}, "operations": {}, "shapes": {}}"#;

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("model.json"), MODEL).unwrap();
    folder
}

fn words<'a>(writer: &'a str, out: &'a str) -> Vec<&'a str> {
    let fill = |word| match word {
        "{}" => out,
        "{sample}" => SAMPLE,
        other => other,
    };
    writer.split(' ').map(fill).collect()
}

/// What lies there, but for the index that a cassette may have beside it.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<_> = entries.map(|name| name.into_string().unwrap()).collect();
    names.retain(|name| !name.ends_with(".index"));
    names.sort();
    names
}

#[test]
fn a_link_stays_one_and_what_it_leads_to_is_written() {
    for writer in WRITERS {
        let folder = folder();
        let there = |name: &str| folder.path().join(name);
        fs::create_dir(there("far")).unwrap();
        symlink("second", there("first")).unwrap();
        symlink("far/file", there("second")).unwrap();
        // Once where the links lead to nothing yet, and once over a file; no baseline is made over another.
        for _ in 0..if writer.contains("baseline") { 1 } else { 2 } {
            let ended = run(folder.path(), &words(writer, "first"));
            assert_eq!(ended.code, 0, "{writer}: {}", ended.err);
        }
        assert!(there("first").is_symlink() && there("second").is_symlink(), "{writer}");
        assert!(fs::metadata(there("far/file")).unwrap().len() > 0, "{writer}");
        assert!(
            !there("first.index").exists(),
            "{writer}: an index lies beside the link"
        );
        assert_eq!(names(&there("far")), ["file"], "{writer}");
        assert_eq!(
            names(folder.path()),
            ["far", "first", "model.json", "second"],
            "{writer}"
        );
    }
}

#[test]
fn a_pipe_stays_one_and_its_reader_gets_everything() {
    for writer in WRITERS {
        let folder = folder();
        let pipe = folder.path().join("pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let got = folder.path().join("got");
        let mut reader = Command::new("cat");
        let mut reader = reader
            .arg(&pipe)
            .stdout(fs::File::create(&got).unwrap())
            .spawn()
            .unwrap();
        let written = run(folder.path(), &words(writer, "pipe"));
        if written.code != 0 {
            // It would wait for ever for somebody to write.
            reader.kill().unwrap();
        }
        reader.wait().unwrap();
        assert_eq!(written.code, 0, "{writer}: {}", written.err);
        assert!(fs::metadata(&pipe).unwrap().file_type().is_fifo(), "{writer}");
        let whole = run(folder.path(), &words(writer, "file"));
        assert_eq!(whole.code, 0, "{writer}: {}", whole.err);
        let length = |name: &str| fs::metadata(folder.path().join(name)).unwrap().len();
        assert_eq!(length("got"), length("file"), "{writer}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_device_stays_one_and_a_full_one_is_told() {
    for writer in WRITERS {
        let folder = folder();
        let ended = run(folder.path(), &words(writer, "/dev/full"));
        assert_eq!(ended.code, 2, "{writer}: {}", ended.err);
        assert!(
            ended.err.contains("written") && ended.err.contains("No space left"),
            "{writer}: {}",
            ended.err
        );
        assert!(fs::metadata("/dev/full").unwrap().file_type().is_char_device());
        assert_eq!(names(folder.path()), ["model.json"], "{writer}");
    }
    for name in ["report.json", "junit.xml", "summary.md", "report.html"] {
        let folder = folder();
        fs::create_dir(folder.path().join("r")).unwrap();
        symlink("/dev/full", folder.path().join("r").join(name)).unwrap();
        let ended = run(folder.path(), &["report", SAMPLE, "--out", "r"]);
        assert_eq!(ended.code, 2, "{name}: {}", ended.err);
        assert!(
            ended.err.contains(&format!("r/{name} cannot be written")),
            "{name}: {}",
            ended.err
        );
    }
}

#[cfg(target_os = "linux")]
#[test]
fn standard_output_can_be_named_as_a_file() {
    for writer in WRITERS {
        let folder = folder();
        let to = fs::File::create(folder.path().join("got")).unwrap();
        let status = parallax(folder.path())
            .args(words(writer, "/dev/stdout"))
            .stdout(to)
            .stderr(Stdio::null())
            .status();
        assert_eq!(status.unwrap().code(), Some(0), "{writer}");
        assert!(fs::metadata(folder.path().join("got")).unwrap().len() > 0, "{writer}");
        assert_eq!(names(folder.path()), ["got", "model.json"], "{writer}");
    }
}

#[test]
fn a_folder_in_the_place_of_a_file_is_refused_before_anybody_is_asked() {
    for writer in WRITERS {
        let folder = folder();
        fs::create_dir(folder.path().join("taken")).unwrap();
        let ended = run(folder.path(), &words(writer, "taken"));
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{writer}: {}", ended.err);
        assert!(ended.err.contains("taken is a folder"), "{writer}: {}", ended.err);
        assert_eq!(names(folder.path()), ["model.json", "taken"], "{writer}");
    }
    for name in ["report.json", "report.html", "shard.jsonl"] {
        let folder = folder();
        fs::create_dir_all(folder.path().join("r").join(name)).unwrap();
        // Nobody listens there: who asks first ends with 3.
        let words = ["run", "--target", "http://127.0.0.1:9", "--shard", "1/2", "--out", "r"];
        let ended = run(folder.path(), &words);
        assert_eq!(ended.code, 2, "{name}: {}", ended.err);
        assert!(
            ended.err.contains(&format!("r/{name} is a folder")),
            "{name}: {}",
            ended.err
        );
    }
}

#[test]
fn the_rights_of_a_file_outlast_its_next_version_and_a_new_one_has_those_of_any() {
    let folder = folder();
    let mode = |name: &str| fs::metadata(folder.path().join(name)).unwrap().permissions().mode() & 0o777;
    fs::write(folder.path().join("usual"), "").unwrap();
    fs::write(folder.path().join("mine"), "").unwrap();
    fs::set_permissions(folder.path().join("mine"), fs::Permissions::from_mode(0o600)).unwrap();
    for name in ["mine", "new"] {
        assert_eq!(
            run(folder.path(), &["spec", "import", "model.json", "--out", name]).code,
            0
        );
    }
    assert_eq!((mode("mine"), mode("new")), (0o600, mode("usual")));
}

#[test]
fn no_name_of_a_file_that_nobody_asked_for_is_told() {
    let folder = folder();
    for writer in WRITERS {
        let ended = run(folder.path(), &words(writer, "absent/file"));
        assert_eq!(ended.code, 2, "{writer}: {}", ended.err);
        assert!(
            ended.err.contains("absent/file cannot be written"),
            "{writer}: {}",
            ended.err
        );
        assert!(!ended.err.contains(".tmp"), "{writer}: {}", ended.err);
    }
}

#[test]
fn a_folder_that_is_made_for_nothing_is_gone_again() {
    let folder = folder();
    fs::create_dir(folder.path().join("before")).unwrap();
    fs::write(
        folder.path().join("parallax.toml"),
        "[target.absent]\nlaunch = 'no-such-program {port}'\n",
    )
    .unwrap();
    for out in ["before", "deep/er"] {
        let ended = run(folder.path(), &["run", "--target", "absent", "--out", out]);
        assert_eq!(ended.code, 2, "{}", ended.err);
    }
    assert_eq!(names(folder.path()), ["before", "model.json", "parallax.toml"]);
    assert_eq!(names(&folder.path().join("before")), [""; 0]);
}

#[test]
fn a_file_without_a_name_is_no_file() {
    let folder = folder();
    for writer in WRITERS
        .into_iter()
        .chain(["run --out {}", "man --out {}", "hunt --out {}", "bench --out {}"])
    {
        let ended = run(folder.path(), &words(writer, ""));
        assert_eq!(ended.code, 2, "{writer}: {}", ended.err);
        assert!(ended.err.contains("--out"), "{writer}: {}", ended.err);
    }
}
