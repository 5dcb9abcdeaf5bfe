//! A run in parts, each of which a machine of its own may play.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::fmt;
use std::str::FromStr;

use parallax_outcome::divergence::hash;

/// The most parts of a run.
const MOST: u32 = 4096;

/// Which part of a run, such as `2/8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// Which one, from 1.
    pub index: u32,
    /// How many there are.
    pub count: u32,
}

/// A text that names no part.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no part of a run; write it like `2/8`, the first being `1/8`, with at most {MOST} parts")]
pub struct ShardError(String);

impl FromStr for Shard {
    type Err = ShardError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let numbers = text
            .split_once('/')
            .map(|(index, count)| (index.parse(), count.parse()));
        match numbers {
            Some((Ok(index), Ok(count))) if (1..=count).contains(&index) && count <= MOST => Ok(Self { index, count }),
            _ => Err(ShardError(text.to_owned())),
        }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.count)
    }
}

/// The part, from 1, that each of these scenarios belongs to: by a hash of its path, so that a scenario stays where it is
/// when others come and go.
///
/// With `durations` (in microseconds, by path) the parts are balanced instead: the longest scenario first, each to the
/// part with the least to do. What has no duration counts as the mean of the others.
pub fn split(paths: &[&str], count: u32, durations: Option<&BTreeMap<String, u64>>) -> Vec<u32> {
    match durations {
        Some(durations) => balanced(paths, count, durations),
        None => paths.iter().map(|path| by_hash(path, count)).collect(),
    }
}

fn by_hash(path: &str, count: u32) -> u32 {
    let part = hash(&[path]).checked_rem(u64::from(count)).unwrap_or(0);
    u32::try_from(part).map_or(1, |part| part + 1)
}

fn balanced(paths: &[&str], count: u32, durations: &BTreeMap<String, u64>) -> Vec<u32> {
    let known: Vec<u64> = paths.iter().filter_map(|path| durations.get(*path)).copied().collect();
    let sum: u64 = known.iter().fold(0, |sum, micros| sum.saturating_add(*micros));
    let mean = sum.checked_div(known.len() as u64).unwrap_or(0).max(1);
    let length = |path: &str| durations.get(path).copied().unwrap_or(mean);
    let mut longest: Vec<_> = paths
        .iter()
        .enumerate()
        .map(|(at, path)| (Reverse(length(path)), *path, at))
        .collect();
    longest.sort_unstable();
    let mut parts: BinaryHeap<_> = (1..=count).map(|part| Reverse((0_u64, part))).collect();
    let mut split = vec![1; paths.len()];
    for (Reverse(micros), _, at) in longest {
        if let (Some(Reverse((load, part))), Some(of)) = (parts.pop(), split.get_mut(at)) {
            *of = part;
            parts.push(Reverse((load.saturating_add(micros), part)));
        }
    }
    split
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<(u32, u32)>) {
        let shard = text.parse::<Shard>().ok();
        assert_eq!(shard.map(|shard| (shard.index, shard.count)), expected, "{text}");
    }

    #[test]
    fn a_part_is_written_as_one_of_how_many() {
        check("2/8", Some((2, 8)));
        check("1/1", Some((1, 1)));
        for wrong in ["0/8", "9/8", "8", "a/8", "1/0", "-1/2", "1/2/3", "1/5000", ""] {
            check(wrong, None);
        }
    }

    #[test]
    fn a_scenario_stays_in_its_part_when_others_come_and_go() {
        let (few, more) = (["a", "b"], ["c", "a", "b", "d"]);
        assert_eq!(split(&few, 8, None), split(&more, 8, None)[1..3]);
    }

    #[test]
    fn durations_balance_the_parts() {
        let paths: Vec<String> = (0..100).map(|number| format!("s{number}")).collect();
        let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
        let durations: BTreeMap<_, _> = paths
            .iter()
            .zip(1..)
            .map(|(path, micros)| ((*path).to_owned(), micros))
            .collect();
        let split = split(&paths, 7, Some(&durations));
        let load = |part| {
            (1..)
                .zip(&split)
                .filter(|(_, of)| **of == part)
                .map(|(micros, _)| micros)
                .sum::<u64>()
        };
        let loads: Vec<u64> = (1..=7).map(load).collect();
        assert_eq!(loads.iter().sum::<u64>(), 5050);
        assert!(
            loads.iter().max().unwrap() - loads.iter().min().unwrap() <= 10,
            "{loads:?}"
        );
    }

    #[test]
    fn what_has_no_duration_is_spread_all_the_same() {
        let paths = ["a", "b", "c", "d"];
        let mut split = split(&paths, 4, Some(&BTreeMap::new()));
        split.sort_unstable();
        assert_eq!(split, [1, 2, 3, 4]);
    }
}
