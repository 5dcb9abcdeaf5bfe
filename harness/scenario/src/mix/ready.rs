//! The mixes that need no file.

use parallax_contract::{Call, Contract, Value};

use super::{About, Maker, Mix, MixError, Turn};
use crate::Step;
use crate::derive::plausible::ABSENT;

/// Their names.
pub const READY: [&str; 6] = [
    "describe-all",
    "create-describe-delete",
    "describe-heavy",
    "tags",
    "errors",
    "pagination",
];

/// How many are listed where pages are turned: more than the smallest page holds, and fewer than common limits.
const LISTED: u32 = 45;
/// How many are described one by one.
const DESCRIBED: u32 = 10;

/// The ready mix of this name, about `resource` or about the one that suits best.
///
/// # Errors
/// [`MixError`] where there is no such mix or resource, or the resource lacks what the mix asks.
pub fn ready(contract: &Contract, name: &str, resource: Option<&str>) -> Result<Mix, MixError> {
    let known = READY.into_iter().find(|known| *known == name);
    let known = known.ok_or_else(|| MixError::Unknown(name.to_owned()))?;
    let maker = Maker::new(contract, known, resource)?;
    match known {
        "describe-all" => maker.mix(0, vec![maker.describe_all(1)?]),
        "create-describe-delete" => maker.mix(0, vec![maker.life(1)?]),
        "describe-heavy" => {
            let turns = vec![maker.describe_one(16)?, maker.describe_all(3)?, maker.life(1)?];
            maker.mix(DESCRIBED, turns)
        }
        "tags" => maker.mix(0, vec![maker.tags()?]),
        "errors" => maker.mix(0, maker.errors()?),
        _ => maker.mix(LISTED, vec![maker.pages()?]),
    }
}

impl Maker<'_> {
    fn describe_all(&self, weight: u32) -> Result<Turn, MixError> {
        let call = self.subject.describe_all().ok_or_else(|| self.lacks("a listing"))?;
        Ok(turn(weight, About::Nothing, vec![Step::new("describe-all", call)]))
    }

    fn describe_one(&self, weight: u32) -> Result<Turn, MixError> {
        let call = self.subject.describe("{id}").ok_or_else(|| self.lacks("a listing"))?;
        Ok(turn(weight, About::Shared, vec![Step::new("describe", call)]))
    }

    fn delete(&self) -> Result<Call, MixError> {
        self.subject.delete("{id}").ok_or_else(|| self.lacks("a deletion"))
    }

    /// Created, described, deleted.
    fn life(&self, weight: u32) -> Result<Turn, MixError> {
        let mut steps = vec![self.subject.creation_with_arn("create", self.subject.create("{id}"))];
        steps.extend(self.subject.describe("{id}").map(|call| Step::new("describe", call)));
        steps.push(Step::new("delete", self.delete()?));
        Ok(turn(weight, About::Fresh, steps))
    }

    /// A tag added, listed, removed.
    fn tags(&self) -> Result<Turn, MixError> {
        let tagging = self.subject.tagging().ok_or_else(|| self.lacks("tags"))?;
        let about = (tagging.resource_member.as_str(), Value::text("{arn}"));
        let tag = Value::map([
            (&tagging.key, Value::text("key")),
            (&tagging.value, Value::text("value")),
        ]);
        let add = [about.clone(), (&tagging.tags_member, Value::List(vec![tag]))];
        let remove = [
            about.clone(),
            (&tagging.keys_member, Value::List(vec![Value::text("key")])),
        ];
        let steps = vec![
            Step::new("add", Call::new(&tagging.add, Value::map(add))),
            Step::new("list", Call::new(&tagging.list, Value::map([about]))),
            Step::new("remove", Call::new(&tagging.remove, Value::map(remove))),
        ];
        Ok(turn(1, About::Own, steps))
    }

    /// Calls that every implementation must refuse, in equal parts: of what nobody made, and without what is required.
    fn errors(&self) -> Result<Vec<Turn>, MixError> {
        let cycle = &self.subject.resource.lifecycle;
        let mut nameless = self.subject.create("{id}");
        if let Some(member) = self.subject.identifier_member() {
            nameless.input.remove(&member.name);
        }
        let mut steps = vec![Step::new("create-nameless", nameless)];
        if cycle.not_found.is_some() {
            steps.extend(self.subject.delete(ABSENT).map(|call| Step::new("delete-absent", call)));
            if cycle.describe_filter.is_some() {
                steps.extend(
                    self.subject
                        .describe(ABSENT)
                        .map(|call| Step::new("describe-absent", call)),
                );
            }
        }
        let refused = |step| Turn {
            refused: true,
            ..turn(1, About::Nothing, vec![step])
        };
        Ok(steps.into_iter().map(refused).collect())
    }

    /// All of them in the smallest pages.
    fn pages(&self) -> Result<Turn, MixError> {
        let lacks = || self.lacks("pages");
        let mut call = self.subject.describe_all().ok_or_else(lacks)?;
        let operation = self.subject.contract.operations.get(&call.operation);
        let paginator = operation
            .and_then(|operation| operation.paginator.as_ref())
            .ok_or_else(lacks)?;
        if let Some(key) = &paginator.limit_key {
            let (least, _) = crate::derive::paging::bounds_of(self.subject.contract, &call.operation, key);
            call.input.set(key, Value::Int(least));
        }
        let mut step = Step::new("pages", call);
        step.all_pages = true;
        Ok(turn(1, About::Nothing, vec![step]))
    }
}

fn turn(weight: u32, about: About, steps: Vec<Step>) -> Turn {
    Turn {
        weight,
        about,
        steps,
        refused: false,
    }
}
