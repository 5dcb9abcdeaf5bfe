//! A short plan, and targets that do with a connection what a test says.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, LazyLock};
use std::thread;
use std::time::Duration;

use parallax_contract::Contract;
use parallax_endpoint::{HttpSettings, Shortage};
use parallax_load::{Cancel, Plan, Target, Verify, bench};
use parallax_outcome::bench::{Bench, BenchTarget, Pace};
use parallax_scenario::mix::ready;

pub(crate) static CONTRACT: LazyLock<Arc<Contract>> = LazyLock::new(|| {
    Arc::new(Contract::from_json(include_str!("../../../../specs/contracts/elasticache.json")).unwrap())
});

/// A closed loop over four connections for a fifth of a second, asking what needs no preparation.
pub(crate) fn plan() -> Plan {
    Plan {
        contract: Arc::clone(&CONTRACT),
        mix: ready(&CONTRACT, "describe-all", None).unwrap(),
        pace: Pace::Closed,
        goal: None,
        connections: 4,
        threads: 2,
        duration: Duration::from_millis(200),
        warm_up: Duration::ZERO,
        rounds: 1,
        verify: Verify::Shape,
        seed: 1,
        settings: HttpSettings::default(),
    }
}

/// Measures what listens there.
pub(crate) async fn measure(plan: &Plan, url: &str) -> Bench {
    let target = Target {
        name: "it".to_owned(),
        url: url.to_owned(),
        shortage: Shortage::default(),
    };
    bench(plan, &[target], &Cancel::new(), &mut |_| {}).await.unwrap()
}

/// The only target of a bench.
pub(crate) fn only(bench: &Bench) -> &BenchTarget {
    assert_eq!(bench.targets.len(), 1);
    &bench.targets[0]
}

/// Listens, and does this with each connection, in a thread of its own; its URL.
pub(crate) fn target(talk: impl Fn(TcpStream) + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let talk = Arc::new(talk);
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let talk = Arc::clone(&talk);
            thread::spawn(move || talk(stream));
        }
    });
    url
}

/// Reads until a request is there, whose end is taken to be the end of what came at once; false at the end of them.
pub(crate) fn hear(stream: &mut TcpStream) -> bool {
    stream.read(&mut [0; 4096]).is_ok_and(|count| count > 0)
}

/// Says this.
pub(crate) fn say(stream: &mut TcpStream, text: &str) -> bool {
    stream.write_all(text.as_bytes()).is_ok()
}
