//! parallax.toml: targets by name, and where operations stand in the code.

use std::collections::BTreeMap;
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};
use serde::Deserialize;

use crate::failure::Failure;
use crate::files::read_text;
use crate::nearest::nearest;
use crate::value::Timeout;

/// The file's name.
const NAME: &str = "parallax.toml";

/// What `--target` and `--reference` know by themselves.
const TAKEN: [&str; 3] = ["embedded", "docs", "aws"];

/// How long a target may take to become ready unless it is said.
const READY_WITHIN: Duration = Duration::from_secs(30);

/// What holds a port's place in a launch command.
const PORT: &str = "{port}";

/// The targets and sources that a parallax.toml names, and the folder that their commands are relative to.
#[derive(Debug, Default)]
pub(crate) struct Config {
    /// The file, where there is one.
    path: Option<Utf8PathBuf>,
    targets: BTreeMap<String, Target>,
    sources: Entries,
    allows_aws: bool,
}

/// Where operations stand in the project's code: `FILE` or `FILE:LINE` by name or glob.
pub(crate) type Entries = BTreeMap<String, String>;

/// A target by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// It runs already.
    Url(String),
    /// It is to be started.
    Launch(Launch),
}

/// How to start a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Launch {
    /// The command line, with `{port}` where the port belongs.
    pub(crate) command: String,
    /// Variables for its environment; a value may hold `{port}` too.
    pub(crate) env: BTreeMap<String, String>,
    /// The path that answers once it is ready; where there is none, a connection is enough.
    pub(crate) ready_path: Option<String>,
    /// How long it may take to become ready.
    pub(crate) ready_within: Timeout,
}

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    #[serde(default)]
    target: BTreeMap<String, toml::Spanned<RawTarget>>,
    #[serde(default)]
    sources: Entries,
    #[serde(default)]
    aws: RawAws,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAws {
    #[serde(default)]
    allow: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table with `url` or `launch`")]
struct RawTarget {
    url: Option<toml::Spanned<String>>,
    launch: Option<toml::Spanned<String>>,
    #[serde(default)]
    env: BTreeMap<String, String>,
    ready: Option<RawReady>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table with `path` or `time_limit`")]
struct RawReady {
    path: Option<toml::Spanned<String>>,
    time_limit: Option<toml::Spanned<String>>,
}

/// What is wrong with a target, and where it stands if at a place of its own.
struct Wrong {
    at: Option<usize>,
    why: String,
}

impl Wrong {
    fn with<T>(value: &toml::Spanned<T>, why: String) -> Self {
        let at = Some(value.span().start);
        Self { at, why }
    }
}

impl From<&str> for Wrong {
    fn from(why: &str) -> Self {
        let why = why.to_owned();
        Self { at: None, why }
    }
}

impl Config {
    /// Reads the file given, or the nearest one in the current folder and those above it; none at all names no target.
    pub(crate) fn find(given: Option<&Utf8Path>) -> Result<Self, Failure> {
        let path = match given {
            Some(path) => Some(path.to_owned()),
            None => current_folder()?
                .ancestors()
                .map(|folder| folder.join(NAME))
                // Whatever it is: a folder of this name is told, not overlooked.
                .find(|path| path.symlink_metadata().is_ok()),
        };
        let Some(path) = path else {
            return Ok(Self::default());
        };
        let parsed = parse(&path, &read_text(&path)?)?;
        Ok(Self {
            path: Some(path),
            ..parsed
        })
    }

    /// The folder that commands are relative to.
    pub(crate) fn folder(&self) -> &Utf8Path {
        let folder = self.path.as_deref().and_then(Utf8Path::parent);
        folder
            .filter(|folder| !folder.as_str().is_empty())
            .unwrap_or(Utf8Path::new("."))
    }

    /// Where kept scenarios are unless said otherwise.
    pub(crate) fn regressions(&self) -> Utf8PathBuf {
        self.folder().join("corpus").join("regressions")
    }

    /// Where operations stand in the project's code, and the file that says so.
    pub(crate) fn sources(&self) -> Option<(&Utf8Path, &Entries)> {
        Some((self.path.as_deref()?, &self.sources))
    }

    /// Whether the service itself may be asked.
    pub(crate) fn allows_aws(&self) -> bool {
        self.allows_aws
    }

    /// The target of this name, if there is one.
    pub(crate) fn get(&self, name: &str) -> Option<&Target> {
        self.targets.get(name)
    }

    /// A word on which names there are, for an error about one that is not there.
    pub(crate) fn nearest(&self, name: &str, others: &[&'static str]) -> String {
        let names = self.targets.keys().map(String::as_str).chain(others.iter().copied());
        let file = match &self.path {
            Some(path) => format!("targets by name stand in {path}"),
            None => format!("targets by name stand in a {NAME}, and there is none from here upwards"),
        };
        format!("{}; {file}", nearest(name, names))
    }
}

fn current_folder() -> Result<Utf8PathBuf, Failure> {
    let folder =
        std::env::current_dir().and_then(|folder| Utf8PathBuf::try_from(folder).map_err(std::io::Error::other));
    folder.map_err(|error| {
        Failure::usage("the current folder has no name in UTF-8")
            .mend("start in another folder")
            .because(error)
    })
}

/// What the text says; without the path that it stands in.
fn parse(path: &Utf8Path, text: &str) -> Result<Config, Failure> {
    let raw: RawFile = toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        wrong(path, text, at, error.message())
    })?;
    let check = |(name, raw): (String, toml::Spanned<RawTarget>)| {
        let at = raw.span().start;
        let wrong = |found: Wrong| {
            let why = format!("target `{name}`: {}", found.why);
            wrong(path, text, found.at.unwrap_or(at), &why)
        };
        if TAKEN.contains(&name.as_str()) {
            return Err(wrong("the name stands for something built in; choose another".into()));
        }
        let target = target(raw.into_inner()).map_err(wrong)?;
        Ok((name, target))
    };
    Ok(Config {
        path: None,
        targets: raw.target.into_iter().map(check).collect::<Result<_, _>>()?,
        sources: raw.sources,
        allows_aws: raw.aws.allow,
    })
}

fn target(raw: RawTarget) -> Result<Target, Wrong> {
    match (raw.url, raw.launch) {
        (Some(_), Some(launch)) => Err(Wrong::with(&launch, "has both `url` and `launch`; keep one".to_owned())),
        (None, None) => Err("has neither `url` nor `launch`; give one".into()),
        (Some(_), None) if !raw.env.is_empty() || raw.ready.is_some() => {
            Err("`env` and `ready` are for a target with `launch`".into())
        }
        (Some(url), None) => Ok(Target::Url(url.into_inner())),
        (None, Some(command)) => launch(command, raw.env, raw.ready).map(Target::Launch),
    }
}

fn launch(
    command: toml::Spanned<String>,
    env: BTreeMap<String, String>,
    ready: Option<RawReady>,
) -> Result<Launch, Wrong> {
    if !command.get_ref().contains(PORT) && !env.values().any(|value| value.contains(PORT)) {
        let why = format!("neither `launch` nor `env` says where the port belongs; write {PORT} there");
        return Err(Wrong::with(&command, why));
    }
    let (path, limit) = ready.map_or((None, None), |ready| (ready.path, ready.time_limit));
    if let Some(path) = path.as_ref().filter(|path| !path.get_ref().starts_with('/')) {
        let why = format!("`ready.path` is `{}`; it must begin with a slash", path.get_ref());
        return Err(Wrong::with(path, why));
    }
    let ready_within = match limit {
        Some(limit) => limit.get_ref().parse().map_err(|why| Wrong::with(&limit, why))?,
        None => Timeout(READY_WITHIN),
    };
    Ok(Launch {
        command: command.into_inner(),
        env,
        ready_path: path.map(toml::Spanned::into_inner),
        ready_within,
    })
}

/// A failure with file, line and column of a place in the text.
fn wrong(path: &Utf8Path, text: &str, at: usize, why: &str) -> Failure {
    let before = text.get(..at).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |rest| rest.chars().count()) + 1;
    let failure = Failure::usage(format!("{path}:{line}:{column}: {why}"));
    let mut heads = before
        .lines()
        .rev()
        .map(str::trim_start)
        .filter(|line| line.starts_with('['));
    // What `at` begins may be the head itself.
    let rest = text.get(at..).unwrap_or_default();
    match rest.starts_with("[target") || heads.next().is_some_and(|head| head.starts_with("[target")) {
        true => failure.mend(
            "a target is written `[target.NAME]` with `url = \"http://HOST:PORT\"` or `launch = \"COMMAND {port}\"`",
        ),
        false => failure,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let message = parse("p.toml".into(), text).map(|_| ()).unwrap_err().to_string();
        assert!(message.starts_with(expected), "{message}");
    }

    #[test]
    fn a_mistake_is_named_with_its_place() {
        check("[target.a]\nurl = 1\n", "p.toml:2:7: invalid type");
        check("[target.a\n", "p.toml:1:10: ");
        check("\n[target.a]\n", "p.toml:2:1: target `a`: has neither");
        check(
            "[target.a]\nurl = 'u'\nlaunch = 'l'\n",
            "p.toml:3:10: target `a`: has both",
        );
        check(
            "[target.a]\nlaunch = 'l'\n",
            "p.toml:2:10: target `a`: neither `launch` nor `env` says",
        );
        check(
            "[target.a]\nurl = 'u'\nready = {path = '/'}",
            "p.toml:1:1: target `a`: `env` and `ready`",
        );
        check(
            "[target.a]\nlaunch = 'l {port}'\nready = {time_limit = '3'}",
            "p.toml:3:23: target `a`: `3` has no unit; write `3s`",
        );
        check(
            "[target.a]\nlaunch = 'l {port}'\n[target.a.ready]\npath = 'p'",
            "p.toml:4:8: target `a`: `ready.path`",
        );
        check(
            "\n[target]\na = 'http://h'\n",
            "p.toml:3:5: invalid type: string \"http://h\", expected a table",
        );
        check("[target.a]\nurll = 'u'\n", "p.toml:2:1: unknown field");
    }

    #[test]
    fn a_name_that_stands_for_something_built_in_is_taken() {
        for name in TAKEN {
            let text = format!("\n[target.{name}]\nurl = 'http://h'\n");
            check(
                &text,
                &format!("p.toml:2:1: target `{name}`: the name stands for something built in"),
            );
        }
    }

    #[test]
    fn how_a_target_is_written_is_told_only_where_a_target_is_wrong() {
        for (text, told) in [
            ("[target.a]\nfoo = 1\n", true),
            ("[target.a]\n", true),
            ("[target.a]\nurl = 'u'\n[aws]\nallow = 1\n", false),
            ("x = 1\n", false),
        ] {
            let failure = parse("p.toml".into(), text).map(|_| ()).unwrap_err();
            assert_eq!(miette::Diagnostic::help(&failure).is_some(), told, "{text}");
        }
    }

    #[test]
    fn a_launched_target_has_half_a_minute_to_take_connections_unless_said_otherwise() {
        let config = parse("p.toml".into(), "[target.a]\nlaunch = 'l'\nenv = {PORT = '{port}'}").unwrap();
        let Some(Target::Launch(launch)) = config.get("a") else {
            panic!("{config:?}")
        };
        assert_eq!(
            (&launch.ready_path, launch.ready_within),
            (&None, "30s".parse().unwrap())
        );
    }
}
