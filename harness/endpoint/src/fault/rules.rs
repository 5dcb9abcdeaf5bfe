//! Changes of the rules in a contract.

use parallax_contract::{Constraint, Contract, Member, Rule, ShapeKind};

/// Lets `with` change every rule of every shape and member, or drop it by returning false.
pub(crate) fn each(contract: &mut Contract, with: &dyn Fn(&mut Rule) -> bool) {
    for shape in contract.shapes.values_mut() {
        retain(&mut shape.constraints, with);
        if let ShapeKind::Structure { members } = &mut shape.kind {
            members
                .iter_mut()
                .for_each(|member| retain(&mut member.constraints, with));
        }
    }
}

/// The same for the rules of a tag's key and value alone.
pub(crate) fn of_tags(contract: &mut Contract, with: &dyn Fn(&mut Rule, bool) -> bool) {
    let Some((key, value)) = contract
        .tagging
        .as_ref()
        .map(|tagging| (tagging.key.clone(), tagging.value.clone()))
    else {
        return;
    };
    for shape in contract.shapes.values_mut() {
        let ShapeKind::Structure { members } = &mut shape.kind else {
            continue;
        };
        let names = |name: &String| members.iter().any(|member| member.name == *name);
        if names(&key) && names(&value) {
            for member in members {
                let is_key = member.name == key;
                retain(&mut member.constraints, &|rule| with(rule, is_key));
            }
        }
    }
}

/// Lets `with` change every description of every create operation.
pub(crate) fn descriptions(contract: &mut Contract, with: &dyn Fn(&mut Member)) {
    let members: Vec<_> = contract
        .resources
        .values()
        .filter_map(|resource| Some((resource.lifecycle.create.clone(), resource.description.clone()?.input)))
        .collect();
    members
        .iter()
        .for_each(|(operation, name)| input(contract, operation, name, with));
}

/// Lets `with` change one input member of an operation.
fn input(contract: &mut Contract, operation: &str, name: &str, with: &dyn Fn(&mut Member)) {
    let shape = contract
        .operations
        .get(operation)
        .and_then(|operation| operation.input.as_ref());
    if let Some(ShapeKind::Structure { members }) = shape
        .and_then(|shape| contract.shapes.get_mut(shape))
        .map(|shape| &mut shape.kind)
    {
        members.iter_mut().filter(|member| member.name == name).for_each(with);
    }
}

fn retain(constraints: &mut Vec<Constraint>, with: &dyn Fn(&mut Rule) -> bool) {
    constraints.retain_mut(|constraint| with(&mut constraint.rule));
}
