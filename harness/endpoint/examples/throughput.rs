//! How many calls a second one endpoint answers: `cargo run --release --example throughput [URL]`.
//!
//! Without a URL it asks a service of its own that answers at once, so that only the two HTTP sides are measured.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use parallax_contract::{Answer, Call, Contract, Value};
use parallax_endpoint::{Endpoint as _, Http, HttpSettings, Server, Service};

struct Empty(Arc<Contract>);

impl Service for Empty {
    fn contract(&self) -> &Contract {
        &self.0
    }

    fn answer(&self, _call: &Call) -> Answer {
        Answer::Success(Value::Null)
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let contract: Arc<Contract> = Arc::new(serde_json::from_str(include_str!("../tests/it/contract.json"))?);
    let server = Server::start(([127, 0, 0, 1], 0).into(), Arc::new(Empty(Arc::clone(&contract))))?;
    let url = std::env::args().nth(1).unwrap_or_else(|| server.url());
    let endpoint = Arc::new(Http::new(contract, &url, &HttpSettings::default())?);
    let answered = Arc::new(AtomicU64::new(0));
    let started = Instant::now();
    let end = started + Duration::from_secs(5);
    let workers: Vec<_> = (0..16)
        .map(|_| {
            let (endpoint, answered) = (Arc::clone(&endpoint), Arc::clone(&answered));
            tokio::spawn(async move {
                let call = Call::new("CreateThing", Value::map([("Name", Value::text("some-thing"))]));
                while Instant::now() < end {
                    if endpoint.ask(&call).await.answer.is_some() {
                        answered.fetch_add(1, Ordering::Relaxed);
                    }
                }
            })
        })
        .collect();
    for worker in workers {
        worker.await?;
    }
    let count = u32::try_from(answered.load(Ordering::Relaxed))?;
    println!(
        "{:.0} answers a second at {url}",
        f64::from(count) / started.elapsed().as_secs_f64()
    );
    if std::env::var_os("PARALLAX_HOLD").is_some() {
        tokio::signal::ctrl_c().await?;
    }
    server.stop().await;
    Ok(())
}
