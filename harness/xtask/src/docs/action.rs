//! action.yml: read, and its steps run as GitHub would run them.

use std::collections::BTreeMap;
use std::process::{Command, Output, Stdio};

use camino::{Utf8Path, Utf8PathBuf};
use serde::Deserialize;

use crate::failure::{At as _, Failure};
use crate::shell::{program, root, run};

/// The part of action.yml that is looked at here.
#[derive(Deserialize)]
struct Action {
    inputs: BTreeMap<String, Input>,
    runs: Runs,
}

#[derive(Deserialize)]
struct Input {
    #[serde(default)]
    default: String,
}

#[derive(Deserialize)]
struct Runs {
    steps: Vec<Step>,
}

#[derive(Deserialize)]
struct Step {
    name: String,
    id: Option<String>,
    #[serde(default)]
    env: BTreeMap<String, String>,
    /// What bash is given; none where the step is another action.
    run: Option<String>,
}

/// How a job came out.
struct Job {
    code: i32,
    printed: String,
    summary: String,
}

/// Two targets: one that keeps its promises, and one that does not.
const TARGETS: &str = "\
[target.right]
launch = 'parallax serve --listen 127.0.0.1:{port}'
[target.wrong]
launch = 'parallax serve --listen 127.0.0.1:{port} --fault identifier-kept-as-given'
";

/// Installs the binary as the action does where there is none yet; its path.
pub(super) fn install() -> Result<Utf8PathBuf, Failure> {
    let folder = root().join("target/installed");
    let action = read()?;
    let step = action.runs.steps.iter().find(|step| step.name == "install");
    let step = step.ok_or_else(|| Failure::new("action.yml has no step `install`"))?;
    let script = step.run.as_deref().unwrap_or_default();
    // Only what the action would run without a parallax on the search path.
    let script = format!("command() {{ false; }}\n{script}");
    let mut bash = program("bash");
    bash.args(["-e", "-c", &script])
        .env("SOURCE", root())
        .env("VERSION", "")
        .env("CARGO_TERM_QUIET", "true")
        .env("CARGO_INSTALL_ROOT", &folder);
    run(&mut bash)?;
    Ok(folder.join("bin/parallax"))
}

/// The names of its inputs.
pub(super) fn inputs() -> Result<Vec<String>, Failure> {
    Ok(read()?.inputs.into_keys().collect())
}

/// Runs the steps for a target that is right, one that is not, the same with a baseline, and one that is not there.
pub(super) fn play(binary: &Utf8Path) -> Result<(), Failure> {
    let action = read()?;
    action.check()?;
    let scratch = tempfile::tempdir().at("a temporary folder")?;
    let folder =
        Utf8Path::from_path(scratch.path()).ok_or_else(|| Failure::new("the temporary folder is not UTF-8"))?;
    std::fs::write(folder.join("parallax.toml"), TARGETS).at(folder)?;
    let job = |given: &[(&str, &str)]| action.job(folder, binary, given);
    let args = ("args", "--resource User\n--scenario CreateUser/lowercase/*");
    expect("a target that is right", &job(&[("target", "right"), args])?, (0, 0))?;
    let wrong = job(&[("target", "wrong"), args])?;
    expect("a target that is wrong", &wrong, (1, 3))?;
    let baseline = [
        "baseline",
        "create",
        "parallax-report",
        "--out",
        "known.toml",
        "--reason",
        "trial",
    ];
    let output = program(binary)
        .current_dir(folder)
        .args(baseline)
        .output()
        .at("baseline")?;
    if !output.status.success() {
        return Err(Failure::new(String::from_utf8_lossy(&output.stderr)));
    }
    let known = job(&[("target", "wrong"), args, ("baseline", "known.toml")])?;
    expect("a target whose divergences are known", &known, (0, known.annotations()))?;
    let absent = job(&[("target", "http://127.0.0.1:1"), args, ("out", "absent")])?;
    expect("a target that is not there", &absent, (3, absent.annotations()))?;
    println!("action.yml: 4 jobs");
    Ok(())
}

fn expect(what: &str, job: &Job, (code, annotations): (i32, usize)) -> Result<(), Failure> {
    let summarised = code == 3 || job.summary.starts_with("# Parallax");
    if job.code == code && job.annotations() == annotations && summarised {
        return Ok(());
    }
    Err(Failure::new(format!(
        "action.yml: {what}: ended with {}, not {code}, and with {} annotations, not {annotations}:\n{}",
        job.code,
        job.annotations(),
        job.printed
    )))
}

fn read() -> Result<Action, Failure> {
    let path = root().join("action.yml");
    serde_saphyr::from_str(&std::fs::read_to_string(&path).at(&path)?).at(path)
}

impl Job {
    /// How many lines GitHub would show beside the code.
    fn annotations(&self) -> usize {
        let lines = self.printed.lines();
        lines
            .filter(|line| line.starts_with("::error") || line.starts_with("::warning"))
            .count()
    }
}

impl Action {
    /// Every script is one that bash can read, and takes what people give through the environment alone.
    fn check(&self) -> Result<(), Failure> {
        for step in &self.runs.steps {
            let Some(script) = &step.run else { continue };
            if script.contains("${{") {
                return Err(Failure::new(format!(
                    "action.yml: `{}` pastes an expression into its script, which anybody could break out of; use env",
                    step.name
                )));
            }
            let output = Command::new("bash").args(["-n", "-c", script]).output().at("bash")?;
            if !output.status.success() {
                let words = String::from_utf8_lossy(&output.stderr);
                return Err(Failure::new(format!("action.yml: `{}`: {words}", step.name)));
            }
        }
        Ok(())
    }

    /// Runs its scripts one after another until one fails, with these inputs.
    fn job(&self, folder: &Utf8Path, binary: &Utf8Path, given: &[(&str, &str)]) -> Result<Job, Failure> {
        let mut values = self.values(given);
        let [summary, outputs] = ["step-summary", "step-output"].map(|name| folder.join(name));
        std::fs::write(&summary, "").at(&summary)?;
        let (mut code, mut printed) = (0, String::new());
        for step in self.runs.steps.iter().filter(|step| step.run.is_some()) {
            std::fs::write(&outputs, "").at(&outputs)?;
            let ended = step
                .command(folder, &values)?
                .env("PATH", super::search_path(binary))
                .env("GITHUB_OUTPUT", &outputs)
                .env("GITHUB_STEP_SUMMARY", &summary)
                .output()
                .at(&step.name)?;
            printed.push_str(&both(&ended));
            values.extend(step.outputs(&std::fs::read_to_string(&outputs).at(&outputs)?));
            code = ended.status.code().unwrap_or(-1);
            if code != 0 {
                break;
            }
        }
        let summary = std::fs::read_to_string(&summary).at(summary)?;
        Ok(Job { code, printed, summary })
    }

    /// What its expressions stand for at the beginning.
    fn values(&self, given: &[(&str, &str)]) -> BTreeMap<String, String> {
        let defaults = self
            .inputs
            .iter()
            .map(|(name, input)| (name.as_str(), input.default.as_str()));
        let inputs = defaults.chain(given.iter().copied());
        let inputs = inputs.map(|(name, value)| (format!("inputs.{name}"), value.to_owned()));
        let path = ("github.action_path".to_owned(), root().into_string());
        inputs.chain([path]).collect()
    }
}

impl Step {
    /// Its script as GitHub starts it.
    fn command(&self, folder: &Utf8Path, values: &BTreeMap<String, String>) -> Result<Command, Failure> {
        let mut command = Command::new("bash");
        command
            .args(["--noprofile", "--norc", "-e", "-o", "pipefail", "-c"])
            .arg(self.run.as_deref().unwrap_or_default())
            .current_dir(folder)
            .stdin(Stdio::null());
        for (name, expression) in &self.env {
            let inner = expression.strip_prefix("${{").and_then(|rest| rest.strip_suffix("}}"));
            let value = match inner.map(str::trim) {
                None => Some(expression),
                Some(inner) => values.get(inner),
            };
            let value =
                value.ok_or_else(|| Failure::new(format!("action.yml: `{}`: {expression} has no value", self.name)))?;
            command.env(name, value);
        }
        Ok(command)
    }

    /// What it wrote as its outputs, by the names that later steps use.
    fn outputs(&self, text: &str) -> Vec<(String, String)> {
        let Some(id) = &self.id else { return Vec::new() };
        let pairs = text.lines().filter_map(|line| line.split_once('='));
        pairs
            .map(|(name, value)| (format!("steps.{id}.outputs.{name}"), value.to_owned()))
            .collect()
    }
}

fn both(output: &Output) -> String {
    let [out, err] = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes));
    format!("{out}{err}")
}
