//! Looking at what an account has, before anything is changed that this run did not make.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use parallax_contract::{Call, Observation, Resource, Value};
use tokio::sync::Mutex;

use super::Guard;
use super::deeds::Named;
use super::guard::{is_absent, reason};

/// The most pages that are looked through for names of this run before it makes any.
pub const LOOK_PAGES: u32 = 4;

/// What was looked at.
#[derive(Default)]
pub(super) struct Looks {
    /// Of each resource, whether nobody has a name with the run's token but the run.
    clear: Mutex<BTreeMap<String, bool>>,
    count: AtomicU64,
}

impl Guard {
    /// How many requests were sent to see what an account has, and not for a step or a deletion.
    pub fn looks(&self) -> u64 {
        self.looks.count.load(Ordering::Relaxed)
    }

    /// Whether the journal lists it; or nobody has it, which the service is asked.
    pub(super) async fn made_or_absent(&self, named: &Named<'_>, id: &str) -> Result<(), String> {
        let is_known = self.journal.lists(Some(named.name), id) || self.is_clear(named).await;
        match is_known || self.is_absent(named.resource, id).await {
            true => Ok(()),
            false => Err("it may concern what this run did not make".to_owned()),
        }
    }

    /// Whether nobody has such a resource under a name with the run's token, but what the journal lists. The account is
    /// looked through once, as long as that takes few pages.
    async fn is_clear(&self, named: &Named<'_>) -> bool {
        let mut clear = self.looks.clear.lock().await;
        if let Some(known) = clear.get(named.name) {
            return *known;
        }
        let there = self.list(named.resource, LOOK_PAGES).await;
        let is_ours = |id: &String| !self.journal.marks(id) || self.journal.lists(Some(named.name), id);
        let known = there.is_ok_and(|ids| ids.iter().all(is_ours));
        clear.insert(named.name.to_owned(), known);
        known
    }

    /// Takes note that somebody else has a name with the run's token: from now on each name is looked up.
    pub(super) async fn is_shared(&self, resource: &str) {
        self.looks.clear.lock().await.insert(resource.to_owned(), false);
    }

    /// Whether nobody has one of this name.
    pub(super) async fn is_absent(&self, resource: &Resource, id: &str) -> bool {
        let cycle = &resource.lifecycle;
        let Some((describe, filter)) = cycle.describe.as_ref().zip(cycle.describe_filter.as_ref()) else {
            return false;
        };
        let look = Call::new(describe, Value::map([(filter, Value::text(id))]));
        is_absent(&self.contract, resource, &self.look(&look).await)
    }

    /// The names of all that there is of a resource, where they are on this many pages.
    pub(super) async fn list(&self, resource: &Resource, pages: u32) -> Result<Vec<String>, String> {
        let cycle = &resource.lifecycle;
        let (Some(describe), Some(list)) = (&cycle.describe, &cycle.describe_list) else {
            return Err(format!("no operation lists every {}", resource.shape));
        };
        let operation = self.contract.operations.get(describe);
        let paginator = operation.and_then(|operation| operation.paginator.as_ref());
        let mut call = Call::new(describe, Value::Map(Vec::new()));
        let mut ids = Vec::new();
        for _ in 0..pages {
            let observation = self.look(&call).await;
            let Some(page) = observation.success() else {
                return Err(format!("{describe} does not list them: {}", reason(&observation)));
            };
            for item in page.get(list).and_then(Value::as_list).unwrap_or_default() {
                let id = item.get(&resource.identifier.output).and_then(Value::as_text);
                let id = id.ok_or_else(|| format!("{describe} shows one without a name"))?;
                ids.push(id.to_owned());
            }
            let marker = paginator.and_then(|paginator| {
                let marker = page.get(&paginator.output_token)?.as_text()?;
                (!marker.is_empty()).then_some((paginator, marker))
            });
            let Some((paginator, marker)) = marker else {
                return Ok(ids);
            };
            call.input.set(&paginator.input_token, Value::text(marker));
        }
        Err(format!("{describe} lists more than {pages} pages of them"))
    }

    async fn look(&self, call: &Call) -> Observation {
        self.looks.count.fetch_add(1, Ordering::Relaxed);
        self.inner.ask(call).await.observation
    }
}
