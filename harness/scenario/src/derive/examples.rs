//! The examples that came with a model, played as they stand after what they presuppose was made.

use parallax_contract::model::Example;
use parallax_contract::{Call, Contract, Rule};

use super::base::Subject;
use super::grants;
use super::plausible::{quote, rules};
use super::script::Script;
use crate::Scenario;

/// One scenario for each example.
pub(super) fn family(contract: &Contract) -> Vec<Scenario> {
    let subjects = Subject::all(contract);
    let played = |example: &Example| play(&subjects, contract, example);
    contract.examples.iter().map(played).collect()
}

/// The example's names are its point, so they carry no token; whatever makes something runs alone, for several examples
/// share a name.
fn play(subjects: &[Subject<'_>], contract: &Contract, example: &Example) -> Scenario {
    let operation = example.operation.as_str();
    let own = Subject::of_operation(contract, operation);
    let path = format!("{operation}/example/{}", example.id);
    let script = Script::new(&path, own.map(|subject| subject.name));
    let makes = |subject: &Subject<'_>| subject.create_operation() == operation;
    let presupposed: Vec<_> = subjects
        .iter()
        .filter(|subject| !makes(subject))
        .filter_map(|subject| Some((*subject, named(subject, example)?)))
        .collect();
    let alone = !presupposed.is_empty() || own.as_ref().is_some_and(makes);
    let mut script = if alone { script.alone() } else { script };
    for (subject, id) in &presupposed {
        script = made(script, subject, id, example);
    }
    script = script.step("example", Call::new(operation, quote(&example.input)));
    match own.and_then(|subject| Some((subject, named(&subject, example)?))) {
        Some((subject, id)) if alone => script.maybe("describe", subject.describe(&subject.address(&id))).done(),
        _ => script.done(),
    }
}

/// The resource that an example names, unless the service makes up its name or it may be there of itself.
fn named(subject: &Subject<'_>, example: &Example) -> Option<String> {
    let identifier = &subject.resource.identifier;
    let id = example.input.get(&identifier.input)?.as_text()?;
    let there = subject.resource.builtin.iter().any(|builtin| builtin.id == id) || is_reserved(subject, id);
    let ours = !id.is_empty() && !identifier.assigned && !there;
    ours.then(|| crate::escape(id))
}

/// A reserved word names something that nobody can make.
fn is_reserved(subject: &Subject<'_>, id: &str) -> bool {
    let member = subject.identifier_member().into_iter();
    member
        .flat_map(|member| rules(subject.contract, member))
        .any(|rule| matches!(rule, Rule::Reserved { words } if words.iter().any(|word| word.eq_ignore_ascii_case(id))))
}

/// Makes what the example names, and the permission that it takes away.
fn made(script: Script, subject: &Subject<'_>, id: &str, example: &Example) -> Script {
    let script = script.step(&format!("create-{}", subject.name), subject.create(id));
    match &subject.resource.grants {
        Some(grants) if grants.revoke == example.operation => {
            let mut call = grants::call(subject, &grants.authorize, id, &[]);
            call.input = quote(&example.input);
            script.step("authorize", call)
        }
        _ => script,
    }
}
