//! So many things and no more, dealt out to their causes in turn.

use std::collections::{BTreeMap, BTreeSet};

/// Where a thing belongs: the scenario, the step, and a number within the step.
pub(crate) type Place = (usize, usize, u32);

/// At most so many things. Of each cause the first are kept, and no cause has more while another that has fewer goes
/// without, so that a frequent cause cannot crowd out a rare one. What is kept does not depend on the order in which
/// things come: whatever must go is the last of a largest cause, and nothing that comes later could have saved it.
#[derive(Debug)]
pub(crate) struct Deal<T> {
    room: usize,
    held: BTreeMap<Place, (u32, T)>,
    /// The places of each cause.
    of_cause: Vec<BTreeSet<Place>>,
    /// Each cause by how many it has and where its last is.
    sizes: BTreeSet<(usize, Place, u32)>,
}

impl<T> Deal<T> {
    /// Nothing yet, and room for so many.
    pub(crate) fn new(room: usize) -> Self {
        Self {
            room,
            held: BTreeMap::new(),
            of_cause: Vec::new(),
            sizes: BTreeSet::new(),
        }
    }

    /// Whether there is something at this place.
    pub(crate) fn contains(&self, place: Place) -> bool {
        self.held.contains_key(&place)
    }

    /// Puts a thing at its place, unless there is one. What must go for it, perhaps itself, comes back.
    pub(crate) fn put(&mut self, cause: u32, place: Place, thing: T) -> Option<(Place, u32, T)> {
        if self.contains(place) {
            return None;
        }
        self.held.insert(place, (cause, thing));
        self.change(cause, |places| {
            places.insert(place);
        });
        (self.held.len() > self.room).then(|| self.evict()).flatten()
    }

    /// Takes out what goes first.
    pub(crate) fn evict(&mut self) -> Option<(Place, u32, T)> {
        let (_, place, cause) = *self.sizes.last()?;
        self.change(cause, |places| {
            places.remove(&place);
        });
        let (_, thing) = self.held.remove(&place)?;
        Some((place, cause, thing))
    }

    /// All that is kept, in order.
    pub(crate) fn into_iter(self) -> impl Iterator<Item = (Place, T)> {
        self.held.into_iter().map(|(place, (_, thing))| (place, thing))
    }

    fn change(&mut self, cause: u32, change: impl FnOnce(&mut BTreeSet<Place>)) {
        let at = cause as usize;
        if self.of_cause.len() <= at {
            self.of_cause.resize_with(at + 1, BTreeSet::new);
        }
        if let Some(places) = self.of_cause.get_mut(at) {
            let size = |places: &BTreeSet<Place>| places.last().map(|last| (places.len(), *last, cause));
            size(places).map(|size| self.sizes.remove(&size));
            change(places);
            self.sizes.extend(size(places));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is kept of these causes, each at the place of its number.
    fn kept(room: usize, order: impl Iterator<Item = (usize, u32)>) -> Vec<usize> {
        let mut deal = Deal::new(room);
        for (at, cause) in order {
            deal.put(cause, (at, 0, 0), ());
        }
        deal.into_iter().map(|(place, ())| place.0).collect()
    }

    /// The same by definition: the first of each cause, then the second of each, until there is no more room.
    fn dealt(room: usize, causes: &[u32]) -> Vec<usize> {
        let rank = |at: usize| causes.iter().take(at).filter(|cause| **cause == causes[at]).count();
        let mut places: Vec<_> = (0..causes.len()).map(|at| (rank(at), at)).collect();
        places.sort_unstable();
        let mut kept: Vec<_> = places.into_iter().take(room).map(|(_, at)| at).collect();
        kept.sort_unstable();
        kept
    }

    #[test]
    fn each_cause_has_its_first_in_turn_whatever_the_order_they_come_in() {
        for seed in 1..200_u64 {
            let number = |at: usize| (at as u64 + 1).wrapping_mul(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15)) >> 40;
            let causes: Vec<u32> = (0..40)
                .map(|at| (number(at) % 5 * number(at + 99) % 7) as u32)
                .collect();
            let places = || causes.iter().copied().enumerate();
            let mut shuffled: Vec<_> = places().collect();
            shuffled.sort_by_key(|(at, _)| number(at + 1000));
            for room in [0, 1, 7, 20, 39, 40, 50] {
                let expected = dealt(room, &causes);
                assert_eq!(kept(room, places()), expected);
                assert_eq!(kept(room, places().rev()), expected);
                assert_eq!(kept(room, shuffled.iter().copied()), expected);
            }
        }
    }

    #[test]
    fn what_is_there_is_not_put_twice() {
        let mut deal = Deal::new(1);
        assert_eq!(deal.put(0, (1, 0, 0), "a"), None);
        assert_eq!(deal.put(3, (1, 0, 0), "b"), None);
        assert_eq!(deal.put(0, (0, 0, 0), "c"), Some(((1, 0, 0), 0, "a")));
    }
}
