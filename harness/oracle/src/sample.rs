//! Expectations turned into answers: the emulator's side.

use parallax_contract::{
    Answer, Expectation, Expected, Fault, Listing, Pattern, Piece, Presence, Refusal, Refused, Value,
};

use crate::codes::INVALID_VALUE;

/// An answer that meets the expectation.
pub(crate) fn sample(expectation: &Expectation) -> Answer {
    match &expectation.expected {
        Expected::Success { output, .. }
        | Expected::Open {
            output,
            prefer_success: true,
            ..
        } => Answer::Success(pattern(output).unwrap_or_else(|| Value::Map(Vec::new()))),
        Expected::Refusal(refusal) | Expected::Open { refusal, .. } => Answer::Refused(refused(refusal)),
    }
}

fn refused(refusal: &Refusal) -> Refused {
    let code = refusal.codes.first();
    Refused {
        code: code.map_or_else(|| INVALID_VALUE.to_owned(), |code| code.code.clone()),
        status: code.and_then(|code| code.status).unwrap_or(400),
        fault: code.and_then(|code| code.fault).unwrap_or(Fault::Sender),
        message: refusal.message.clone().unwrap_or_else(|| refusal.basis.fact.clone()),
    }
}

/// A value that fits; `None` for an absent one.
fn pattern(pattern_: &Pattern) -> Option<Value> {
    match pattern_ {
        Pattern::Any { sample, .. } => sample.clone(),
        Pattern::Exactly { value, .. } => Some(value.clone()),
        Pattern::OneOf { values, .. } => values.first().filter(|value| **value != Value::Null).cloned(),
        // AWS writes an empty list out.
        Pattern::Absent { .. } => Some(Value::List(Vec::new())),
        Pattern::Template { pieces, .. } => Some(Value::Text(pieces.iter().map(piece).collect())),
        Pattern::Fields(fields) => Some(Value::Map(
            fields
                .iter()
                .filter_map(|(name, inner)| Some((name.clone(), pattern(inner)?)))
                .collect(),
        )),
        Pattern::Bag { items, .. } => Some(Value::List(items.iter().filter_map(pattern).collect())),
        Pattern::Listing(listing) => Some(page(listing)),
    }
}

/// What stands for an endpoint's own value.
fn piece(piece: &Piece) -> &str {
    match piece {
        Piece::Literal(text) => text,
        Piece::Bound(name) => match name.as_str() {
            "account" => "123456789012",
            "region" => "us-east-1",
            "partition" => "aws",
            other => other,
        },
    }
}

/// One page; the marker of the next is the last identifier on it.
fn page(listing: &Listing) -> Value {
    let limit = listing
        .at_most
        .and_then(|most| usize::try_from(most).ok())
        .unwrap_or(usize::MAX);
    let due: Vec<_> = listing
        .items
        .iter()
        .filter(|item| item.presence != Presence::Forbidden)
        .collect();
    let items = due
        .iter()
        .take(limit)
        .filter_map(|item| pattern(&item.pattern))
        .collect();
    let mut output = Value::map([(listing.member.clone(), Value::List(items))]);
    let last = due.get(limit.saturating_sub(1)).and_then(|item| item.ids.first());
    if let (Some(marker), Some(last), true) = (&listing.marker, last, due.len() > limit) {
        output.set(marker, Value::text(last));
    }
    output
}
