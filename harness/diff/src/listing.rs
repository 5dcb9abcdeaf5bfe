//! Listings: what the scenario made must be there, the rest is other people's.

use parallax_contract::{Confidence, Evidence, Listing, ListingItem, Presence, Value};
use parallax_outcome::{Kind, Severity};

use crate::findings::Findings;
use crate::path::Path;
use crate::{show, text};

impl Findings<'_> {
    /// What the scenario made must be there; the rest is other people's.
    pub(crate) fn listing(&mut self, listing: &Listing, value: Option<&Value>, at: Path<'_>) {
        let at = Path::Member(&at, &listing.member);
        let list = value.and_then(|value| value.get(&listing.member));
        let Some(elements) = self.elements(list, at, &listing.basis) else {
            return;
        };
        self.page_size(listing, elements, at);
        let mut seen = vec![0_usize; listing.items.len()];
        let mut strange: Vec<usize> = Vec::new();
        for (index, element) in elements.iter().enumerate() {
            let key = key_of(element, &listing.key);
            let item = key.and_then(|key| position_of(listing, key));
            match item.and_then(|item| Some((listing.items.get(item)?, seen.get_mut(item)?))) {
                Some((item, count)) => {
                    *count += 1;
                    let again = *count > 1;
                    self.listed(listing, item, element, (index, again), at);
                }
                None => strange.push(index),
            }
        }
        self.unlisted(listing, elements, (&mut seen, strange), at);
        let more = listing
            .marker
            .as_deref()
            .and_then(|marker| value?.get(marker))
            .is_some_and(|marker| !marker.is_empty() && marker.as_text() != Some(""));
        self.absent(listing, &seen, more, at);
    }

    fn page_size(&mut self, listing: &Listing, elements: &[Value], at: Path<'_>) {
        let Some(limit) = listing.at_most.filter(|limit| elements.len() as u64 > *limit) else {
            return;
        };
        // How many more depends on what others made.
        let sides = (format!("at most {limit} elements"), "more".to_owned());
        let why = Evidence {
            fact: "a page holds at most as many records as were asked for, or as are usual".to_owned(),
            source: format!("model: the paginator of {}; documentation of its limit", self.operation),
            confidence: Confidence::Documented,
        };
        // A client that pages reads them all the same.
        self.add((Kind::Value, Severity::Warning), at, sides, &why);
    }

    fn listed(
        &mut self,
        listing: &Listing,
        item: &ListingItem,
        element: &Value,
        (index, again): (usize, bool),
        at: Path<'_>,
    ) {
        let place = place(&at, element, &listing.key, index);
        if again {
            let sides = ("it once".to_owned(), "it again".to_owned());
            self.usual(Kind::Unexpected, place, sides, &listing.basis);
        } else if item.presence == Presence::Forbidden {
            let sides = ("it is not listed".to_owned(), "it is listed".to_owned());
            self.usual(Kind::State, place, sides, &listing.basis);
        } else {
            self.walk(&item.pattern, Some(element), place);
        }
    }

    /// Elements whose key is no known identifier: ours written otherwise, or other people's.
    fn unlisted(
        &mut self,
        listing: &Listing,
        elements: &[Value],
        (seen, strange): (&mut [usize], Vec<usize>),
        at: Path<'_>,
    ) {
        let mut others = false;
        for element in strange.into_iter().filter_map(|index| elements.get(index)) {
            let key = key_of(element, &listing.key);
            let mut items = listing.items.iter().zip(seen.iter_mut());
            let near = key.and_then(|key| Some((key, items.find(|(item, seen)| near(item, key, **seen))?)));
            match near {
                Some((key, (item, seen))) => {
                    *seen += 1;
                    self.misspelt(listing, item, (element, key), Path::Key(&at, key));
                }
                None => others = true,
            }
        }
        // Which others there are depends on when we ask: it is one difference, whoever they are.
        if others && !listing.others {
            let sides = ("only what was asked for".to_owned(), "others beside it".to_owned());
            self.usual(Kind::Unexpected, at, sides, &listing.basis);
        }
    }

    /// The pattern usually says in its own words that the identifier is written otherwise; else it is said here.
    fn misspelt(&mut self, listing: &Listing, item: &ListingItem, (element, key): (&Value, &str), at: Path<'_>) {
        let before = self.found.len();
        self.walk(&item.pattern, Some(element), at);
        let due = item.ids.first().map(String::as_str).unwrap_or_default();
        if self.found.len() == before {
            let kind = text::difference(due, key);
            self.usual(
                kind,
                Path::Member(&at, &listing.key),
                show::pair(due, key),
                &listing.basis,
            );
        }
    }

    fn absent(&mut self, listing: &Listing, seen: &[usize], more: bool, at: Path<'_>) {
        for (item, seen) in listing.items.iter().zip(seen) {
            if *seen == 0 && item.presence == Presence::Required && !more {
                let id = item.ids.first().map(String::as_str).unwrap_or_default();
                let sides = ("it is listed".to_owned(), "it is not listed".to_owned());
                self.usual(Kind::State, Path::Key(&at, id), sides, &listing.basis);
            }
        }
    }

    /// The elements of a list that may be absent; what is no list is a difference.
    pub(crate) fn elements<'v>(
        &mut self,
        value: Option<&'v Value>,
        at: Path<'_>,
        why: &Evidence,
    ) -> Option<&'v [Value]> {
        match value.filter(|value| !value.is_empty()) {
            None => Some(&[]),
            Some(Value::List(items)) => Some(items),
            Some(other) => {
                let sides = ("a list".to_owned(), show::value(Some(other)));
                self.usual(Kind::Type, at, sides, why);
                None
            }
        }
    }
}

/// The key of an element that the scenario made, however it is written.
pub(crate) fn own_key<'v>(listing: &Listing, element: &'v Value) -> Option<&'v str> {
    let key = key_of(element, &listing.key)?;
    let is_it = |item: &ListingItem| item.ids.iter().any(|id| id == key || alike(id, key));
    listing.items.iter().any(is_it).then_some(key)
}

/// What identifies an element: its member, or itself where it is a text and the key is empty.
pub(crate) fn key_of<'v>(element: &'v Value, key: &str) -> Option<&'v str> {
    if key.is_empty() {
        element.as_text()
    } else {
        element.get(key).and_then(Value::as_text)
    }
}

fn position_of(listing: &Listing, key: &str) -> Option<usize> {
    listing
        .items
        .iter()
        .position(|item| item.ids.iter().any(|id| id == key))
}

/// Whether an element's key is that of an item not seen yet, but for case, white space or escaping. A beginning is not
/// enough: short names begin other people's longer ones.
fn near(item: &ListingItem, key: &str, seen: usize) -> bool {
    seen == 0 && item.presence == Presence::Required && item.ids.iter().any(|id| alike(id, key))
}

/// Whether a key is an identifier in another case, with other white space or escaped otherwise.
pub(crate) fn alike(id: &str, key: &str) -> bool {
    matches!(text::difference(id, key), Kind::Case | Kind::Whitespace | Kind::Escaped)
}

pub(crate) fn place<'p>(at: &'p Path<'p>, element: &'p Value, key: &str, index: usize) -> Path<'p> {
    match key_of(element, key) {
        Some(key) => Path::Key(at, key),
        None => Path::Index(at, index),
    }
}
