//! Pauses in which nobody is answered.

use std::time::Duration;

/// A server that answers nobody at the end of each period, as one does that collects garbage or writes to a disk. Whatever
/// comes meanwhile is answered when the pause is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stall {
    /// From the end of one pause to the end of the next.
    pub every: Duration,
    /// How long a pause is.
    pub length: Duration,
}

impl Stall {
    /// How long a request waits that comes when the server is this old; `None` where it is answered at once.
    pub fn left(&self, age: Duration) -> Option<Duration> {
        let into = age.as_nanos().checked_rem(self.every.as_nanos())?;
        let left = self
            .every
            .saturating_sub(Duration::from_nanos(u64::try_from(into).ok()?));
        (left <= self.length).then_some(left)
    }

    /// The latency below which this share of the requests stay that come at even distances, for ever. It is what the
    /// pauses alone add: those that come within one wait for what is left of it.
    pub fn quantile(&self, share: f64) -> Duration {
        let beyond = self.every.mul_f64((1.0 - share).clamp(0.0, 1.0));
        self.length.saturating_sub(beyond)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STALL: Stall = Stall {
        every: Duration::from_secs(10),
        length: Duration::from_secs(1),
    };

    #[test]
    fn who_comes_in_the_last_second_of_ten_waits_for_its_end() {
        let left = |millis| STALL.left(Duration::from_millis(millis)).map(|left| left.as_millis());
        assert_eq!(
            [0, 8_999, 9_000, 9_750, 10_000].map(left),
            [None, None, Some(1000), Some(250), None]
        );
        assert_eq!(left(129_999), Some(1));
    }

    #[test]
    fn what_the_schedule_implies_is_what_evenly_spread_requests_wait() {
        let mut waits: Vec<_> = (0..100_000)
            .map(|at| STALL.left(Duration::from_micros(at * 100)).unwrap_or_default())
            .collect();
        waits.sort();
        for share in [0.5, 0.95, 0.99, 0.999] {
            let rank = (share * 1e5) as usize;
            assert!(
                waits[rank].abs_diff(STALL.quantile(share)) < Duration::from_millis(1),
                "{share}"
            );
        }
        assert_eq!(STALL.quantile(0.99), Duration::from_millis(900));
    }
}
