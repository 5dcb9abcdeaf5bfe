//! Following a marker.

use std::collections::BTreeSet;

use parallax_contract::model::Paginator;
use parallax_contract::{Call, Contract, Observation, Outcome, Value};
use parallax_endpoint::Exchange;
use parallax_outcome::{Difference, EvidenceLine, Kind, Severity};

use crate::side::Side;

/// After so many pages in a row with nothing on them, none will come that has anything.
const PATIENCE: u32 = 100;

/// The way through the pages of one call.
pub(crate) struct Pages<'c> {
    paginator: Option<&'c Paginator>,
    /// The most pages that are followed.
    limit: u32,
    seen: BTreeSet<String>,
    /// How many pages in a row had nothing on them.
    empty: u32,
    /// The page that comes next, from 0.
    pub(crate) number: u32,
}

/// What follows a page.
pub(crate) enum Next {
    /// Nothing.
    End,
    /// Another page; the call asks for it now.
    Page,
    /// The marker was there before, or leads from one empty page to the next: following it would never end.
    Again,
    /// More pages than anybody follows.
    TooMany,
}

impl<'c> Pages<'c> {
    pub(crate) fn new(contract: &'c Contract, operation: &str, limit: u32) -> Self {
        let operation = contract.operations.get(operation);
        Self {
            paginator: operation.and_then(|operation| operation.paginator.as_ref()),
            limit,
            seen: BTreeSet::new(),
            empty: 0,
            number: 0,
        }
    }

    /// Looks for the marker in an answer and puts it into the call.
    pub(crate) fn turn(&mut self, call: &mut Call, observation: &Observation) -> Next {
        let Some((paginator, marker)) = self
            .paginator
            .zip(observation.success())
            .and_then(|(paginator, output)| {
                let marker = output.get(&paginator.output_token)?.as_text()?;
                (!marker.is_empty()).then_some((paginator, marker))
            })
        else {
            return Next::End;
        };
        let shows = |output: &Value| output.get(&paginator.result_key).is_some_and(|list| !list.is_empty());
        let empty = !observation.success().is_some_and(shows);
        self.empty = if empty { self.empty + 1 } else { 0 };
        if !self.seen.insert(marker.to_owned()) || self.empty >= PATIENCE {
            return Next::Again;
        }
        self.number += 1;
        if self.number >= self.limit {
            return Next::TooMany;
        }
        call.input.set(&paginator.input_token, Value::text(marker));
        Next::Page
    }

    /// The difference of a marker that comes again, or leads nowhere.
    pub(crate) fn never_ends(&self) -> Difference {
        let marker = self.paginator.map_or("", |paginator| paginator.output_token.as_str());
        Difference {
            kind: Kind::State,
            severity: Severity::Error,
            path: marker.to_owned(),
            expected: "a marker that leads on".to_owned(),
            observed: if self.empty < PATIENCE {
                "the same marker again: paging never ends".to_owned()
            } else {
                "empty pages without end".to_owned()
            },
            evidence: vec![EvidenceLine {
                fact: "a marker leads to the records beyond those that were shown".to_owned(),
                source: "model: paginators".to_owned(),
                confidence: "documented".to_owned(),
            }],
            habit: false,
        }
    }
}

/// All pages of a call on one side as one answer; a page that is no success is the answer. Beside it, whether the
/// marker came again.
pub(crate) async fn gather(side: &mut Side, contract: &Contract, mut call: Call) -> (Exchange, Option<Difference>) {
    let mut pages = Pages::new(contract, &call.operation, side.page_limit());
    let mut whole = side.ask(&call).await;
    let mut page = whole.observation.clone();
    loop {
        match pages.turn(&mut call, &page) {
            Next::Page => {}
            Next::End | Next::TooMany => return (whole, None),
            Next::Again => return (whole, Some(pages.never_ends())),
        }
        page = side.ask(&call).await.observation;
        pages.join(&mut whole.observation, &page);
    }
}

impl Pages<'_> {
    /// Adds a page to those before it: the list grows, the rest is the last page's.
    pub(crate) fn join(&self, whole: &mut Observation, page: &Observation) {
        let (Outcome::Success(sum), Outcome::Success(output)) = (&mut whole.outcome, &page.outcome) else {
            *whole = page.clone();
            return;
        };
        let Some(paginator) = self.paginator else {
            return;
        };
        sum.remove(&paginator.output_token);
        for (name, value) in output.fields() {
            match (sum.get(name), value) {
                (Some(Value::List(before)), Value::List(more)) if *name == paginator.result_key => {
                    let all = before.iter().chain(more).cloned().collect();
                    sum.set(name, Value::List(all));
                }
                _ => sum.set(name, value.clone()),
            }
        }
        whole.forgiven.extend(page.forgiven.iter().cloned());
    }
}
