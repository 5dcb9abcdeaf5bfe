//! Tags: given at creation and afterwards, at and beyond every bound, listed, removed, and asked of what is no resource.

mod cases;

use parallax_contract::{Call, Contract, Tagging, Tweak, Value};

use super::base::{PLAIN, Subject};
use super::plausible;
use super::script::Script;
use crate::Scenario;
use cases::{Case, all};

/// The scenarios about the resource's tags.
pub(super) fn family(subject: &Subject<'_>) -> Vec<Scenario> {
    let Some(tagging) = &subject.contract.tagging else {
        return Vec::new();
    };
    let play = Play { subject, tagging };
    let cases = all(subject.contract, tagging);
    let mut scenarios = Vec::new();
    if let Some(member) = subject.tags_member() {
        scenarios.extend(cases.iter().map(|case| play.created(member, case)));
        scenarios.push(play.untagged());
    }
    if subject.tagging().is_some() {
        scenarios.extend(cases.iter().map(|case| play.added(case)));
        scenarios.extend(play.later());
        scenarios.extend(play.removals());
        scenarios.extend(play.after_deletion());
    }
    scenarios
}

/// The scenarios about ARNs that name nothing.
pub(super) fn addresses(contract: &Contract) -> Vec<Scenario> {
    let Some(tagging) = &contract.tagging else {
        return Vec::new();
    };
    let arns = [
        ("absent", plausible::absent_arn(contract)),
        ("not-an-arn", "px{run}".to_owned()),
        ("empty", String::new()),
        ("blank", "  ".to_owned()),
        ("few-parts", "arn:aws".to_owned()),
        (
            "other-service",
            "arn:aws:px:us-east-1:000000000000:thing:{run}".to_owned(),
        ),
    ];
    let mut scenarios = Vec::new();
    for (operation, call) in calls(contract, tagging) {
        let script = |case: &str| Script::new(&format!("{operation}/arn/{case}"), None);
        for (case, arn) in &arns {
            let mut call = call.clone();
            call.input.set(&tagging.resource_member, Value::text(arn));
            scenarios.push(script(case).step("ask", call).done());
        }
        let mut missing = call;
        missing.input.remove(&tagging.resource_member);
        scenarios.push(script("missing").step("ask", missing).done());
    }
    scenarios
}

/// The three operations with an ordinary input but for the ARN.
fn calls<'a>(contract: &Contract, tagging: &'a Tagging) -> [(&'a str, Call); 3] {
    let tags = list([tag(tagging, "px", "value")]);
    [
        (tagging.add.as_str(), add(contract, tagging, "", tags)),
        (tagging.list.as_str(), list_by(contract, tagging, "")),
        (tagging.remove.as_str(), remove(contract, tagging, "", &["px"])),
    ]
}

/// One tag.
pub(super) fn tag(tagging: &Tagging, key: &str, value: &str) -> Value {
    Value::map([
        (tagging.key.as_str(), Value::text(key)),
        (tagging.value.as_str(), Value::text(value)),
    ])
}

/// A list of tags.
pub(super) fn list(tags: impl IntoIterator<Item = Value>) -> Value {
    Value::List(tags.into_iter().collect())
}

/// Adds tags to the resource of this ARN.
pub(super) fn add(contract: &Contract, tagging: &Tagging, arn: &str, tags: Value) -> Call {
    let mut call = on(contract, tagging, &tagging.add, arn);
    call.input.set(&tagging.tags_member, tags);
    call
}

/// Lists the tags of the resource of this ARN.
pub(super) fn list_by(contract: &Contract, tagging: &Tagging, arn: &str) -> Call {
    on(contract, tagging, &tagging.list, arn)
}

/// Removes tags by their keys from the resource of this ARN.
fn remove(contract: &Contract, tagging: &Tagging, arn: &str, keys: &[&str]) -> Call {
    let mut call = on(contract, tagging, &tagging.remove, arn);
    let keys = keys.iter().map(|key| Value::text(*key)).collect();
    call.input.set(&tagging.keys_member, Value::List(keys));
    call
}

fn on(contract: &Contract, tagging: &Tagging, operation: &str, arn: &str) -> Call {
    let mut input = plausible::input(contract, operation);
    input.set(&tagging.resource_member, Value::text(arn));
    Call::new(operation, input)
}

struct Play<'a> {
    subject: &'a Subject<'a>,
    tagging: &'a Tagging,
}

impl Play<'_> {
    fn script(&self, case: &str) -> Script {
        self.subject.script("tags", case)
    }

    /// A fresh resource with these tags, where it takes any; its ARN is captured.
    fn begin(&self, case: &str, tags: &[(&str, &str)]) -> Script {
        let tags: Vec<_> = tags.iter().map(|(key, value)| tag(self.tagging, key, value)).collect();
        let given = |input: &mut Value| match self.subject.tags_member() {
            Some(member) if !tags.is_empty() => input.set(member, Value::List(tags)),
            _ => {}
        };
        let call = self.subject.create_with(PLAIN, given);
        self.script(case).then(self.subject.creation_with_arn("create", call))
    }

    fn add(&self, tags: &[(&str, &str)]) -> Call {
        let tags = tags.iter().map(|(key, value)| tag(self.tagging, key, value));
        add(
            self.subject.contract,
            self.tagging,
            "{arn}",
            Value::List(tags.collect()),
        )
    }

    fn remove(&self, keys: &[&str]) -> Call {
        remove(self.subject.contract, self.tagging, "{arn}", keys)
    }

    fn list(&self) -> Call {
        list_by(self.subject.contract, self.tagging, "{arn}")
    }

    /// The tags of the case given at creation, then listed where there is an ARN to list them by.
    fn created(&self, member: &str, case: &Case) -> Scenario {
        let call = self
            .subject
            .create_with(PLAIN, |input| input.set(member, Value::List(case.tags.clone())));
        let call = case.tweak.iter().cloned().fold(call, Call::tweak);
        let script = self
            .script(&case.name)
            .then(self.subject.creation_with_arn("create", call));
        match self.subject.tagging() {
            Some(_) => script.step("list", self.list()).done(),
            None => script
                .maybe("describe", self.subject.describe(&self.subject.address(PLAIN)))
                .done(),
        }
    }

    fn untagged(&self) -> Scenario {
        let script = self.begin("none", &[]);
        match self.subject.tagging() {
            Some(_) => script.step("list", self.list()).done(),
            None => script.done(),
        }
    }

    /// The tags of the case added to a resource without any, then listed.
    fn added(&self, case: &Case) -> Scenario {
        let tags = Value::List(case.tags.clone());
        let call = add(self.subject.contract, self.tagging, "{arn}", tags);
        let call = case.tweak.iter().cloned().fold(call, Call::tweak);
        self.begin(&format!("add-{}", case.name), &[])
            .step("add", call)
            .step("list", self.list())
            .done()
    }

    /// Tags added to a resource that has some.
    fn later(&self) -> Vec<Scenario> {
        let first = [("color", "red"), ("size", "7")];
        let overwritten = self.begin("add-overwrites", &[]).step("add", self.add(&first));
        let again = [
            ("add-same-again", [("color", "red")]),
            ("add-other-case", [("Color", "blue")]),
        ];
        let mut scenarios = vec![
            overwritten
                .step("add-again", self.add(&[("color", "blue")]))
                .step("list", self.list())
                .done(),
            self.at_the_limit(),
        ];
        scenarios.extend(again.map(|(case, tags)| {
            let script = self.begin(case, &first).step("add", self.add(&tags));
            script.step("list", self.list()).done()
        }));
        scenarios
    }

    /// As many as there may be, one more, and then another value for one that is there.
    fn at_the_limit(&self) -> Scenario {
        let full = cases::numbered(self.tagging, cases::limit(self.tagging));
        let full = add(self.subject.contract, self.tagging, "{arn}", Value::List(full));
        self.begin("add-one-to-full", &[])
            .step("add-all", full)
            .step("add-one-more", self.add(&[("one-more", "x")]))
            .step("add-over-existing", self.add(&[("key-001", "other")]))
            .step("list", self.list())
            .done()
    }

    fn removals(&self) -> Vec<Scenario> {
        let cases: [(&str, &[&str]); 8] = [
            ("remove-one", &["color"]),
            ("remove-two", &["color", "size"]),
            ("remove-all", &["color", "size", "Shape"]),
            ("remove-absent", &["absent"]),
            ("remove-one-and-absent", &["color", "absent"]),
            ("remove-same-twice", &["color", "color"]),
            ("remove-other-case", &["COLOR", "shape"]),
            ("remove-none", &[]),
        ];
        let tagged = |case: &str| {
            let tags = [("color", "red"), ("size", "7"), ("Shape", "round")];
            self.begin(case, &[]).step("add", self.add(&tags))
        };
        let listed = |script: Script| script.step("list", self.list()).done();
        let mut scenarios: Vec<_> = cases
            .iter()
            .map(|(case, keys)| listed(tagged(case).step("remove", self.remove(keys))))
            .collect();
        let keys = self.remove(&["color", "size"]);
        scenarios.extend(cases::list_forms().map(|(form, lists)| {
            let call = keys.clone().tweak(Tweak::Lists(lists));
            listed(tagged(&format!("remove-{form}")).step("remove", call))
        }));
        let mut keyless = keys;
        keyless.input.remove(&self.tagging.keys_member);
        scenarios.push(listed(tagged("remove-missing-keys").step("remove", keyless)));
        let twice = tagged("remove-twice").step("remove", self.remove(&["color"]));
        scenarios.push(listed(twice.step("remove-again", self.remove(&["color"]))));
        scenarios
    }

    /// Nothing is left of a deleted resource's tags, also when one of the same name follows.
    fn after_deletion(&self) -> Option<Scenario> {
        let delete = self.subject.delete(&self.subject.address(PLAIN))?;
        let again = self.subject.creation_with_arn("recreate", self.subject.create(PLAIN));
        let script = self
            .begin("after-deletion", &[])
            .step("add", self.add(&[("color", "red")]))
            .step("delete", delete)
            .step("list-deleted", self.list())
            .step("add-deleted", self.add(&[("size", "7")]))
            .step("remove-deleted", self.remove(&["color"]))
            .then(again)
            .step("list-recreated", self.list());
        Some(script.done())
    }
}
