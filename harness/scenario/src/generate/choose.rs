//! Where choices come from.

/// A source of bounded choices. Zero is the simplest choice everywhere, and an exhausted source answers zero.
pub trait Choose {
    /// A number below `n`; zero where `n` is zero.
    fn below(&mut self, n: u32) -> u32;
}

/// Choices that follow from a seed: SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number
/// generators", 2014). The same on every machine, and written out here so that no library's next version changes it.
#[derive(Clone, Debug)]
pub struct Seeded {
    state: u64,
}

impl Seeded {
    /// The choices of the `index`-th scenario of a seed.
    pub fn new(seed: u64, index: u64) -> Self {
        let mut outer = Self { state: seed };
        let base = outer.next();
        Self {
            state: base ^ Self { state: index }.next(),
        }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

impl Choose for Seeded {
    fn below(&mut self, n: u32) -> u32 {
        // The upper half scaled down: no division, and a bias far below anything that a test could see.
        let scaled = ((self.next() >> 32) * u64::from(n)) >> 32;
        u32::try_from(scaled).unwrap_or(0)
    }
}

/// Choices that were recorded, or that come from anywhere else as numbers.
#[derive(Clone, Debug)]
pub struct Replay<'a> {
    choices: &'a [u32],
}

impl<'a> Replay<'a> {
    /// These choices, each reduced to what is asked, and zeros afterwards.
    pub fn new(choices: &'a [u32]) -> Self {
        Self { choices }
    }
}

impl Choose for Replay<'_> {
    fn below(&mut self, n: u32) -> u32 {
        let Some((first, rest)) = self.choices.split_first() else {
            return 0;
        };
        self.choices = rest;
        first.checked_rem(n).unwrap_or(0)
    }
}

/// Another source, with every choice written down for a [`Replay`].
pub struct Recorder<'a> {
    source: &'a mut dyn Choose,
    choices: Vec<u32>,
}

impl<'a> Recorder<'a> {
    /// Records what `source` answers.
    pub fn new(source: &'a mut dyn Choose) -> Self {
        Self {
            source,
            choices: Vec::new(),
        }
    }

    /// What was answered so far.
    pub fn into_choices(self) -> Vec<u32> {
        self.choices
    }
}

impl Choose for Recorder<'_> {
    fn below(&mut self, n: u32) -> u32 {
        let choice = self.source.below(n);
        self.choices.push(choice);
        choice
    }
}

/// An index into something of this length; zero where it is empty.
pub(super) fn index(choose: &mut dyn Choose, length: usize) -> usize {
    choose.below(u32::try_from(length).unwrap_or(u32::MAX)) as usize
}

/// One of the items, the first being the simplest.
pub(super) fn pick<'a, T>(choose: &mut dyn Choose, items: &'a [T]) -> Option<&'a T> {
    items.get(index(choose, items.len()))
}

/// One of the last items more often than one of the first; the last is the simplest.
pub(super) fn pick_recent<'a, T>(choose: &mut dyn Choose, items: &'a [T]) -> Option<&'a T> {
    let back = match choose.below(2) {
        0 => 0,
        _ => index(choose, items.len()),
    };
    items.iter().rev().nth(back)
}

/// Happens once in `n` times; the simplest is that it does not.
pub(super) fn rarely(choose: &mut dyn Choose, n: u32) -> bool {
    choose.below(n) + 1 == n
}

/// One of the items by its weight, the first being the simplest.
pub(super) fn weighted<T: Copy>(choose: &mut dyn Choose, items: &[(u32, T)]) -> Option<T> {
    let mut left = choose.below(items.iter().map(|(weight, _)| weight).sum());
    for (weight, item) in items {
        match left.checked_sub(*weight) {
            Some(rest) => left = rest,
            None => return Some(*item),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_choices_of_a_seed_are_those_of_splitmix64() {
        // The published first outputs for the state 1234567.
        let mut source = Seeded { state: 1_234_567 };
        let first = [source.next(), source.next(), source.next()];
        assert_eq!(
            first,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423
            ]
        );
    }

    #[test]
    fn every_choice_is_below_its_bound_and_zero_below_zero() {
        let mut source = Seeded::new(1, 2);
        for bound in [1, 2, 7, u32::MAX] {
            assert!((0..100).all(|_| source.below(bound) < bound));
        }
        assert_eq!(source.below(0), 0);
        assert_eq!(Replay::new(&[5]).below(0), 0);
    }

    #[test]
    fn recorded_choices_replay_and_then_are_zero() {
        let mut source = Seeded::new(3, 4);
        let mut recorder = Recorder::new(&mut source);
        let first: Vec<_> = (1..20).map(|bound| recorder.below(bound)).collect();
        let choices = recorder.into_choices();
        let mut replay = Replay::new(&choices);
        assert_eq!((1..20).map(|bound| replay.below(bound)).collect::<Vec<_>>(), first);
        assert_eq!(replay.below(9), 0);
    }

    #[test]
    fn the_simplest_choice_is_the_first_item_and_that_rare_things_do_not_happen() {
        let mut zeros = Replay::new(&[]);
        assert_eq!(weighted(&mut zeros, &[(0, 'a'), (3, 'b'), (1, 'c')]), Some('b'));
        assert!(!rarely(&mut zeros, 4));
        assert_eq!(weighted(&mut Replay::new(&[3]), &[(3, 'b'), (1, 'c')]), Some('c'));
        assert_eq!(pick_recent(&mut zeros, &[1, 2]), Some(&2));
    }
}
