//! A small made-up contract, an endpoint in memory that can be told to err, and short ways to run.

use std::sync::{Arc, LazyLock, Mutex};

use parallax_contract::{ApiError, Call, Contract, Fault, Malformed, Observation, Outcome, TransportFault, Value};
use parallax_endpoint::{BoxFuture, Endpoint, Exchange};
use parallax_oracle::{Oracle, State};
use parallax_outcome::{Collector, Event, Report, RunInfo, StepRecord};
use parallax_runner::{Cancel, Plan, Reference, RunError, run};
use parallax_scenario::{Scenario, Step};
use parallax_wire::protocol_of;

pub(crate) static CONTRACT: LazyLock<Arc<Contract>> =
    LazyLock::new(|| Arc::new(serde_json::from_str(include_str!("contract.json")).unwrap()));

type Change = dyn Fn(&Call, Observation) -> Observation + Send + Sync;

/// Does what the documentation says, unless told otherwise, and remembers what it was asked.
pub(crate) struct Memory {
    oracle: Oracle,
    state: Mutex<State>,
    change: Box<Change>,
    pub(crate) asked: Mutex<Vec<Call>>,
}

impl Memory {
    pub(crate) fn honest() -> Arc<Self> {
        Self::with(|_, observation| observation)
    }

    /// Answers what `change` makes of the right answer.
    pub(crate) fn with(change: impl Fn(&Call, Observation) -> Observation + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self {
            oracle: Oracle::new(CONTRACT.clone()),
            state: Mutex::default(),
            change: Box::new(change),
            asked: Mutex::default(),
        })
    }

    pub(crate) fn count(&self, operation: &str) -> usize {
        self.asked
            .lock()
            .unwrap()
            .iter()
            .filter(|call| call.operation == operation)
            .count()
    }

    fn answer(&self, call: &Call) -> Exchange {
        self.asked.lock().unwrap().push(call.clone());
        let right = Observation::from(self.oracle.answer(&mut self.state.lock().unwrap(), call));
        let protocol = protocol_of(&CONTRACT).unwrap();
        let request = protocol.encode_request(&CONTRACT, call);
        Exchange {
            request,
            answer: None,
            observation: (self.change)(call, right),
        }
    }
}

impl Endpoint for Memory {
    fn ask<'a>(&'a self, call: &'a Call) -> BoxFuture<'a, Exchange> {
        Box::pin(async move {
            tokio::task::yield_now().await;
            self.answer(call)
        })
    }
}

pub(crate) fn seen(status: u16, outcome: Outcome) -> Observation {
    Observation {
        status,
        header_request_id: None,
        body_request_id: None,
        outcome,
        forgiven: vec![],
    }
}

pub(crate) fn error(code: &str, status: u16) -> Observation {
    seen(
        status,
        Outcome::Error(ApiError {
            code: code.into(),
            fault: Some(Fault::Sender),
            message: None,
        }),
    )
}

pub(crate) fn page() -> Observation {
    let why = "an HTML page where XML was due".to_owned();
    seen(
        500,
        Outcome::Malformed(Malformed {
            why,
            excerpt: "<html>".into(),
        }),
    )
}

pub(crate) fn lost() -> Observation {
    Observation::lost(TransportFault::Refused("refused".into()))
}

pub(crate) fn name(call: &Call) -> &str {
    call.input.get("ThingName").and_then(Value::as_text).unwrap_or_default()
}

pub(crate) fn create(name: &str) -> Call {
    Call::new(
        "CreateThing",
        Value::map([("ThingName", Value::text(name)), ("Description", Value::text("A b"))]),
    )
}

pub(crate) fn describe(name: &str) -> Call {
    Call::new("DescribeThings", Value::map([("ThingName", Value::text(name))]))
}

pub(crate) fn delete(name: &str) -> Call {
    Call::new("DeleteThing", Value::map([("ThingName", Value::text(name))]))
}

pub(crate) fn scenario(path: &str, steps: Vec<Step>) -> Scenario {
    Scenario {
        path: path.into(),
        resource: None,
        steps,
        exclusive: false,
    }
}

/// Create, describe, delete, describe.
pub(crate) fn life(path: &str) -> Scenario {
    let steps = vec![
        Step::new("create", create("t{run}")),
        Step::new("describe", describe("t{run}")),
        Step::new("delete", delete("t{run}")),
        Step::new("describe-after", describe("t{run}")),
    ];
    scenario(path, steps)
}

pub(crate) fn docs() -> Reference {
    Reference::Docs(Arc::new(Oracle::new(CONTRACT.clone())))
}

pub(crate) fn plan(scenarios: Vec<Scenario>) -> Plan {
    let operations = CONTRACT.operations.keys().cloned().collect();
    let info = RunInfo {
        service: "things".into(),
        operations,
        scenarios: scenarios.len(),
        ..RunInfo::default()
    };
    Plan {
        contract: CONTRACT.clone(),
        scenarios,
        jobs: 1,
        repeat: 1,
        token: "abc".into(),
        info,
        places: None,
        probe: false,
    }
}

/// Runs to the end; the events in the order in which they came.
pub(crate) fn events(plan: Plan, target: Arc<Memory>, reference: Reference) -> Result<Vec<Event>, RunError> {
    let mut events = Vec::new();
    block_on(run(plan, target, reference, |event| events.push(event), Cancel::new()))?;
    Ok(events)
}

pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.worker_threads(2).enable_all().build().unwrap().block_on(future)
}

/// The report without what belongs to one run.
pub(crate) fn report(events: Vec<Event>) -> Report {
    let mut collector = Collector::new();
    events.into_iter().for_each(|event| collector.take(event));
    let mut report = collector.report(serde_json::json!({}));
    report.run = Default::default();
    report
}

/// The steps of the first scenario that ended.
pub(crate) fn steps(events: &[Event]) -> &[StepRecord] {
    let record = events.iter().find_map(|event| match event {
        Event::Scenario(record) => Some(record),
        _ => None,
    });
    &record.unwrap().steps
}
