//! Listings in pages that lose, repeat or never end.

use crate::fault::pages::{Cut, PLACE, Page, cut, plainly};
use crate::fault::{Alteration, Change, Class};

const COMPLETE: &str = "model's paginators: the pages together show every resource once";
const LIMIT: &str = "documentation: a page holds no more than was asked for";

const fn fault(name: &'static str, summary: &'static str, grounds: &'static str, change: Change) -> Alteration {
    Alteration::new(Class::State, name, summary, grounds, change)
}

pub(super) const FAULTS: &[Alteration] = &[
    fault(
        "paging-skips-one",
        "the first element of every page but the first is left out",
        COMPLETE,
        Change::Serve(|inner, call| {
            cut(inner, call, PLACE, &|page| {
                (
                    plainly(page, usize::MAX).0,
                    plainly(page, usize::MAX).1.map(|next| next + 1),
                )
            })
        }),
    ),
    fault(
        "paging-repeats-one",
        "every page but the first begins with the last element of the one before",
        COMPLETE,
        Change::Serve(|inner, call| {
            cut(inner, call, PLACE, &|page| {
                (
                    plainly(page, usize::MAX).0,
                    plainly(page, usize::MAX).1.map(|next| next - 1),
                )
            })
        }),
    ),
    fault(
        "paging-loses-last-page",
        "the last page is never announced",
        COMPLETE,
        Change::Serve(|inner, call| cut(inner, call, PLACE, &|page| (plainly(page, usize::MAX).0, None))),
    ),
    fault(
        "paging-last-element-lost",
        "the last of all elements is on no page",
        COMPLETE,
        Change::Serve(|inner, call| cut(inner, call, PLACE, &without_last)),
    ),
    fault(
        "paging-never-ends",
        "after the last page comes the first",
        COMPLETE,
        Change::Serve(|inner, call| {
            cut(inner, call, PLACE, &|page| {
                (
                    plainly(page, usize::MAX).0,
                    Some(plainly(page, usize::MAX).1.unwrap_or(0)),
                )
            })
        }),
    ),
    fault(
        "paging-ends-in-empty-pages",
        "after the last page come empty ones without end",
        COMPLETE,
        Change::Serve(|inner, call| {
            cut(inner, call, PLACE, &|page| {
                (
                    plainly(page, usize::MAX).0,
                    Some(plainly(page, usize::MAX).1.unwrap_or(page.all.len().max(page.from) + 1)),
                )
            })
        }),
    ),
    fault(
        "marker-overlooked",
        "every page is the first",
        COMPLETE,
        Change::Serve(|inner, call| {
            cut(inner, call, PLACE, &|page| {
                let first = Page {
                    all: page.all.clone(),
                    from: 0,
                    limit: page.limit,
                };
                plainly(&first, usize::MAX)
            })
        }),
    ),
    fault(
        "limit-overlooked",
        "a page holds everything, whatever was asked for",
        LIMIT,
        Change::Serve(|inner, call| cut(inner, call, PLACE, &|page| (page.all.clone(), None))),
    ),
    fault(
        "page-one-longer",
        "a page holds one more than was asked for",
        LIMIT,
        Change::Serve(|inner, call| {
            cut(inner, call, PLACE, &|page| {
                let longer = Page {
                    all: page.all.clone(),
                    from: page.from,
                    limit: page.limit + 1,
                };
                plainly(&longer, usize::MAX)
            })
        }),
    ),
];

fn without_last(page: &Page) -> Cut {
    let (mut items, next) = plainly(page, usize::MAX);
    if next.is_none() {
        items.pop();
    }
    (items, next)
}
