//! Inputs against the rules of their members.

use parallax_contract::{Basis, Call, Confidence, Evidence, Refusal, Rule, Shape, ShapeKind, Value, text};

use crate::Oracle;
use crate::codes::{self, INVALID_VALUE, MISSING_PARAMETER, VALIDATION_ERROR};
use crate::draft::Draft;
use crate::index::{Check, MemberChecks, Role};
use crate::rules::{self, Judgement};
use crate::state::{Found, State};

/// How deep inputs are looked into; what lies deeper is left unjudged.
const DEPTH: usize = 32;

/// Judges the input of a call against the rules of its operation.
pub(crate) fn judge(oracle: &Oracle, state: &State, call: &Call, draft: &mut Draft) {
    let operation = oracle.contract.operations.get(&call.operation);
    let shape = operation.and_then(|operation| operation.input.as_deref()).unwrap_or("");
    let judge = Judge {
        oracle,
        operation: &call.operation,
        settled: settled(oracle, state, call),
    };
    judge.structure(shape, &call.input, draft, DEPTH);
}

/// The member that names a resource which may exist: that the endpoint took the identifier once settles its rules.
fn settled<'o>(oracle: &'o Oracle, state: &State, call: &Call) -> Option<&'o str> {
    let (Role::Describe(number)
    | Role::Delete(number)
    | Role::Modify(number)
    | Role::Authorize(number)
    | Role::Revoke(number)) = oracle.role(&call.operation)
    else {
        return None;
    };
    let resource = oracle.index.resource(number)?;
    let member = oracle.contract.identifier_member(&call.operation, resource);
    let id = call.input.get(member)?.as_text()?;
    (!matches!(state.find(number, resource, id), Found::Absent)).then_some(member)
}

struct Judge<'a> {
    oracle: &'a Oracle,
    operation: &'a str,
    /// A member of the input whose rules are settled.
    settled: Option<&'a str>,
}

impl Judge<'_> {
    fn structure(&self, shape: &str, input: &Value, draft: &mut Draft, depth: usize) {
        let members = self.oracle.index.members.get(shape).map_or(&[][..], Vec::as_slice);
        // Inputs are small and structures large: each given member is looked for once, not each possible one.
        let mut given: Vec<Option<&Value>> = vec![None; members.len()];
        let mut unknown = false;
        for (name, value) in input.fields() {
            let slot = members.iter().zip(&mut given).find(|(member, _)| member.name == *name);
            match slot {
                Some((_, slot)) => _ = slot.get_or_insert(value),
                None => unknown = true,
            }
        }
        // What is lacking is told before what is wrong: it is the simplest reason.
        for (member, _) in members.iter().zip(&given).filter(|(_, value)| value.is_none()) {
            self.missing(member, draft);
        }
        for (member, value) in members.iter().zip(given) {
            if let Some(value) = value {
                self.member(member, value, draft, depth);
            }
        }
        if unknown {
            draft.doubt("no source says whether an unknown member is overlooked", None);
        }
    }

    fn missing(&self, member: &MemberChecks, draft: &mut Draft) {
        if let Some(basis) = &member.required {
            let mut refusal = codes::refusal(&self.oracle.contract, &[INVALID_VALUE, MISSING_PARAMETER], basis);
            refusal.message = Some(format!("The parameter {} must be provided.", member.name));
            draft.refuse(refusal);
        }
    }

    fn member(&self, member: &MemberChecks, value: &Value, draft: &mut Draft, depth: usize) {
        let Some(shape) = self.oracle.contract.shape(&member.shape) else {
            return;
        };
        let own = self
            .oracle
            .index
            .shapes
            .get(&member.shape)
            .map_or(&[][..], Vec::as_slice);
        let checks = || member.checks.iter().chain(own);
        match value {
            _ if is_blank(shape, value) => self.blank(member, checks(), (draft, depth)),
            Value::Text(_) if depth == DEPTH && self.settled == Some(member.name.as_str()) => {}
            _ => {
                self.typed(&member.name, shape, value, draft);
                self.value(&member.name, checks(), value, draft);
                self.inside(&member.shape, shape, value, draft, depth);
            }
        }
    }

    /// An empty or null value: refused for an identifier and where a rule says so, else open. A parameter of the call that
    /// need not be given may be taken for one that was not, and so may one of a few words wherever it stands.
    fn blank<'c>(
        &self,
        member: &MemberChecks,
        checks: impl Iterator<Item = &'c Check>,
        (draft, depth): (&mut Draft, usize),
    ) {
        let checks: Vec<_> = checks.collect();
        let broken = checks
            .iter()
            .find(|check| rules::text(&check.rule, check.regex.as_ref(), "") == Judgement::Broken);
        let contested = checks
            .iter()
            .any(|check| matches!(rules::text(&check.rule, None, ""), Judgement::Open(_)));
        let identifier = self.oracle.index.identifiers.contains(&member.name) && member.required.is_some();
        let is_word = broken.is_some_and(|check| matches!(check.rule, Rule::ValidValues { .. }));
        let optional = member.required.is_none() && (depth == DEPTH || is_word);
        match (broken, contested || optional) {
            (Some(check), false) => self.breaks(self.checked(&member.name, check), draft),
            _ if identifier => draft.refuse(self.blank_identifier(&member.name)),
            _ => {
                let refusal = self.blank_refusal();
                draft.doubt("no source says whether this member may be empty", Some(refusal));
            }
        }
    }

    /// How an empty value is refused, where it is.
    fn blank_refusal(&self) -> Refusal {
        let codes = [INVALID_VALUE, MISSING_PARAMETER];
        codes::refusal(&self.oracle.contract, &codes, &law_of_types())
    }

    fn blank_identifier(&self, member: &str) -> Refusal {
        let contract = &self.oracle.contract;
        let known = contract.messages.get("blank");
        let basis = known.map_or_else(
            || Evidence::basis("an identifier is not blank", "common sense", Confidence::Claimed),
            |message| {
                Evidence::basis(
                    "an identifier is not blank",
                    &message.evidence.source,
                    message.evidence.confidence,
                )
            },
        );
        let mut refusal = codes::refusal(contract, &[INVALID_VALUE, MISSING_PARAMETER], &basis);
        refusal.message = known.map(|message| message.text.replace("{member}", member));
        refusal
    }

    fn typed(&self, name: &str, shape: &Shape, value: &Value, draft: &mut Draft) {
        let fits = match (&shape.kind, value) {
            (ShapeKind::Integer | ShapeKind::Long, value) => matches!(value, Value::Int(_)),
            (ShapeKind::Float | ShapeKind::Double, value) => matches!(value, Value::Float(_) | Value::Int(_)),
            (ShapeKind::Boolean, value) => matches!(value, Value::Bool(_)),
            (ShapeKind::Timestamp { .. }, value) => matches!(value, Value::Timestamp(_)),
            (ShapeKind::Structure { .. } | ShapeKind::Map { .. }, value) => matches!(value, Value::Map(_)),
            (ShapeKind::List { .. }, value) => matches!(value, Value::List(_)),
            (ShapeKind::String | ShapeKind::Blob, _) => true,
        };
        if matches!((&shape.kind, value), (ShapeKind::Boolean, Value::Text(text)) if text.parse::<f64>().is_ok()) {
            return draft.doubt("no source says whether a number is read as a truth value", None);
        }
        let is_long = |number: i64| shape.kind == ShapeKind::Integer && i32::try_from(number).is_err();
        let overflows = matches!(value, Value::Int(number) if is_long(*number));
        if fits && !overflows {
            return;
        }
        let source = format!("model: {}.{name}", self.operation);
        let basis = Evidence::basis(format!("{name} has a declared type"), source, Confidence::Documented);
        let refusal = Refusal::any(basis);
        match overflows {
            true => draft.doubt_and_refuse(
                "no source says what becomes of a number that 32 bits cannot hold",
                refusal,
            ),
            false => self.breaks(refusal, draft),
        }
    }

    fn value<'c>(&self, name: &str, checks: impl Iterator<Item = &'c Check>, value: &Value, draft: &mut Draft) {
        if matches!(value, Value::Text(text) if text::outside_xml(text).is_some()) {
            let refusal = Refusal::any(law_of_types());
            draft.doubt_and_refuse("an answer in XML cannot hold one of its characters", refusal);
        }
        let mut open = Vec::new();
        let mut broken = Vec::new();
        for check in checks {
            let judgement = match value {
                Value::Text(text) => rules::text(&check.rule, check.regex.as_ref(), text),
                Value::Int(number) => rules::number(&check.rule, *number),
                Value::List(items) => rules::list(&check.rule, items.len()),
                _ => Judgement::Kept,
            };
            match judgement {
                Judgement::Kept => {}
                Judgement::Broken => broken.push(check),
                Judgement::Open(why) => open.push((why, check)),
            }
        }
        // A contested point silences the rules that it contests: which one fell, nobody knows.
        let contested = |check: &Check| contested_by(value, check, open.iter().map(|(_, check)| *check));
        for check in broken.into_iter().filter(|check| !contested(check)) {
            self.breaks(self.checked(name, check), draft);
        }
        for (why, check) in open {
            draft.doubt(why, Some(self.checked(name, check)));
        }
    }

    /// A broken rule is refused, by an operation that is known to refuse anything.
    fn breaks(&self, refusal: Refusal, draft: &mut Draft) {
        let operation = self.oracle.contract.operations.get(self.operation);
        if operation.is_some_and(|operation| operation.errors.is_empty()) {
            draft.doubt("the operation declares no errors", Some(refusal));
        } else {
            draft.refuse(refusal);
        }
    }

    /// The refusal for a broken check. What the model itself states may be enforced before the service is asked, with the
    /// common error for it.
    fn checked(&self, name: &str, check: &Check) -> Refusal {
        let mut refusal = self.refusal(name, &check.basis);
        if check.modelled {
            refusal.codes.push(codes::code(&self.oracle.contract, VALIDATION_ERROR));
        }
        refusal
    }

    fn refusal(&self, name: &str, basis: &Basis) -> Refusal {
        let mut refusal = codes::refusal(&self.oracle.contract, &[INVALID_VALUE], basis);
        refusal.message = Some(format!("Invalid value for {name}."));
        refusal
    }

    fn inside(&self, name: &str, shape: &Shape, value: &Value, draft: &mut Draft, depth: usize) {
        let Some(depth) = depth.checked_sub(1) else { return };
        match (&shape.kind, value) {
            (ShapeKind::Structure { .. }, Value::Map(_)) => self.structure(name, value, draft, depth),
            (ShapeKind::List { member, .. }, Value::List(items)) => {
                items.iter().for_each(|item| self.element(member, item, draft, depth));
            }
            (ShapeKind::Map { value: element, .. }, Value::Map(fields)) => {
                fields
                    .iter()
                    .for_each(|(_, item)| self.element(element, item, draft, depth));
            }
            _ => {}
        }
    }

    fn element(&self, shape_name: &str, item: &Value, draft: &mut Draft, depth: usize) {
        let Some(shape) = self.oracle.contract.shape(shape_name) else {
            return;
        };
        let checks = self.oracle.index.shapes.get(shape_name).map_or(&[][..], Vec::as_slice);
        if is_blank(shape, item) {
            draft.doubt(
                "no source says whether an element may be empty",
                Some(self.blank_refusal()),
            );
        }
        self.typed(shape_name, shape, item, draft);
        self.value(shape_name, checks.iter(), item, draft);
        self.inside(shape_name, shape, item, draft, depth);
    }
}

/// Whether a value says nothing: on the wire an empty text and a null are the same.
fn is_blank(shape: &Shape, value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Text(text) => text.is_empty() && is_scalar(shape),
        _ => false,
    }
}

fn is_scalar(shape: &Shape) -> bool {
    !matches!(
        shape.kind,
        ShapeKind::Structure { .. } | ShapeKind::List { .. } | ShapeKind::Map { .. }
    )
}

/// Whether one of the open checks is the contested side of a broken one: the broken rule would be kept but for the very
/// characters, length or word that the sources contest.
fn contested_by<'c>(value: &Value, broken: &Check, mut open: impl Iterator<Item = &'c Check>) -> bool {
    use parallax_contract::Contest;
    let Value::Text(text) = value else { return false };
    open.any(|check| match &check.rule {
        Rule::Contested {
            point: Contest::Chars(chars),
            ..
        } => {
            let rest: String = text.chars().filter(|c| !chars.contains(*c)).collect();
            rules::text(&broken.rule, broken.regex.as_ref(), &rest) != Judgement::Broken
        }
        Rule::Contested {
            point: Contest::NonAsciiLetters,
            ..
        } => {
            let rest: String = text.chars().filter(char::is_ascii).collect();
            rules::text(&broken.rule, broken.regex.as_ref(), &rest) != Judgement::Broken
        }
        Rule::Contested {
            point: Contest::Outside(classes),
            ..
        } => {
            let is_inside = |c: &char| classes.iter().any(|class| class.contains(*c));
            let rest: String = text.chars().filter(is_inside).collect();
            rules::text(&broken.rule, broken.regex.as_ref(), &rest) != Judgement::Broken
        }
        Rule::Contested {
            point: Contest::Prefix(_),
            ..
        } => matches!(broken.rule, Rule::ForbiddenPrefix { .. }),
        Rule::Contested {
            point: Contest::Lengths(..),
            ..
        } => {
            matches!(broken.rule, Rule::MaxLength { .. } | Rule::MinLength { .. })
        }
        Rule::Contested {
            point: Contest::Word(_) | Contest::Empty,
            ..
        } => true,
        _ => false,
    })
}

fn law_of_types() -> Basis {
    Evidence::basis(
        "a parameter value is refused as invalid",
        "common errors",
        Confidence::Documented,
    )
}
