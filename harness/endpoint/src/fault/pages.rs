//! Listings in pages of an alteration's own making.

use parallax_contract::model::Paginator;
use parallax_contract::{Answer, Call, Expected, Resource, Value};

use super::Inner;
use super::answers::accepted;
use super::deeds::{Deed, deed};
use super::sites::list;

/// How many pages of the emulator beneath are read at most.
const MOST: usize = 1000;

/// One page of a listing, as an alteration finds it.
pub(crate) struct Page {
    /// Everything that is listed, from the first page on.
    pub(crate) all: Vec<Value>,
    /// Where the page begins.
    pub(crate) from: usize,
    /// How many elements it holds at most, as asked.
    pub(crate) limit: usize,
}

/// What an alteration makes of a page: its elements, and where the next one begins.
pub(crate) type Cut = (Vec<Value>, Option<usize>);

/// Answers listings with pages cut by `cut`; anything else, and listings that would be refused, as beneath.
pub(crate) fn cut(inner: &Inner<'_>, call: &Call, marker: Marker, cut: &dyn Fn(&Page) -> Cut) -> Answer {
    let contract = inner.contract();
    let Some((resource, Deed::List)) = deed(contract, call) else {
        return inner.answer(call);
    };
    let pages = contract
        .operations
        .get(&call.operation)
        .and_then(|operation| operation.paginator.as_ref());
    let Some(pages) = pages else { return inner.answer(call) };
    let mut first = call.clone();
    first.input.remove(&pages.input_token);
    if !matches!(inner.expect(&first).expected, Expected::Success { .. }) {
        return inner.answer(call);
    }
    let Some(page) = page(inner, call, &first, resource, pages, marker) else {
        return inner.answer(call);
    };
    let (items, next) = cut(&page);
    let mut output = Value::map([(pages.result_key.clone(), Value::List(items))]);
    if let Some(next) = next {
        inner.remember(format!("listing {}", call.operation), Value::List(page.all));
        let text = (marker.write)(next);
        inner.remember(given_out(&text), Value::Bool(true));
        output.set(&pages.output_token, Value::Text(text));
    }
    Answer::Success(output)
}

/// Whether the call asks for a page by a marker that an alteration gave out, of which the emulator beneath knows nothing.
pub(crate) fn goes_on(inner: &Inner<'_>, call: &Call) -> bool {
    let operation = inner.contract().operations.get(&call.operation);
    let token = operation.and_then(|operation| Some(&operation.paginator.as_ref()?.input_token));
    let marker = token.and_then(|token| call.input.get(token)).and_then(Value::as_text);
    marker.is_some_and(|marker| inner.recall(&given_out(marker)).is_some())
}

fn given_out(marker: &str) -> String {
    format!("marker {marker}")
}

/// How a marker is written and read.
#[derive(Clone, Copy)]
pub(crate) struct Marker {
    /// Writes where the next page begins.
    pub(crate) write: fn(usize) -> String,
    /// Reads it; `None` for a marker that was never written.
    pub(crate) read: fn(&str) -> Option<usize>,
}

/// A marker that tells the place in plain words.
pub(crate) const PLACE: Marker = Marker {
    write: |place| format!("page-from-{place}"),
    read: |marker| marker.strip_prefix("page-from-")?.parse().ok(),
};

/// The usual cut: as many as asked, in order.
pub(crate) fn plainly(page: &Page, most: usize) -> Cut {
    let limit = page.limit.min(most).max(1);
    let end = (page.from + limit).min(page.all.len());
    let items = page.all.get(page.from..end).unwrap_or_default().to_vec();
    (items, (end < page.all.len()).then_some(end))
}

fn page(
    inner: &Inner<'_>,
    call: &Call,
    first: &Call,
    resource: &Resource,
    pages: &Paginator,
    marker: Marker,
) -> Option<Page> {
    let from = match call.input.get(&pages.input_token) {
        None => 0,
        Some(text) => (marker.read)(text.as_text()?)?,
    };
    let all = match (from, inner.recall(&format!("listing {}", call.operation))) {
        (0, _) | (_, None) => everything(inner, first, resource, pages)?,
        (_, Some(kept)) => kept.as_list()?.to_vec(),
    };
    let limit = pages.limit_key.as_ref().and_then(|key| match call.input.get(key) {
        Some(Value::Int(number)) => usize::try_from(*number).ok(),
        _ => None,
    });
    Some(Page {
        all,
        from,
        limit: limit.unwrap_or(100),
    })
}

/// Every element of the listing beneath.
fn everything(inner: &Inner<'_>, first: &Call, resource: &Resource, pages: &Paginator) -> Option<Vec<Value>> {
    let name = resource.lifecycle.describe_list.as_ref()?;
    let (mut all, mut call) = (Vec::new(), first.clone());
    for _ in 0..MOST {
        let mut answer = inner.answer(&call);
        if !accepted(&answer) {
            return None;
        }
        let next = match &answer {
            Answer::Success(output) => output.get(&pages.output_token).cloned(),
            Answer::Refused(_) => None,
        };
        all.append(list(&mut answer, name)?);
        match next {
            Some(next) if !next.is_empty() => call.input.set(&pages.input_token, next),
            _ => break,
        }
    }
    Some(all)
}
