//! How long a model takes to become a contract, prose and all, and a contract to be read again.

use std::fmt::Write as _;
use std::hint::black_box;

use criterion::Criterion;
use parallax_contract::{Contract, Sources, import};

const CONTRACT: &str = include_str!("../../../specs/contracts/elasticache.json");

/// How many resources the made-up model has, each with three operations: about as much as a middling service.
const RESOURCES: usize = 26;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let model = model();
    let sources = Sources {
        name: "a model",
        model: model.as_bytes(),
        ..Sources::default()
    };
    criterion.bench_function("contract/import", |bencher| {
        bencher.iter(|| import(black_box(&sources)).is_ok());
    });
    criterion.bench_function("contract/read", |bencher| {
        bencher.iter(|| Contract::from_json(black_box(CONTRACT)).is_ok());
    });
    criterion.final_summary();
}

/// A model in which each resource has rules in its prose, as models do.
fn model() -> String {
    let (mut operations, mut shapes) = (Vec::new(), vec![r#""String": {"type": "string"}"#.to_owned()]);
    for at in 0..RESOURCES {
        let mut shape = |name: &str, members: &str| {
            let mut text = String::new();
            // Writing to a string cannot fail.
            let _ = write!(
                text,
                "\"{name}{at}\": {{\"type\": \"structure\", \"members\": {{{members}}}}}"
            );
            shapes.push(text);
        };
        let name = format!(
            "\"Shelf{at}Name\": {{\"shape\": \"String\", \"documentation\": \"<p>The name. This value is stored as a \
             lowercase string.</p> <p>Constraints: Must contain no more than {} alphanumeric characters.</p>\"}}",
            at + 9
        );
        shape(
            "CreateMessage",
            &format!("{name}, \"Description\": {{\"shape\": \"String\"}}"),
        );
        shape("NameMessage", &name);
        shape(
            "Shelf",
            &format!("{name}, \"Description\": {{\"shape\": \"String\"}}, \"Status\": {{\"shape\": \"String\"}}"),
        );
        shape("Result", &format!("\"Shelf{at}\": {{\"shape\": \"Shelf{at}\"}}"));
        for (verb, input) in [
            ("Create", "CreateMessage"),
            ("Delete", "NameMessage"),
            ("Describe", "NameMessage"),
        ] {
            operations.push(format!(
                "\"{verb}Shelf{at}\": {{\"input\": {{\"shape\": \"{input}{at}\"}}, \"output\": {{\"shape\": \
                 \"Result{at}\", \"resultWrapper\": \"{verb}Result\"}}}}"
            ));
        }
    }
    format!(
        "{{\"metadata\": {{\"apiVersion\": \"2020-01-01\", \"endpointPrefix\": \"shelves\", \"protocol\": \"query\", \
         \"serviceFullName\": \"Shelves\", \"xmlNamespace\": \"urn:shelves\"}}, \"operations\": {{{}}}, \"shapes\": \
         {{{}}}}}",
        operations.join(", "),
        shapes.join(", ")
    )
}
