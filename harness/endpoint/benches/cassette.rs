//! How long the committed cassette takes to be read, by exchange, and an exchange to be made fit for one and written.

use std::collections::BTreeMap;
use std::hint::black_box;

use criterion::{Criterion, Throughput};
use parallax_contract::{Observation, Outcome, Value};
use parallax_endpoint::Exchange;
use parallax_endpoint::cassette::{Cassette, Header, Position, Provenance, Redactor, Writer};
use parallax_wire::{HttpAnswer, HttpRequest, Method};

const CASSETTE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../corpus/cassettes/elasticache/documented.cassette"
);

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let Ok(bytes) = std::fs::read(CASSETTE) else {
        return;
    };
    let Ok(cassette) = Cassette::read(bytes.as_slice()) else {
        return;
    };
    let mut group = criterion.benchmark_group("cassette");
    group.throughput(Throughput::Elements(cassette.len()));
    group.sample_size(10);
    group.bench_function("read", |bencher| {
        bencher.iter(|| Cassette::read(black_box(bytes.as_slice())).is_ok());
    });
    group.throughput(Throughput::Elements(1));
    group.sample_size(100);
    let places: Vec<Position> = cassette.entries().flatten().map(|(at, _)| at).collect();
    let values = BTreeMap::from([("run".to_owned(), "r0a0000".to_owned())]);
    let mut order = places.iter().cycle();
    group.bench_function("replay", |bencher| {
        bencher.iter(|| {
            let found = order.next().and_then(|at| cassette.get(at).ok().flatten());
            black_box(found.and_then(|entry| entry.answer(&values)))
        });
    });
    let exchange = exchange();
    group.bench_function("redact-and-write", |bencher| {
        let Ok(mut writer) = Writer::create(std::io::sink(), header()) else {
            return;
        };
        let mut redactor = Redactor::new("r7");
        bencher.iter(|| {
            let clean = redactor.redact(black_box(&exchange));
            writer
                .write(Position::new("CreateThing/name", "create"), clean, None)
                .is_ok()
        });
    });
    group.finish();
    criterion.final_summary();
}

fn header() -> Header {
    Header {
        service: "things".into(),
        contract: String::new(),
        provenance: Provenance::Documented,
        profile: None,
        tool: "bench".into(),
        seed: None,
        updated: None,
        settings: BTreeMap::new(),
    }
}

fn exchange() -> Exchange {
    let body = "<R><ARN>arn:aws:things:us-east-1:111122223333:thing:r7</ARN><OwnerId>111122223333</OwnerId>\
                <RequestId>2b1c8035-b7fa-11e0-9326-b7275b9d4a6c</RequestId></R>";
    Exchange {
        request: HttpRequest {
            method: Method::Post,
            query: String::new(),
            headers: vec![("content-type".into(), "application/x-www-form-urlencoded".into())],
            body: b"Action=CreateThing&Name=r7-1&Version=2020-01-01".to_vec(),
        },
        answer: Some(HttpAnswer {
            status: 200,
            headers: vec![("content-type".into(), "text/xml".into())],
            body: body.as_bytes().to_vec(),
        }),
        observation: Observation {
            status: 200,
            header_request_id: None,
            body_request_id: Some("2b1c8035-b7fa-11e0-9326-b7275b9d4a6c".into()),
            outcome: Outcome::Success(Value::Null),
            forgiven: Vec::new(),
        },
    }
}
