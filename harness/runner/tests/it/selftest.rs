//! The harness against every alteration of the emulator, in memory: what it must find, and where it must be silent.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use parallax_contract::{Call, Contract, Observation, TransportFault};
use parallax_endpoint::fault::{Alteration, Altered, Delivery, faults, variants};
use parallax_endpoint::{BoxFuture, Endpoint, Exchange, Service};
use parallax_runner::Cancel;
use parallax_runner::selftest::{
    Bounds, Row, Subject, combinations, examine, scenarios, scenarios_to_be_silent, selftest,
};
use parallax_scenario::Scenario;
use parallax_wire::{HttpAnswer, protocol_of};
use tokio::runtime::Builder;

pub(crate) static CONTRACT: LazyLock<Arc<Contract>> = LazyLock::new(|| {
    let text = include_str!("../../../../specs/contracts/elasticache.json");
    Arc::new(Contract::from_json(text).unwrap())
});

static TO_FIND: LazyLock<Vec<Scenario>> = LazyLock::new(|| scenarios(&CONTRACT));

/// The first resource's alone: the rest is left to `parallax selftest`, which is not built for debugging.
static TO_BE_SILENT: LazyLock<Vec<Scenario>> = LazyLock::new(|| {
    let mut scenarios = scenarios_to_be_silent(&CONTRACT);
    let resource = scenarios.first().and_then(|scenario| scenario.resource.clone());
    scenarios.retain(|scenario| scenario.resource == resource);
    scenarios
});

/// An emulator that is asked by way of bytes, but of no socket.
pub(crate) struct Direct(pub(crate) Altered);

impl Direct {
    fn exchange(&self, call: &Call) -> Exchange {
        let protocol = protocol_of(&CONTRACT).unwrap();
        let request = protocol.encode_request(&CONTRACT, call);
        let read = protocol.decode_request(self.0.contract(), &request);
        let mut answer = protocol.encode_response(self.0.form(), &read.operation, &self.0.answer(&read), "id-1");
        self.0.finish(&read, &mut answer);
        let observation = self.arrived(call, &answer);
        Exchange {
            request,
            answer: Some(answer),
            observation,
        }
    }

    fn arrived(&self, call: &Call, answer: &HttpAnswer) -> Observation {
        match self.0.delivery(call) {
            Delivery::Late(time) if time > Duration::from_secs(1) => Observation::lost(TransportFault::TimedOut),
            Delivery::Never | Delivery::Stalled(_) => Observation::lost(TransportFault::TimedOut),
            Delivery::Closed | Delivery::Part(_) => Observation::lost(TransportFault::Closed(String::new())),
            Delivery::Plain | Delivery::Late(_) | Delivery::Chunked => {
                let protocol = protocol_of(&CONTRACT).unwrap();
                protocol.decode_response(&CONTRACT, &call.operation, answer)
            }
        }
    }
}

impl Endpoint for Direct {
    fn ask<'a>(&'a self, call: &'a Call) -> BoxFuture<'a, Exchange> {
        Box::pin(async move {
            // Whoever plays many scenarios must get a turn in between.
            tokio::task::yield_now().await;
            self.exchange(call)
        })
    }
}

fn row(alterations: Vec<Alteration>) -> Row {
    let subject = match alterations.is_empty() {
        true => Subject::control(),
        false => Subject::of(alterations.clone()),
    };
    let scenarios = match subject.is_faulty() && !subject.is_generated() {
        true => &*TO_FIND,
        false => &*TO_BE_SILENT,
    };
    let endpoint = Arc::new(Direct(Altered::new(&CONTRACT, alterations)));
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let row = runtime
        .block_on(examine(&CONTRACT, scenarios, subject, endpoint))
        .unwrap();
    println!("{}", told(&row));
    row
}

/// Every row, on both cores.
fn rows(subjects: &[Vec<Alteration>]) -> Vec<Row> {
    let (one, other) = subjects.split_at(subjects.len() / 2);
    std::thread::scope(|scope| {
        let half = scope.spawn(|| one.iter().cloned().map(row).collect::<Vec<_>>());
        let rest: Vec<_> = other.iter().cloned().map(row).collect();
        half.join().unwrap().into_iter().chain(rest).collect()
    })
}

fn told(row: &Row) -> String {
    let (class, name) = (row.subject.class(), &row.subject.name);
    match row.found.as_ref().or(row.noted.as_ref()) {
        Some(found) => format!(
            "{class} {name}: {} {} at {} {} {}: {} | {} ({} ms)",
            found.severity,
            found.kind,
            found.scenario,
            found.step,
            found.path,
            found.expected,
            found.observed,
            row.millis
        ),
        None => format!("{class} {name}: nothing ({} ms)", row.millis),
    }
}

fn wrong(rows: &[Row]) -> Vec<String> {
    rows.iter().filter(|row| !row.is_right()).map(told).collect()
}

fn each(alterations: impl IntoIterator<Item = Alteration>) -> Vec<Vec<Alteration>> {
    alterations.into_iter().map(|alteration| vec![alteration]).collect()
}

/// A share of a list that takes a debug build minutes as a whole. `parallax selftest` plays all of it, and CI runs that.
const SHARE: usize = 9;

#[test]
fn every_fault_is_found_by_a_derived_scenario() {
    let derived = faults().into_iter().filter(|fault| !fault.generated).step_by(SHARE);
    assert_eq!(wrong(&rows(&each(derived))), Vec::<String>::new());
}

#[test]
fn no_fault_that_is_left_to_generated_scenarios_is_found_by_a_derived_one() {
    let generated = faults().into_iter().filter(|fault| fault.generated).step_by(SHARE);
    let rows = rows(&each(generated));
    let found: Vec<_> = rows.iter().filter(|row| row.found.is_some()).map(told).collect();
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn every_benign_variant_stays_silent() {
    let mut subjects = each(variants().into_iter().step_by(SHARE));
    subjects.push(Vec::new());
    assert_eq!(wrong(&rows(&subjects)), Vec::<String>::new());
}

#[test]
fn benign_variants_stay_silent_together() {
    let drawn = combinations(4).into_iter().map(|subject| subject.alterations);
    assert_eq!(wrong(&rows(&drawn.collect::<Vec<_>>())), Vec::<String>::new());
}

#[test]
fn a_hunt_of_a_self_test_that_was_broken_off_is_no_miss() {
    let plain = faults().into_iter().find(|fault| !fault.generated).unwrap();
    let hard = faults().into_iter().find(|fault| fault.generated).unwrap();
    let endless = Bounds {
        seed: 1,
        cases: None,
        time: None,
        jobs: 1,
    };
    // Nothing is wrong there, so that it would be hunted for ever.
    let never = Subject {
        alterations: Vec::new(),
        ..Subject::hunted(hard, endless)
    };
    let cancel = Cancel::new();
    let switch = cancel.clone();
    let subjects = vec![never, Subject::of(vec![plain])];
    let told = move |_: &Row| switch.cancel();
    let rows = Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(selftest(CONTRACT.clone(), subjects, 2, told, cancel))
        .unwrap();
    let names: Vec<_> = rows.iter().map(|row| row.subject.name.as_str()).collect();
    assert_eq!(names, [plain.name]);
}
