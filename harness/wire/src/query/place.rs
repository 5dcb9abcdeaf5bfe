//! Where a value stands: its shape together with what the use of the shape adds, and the names it has on the wire.

use parallax_contract::{Contract, Member, ShapeKind};

use crate::time::Form;

/// The name of list elements and of their parameters where the model gives none.
pub(super) const ELEMENT: &str = "member";
/// The name of map entries.
pub(super) const ENTRY: &str = "entry";

/// A shape in use.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'c> {
    /// The shape; `None` where the contract does not know it.
    pub(super) kind: Option<&'c ShapeKind>,
    /// Whether a list or map stands without its own element.
    pub(super) flattened: bool,
    /// The form of a timestamp.
    pub(super) form: Form,
}

impl<'c> Place<'c> {
    /// A shape used by its name alone, as in a list.
    pub(super) fn of_shape(contract: &'c Contract, name: &str) -> Self {
        let kind = contract.shape(name).map(|shape| &shape.kind);
        let format = match kind {
            Some(ShapeKind::Timestamp { format }) => format.as_deref(),
            _ => None,
        };
        Self {
            kind,
            flattened: kind.is_some_and(is_flattened),
            form: Form::named(format),
        }
    }

    /// A shape as the member of a structure.
    pub(super) fn of_member(contract: &'c Contract, member: &'c Member) -> Self {
        let own = Self::of_shape(contract, &member.shape);
        Self {
            flattened: own.flattened || member.flattened,
            form: member
                .timestamp_format
                .as_deref()
                .map_or(own.form, |name| Form::named(Some(name))),
            ..own
        }
    }

    /// What is not in the contract.
    pub(super) fn unknown() -> Self {
        Self {
            kind: None,
            flattened: false,
            form: Form::Iso8601,
        }
    }
}

fn is_flattened(kind: &ShapeKind) -> bool {
    matches!(
        kind,
        ShapeKind::List { flattened: true, .. } | ShapeKind::Map { flattened: true, .. }
    )
}

/// The name of a member on the wire.
///
/// A list shape that is itself flattened lends its member the name of its elements (old models: `AttributeName.1` for
/// the member `AttributeNames`); where only the use is flattened, the name is the member's own, as in Smithy.
pub(super) fn wire_name<'c>(contract: &'c Contract, member: &'c Member) -> &'c str {
    let lent = match contract.shape(&member.shape).map(|shape| &shape.kind) {
        Some(ShapeKind::List {
            location_name,
            flattened: true,
            ..
        }) => location_name.as_deref(),
        _ => None,
    };
    lent.or(member.location_name.as_deref()).unwrap_or(&member.name)
}

/// The member that this name on the wire stands for. Sources disagree on the name of a flattened list, so either is
/// taken.
pub(super) fn member_named<'c>(contract: &'c Contract, members: &'c [Member], name: &str) -> Option<&'c Member> {
    // Looking up shapes costs more than comparing names, and the plain name is nearly always the one.
    let plain = members
        .iter()
        .find(|member| member.location_name.as_deref().unwrap_or(&member.name) == name);
    let matches = |member: &&Member| wire_name(contract, member) == name;
    plain
        .filter(matches)
        .or_else(|| members.iter().find(matches))
        .or_else(|| {
            members
                .iter()
                .find(|member| element_of_flattened(contract, member) == Some(name))
        })
}

fn element_of_flattened<'c>(contract: &'c Contract, member: &'c Member) -> Option<&'c str> {
    match contract.shape(&member.shape).map(|shape| &shape.kind) {
        Some(ShapeKind::List { location_name, .. }) if member.flattened => location_name.as_deref(),
        Some(ShapeKind::List { flattened: true, .. }) => Some(&member.name),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::library;

    #[test]
    fn names_on_the_wire_follow_the_model() {
        let contract = library();
        let check = |name: &str, expected: &str| {
            let members = contract.input_members("DescribeThings");
            let member = members.iter().find(|member| member.name == name).unwrap();
            assert_eq!(wire_name(&contract, member), expected);
            assert_eq!(member_named(&contract, members, expected).unwrap().name, name);
        };
        check("Text", "Text");
        check("Renamed", "Other");
        check("Tags", "Tags");
        check("FlatNames", "FlatName");
        check("Flat", "Hi");
    }

    #[test]
    fn a_flattened_list_answers_to_either_name() {
        let contract = library();
        let members = contract.input_members("DescribeThings");
        let found = |name| member_named(&contract, members, name).map(|member| member.name.as_str());
        assert_eq!(found("FlatNames"), Some("FlatNames"));
        assert_eq!(found("item"), Some("Flat"));
        assert_eq!(found("Renamed"), None);
        assert_eq!(found("Tag"), None);
    }
}
