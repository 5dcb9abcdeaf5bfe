//! Listing resources, or showing one.

use parallax_contract::model::Paginator;
use parallax_contract::{Basis, Listing, ListingItem, Pattern, Presence, Rule, Value};

use super::On;
use crate::draft::Draft;
use crate::pattern;
use crate::state::{Found, Instance};

pub(super) fn judge(on: &On<'_>, draft: &mut Draft) {
    let Some(list) = &on.resource.lifecycle.describe_list else {
        return;
    };
    let paginator = on
        .oracle
        .contract
        .operations
        .get(&on.call.operation)
        .and_then(|op| op.paginator.as_ref());
    let known = |name: &String| {
        on.resource.lifecycle.describe_filter.as_ref() == Some(name)
            || paginator.is_some_and(|pages| pages.input_token == *name || pages.limit_key.as_ref() == Some(name))
    };
    let narrowed = on.call.input.fields().iter().any(|(name, _)| !known(name));
    if narrowed {
        draft.doubt("the sources do not say enough about what else was asked", None);
    }
    let mut listing = Listing {
        member: list.clone(),
        key: on.resource.identifier.output.clone(),
        items: Vec::new(),
        others: true,
        at_most: paginator
            .and_then(|pages| at_most(on, pages))
            .filter(|most| exceeds(on, *most)),
        marker: paginator.map(|pages| pages.output_token.clone()),
        basis: Basis::clone(&pattern::ADDRESS),
    };
    match on
        .resource
        .lifecycle
        .describe_filter
        .as_ref()
        .and_then(|filter| on.call.input.get(filter))
    {
        Some(Value::Text(id)) if !id.is_empty() => one(on, &mut listing, narrowed, paginator, draft),
        Some(_) => return draft.accept(Pattern::any("an empty filter"), Basis::clone(&pattern::ADDRESS)),
        None => all(on, &mut listing, narrowed, paginator, draft),
    }
    draft.accept(Pattern::Listing(listing), Basis::clone(&pattern::ADDRESS));
}

fn one(on: &On<'_>, listing: &mut Listing, narrowed: bool, pages: Option<&Paginator>, draft: &mut Draft) {
    if pages.is_some_and(|pages| on.call.input.get(&pages.input_token).is_some()) {
        draft.doubt("no source says what a marker means beside a name", None);
    }
    match on.existing(draft) {
        Some(Found::Surely(_, instance)) => {
            let clear = pattern::is_plain(&instance.id);
            listing.others = !clear;
            let presence = if clear && !narrowed {
                Presence::Required
            } else {
                Presence::Optional
            };
            listing.items.extend(item(on, instance, presence));
        }
        Some(Found::Maybe(_, instance, _)) => listing.items.extend(item(on, instance, Presence::Optional)),
        Some(Found::Absent) | None => {}
    }
}

fn all(on: &On<'_>, listing: &mut Listing, narrowed: bool, pages: Option<&Paginator>, draft: &mut Draft) {
    let marker = pages.and_then(|pages| on.call.input.get(&pages.input_token));
    let seen: &[String] = match marker {
        None => &[],
        Some(marker) => match marker.as_text().and_then(|marker| on.state.seen_before(marker)) {
            Some(seen) => seen,
            None => {
                draft.doubt("no source says what becomes of a marker that was never given out", None);
                return;
            }
        },
    };
    for instance in on.state.of(on.number) {
        let presence = if seen.contains(&instance.id) {
            Presence::Forbidden
        } else if instance.sure && !instance.leaving && !narrowed && pattern::is_plain(&instance.id) {
            Presence::Required
        } else {
            Presence::Optional
        };
        listing.items.extend(item(on, instance, presence));
    }
    listing.items.extend(gone(on));
}

/// What was deleted must not be listed, unless deletion takes its time.
fn gone(on: &On<'_>) -> impl Iterator<Item = ListingItem> {
    let at_once = on.resource.status_member.is_none();
    on.state
        .gone()
        .filter(move |gone| at_once && gone.key.resource == on.number)
        .filter(|gone| !on.state.has_near(on.number, on.resource, &gone.key.id))
        .map(|gone| ListingItem {
            ids: vec![gone.key.id.clone()],
            presence: Presence::Forbidden,
            pattern: Pattern::any("it was deleted"),
        })
}

/// What is known of one in a list; nothing where another's identifier may be shown in the same form, or where a second
/// spelling was taken for another one: then both may be shown.
fn item(on: &On<'_>, instance: &Instance, presence: Presence) -> Option<ListingItem> {
    if !instance.aliases.is_empty() || on.state.has_near(on.number, on.resource, &instance.id) {
        return None;
    }
    let mut ids = vec![instance.id.clone()];
    for lower in [instance.id.to_ascii_lowercase(), instance.id.to_lowercase()] {
        if !ids.contains(&lower) {
            ids.push(lower);
        }
    }
    Some(ListingItem {
        ids,
        presence,
        pattern: pattern::resource(on.resource, instance),
    })
}

/// Whether what is known alone would fill more than a page. Of fewer, a page that is too long holds what others made, and
/// whether they made it is no matter of this scenario.
fn exceeds(on: &On<'_>, most: u64) -> bool {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    on.state.of(on.number).take(most.saturating_add(1)).count() > most
}

/// The most elements of a page: what was asked for, else what the contract says is usual.
fn at_most(on: &On<'_>, pages: &Paginator) -> Option<u64> {
    let limit = pages.limit_key.as_ref()?;
    match on.call.input.get(limit) {
        Some(Value::Int(number)) => u64::try_from(*number).ok().filter(|number| *number > 0),
        Some(_) => None,
        None => {
            let member = on
                .oracle
                .contract
                .input_members(&on.call.operation)
                .iter()
                .find(|m| m.name == *limit)?;
            member.constraints.iter().find_map(|constraint| match &constraint.rule {
                Rule::Default { value } => value.parse().ok(),
                _ => None,
            })
        }
    }
}
