//! The cost of the four functions for an operation that creates something and shows it.
#![expect(missing_docs, reason = "criterion's macros make public items without docstrings")]
#![expect(clippy::unwrap_used, reason = "a broken fixture may end the bench")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use parallax_contract::{Answer, Call, Contract, Value};
use parallax_wire::{Protocol, Query};

fn call() -> Call {
    let tag = |key: &str, value: &str| Value::map([("Key", Value::text(key)), ("Value", Value::text(value))]);
    let input = [
        ("ShelfName", Value::text("a-shelf-of-some-length")),
        (
            "Description",
            Value::text("What stands here is for reading & nothing else"),
        ),
        (
            "Tags",
            Value::List(vec![tag("stage", "test"), tag("owner", "team one")]),
        ),
    ];
    Call::new("CreateShelf", Value::map(input))
}

fn answer() -> Answer {
    let shelf = [
        ("OwnerId", Value::text("000000000000")),
        ("ShelfName", Value::text("a-shelf-of-some-length")),
        (
            "Description",
            Value::text("What stands here is for reading & nothing else"),
        ),
        ("Readers", Value::List(Vec::new())),
        (
            "ARN",
            Value::text("arn:aws:library:us-east-1:000000000000:shelf:a-shelf-of-some-length"),
        ),
    ];
    Answer::Success(Value::map([("Shelf", Value::map(shelf))]))
}

fn query(c: &mut Criterion) {
    let contract: Contract = serde_json::from_str(include_str!("../tests/data/library.json")).unwrap();
    let (call, answer) = (call(), answer());
    let id = "00000000-0000-4000-8000-000000000000";
    let request = Query.encode_request(&contract, &call);
    let response = Query.encode_response(&contract, "CreateShelf", &answer, id);
    c.bench_function("encode_request", |b| {
        b.iter(|| Query.encode_request(&contract, black_box(&call)));
    });
    c.bench_function("decode_request", |b| {
        b.iter(|| Query.decode_request(&contract, black_box(&request)));
    });
    c.bench_function("encode_response", |b| {
        b.iter(|| Query.encode_response(&contract, "CreateShelf", black_box(&answer), id));
    });
    c.bench_function("decode_response", |b| {
        b.iter(|| Query.decode_response(&contract, "CreateShelf", black_box(&response)));
    });
}

criterion_group!(benches, query);
criterion_main!(benches);
