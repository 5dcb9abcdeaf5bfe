//! botocore's own vectors: those of the protocol run through the wire crate, signatures through the verifier and the
//! signer, endpoints through the contracts.
//!
//! Each input case is encoded as a client does and compared byte for byte, and then understood as a server does and
//! encoded again. Each output case is decoded as a client does and compared value for value, and then encoded as a
//! server does and decoded again.

mod case;
mod places;
mod signatures;
pub(crate) mod source;
mod suite;

use crate::failure::Failure;
use suite::Suite;

/// Cases that are not run, each with the reason.
const EXCLUDED: [(&str, &str); 7] = [
    ("AwsQueryEndpointTrait", HOST),
    ("AwsQueryEndpointTraitWithHostLabel", HOST),
    (
        "QueryHostWithPath",
        "it is about the path of a custom endpoint, which the endpoint crate has",
    ),
    ("SDKAppliedContentEncoding_awsQuery", COMPRESSION),
    ("SDKAppendsGzipAndIgnoresHttpProvidedEncoding_awsQuery", COMPRESSION),
    (
        "QueryProtocolIdempotencyTokenAutoFill",
        "it is about drawing a token, which a crate without randomness cannot",
    ),
    (
        "QueryComplexError",
        "it is about an error's own members, which an observation leaves out; botocore excludes it too",
    ),
];

const HOST: &str = "it is about the host's name, which the endpoint crate has";
const COMPRESSION: &str = "it is about compressing requests, which no service here asks for";

/// The two sides of the vectors, each a folder in the source distribution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Input,
    Output,
}

impl Side {
    fn name(self) -> &'static str {
        match self {
            Self::Input => "input",
            Self::Output => "output",
        }
    }
}

/// How many cases went which way.
#[derive(Default)]
struct Tally {
    passed: usize,
    failed: usize,
    excluded: Vec<&'static str>,
}

/// Fetches the pinned source distribution where it is missing and runs every case of the query protocol.
pub(crate) fn run() -> Result<(), Failure> {
    let folder = source::protocols()?;
    let mut tally = Tally::default();
    for side in [Side::Input, Side::Output] {
        let file = folder.join(side.name()).join("query.json");
        for suite in suite::read(&file)? {
            run_suite(side, &suite, &mut tally)?;
        }
    }
    let signatures = signatures::run()?;
    println!(
        "{} signatures verified, {} made and {} endpoints passed",
        signatures.verified,
        signatures.signed,
        places::run()?
    );
    let stale = EXCLUDED.iter().find(|(id, _)| !tally.excluded.contains(id));
    println!(
        "{} passed, {} failed, {} excluded",
        tally.passed,
        tally.failed,
        tally.excluded.len()
    );
    match stale {
        Some((id, _)) => Err(Failure::new(format!(
            "the excluded case `{id}` does not exist; remove it from the list"
        ))),
        None if tally.failed > 0 => Err(Failure::new("the wire crate departs from botocore's vectors")),
        None if tally.passed == 0 => Err(Failure::new("there was no case to run; fetch the vectors again")),
        None => Ok(()),
    }
}

fn run_suite(side: Side, suite: &Suite, tally: &mut Tally) -> Result<(), Failure> {
    for case in suite.cases()? {
        if let Some((id, reason)) = EXCLUDED.iter().find(|(id, _)| *id == case.id) {
            println!("excluded {} {id}: {reason}", side.name());
            tally.excluded.push(id);
            continue;
        }
        let result = match side {
            Side::Input => case.input(),
            Side::Output => case.output(),
        };
        match result {
            Ok(()) => tally.passed += 1,
            Err(difference) => {
                println!("FAILED {} {}: {difference}", side.name(), case.id);
                tally.failed += 1;
            }
        }
    }
    Ok(())
}
