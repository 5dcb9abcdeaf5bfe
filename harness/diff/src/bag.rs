//! Bags: lists with known elements in any order.

use parallax_contract::{Evidence, Pattern, Piece, Value};
use parallax_outcome::Kind;

use crate::findings::Findings;
use crate::listing::{key_of, place};
use crate::path::Path;
use crate::{show, text};

/// How many lacking elements are told one by one: a list that was lost is one thing to mend, not fifty.
const TOLD: usize = 2;

/// What is due, and what of it has not been seen yet.
struct Bag<'p> {
    key: &'p str,
    left: Vec<Due<'p>>,
    at: Path<'p>,
    why: &'p Evidence,
}

/// One element that must, or may, be there.
struct Due<'p> {
    pattern: &'p Pattern,
    key: Option<&'p str>,
    required: bool,
}

impl Findings<'_> {
    /// Exactly these elements and perhaps the optional ones, in any order. Elements of one key go to the pattern that
    /// fits. An empty key means that the elements are texts and their own keys.
    pub(crate) fn bag(
        &mut self,
        key: &str,
        (required, optional): (&[Pattern], &[Pattern]),
        value: Option<&Value>,
        at: Path<'_>,
        why: &Evidence,
    ) {
        let Some(elements) = self.elements(value, at, why) else {
            return;
        };
        let due = |pattern, required| Due {
            pattern,
            key: pattern_key(pattern, key),
            required,
        };
        let required = required.iter().map(|pattern| due(pattern, true));
        let mut left: Vec<_> = required
            .chain(optional.iter().map(|pattern| due(pattern, false)))
            .collect();
        left.sort_by_key(|due| looseness(due.pattern));
        let mut bag = Bag { key, left, at, why };
        let mut elements: Vec<(usize, &Value)> = elements.iter().enumerate().collect();
        elements.retain(|(_, element)| !self.take_fitting(&mut bag, element));
        elements.retain(|element| !self.take_alike(&mut bag, *element, |due, seen| due == seen));
        elements.retain(|element| !self.take_alike(&mut bag, *element, nearly));
        for (index, element) in elements {
            let sides = ("nothing".to_owned(), show::value(Some(element)));
            self.usual(Kind::Unexpected, place(&bag.at, element, key, index), sides, why);
        }
        let lacking: Vec<_> = bag.left.iter().filter(|due| due.required).collect();
        for due in lacking.iter().take(TOLD) {
            self.lacking(&bag, due);
        }
        if let more @ 1.. = lacking.len().saturating_sub(TOLD) {
            let sides = (format!("{more} more elements"), "nothing".to_owned());
            self.usual(Kind::Missing, bag.at, sides, why);
        }
    }

    /// Takes the first pattern that the element fits without a difference, one for its very key before one for any.
    fn take_fitting(&mut self, bag: &mut Bag<'_>, element: &Value) -> bool {
        let seen = key_of(element, bag.key);
        let mut fits = |key| {
            let mut left = bag.left.iter();
            left.position(|due| due.key == key && self.is_silent(due.pattern, element))
        };
        let found = seen.and_then(|seen| fits(Some(seen))).or_else(|| fits(None));
        found.map(|at| bag.left.remove(at)).is_some()
    }

    fn is_silent(&mut self, pattern: &Pattern, element: &Value) -> bool {
        let before = self.found.len();
        self.walk(pattern, Some(element), Path::Root);
        let silent = self.found.len() == before;
        self.found.truncate(before);
        silent
    }

    /// Takes the first pattern whose key is like the element's, and tells what differs.
    fn take_alike(
        &mut self,
        bag: &mut Bag<'_>,
        (index, element): (usize, &Value),
        alike: impl Fn(&str, &str) -> bool,
    ) -> bool {
        let Some(seen) = key_of(element, bag.key) else {
            return false;
        };
        let found = bag
            .left
            .iter()
            .position(|due| due.key.is_some_and(|due| alike(due, seen)));
        let Some(due) = found.map(|at| bag.left.remove(at)) else {
            return false;
        };
        self.walk(due.pattern, Some(element), place(&bag.at, element, bag.key, index));
        true
    }

    fn lacking(&mut self, bag: &Bag<'_>, due: &Due<'_>) {
        let nothing = "nothing".to_owned();
        match due.key {
            Some(key) => self.usual(
                Kind::Missing,
                Path::Key(&bag.at, key),
                (show::text(key), nothing),
                bag.why,
            ),
            None => self.usual(Kind::Missing, bag.at, ("one more element".to_owned(), nothing), bag.why),
        }
    }
}

/// What fits much is tried last, else it takes what only another fits.
fn looseness(pattern: &Pattern) -> u8 {
    match pattern {
        Pattern::Any { .. } => 2,
        Pattern::Template { pieces, .. } if matches!(pieces.as_slice(), [Piece::Bound(_)]) => 1,
        _ => 0,
    }
}

fn nearly(due: &str, seen: &str) -> bool {
    text::difference(due, seen) != Kind::Value
}

/// The key of the elements that a pattern is for.
pub(crate) fn pattern_key<'p>(pattern: &'p Pattern, key: &str) -> Option<&'p str> {
    match pattern {
        Pattern::Exactly { value, .. } => key_of(value, key),
        Pattern::Fields(fields) => match &fields.iter().find(|(name, _)| name == key)?.1 {
            Pattern::Exactly { value, .. } => value.as_text(),
            _ => None,
        },
        _ => None,
    }
}
