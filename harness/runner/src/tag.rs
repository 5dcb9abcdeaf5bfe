//! The run's own tag on what it creates where creating costs or counts: whoever finds it in an account can tell whose it is.

use parallax_contract::{Call, Contract, Value};
use parallax_scenario::Scenario;

/// The key of the tag. Its value is the token that is in the scenario's names, too.
const KEY: &str = "parallax-run";

/// Whether a scenario neither gives tags nor asks for any, so that nothing that it sees depends on one more.
pub(crate) fn goes_unseen(contract: &Contract, scenario: &Scenario) -> bool {
    let Some(tagging) = &contract.tagging else {
        return false;
    };
    let about_tags = [&tagging.add, &tagging.list, &tagging.remove];
    !scenario.steps.iter().any(|step| {
        let call = &step.call;
        about_tags.contains(&&call.operation) || tags_member(contract, call).is_some_and(|tags| has(call, tags))
    })
}

/// The same call with the run's tag; `None` for one that creates nothing, or nothing that takes tags at its creation.
pub(crate) fn tagged(contract: &Contract, call: &Call, token: &str) -> Option<Call> {
    let tagging = contract.tagging.as_ref()?;
    let tags = tags_member(contract, call).filter(|tags| !has(call, tags))?;
    let tag = [(&tagging.key, KEY), (&tagging.value, token)].map(|(name, text)| (name.clone(), Value::text(text)));
    let mut tagged = call.clone();
    tagged.input.set(tags, Value::List(vec![Value::Map(tag.to_vec())]));
    Some(tagged)
}

/// The member that takes the tags of what a call creates.
fn tags_member<'c>(contract: &'c Contract, call: &Call) -> Option<&'c str> {
    let mut resources = contract.resources.values();
    let made = resources.find(|resource| resource.lifecycle.create == call.operation)?;
    made.tags_member.as_deref()
}

fn has(call: &Call, member: &str) -> bool {
    call.input.get(member).is_some()
}

#[cfg(test)]
mod tests {
    use parallax_contract::Tagging;
    use parallax_scenario::Step;

    use super::*;

    /// The small contract, with tags.
    fn contract() -> Contract {
        let mut contract: Contract = serde_json::from_str(include_str!("../tests/it/contract.json")).unwrap();
        let tagging: Tagging = serde_json::from_value(serde_json::json!({
            "add": "AddTags", "list": "ListTags", "remove": "RemoveTags",
            "resource_member": "Arn", "tags_member": "Tags", "keys_member": "Keys", "output_member": "TagList",
            "key": "Key", "value": "Value",
        }))
        .unwrap();
        contract.tagging = Some(tagging);
        for resource in contract.resources.values_mut() {
            resource.tags_member = Some("Tags".to_owned());
        }
        contract
    }

    fn create() -> Call {
        Call::new("CreateThing", Value::map([("ThingName", Value::text("a"))]))
    }

    fn scenario(calls: &[Call]) -> Scenario {
        let step = |call: &Call| Step::new("step", call.clone());
        Scenario {
            path: "Thing/some".into(),
            resource: None,
            steps: calls.iter().map(step).collect(),
            exclusive: false,
        }
    }

    #[test]
    fn what_a_run_creates_bears_its_token() {
        let tagged = tagged(&contract(), &create(), "r7k2").unwrap();
        let tag = Value::map([("Key", Value::text("parallax-run")), ("Value", Value::text("r7k2"))]);
        assert_eq!(tagged.input.get("Tags"), Some(&Value::List(vec![tag])));
        assert_eq!(tagged.input.get("ThingName"), create().input.get("ThingName"));
    }

    #[test]
    fn what_creates_nothing_or_has_tags_already_is_left_as_it_is() {
        let mut with_tags = create();
        with_tags.input.set("Tags", Value::List(Vec::new()));
        let describe = Call::new("DescribeThings", Value::Map(Vec::new()));
        for call in [with_tags, describe] {
            assert_eq!(tagged(&contract(), &call, "r7k2"), None, "{call:?}");
        }
        let mut untaggable = contract();
        for resource in untaggable.resources.values_mut() {
            resource.tags_member = None;
        }
        assert_eq!(tagged(&untaggable, &create(), "r7k2"), None);
    }

    #[test]
    fn a_scenario_that_gives_tags_or_asks_for_them_would_see_one_more() {
        let contract = contract();
        let mut with_tags = create();
        with_tags.input.set("Tags", Value::List(Vec::new()));
        let list = Call::new("ListTags", Value::map([("Arn", Value::text("arn"))]));
        assert!(goes_unseen(&contract, &scenario(&[create()])));
        assert!(!goes_unseen(&contract, &scenario(&[create(), with_tags])));
        assert!(!goes_unseen(&contract, &scenario(&[create(), list])));
    }
}
