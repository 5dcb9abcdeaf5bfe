//! What the guard of a live service sends, writes down and deletes.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use parallax_contract::{ApiError, Call, Contract, Malformed, Observation, Outcome, TransportFault, Value};
use parallax_endpoint::live::{Guard, Head, Journal, Limits, Patient, Reins, Renew};
use parallax_endpoint::{BoxFuture, Endpoint, Exchange, RealEnv};
use parallax_wire::{HttpRequest, Method};

const TOKEN: &str = "tok";
/// A name of the run that a service may not like.
const ODD: &str = "px tok0001";
/// A name of the run.
const OURS: &str = "pxtok0001";

/// A service that makes up the name of a pool from a suffix, of a note from nothing, and of a thing not at all. Nothing but
/// things is free.
fn contract() -> Arc<Contract> {
    Arc::new(serde_json::from_str(include_str!("live.json")).unwrap())
}

/// What the service does with a call, given the calls before it.
type Behaviour = dyn Fn(&[Call], &Call) -> Observation + Send + Sync;

struct Service {
    calls: Mutex<Vec<Call>>,
    behave: Box<Behaviour>,
}

impl Service {
    fn new(behave: impl Fn(&[Call], &Call) -> Observation + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self {
            calls: Mutex::default(),
            behave: Box::new(behave),
        })
    }

    /// The operations that were asked.
    fn asked(&self) -> Vec<String> {
        self.calls
            .lock()
            .unwrap()
            .iter()
            .map(|call| call.operation.clone())
            .collect()
    }
}

impl Endpoint for Service {
    fn ask<'a>(&'a self, call: &'a Call) -> BoxFuture<'a, Exchange> {
        let mut calls = self.calls.lock().unwrap();
        let observation = (self.behave)(&calls, call);
        calls.push(call.clone());
        Box::pin(std::future::ready(Exchange {
            request: HttpRequest {
                method: Method::Post,
                query: String::new(),
                headers: Vec::new(),
                body: Vec::new(),
            },
            answer: None,
            observation,
        }))
    }
}

impl Renew for Service {
    fn renew(&self) -> BoxFuture<'_, bool> {
        Box::pin(std::future::ready(false))
    }
}

fn observation(status: u16, outcome: Outcome) -> Observation {
    Observation {
        status,
        outcome,
        ..Observation::lost(TransportFault::TimedOut)
    }
}

fn success(output: Value) -> Observation {
    observation(200, Outcome::Success(output))
}

fn refused(code: &str, status: u16) -> Observation {
    let error = ApiError {
        code: code.to_owned(),
        fault: None,
        message: None,
    };
    observation(status, Outcome::Error(error))
}

fn lost() -> Observation {
    Observation::lost(TransportFault::TimedOut)
}

fn one(path: &str, member: &str, id: &str) -> Observation {
    success(Value::map([(path, Value::map([(member, Value::text(id))]))]))
}

fn all(list: &str, member: &str, ids: &[&str]) -> Observation {
    let item = |id: &&str| Value::map([(member, Value::text(*id))]);
    success(Value::map([(list, Value::List(ids.iter().map(item).collect()))]))
}

fn call(operation: &str, member: &str, id: &str) -> Call {
    Call::new(operation, Value::map([(member, Value::text(id))]))
}

fn bare(operation: &str) -> Call {
    Call::new(operation, Value::Map(Vec::new()))
}

fn head() -> Head {
    Head {
        service: "things".to_owned(),
        token: TOKEN.to_owned(),
        region: "here".to_owned(),
        url: "http://127.0.0.1:1".to_owned(),
        started: "2020-01-01T00:00:00Z".to_owned(),
    }
}

/// A guard before a service, and where its journal is.
struct Guarded {
    guard: Guard,
    path: std::path::PathBuf,
    _folder: tempfile::TempDir,
}

impl Guarded {
    fn over(service: &Arc<Service>, allowed: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let journal = Journal::create(&path, head()).unwrap();
        Self {
            guard: guard(service, journal, allowed),
            path,
            _folder: folder,
        }
    }

    async fn ask(&self, call: Call) -> Observation {
        self.guard.ask(&call).await.observation
    }

    /// What the sweep leaves, as a person reads it.
    async fn sweep(&self) -> Vec<String> {
        let left = self.guard.sweep().await;
        left.into_iter()
            .map(|left| format!("{}: {}", left.what, left.why))
            .collect()
    }

    /// What another process reads in the journal.
    fn listed(&self) -> Vec<String> {
        listed(&self.path)
    }
}

fn guard(service: &Arc<Service>, journal: Journal, allowed: &[&str]) -> Guard {
    let allowed: BTreeSet<String> = allowed.iter().map(|name| (*name).to_owned()).collect();
    let shared = (Arc::new(journal), Arc::new(Reins::new(Limits::NONE)));
    Guard::new(service.clone(), contract(), shared, allowed).unwrap()
}

fn listed(path: &Path) -> Vec<String> {
    let journal = Journal::open(path).unwrap();
    let held = journal.held().into_iter().map(|held| held.to_string());
    held.chain(journal.attempts().into_iter().map(|attempt| attempt.to_string()))
        .collect()
}

fn is_withheld(observation: &Observation) -> bool {
    matches!(observation.outcome, Outcome::Lost(TransportFault::Withheld(_)))
}

/// A service of pools that completes suffixes.
fn of_pools() -> Arc<Service> {
    Service::new(|_, call| match call.operation.as_str() {
        "CreatePool" => one("Pool", "PoolId", "xyz-pxtok0001"),
        "DeletePool" => success(Value::Map(Vec::new())),
        _ => all("Pools", "PoolId", &["xyz-pxtok0001", "xyz-others"]),
    })
}

#[tokio::test]
async fn what_the_service_names_itself_is_listed_and_deleted_by_that_name() {
    let service = of_pools();
    let guarded = Guarded::over(&service, &["CreatePool", "DeletePool"]);
    guarded.ask(call("CreatePool", "PoolIdSuffix", OURS)).await;
    assert_eq!(guarded.listed(), ["Pool xyz-pxtok0001"]);
    assert_eq!(guarded.sweep().await, [""; 0]);
    assert_eq!(guarded.listed(), [""; 0]);
    let calls = service.calls.lock().unwrap().clone();
    let due = Value::map([
        ("PoolId", Value::text("xyz-pxtok0001")),
        ("RetainWater", Value::Bool(true)),
    ]);
    assert_eq!(calls.last(), Some(&Call::new("DeletePool", due)));
}

#[tokio::test]
async fn a_creation_is_on_disk_before_it_is_sent_though_its_name_is_made_up() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (read, note) = (path.clone(), seen.clone());
    let service = Service::new(move |_, _| {
        *note.lock().unwrap() = listed(&read);
        lost()
    });
    let guard = guard(&service, Journal::create(&path, head()).unwrap(), &["CreatePool"]);
    guard.ask(&call("CreatePool", "PoolIdSuffix", OURS)).await;
    let due = ["Pool of a name that is not known, asked for with `pxtok0001`"];
    assert_eq!(*seen.lock().unwrap(), due);
    assert_eq!(listed(&path), due, "the answer was lost");
}

#[tokio::test]
async fn what_a_lost_answer_would_have_named_is_found_by_its_part_and_deleted() {
    let service = Service::new(|_, call| match call.operation.as_str() {
        "CreatePool" => lost(),
        "DeletePool" => success(Value::Map(Vec::new())),
        _ => all("Pools", "PoolId", &["xyz-others", "xyz-PXTOK0001"]),
    });
    let guarded = Guarded::over(&service, &["CreatePool"]);
    guarded.ask(call("CreatePool", "PoolIdSuffix", OURS)).await;
    assert_eq!(guarded.sweep().await, [""; 0]);
    assert_eq!(service.asked(), ["CreatePool", "DescribePools", "DeletePool"]);
    assert_eq!(guarded.listed(), [""; 0]);
}

#[tokio::test]
async fn a_name_without_the_token_is_the_runs_own_only_because_the_answer_told_it() {
    let service = Service::new(|_, call| match call.operation.as_str() {
        "CreateNote" => one("Note", "NoteId", "n-17"),
        _ => success(Value::Map(Vec::new())),
    });
    let guarded = Guarded::over(&service, &["CreateNote", "DeleteNote"]);
    assert!(is_withheld(&guarded.ask(call("DeleteNote", "NoteId", "n-17")).await));
    guarded.ask(bare("CreateNote")).await;
    assert_eq!(guarded.listed(), ["Note n-17"]);
    assert!(is_withheld(&guarded.ask(call("DeleteNote", "NoteId", "n-16")).await));
    assert!(!is_withheld(&guarded.ask(call("DeleteNote", "NoteId", "n-17")).await));
    assert_eq!(guarded.listed(), [""; 0]);
}

#[tokio::test]
async fn a_name_that_was_put_into_the_journal_by_hand_is_not_deleted() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    drop(Journal::create(&path, head()).unwrap());
    let mut text = std::fs::read_to_string(&path).unwrap();
    text.push_str("{\"made\":{\"resource\":\"Note\",\"id\":\"n-17\"}}\n");
    std::fs::write(&path, text).unwrap();
    let service = Service::new(|_, _| success(Value::Map(Vec::new())));
    let guard = guard(&service, Journal::open(&path).unwrap(), &["DeleteNote"]);
    assert_eq!(guard.sweep().await.len(), 1);
    assert_eq!(service.asked(), [""; 0]);
}

/// What is said of a creation that was answered so, with nothing to be found afterwards.
async fn check_said(create: Call, answer: Observation, expected: &str) {
    let service = Service::new(move |_, call| match call.operation.as_str() {
        "DescribePools" => all("Pools", "PoolId", &["xyz-others"]),
        operation if operation.starts_with("Create") => answer.clone(),
        _ => success(Value::Map(Vec::new())),
    });
    let allowed = ["CreatePool", "CreateNote", "CreateThing"];
    let guarded = Guarded::over(&service, &allowed);
    guarded.ask(create).await;
    let left = guarded.sweep().await;
    match expected {
        "" => assert_eq!((left, guarded.listed()), (vec![], vec![])),
        _ => {
            assert_eq!((left.len(), guarded.listed().len()), (1, 1), "{left:?}");
            assert!(left.iter().all(|said| said.starts_with(expected)), "{left:?}");
        }
    }
}

#[tokio::test]
async fn what_was_accepted_without_a_name_that_can_be_known_is_left_and_told() {
    let search = "Note of a name that is not known: look with DescribeNotes for what CreateNote made since \
                  2020-01-01T00:00:00Z, delete it with DeleteNote";
    check_said(bare("CreateNote"), success(Value::Map(Vec::new())), search).await;
    let unreadable = Outcome::Malformed(Malformed {
        why: "no answer".to_owned(),
        excerpt: String::new(),
    });
    check_said(bare("CreateNote"), observation(200, unreadable), search).await;
    check_said(bare("CreateNote"), lost(), search).await;
    let pool = "Pool of a name that is not known, asked for with `pxtok0001`: look with DescribePools";
    let create = call("CreatePool", "PoolIdSuffix", OURS);
    check_said(create.clone(), success(Value::Map(Vec::new())), pool).await;
    check_said(create.clone(), lost(), "").await;
    check_said(create, refused("PoolQuota", 400), "").await;
    // No thing is made without a name, unless the answer says that it was.
    check_said(bare("CreateThing"), lost(), "").await;
    check_said(bare("CreateThing"), refused("Missing", 400), "").await;
    let thing = "Thing of a name that is not known: look";
    check_said(bare("CreateThing"), success(Value::Map(Vec::new())), thing).await;
    check_said(bare("CreateThing"), one("Thing", "Name", "made-up"), "").await;
    let others = "Thing of a name that is not known, answered with `default`, which may be somebody else's: look";
    check_said(bare("CreateThing"), one("Thing", "Name", "default"), others).await;
}

#[tokio::test]
async fn a_creation_that_is_answered_with_another_name_deletes_nobody_elses() {
    let service = Service::new(|_, call| match call.operation.as_str() {
        "CreateThing" => one("Thing", "Name", "precious"),
        _ => success(Value::Map(Vec::new())),
    });
    let guarded = Guarded::over(&service, &[]);
    guarded.ask(call("CreateThing", "Name", OURS)).await;
    let left = guarded.sweep().await;
    assert_eq!(left.len(), 1, "{left:?}");
    assert!(
        left[0].contains("asked for with `pxtok0001`, answered with `precious`"),
        "{left:?}"
    );
    let deleted: Vec<Call> = service.calls.lock().unwrap().iter().skip(1).cloned().collect();
    assert_eq!(deleted, [call("DeleteThing", "Name", OURS)]);
}

#[tokio::test]
async fn what_the_run_made_is_deleted_though_nobody_allowed_what_deleting_may_cost() {
    let service = of_pools();
    let guarded = Guarded::over(&service, &["CreatePool"]);
    guarded.ask(call("CreatePool", "PoolIdSuffix", OURS)).await;
    assert!(is_withheld(
        &guarded.ask(call("DeletePool", "PoolId", "xyz-others")).await
    ));
    assert_eq!(guarded.sweep().await, [""; 0]);
    assert_eq!(service.asked().last().map(String::as_str), Some("DeletePool"));
}

#[tokio::test]
async fn a_deletion_that_would_leave_something_unlisted_behind_is_not_sent_though_it_was_allowed() {
    let service = of_pools();
    let guarded = Guarded::over(&service, &["CreatePool", "DeletePool"]);
    guarded.ask(call("CreatePool", "PoolIdSuffix", OURS)).await;
    let with = |member: &str, value: Value| {
        let mut delete = call("DeletePool", "PoolId", "xyz-pxtok0001");
        delete.input.set(member, value);
        delete
    };
    for (member, value) in [
        ("FinalBottle", Value::text("pxtok0001b")),
        ("KeepsWater", Value::Bool(true)),
    ] {
        assert!(is_withheld(&guarded.ask(with(member, value)).await), "{member}");
    }
    assert!(!is_withheld(&guarded.ask(with("KeepsWater", Value::Bool(false))).await));
}

/// What is left of a thing whose creation was answered so and whose deletion is refused, while these are there; and the
/// operations asked after the creation.
async fn check_refused(
    (name, made): (&str, Observation),
    (code, status): (&'static str, u16),
    there: Option<&'static [&'static str]>,
    expected: (usize, &[&str]),
) {
    let service = Service::new(move |_, call| match call.operation.as_str() {
        "CreateThing" => made.clone(),
        "DeleteThing" if call.input.get("Name") == Some(&Value::text(OURS)) => success(Value::Map(Vec::new())),
        "DeleteThing" => refused(code, status),
        _ => there.map_or_else(|| refused("No", 400), |there| all("Things", "Name", there)),
    });
    let guarded = Guarded::over(&service, &[]);
    guarded.ask(call("CreateThing", "Name", name)).await;
    let left = guarded.sweep().await.len();
    assert_eq!(
        (left, &service.asked()[1..]),
        (
            expected.0,
            &expected.1.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()[..]
        )
    );
    assert_eq!(guarded.listed().len(), left);
}

#[tokio::test]
async fn a_name_that_the_service_will_not_delete_is_gone_once_nothing_is_seen_under_it() {
    let odd_lost = || (ODD, lost());
    let invalid = ("InvalidParameterValue", 400);
    let (delete, list) = ("DeleteThing", "DescribeThings");
    check_refused(odd_lost(), invalid, Some(&["others"]), (0, &[delete, list])).await;
    // It is there, under that name, or under a like one.
    check_refused(odd_lost(), invalid, Some(&[ODD]), (1, &[delete, list])).await;
    check_refused(
        odd_lost(),
        invalid,
        Some(&["others", OURS]),
        (0, &[delete, list, delete]),
    )
    .await;
    // The service does not say what there is.
    check_refused(odd_lost(), invalid, None, (1, &[delete, list, list])).await;
    // It stands in a state, or was surely made.
    check_refused(odd_lost(), ("InvalidThingState", 400), Some(&[]), (1, &[delete])).await;
    check_refused(odd_lost(), ("AccessDenied", 403), Some(&[]), (1, &[delete])).await;
    check_refused((ODD, one("Thing", "Name", ODD)), invalid, Some(&[]), (1, &[delete])).await;
}

#[tokio::test]
async fn a_refusal_after_a_lost_answer_to_a_deletion_is_asked_for_again() {
    let service = Service::new(|before, call| match (call.operation.as_str(), before.len()) {
        ("CreateThing", _) => lost(),
        ("DeleteThing", 1) => observation(400, Outcome::Lost(TransportFault::GivenUp("unclear".to_owned()))),
        ("DeleteThing", _) => refused("InvalidParameterValue", 400),
        _ => all("Things", "Name", &[]),
    });
    let guarded = Guarded::over(&service, &[]);
    guarded.ask(call("CreateThing", "Name", ODD)).await;
    assert_eq!(guarded.sweep().await, [""; 0]);
    let due = ["CreateThing", "DeleteThing", "DeleteThing", "DescribeThings"];
    assert_eq!(service.asked(), due);
}

/// Deletes these one after the other where these are there, in a run that made none of them: which were not sent, and how
/// many looks it took.
async fn check_looks(there: &'static [&'static str], names: &[&str], expected: (&[&str], u64)) {
    let service = Service::new(|_, call| match (call.operation.as_str(), call.input.get("Name")) {
        ("DescribeThings", None) => all("Things", "Name", there),
        ("DescribeThings", Some(name)) => {
            let named = there.iter().filter(|id| Value::text(**id) == *name);
            all("Things", "Name", &named.copied().collect::<Vec<_>>())
        }
        ("CreateThing", _) => refused("ThingExists", 400),
        _ => refused("ThingNotFound", 404),
    });
    let guarded = Guarded::over(&service, &[]);
    let mut withheld = Vec::new();
    for name in names {
        let (operation, name) = name.split_once(' ').unwrap();
        if is_withheld(&guarded.ask(call(operation, "Name", name)).await) {
            withheld.push(name);
        }
    }
    assert_eq!((&withheld[..], guarded.guard.looks()), expected);
}

#[tokio::test]
async fn one_look_at_an_account_tells_that_nobody_else_has_the_runs_names() {
    let (one, two, three) = (
        "DeleteThing absenttok0001",
        "DeleteThing absenttok0002",
        "DeleteThing absenttok0003",
    );
    check_looks(&["others"], &[one, two, three], (&[], 1)).await;
    check_looks(&["absenttok0002"], &[one, two, three], (&["absenttok0002"], 4)).await;
    // A name of the run that is taken is one of another run.
    let create = "CreateThing pxtok0001";
    check_looks(&["others"], &[one, create, two, three], (&[], 3)).await;
}

#[tokio::test]
async fn an_action_that_no_service_has_may_be_answered_after_a_lost_answer() {
    let service = Service::new(|before, _| match before.len() {
        0 => lost(),
        1 => refused("InternalFailure", 500),
        _ => refused("InvalidAction", 400),
    });
    let reins = Arc::new(Reins::new(Limits {
        time: Duration::from_secs(60),
        ..Limits::NONE
    }));
    let patient = Patient::new(service.clone(), contract(), reins, Arc::new(RealEnv::new()));
    let answer = patient.ask(&bare("NoSuchAction")).await.observation;
    assert_eq!(answer.error().map(|error| error.code.as_str()), Some("InvalidAction"));
    assert_eq!(service.asked().len(), 3);

    // What may have had its effect still counts for nothing.
    let service = Service::new(|before, _| match before.len() {
        0 => lost(),
        _ => refused("ThingExists", 400),
    });
    let reins = Arc::new(Reins::new(Limits::NONE));
    let patient = Patient::new(service, contract(), reins, Arc::new(RealEnv::new()));
    let answer = patient.ask(&call("CreateThing", "Name", OURS)).await.observation;
    assert!(
        matches!(answer.outcome, Outcome::Lost(TransportFault::GivenUp(_))),
        "{answer:?}"
    );
}
