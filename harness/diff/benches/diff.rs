//! How long the comparison of one ordinary answer takes; the aim is below ten microseconds.

use std::hint::black_box;

use criterion::Criterion;
use parallax_contract::{
    Confidence, Contract, Evidence, Expectation, Expected, Observation, Outcome, Pattern, Piece, Value,
};
use parallax_diff::{Bindings, compare};

const CONTRACT: &str = include_str!("../tests/it/contract.json");

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let Ok(contract) = serde_json::from_str::<Contract>(CONTRACT) else {
        return;
    };
    let due = expectation();
    for (label, name) in [("agree", "my-thing"), ("diverge", "My-Thing")] {
        let seen = observation(name);
        criterion.bench_function(&format!("diff/create/{label}"), |bencher| {
            let mut bindings = Bindings::default();
            bencher.iter(|| black_box(compare(&contract, "CreateThing", &due, black_box(&seen), &mut bindings)));
        });
    }
    criterion.final_summary();
}

fn expectation() -> Expectation {
    let basis = Evidence::basis(
        "what was accepted comes back",
        "the law of echo",
        Confidence::Documented,
    );
    let text = |text: &str| Pattern::exactly(Value::text(text), &basis);
    let literal = |text: &str| Piece::Literal(text.to_owned());
    let bound = |name: &str| Piece::Bound(name.to_owned());
    let template = |pieces| Pattern::Template {
        pieces,
        basis: basis.clone(),
    };
    let arn = vec![
        literal("arn:"),
        bound("partition"),
        literal(":things:"),
        bound("region"),
        literal(":"),
        bound("account"),
        literal(":thing:my-thing"),
    ];
    let fields = [
        ("ThingName", text("my-thing")),
        ("Description", text("A thing with <specials> & \"quotes\"")),
        ("OwnerId", template(vec![bound("account")])),
        ("ARN", template(arn)),
        ("Tags", Pattern::Absent { basis: basis.clone() }),
    ];
    let fields = Pattern::Fields(fields.map(|(name, pattern)| (name.to_owned(), pattern)).into());
    let output = Pattern::Fields(vec![("Thing".to_owned(), fields)]);
    Expectation {
        expected: Expected::Success { output, basis },
    }
}

fn observation(name: &str) -> Observation {
    let thing = Value::map(
        [
            ("ThingName", name),
            ("Description", "A thing with <specials> & \"quotes\""),
            ("OwnerId", "123456789012"),
            ("ARN", "arn:aws:things:us-east-1:123456789012:thing:my-thing"),
        ]
        .map(|(name, text)| (name, Value::text(text))),
    );
    let id = Some("2b1c8035-b7fa-11e0-9326-b7275b9d4a6c".to_owned());
    Observation {
        status: 200,
        header_request_id: id.clone(),
        body_request_id: id,
        outcome: Outcome::Success(Value::map([("Thing", thing)])),
        forgiven: vec![],
    }
}
