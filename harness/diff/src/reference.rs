//! A live or recorded reference's answer, turned into an expectation.
//!
//! What the reference's account, clock and run made so is bound or left open; the rest is due exactly as it was seen.

use std::collections::BTreeSet;
use std::sync::Arc;

use parallax_contract::{
    ApiError, Basis, Confidence, Contract, Evidence, Expectation, Expected, Fault, Listing, ListingItem, Observation,
    Outcome, Pattern, Piece, Presence, Refusal, RefusalCode, Resource, Shape, ShapeKind, Value,
};

use parallax_outcome::REFERENCE;

use crate::refusal;
use crate::scope::identity;
use crate::volatile::{self, Form};

/// The run token that each side puts into its names; both are of one length, lower-case letters and digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rename<'a> {
    /// The token in the reference's names.
    pub from: &'a str,
    /// The token in the target's names.
    pub to: &'a str,
}

impl Rename<'_> {
    /// The text with one token in place of the other, in either case.
    pub fn apply(&self, text: &str) -> String {
        if self.from.is_empty() {
            return text.to_owned();
        }
        let upper = |token: &str| token.to_ascii_uppercase();
        text.replace(self.from, self.to)
            .replace(&upper(self.from), &upper(self.to))
    }

    fn is_own(&self, text: &str) -> bool {
        !self.from.is_empty() && text.to_ascii_lowercase().contains(self.from)
    }
}

/// What a target must answer, given what the reference answered to the same call.
///
/// Identities are bound, times and addresses open, lists unordered where their elements can be told apart, listings
/// held to the run's own names. A reference that was throttled, refused a whole family, failed or could not be read
/// leaves the step open.
pub fn expectation_from(
    contract: &Contract,
    operation: &str,
    reference: &Observation,
    rename: &Rename<'_>,
) -> Expectation {
    let maker = Maker {
        contract,
        operation,
        rename,
        basis: Evidence::basis("the reference answers so", REFERENCE, Confidence::Recorded),
    };
    let expected = match (says_nothing(contract, reference), &reference.outcome) {
        (None, Outcome::Success(output)) => Expected::Success {
            output: maker.output(output),
            basis: Basis::clone(&maker.basis),
        },
        (None, Outcome::Error(error)) => maker.error(error, reference.status),
        (reason, _) => maker.open(&reason.unwrap_or_default()),
    };
    Expectation { expected }
}

/// Whether an answer says nothing for a reason that may pass: it never came, cannot be read, or tells of a failure, of
/// throttling or of credentials. Asked another time, it may be another.
pub fn may_pass(reference: &Observation) -> bool {
    mishap(reference).is_some()
}

/// Why a reference's answer says nothing of what is due: it was throttled, refused a whole family, let nobody in, failed, or
/// gave what cannot be read, if anything. `None` where it tells.
pub fn says_nothing(contract: &Contract, reference: &Observation) -> Option<String> {
    let accident = reference
        .error()
        .and_then(|error| refusal::accident(contract, error, None));
    let refused = accident.map(|accident| format!("the reference refused: {accident}"));
    refused.or_else(|| mishap(reference))
}

/// What went wrong for a reason that may pass.
fn mishap(reference: &Observation) -> Option<String> {
    match &reference.outcome {
        Outcome::Success(_) => None,
        Outcome::Error(error) if refusal::is_throttle(error) => Some("the reference refused: throttled".to_owned()),
        Outcome::Error(error) if refusal::is_locked_out(error) => {
            Some(format!("the reference did not let us in: {}", error.code))
        }
        Outcome::Error(error) => (reference.status >= 500 || error.fault == Some(Fault::Receiver))
            .then(|| format!("the reference failed: {}", error.code)),
        Outcome::Malformed(malformed) => Some(format!("the reference's answer cannot be read: {}", malformed.why)),
        Outcome::Lost(fault) => Some(format!("the reference gave no answer: {fault}")),
    }
}

struct Maker<'a> {
    contract: &'a Contract,
    operation: &'a str,
    rename: &'a Rename<'a>,
    basis: Basis,
}

impl Maker<'_> {
    fn open(&self, reason: &str) -> Expected {
        Expected::Open {
            reason: reason.into(),
            output: Pattern::any(reason),
            refusal: Refusal::any(Basis::clone(&self.basis)),
            prefer_success: false,
        }
    }

    fn error(&self, error: &ApiError, status: u16) -> Expected {
        Expected::Refusal(Refusal {
            codes: vec![RefusalCode {
                code: error.code.clone(),
                status: Some(status),
                fault: error.fault,
            }],
            wrong: Vec::new(),
            message: error.message.as_deref().map(|message| self.rename.apply(message)),
            message_recorded: error
                .message
                .as_deref()
                .is_some_and(|message| !volatile::is_telling(message)),
            basis: Basis::clone(&self.basis),
        })
    }

    /// The output structure. Its marker is the reference's own; its list of resources may hold other people's.
    fn output(&self, output: &Value) -> Pattern {
        let operation = self.contract.operations.get(self.operation);
        let paginator = operation.and_then(|operation| operation.paginator.as_ref());
        let marker = paginator.map(|paginator| paginator.output_token.as_str());
        if let Some(listing) = self
            .listed()
            .and_then(|resource| self.listing(resource, marker, output))
        {
            return Pattern::Listing(listing);
        }
        let members = self.contract.output_members(self.operation);
        let shape = |name: &str| {
            members
                .iter()
                .find(|member| member.name == name)
                .map(|member| member.shape.as_str())
        };
        let fields = output.fields().iter().map(|(name, value)| {
            let pattern = match paginator {
                Some(paginator) if paginator.output_token == *name => open("a marker is the endpoint's own"),
                Some(paginator) if paginator.result_key == *name => open("others may have made what is listed"),
                _ => self.member(name, shape(name), value),
            };
            (name.clone(), pattern)
        });
        Pattern::Fields(fields.collect())
    }

    /// The resource that this operation lists.
    fn listed(&self) -> Option<&Resource> {
        let mut resources = self.contract.resources.values();
        resources.find(|resource| resource.lifecycle.describe.as_deref() == Some(self.operation))
    }

    /// What the run made of what is listed; nothing can be said of a list whose elements cannot be told apart.
    fn listing(&self, resource: &Resource, marker: Option<&str>, output: &Value) -> Option<Listing> {
        let member = resource.lifecycle.describe_list.as_ref()?;
        let key = &resource.identifier.output;
        let elements = output.get(member).map_or(Some(&[][..]), Value::as_list)?;
        let mut items = Vec::new();
        let mut seen = BTreeSet::new();
        for element in elements {
            let id = element.get(key)?.as_text()?;
            if self.rename.is_own(id) {
                items.push(self.item(resource, id, element));
                seen.insert(id).then_some(())?;
            }
        }
        Some(Listing {
            member: member.clone(),
            key: key.clone(),
            items,
            others: true,
            at_most: None,
            marker: marker.map(str::to_owned),
            basis: Basis::clone(&self.basis),
        })
    }

    fn item(&self, resource: &Resource, id: &str, element: &Value) -> ListingItem {
        ListingItem {
            ids: vec![self.rename.apply(id)],
            presence: Presence::Required,
            pattern: self.value(Some(&resource.shape), element),
        }
    }

    fn member(&self, name: &str, shape: Option<&str>, value: &Value) -> Pattern {
        if self.changes_in_its_own_time(name) {
            return open("a state changes in its own time");
        }
        if volatile::is_address(name) {
            return open("addresses and ports are the endpoint's own");
        }
        self.value(shape, value)
    }

    fn changes_in_its_own_time(&self, name: &str) -> bool {
        self.contract.resources.values().any(|resource| {
            let grants = resource
                .grants
                .as_ref()
                .and_then(|grants| grants.status_member.as_deref());
            resource.status_member.as_deref() == Some(name) || grants == Some(name)
        })
    }

    fn value(&self, shape: Option<&str>, value: &Value) -> Pattern {
        match value {
            Value::Timestamp(_) => open("times are the endpoint's own"),
            Value::Text(text) => self.text(text),
            Value::List(items) => self.list(shape, items),
            Value::Map(fields) => {
                let members = shape
                    .and_then(|shape| self.contract.shape(shape))
                    .map_or(&[][..], Shape::members);
                let shape = |name: &str| members.iter().find(|m| m.name == name).map(|m| m.shape.as_str());
                let field = |(name, value): &(String, Value)| (name.clone(), self.member(name, shape(name), value));
                Pattern::Fields(fields.iter().map(field).collect())
            }
            other => Pattern::exactly(other.clone(), &self.basis),
        }
    }

    fn text(&self, text: &str) -> Pattern {
        match volatile::form(text) {
            Form::Plain => Pattern::exactly(Value::Text(self.rename.apply(text)), &self.basis),
            Form::Open(reason) => open(reason),
            Form::Pieces(pieces) => Pattern::Template {
                pieces: pieces.into_iter().map(|piece| self.piece(piece)).collect(),
                basis: Basis::clone(&self.basis),
            },
        }
    }

    fn piece(&self, piece: Piece) -> Piece {
        match piece {
            Piece::Literal(text) => Piece::Literal(self.rename.apply(&text)),
            bound @ Piece::Bound(_) => bound,
        }
    }

    /// A list whose elements can be told apart has no order; of another, only the declared types are held.
    fn list(&self, shape: Option<&str>, items: &[Value]) -> Pattern {
        let element = shape.and_then(|shape| match &self.contract.shape(shape)?.kind {
            ShapeKind::List { member, .. } => Some(member.as_str()),
            _ => None,
        });
        let key = if items.iter().all(|item| matches!(item, Value::Text(_))) {
            Some("")
        } else {
            element
                .and_then(|element| identity(self.contract, element))
                .or_else(|| telling_member(items))
        };
        let Some(key) = key else {
            return open("nothing tells the elements apart");
        };
        Pattern::Bag {
            key: key.to_owned(),
            items: items.iter().map(|item| self.value(element, item)).collect(),
            optional: Vec::new(),
            basis: Basis::clone(&self.basis),
        }
    }
}

fn open(reason: &str) -> Pattern {
    Pattern::Any {
        reason: Arc::from(reason),
        sample: None,
    }
}

/// The first member whose texts all differ and are no one's own.
fn telling_member(items: &[Value]) -> Option<&str> {
    let plain = |item: &Value, name: &str| {
        let text = item.get(name)?.as_text()?;
        matches!(volatile::form(text), Form::Plain).then(|| text.to_owned())
    };
    let (first, _) = items.split_first()?;
    let names = first.fields().iter().map(|(name, _)| name.as_str());
    names.into_iter().find(|name| {
        let texts: Option<BTreeSet<_>> = items.iter().map(|item| plain(item, name)).collect();
        texts.is_some_and(|texts| texts.len() == items.len())
    })
}
