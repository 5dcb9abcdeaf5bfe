//! Listings in other orders and pages, and with what others made.

use parallax_contract::{Answer, Call, Value};

use super::open::is_open;
use super::variant;
use crate::fault::answers::{accepted, listed, not_found};
use crate::fault::deeds::{Deed, SHOWING, deed, doing, id_text, tag_deed};
use crate::fault::pages::{Marker, PLACE, Page, cut, plainly};
use crate::fault::sites::list;
use crate::fault::{Alteration, Change, Inner};

const ORDER: &str = "no source fixes the order of a list";
const PAGES: &str = "model's paginators: a page holds at most what was asked for, and its marker is opaque";
const OTHERS: &str = "an account may have resources that the harness did not make";

pub(super) const VARIANTS: &[Alteration] = &[
    variant(
        "listings-reversed",
        "listings are in the reverse order",
        ORDER,
        Change::Serve(|inner, call| {
            cut(inner, call, PLACE, &|page| {
                let all = page.all.iter().rev().cloned().collect();
                plainly(&Page { all, ..*page }, usize::MAX)
            })
        }),
    ),
    variant(
        "tags-reversed",
        "tags are listed in the reverse order",
        ORDER,
        Change::Serve(|inner, call| {
            let mut answer = inner.answer(call);
            if let Some((tagging, _)) = tag_deed(inner.contract(), call)
                && let Some(tags) = list(&mut answer, &tagging.output_member)
            {
                tags.reverse();
            }
            answer
        }),
    ),
    variant(
        "smaller-pages",
        "a page holds seven elements at most",
        PAGES,
        Change::Serve(|inner, call| cut(inner, call, PLACE, &|page| plainly(page, 7))),
    ),
    variant(
        "opaque-markers",
        "markers look like encrypted text",
        PAGES,
        Change::Serve(|inner, call| cut(inner, call, OPAQUE, &|page| plainly(page, usize::MAX))),
    ),
    variant(
        "last-page-empty",
        "an empty page follows the last",
        PAGES,
        Change::Serve(|inner, call| {
            cut(inner, call, PLACE, &|page| {
                let (items, next) = plainly(page, usize::MAX);
                let more = !items.is_empty() && page.from < page.all.len();
                (items, next.or(more.then_some(page.all.len())))
            })
        }),
    ),
    variant(
        "first-page-empty",
        "an empty page precedes the first",
        PAGES,
        Change::Serve(|inner, call| {
            cut(inner, call, SHIFTED, &|page| match page.from {
                0 => (Vec::new(), Some(1)),
                from => {
                    let shifted = Page {
                        all: page.all.clone(),
                        from: from - 1,
                        limit: page.limit,
                    };
                    let (items, next) = plainly(&shifted, usize::MAX);
                    (items, next.map(|next| next + 1))
                }
            })
        }),
    ),
    variant(
        "others-listed",
        "listings hold what others made",
        OTHERS,
        Change::Serve(others),
    ),
    variant(
        "builtin-present",
        "what may exist without having been made does",
        "documentation: it can exist and be listed",
        Change::Serve(builtin),
    ),
    variant(
        "builtin-absent",
        "what may exist without having been made does not",
        "documentation: whether a fresh account has it is open",
        Change::Serve(no_builtin),
    ),
];

/// Markers in the manner of base64.
const OPAQUE: Marker = Marker {
    write: |place| format!("bWFya2Vy/{place:x}+AA=="),
    read: |marker| usize::from_str_radix(marker.strip_prefix("bWFya2Vy/")?.strip_suffix("+AA==")?, 16).ok(),
};

/// Markers of pages that are numbered from one behind an empty one.
const SHIFTED: Marker = Marker {
    write: |place| format!("shifted-{place}"),
    read: |marker| marker.strip_prefix("shifted-")?.parse().ok(),
};

/// Adds somebody else's resource where the page has room for it.
fn others(inner: &Inner<'_>, call: &Call) -> Answer {
    let Some(resource) = doing(inner.contract(), call, &[Deed::List]) else {
        return inner.answer(call);
    };
    let mut other = Value::map([(resource.identifier.output.clone(), Value::text("zz-somebody-else"))]);
    if let Some(echo) = &resource.description {
        other.set(&echo.output, Value::text("Not Yours"));
    }
    cut(inner, call, PLACE, &|page| {
        let all = std::iter::once(other.clone()).chain(page.all.iter().cloned()).collect();
        // What is kept for the next page has the stranger already.
        let page = if page.from == 0 {
            Page { all, ..*page }
        } else {
            Page {
                all,
                from: page.from,
                limit: page.limit,
            }
        };
        plainly(&page, usize::MAX)
    })
}

fn builtin(inner: &Inner<'_>, call: &Call) -> Answer {
    let answer = inner.answer(call);
    let Some((resource, what)) = deed(inner.contract(), call) else {
        return answer;
    };
    let asked = id_text(resource, call);
    let found = resource
        .builtin
        .iter()
        .find(|builtin| what == Deed::Describe && builtin.id.eq_ignore_ascii_case(asked));
    match (found, &resource.lifecycle.describe_list) {
        (Some(builtin), Some(list)) if !accepted(&answer) || is_empty(&answer, list) => {
            let mut one = Value::map([(resource.identifier.output.clone(), Value::text(&builtin.id))]);
            if let Some(echo) = &resource.description {
                one.set(&echo.output, Value::text(&builtin.id));
            }
            Answer::Success(Value::map([(list.clone(), Value::List(vec![one]))]))
        }
        _ => answer,
    }
}

fn is_empty(answer: &Answer, list: &str) -> bool {
    matches!(answer, Answer::Success(output) if output.get(list).is_none_or(Value::is_empty))
}

fn no_builtin(inner: &Inner<'_>, call: &Call) -> Answer {
    if let Some((resource, what)) = deed(inner.contract(), call)
        && !matches!(what, Deed::Create | Deed::List)
        && resource
            .builtin
            .iter()
            .any(|builtin| builtin.id.eq_ignore_ascii_case(id_text(resource, call)))
        // Where one of that name may be made, it exists once it was.
        && is_open(inner, call)
        && let Some(refusal) = not_found(inner.contract(), resource)
    {
        return refusal;
    }
    listed(inner, call, SHOWING, &mut |_| {})
}
