//! Permissions inside a resource: given, given twice, taken away, and absent.

use parallax_contract::{Call, Grants, Value};

use super::base::{PLAIN, Subject};
use super::plausible::{self, ABSENT};
use super::script::Script;
use crate::Scenario;

/// The scenarios about the resource's permissions.
pub(super) fn family(subject: &Subject<'_>) -> Vec<Scenario> {
    let Some(grants) = &subject.resource.grants else {
        return Vec::new();
    };
    let play = Play { subject, grants };
    let mut scenarios = vec![
        play.given_and_taken(),
        play.given_twice(),
        play.taken_but_absent(),
        play.two(),
        play.cased(),
        play.deleted_with(),
        play.on_absent(),
    ];
    for operation in [&grants.authorize, &grants.revoke] {
        scenarios.extend(play.spoiled(operation));
    }
    scenarios
}

/// The keys of a permission that the sources call valid.
pub(crate) fn keys(subject: &Subject<'_>, grants: &Grants) -> Vec<(String, Value)> {
    let members = subject.contract.input_members(&grants.authorize);
    let key = |name: &String| {
        let sampled = grants.sample.get(name).map(Value::text);
        let value = sampled.map(|value| plausible::adopt(&value)).or_else(|| {
            let member = members.iter().find(|member| member.name == *name)?;
            Some(plausible::of(subject.contract, &grants.authorize, member))
        });
        (name.clone(), value.unwrap_or_else(|| Value::text("px")))
    };
    grants.keys.iter().map(key).collect()
}

/// Adds or removes a permission of the resource at this address.
pub(crate) fn call(subject: &Subject<'_>, operation: &str, id: &str, keys: &[(String, Value)]) -> Call {
    let mut call = subject.on(operation, id);
    for (name, value) in keys {
        call.input.set(name, value.clone());
    }
    call
}

struct Play<'a> {
    subject: &'a Subject<'a>,
    grants: &'a Grants,
}

impl Play<'_> {
    /// A scenario that begins with a fresh resource.
    fn begin(&self, case: &str) -> Script {
        let creation = self.subject.creation("create", self.subject.create(PLAIN));
        self.subject.story("grants", case).then(creation)
    }

    fn describe(&self, script: Script, name: &str) -> Script {
        script.maybe(name, self.subject.describe(&self.subject.address(PLAIN)))
    }

    fn authorize(&self) -> Call {
        self.call(&self.grants.authorize)
    }

    fn revoke(&self) -> Call {
        self.call(&self.grants.revoke)
    }

    fn call(&self, operation: &str) -> Call {
        let id = self.subject.address(PLAIN);
        call(self.subject, operation, &id, &keys(self.subject, self.grants))
    }

    /// The same permission for someone else: the first key differs.
    fn second(&self, operation: &str) -> Call {
        let mut call = self.call(operation);
        if let Some(key) = self.grants.keys.first() {
            let first = call.input.get(key).and_then(Value::as_text).unwrap_or_default();
            let other = format!("{first}second");
            call.input.set(key, Value::Text(other));
        }
        call
    }

    fn given_and_taken(&self) -> Scenario {
        let script = self.begin("authorize-and-revoke").step("authorize", self.authorize());
        let script = self.describe(script, "describe-authorized");
        self.describe(script.step("revoke", self.revoke()), "describe-revoked")
            .step("authorize-again", self.authorize())
            .done()
    }

    fn given_twice(&self) -> Scenario {
        let script = self
            .begin("authorize-twice")
            .step("authorize", self.authorize())
            .step("authorize-again", self.authorize());
        self.describe(script, "describe").done()
    }

    fn taken_but_absent(&self) -> Scenario {
        let script = self
            .begin("revoke-absent")
            .step("revoke", self.revoke())
            .step("authorize", self.authorize())
            .step("revoke-other", self.second(&self.grants.revoke));
        self.describe(script, "describe").done()
    }

    /// Two permissions; one is taken away and the other stays.
    fn two(&self) -> Scenario {
        let script = self
            .begin("two")
            .step("authorize", self.authorize())
            .step("authorize-other", self.second(&self.grants.authorize));
        let script = self.describe(script, "describe-both");
        self.describe(script.step("revoke", self.revoke()), "describe-other")
            .done()
    }

    /// A permission whose first key has letters of both cases comes back as it was given.
    fn cased(&self) -> Scenario {
        let mut call = self.authorize();
        if let Some(key) = self.grants.keys.first() {
            call.input.set(key, Value::text("PxMiXeD{run}"));
        }
        self.describe(self.begin("mixed-case-key").step("authorize", call), "describe")
            .done()
    }

    /// A resource with a permission is deleted; one of the same name has none.
    fn deleted_with(&self) -> Scenario {
        let id = self.subject.address(PLAIN);
        let script = self
            .begin("delete-authorized")
            .step("authorize", self.authorize())
            .maybe("delete", self.subject.delete(&id))
            .maybe("describe-deleted", self.subject.describe(&id))
            .then(self.subject.creation("recreate", self.subject.create(PLAIN)));
        self.describe(script, "describe-recreated").done()
    }

    fn on_absent(&self) -> Scenario {
        let keys = keys(self.subject, self.grants);
        let on = |operation: &str| call(self.subject, operation, ABSENT, &keys);
        self.subject
            .story("grants", "absent-resource")
            .step("authorize", on(&self.grants.authorize))
            .step("revoke", on(&self.grants.revoke))
            .done()
    }

    /// Each key missing, empty and blank in turn, the identifier too.
    fn spoiled(&self, operation: &str) -> Vec<Scenario> {
        let identifier = &self.subject.resource.identifier.input;
        let members = self.grants.keys.iter().chain([identifier]);
        let spoils: [(&str, Option<&str>); 3] = [("missing", None), ("empty", Some("")), ("blank", Some("  "))];
        members
            .flat_map(|member| spoils.map(|(how, value)| self.spoil(operation, member, how, value)))
            .collect()
    }

    fn spoil(&self, operation: &str, member: &str, how: &str, value: Option<&str>) -> Scenario {
        let mut call = self.call(operation);
        match value {
            Some(text) => call.input.set(member, Value::text(text)),
            None => call.input.remove(member),
        }
        let path = format!("{operation}/grants/{how}-{member}");
        let creation = self.subject.creation("create", self.subject.create(PLAIN));
        let script = Script::new(&path, Some(self.subject.name)).then(creation);
        self.describe(script.step("ask", call), "describe").done()
    }
}
