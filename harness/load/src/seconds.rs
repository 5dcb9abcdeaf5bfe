//! The time line: what the threads saw in each second, put together.

use std::collections::BTreeMap;
use std::time::Duration;

use parallax_outcome::bench::Second;

use crate::record::Tick;

/// A second is told once all threads are beyond it, or this many seconds later at the latest.
const PATIENCE: u64 = 3;

/// The seconds of one target.
#[derive(Default)]
pub(crate) struct Seconds {
    all: Vec<Second>,
    /// Which of all is the first of the round.
    first: usize,
    /// What is not told yet, with the number of threads that told theirs.
    open: BTreeMap<u64, (Tick, usize)>,
    from: Duration,
    length: Duration,
    threads: usize,
    /// The first second of the round that is not told yet.
    next: u64,
}

impl Seconds {
    /// Begins a round that starts at this measured time.
    pub(crate) fn begin(&mut self, from: Duration, length: Duration, threads: usize) {
        (self.from, self.length, self.threads, self.next) = (from, length, threads, 0);
        self.first = self.all.len();
    }

    /// Takes what one thread saw in a second.
    pub(crate) fn add(&mut self, tick: &Tick, tell: &mut dyn FnMut(Second)) {
        let open = self.open.entry(tick.second);
        let (sum, told) = open.or_insert_with(|| (Tick::new(tick.second), 0));
        sum.answers += tick.answers;
        sum.verified += tick.verified;
        sum.errors += tick.errors;
        sum.never_sent += tick.never_sent;
        sum.times.merge(&tick.times);
        *told += usize::from(tick.is_over);
        while let Some(first) = self.open.first_entry() {
            let late = tick.second >= *first.key() + PATIENCE;
            if first.get().1 < self.threads && !late {
                return;
            }
            let (sum, _) = first.remove();
            self.close(&sum, tell);
        }
    }

    /// Ends a round that lasted this long.
    pub(crate) fn finish(&mut self, lasted: Duration, tell: &mut dyn FnMut(Second)) {
        self.length = lasted;
        for (_, (sum, _)) in std::mem::take(&mut self.open) {
            self.close(&sum, tell);
        }
        while Duration::from_secs(self.next) < lasted {
            self.push(&Tick::new(self.next), tell);
        }
        // One that was broken off may have been told by all threads already, as a whole one.
        let end = (self.from + lasted).as_secs_f64();
        if let Some(last) = self.all.last_mut() {
            last.length = last.length.min((end - last.at).max(0.0));
        }
    }

    /// All seconds in order.
    pub(crate) fn into_all(self) -> Vec<Second> {
        self.all
    }

    /// Tells a second, and those before in which nothing came.
    fn close(&mut self, sum: &Tick, tell: &mut dyn FnMut(Second)) {
        while self.next < sum.second && Duration::from_secs(self.next) < self.length {
            self.push(&Tick::new(self.next), tell);
        }
        match sum.second < self.next || Duration::from_secs(sum.second) >= self.length {
            true => self.late(sum),
            false => self.push(sum, tell),
        }
    }

    /// Adds what came after its second was told; what came exactly at the end, or after it, stands with the last one.
    fn late(&mut self, sum: &Tick) {
        let own = usize::try_from(sum.second)
            .ok()
            .and_then(|at| self.first.checked_add(at));
        let last = self.all.len().saturating_sub(1);
        if let Some(second) = self.all.get_mut(own.unwrap_or(last).min(last)) {
            second.answers += sum.answers;
            second.verified += sum.verified;
            second.errors += sum.errors;
            second.never_sent += sum.never_sent;
            second.max = second.max.max(sum.times.max());
        }
    }

    fn push(&mut self, sum: &Tick, tell: &mut dyn FnMut(Second)) {
        let at = Duration::from_secs(sum.second);
        let length = self.length.saturating_sub(at).min(Duration::from_secs(1));
        self.next = sum.second + 1;
        let second = Second {
            at: (self.from + at).as_secs_f64(),
            length: length.as_secs_f64(),
            answers: sum.answers,
            verified: sum.verified,
            errors: sum.errors,
            never_sent: sum.never_sent,
            p50: sum.times.at(0.5),
            p99: sum.times.at(0.99),
            max: sum.times.max(),
        };
        self.all.push(second.clone());
        tell(second);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tick(second: u64, answers: u64) -> Tick {
        Tick {
            answers,
            ..Tick::new(second)
        }
    }

    /// The seconds of a round of two threads, with how long each was and how many answers it had.
    fn told(ticks: &[(u64, u64)], ordered: u64, lasted: Duration) -> Vec<(f64, u64)> {
        let mut seconds = Seconds::default();
        seconds.begin(Duration::ZERO, Duration::from_secs(ordered), 2);
        for (second, answers) in ticks {
            seconds.add(&tick(*second, *answers), &mut |_| {});
        }
        seconds.finish(lasted, &mut |_| {});
        seconds
            .into_all()
            .iter()
            .map(|second| (second.length, second.answers))
            .collect()
    }

    #[test]
    fn a_second_in_which_nothing_came_is_told_as_one() {
        let ticks = [(0, 5), (0, 5), (3, 1), (3, 1)];
        let all = told(&ticks, 5, Duration::from_secs(5));
        assert_eq!(all, [(1.0, 10), (1.0, 0), (1.0, 0), (1.0, 2), (1.0, 0)]);
    }

    #[test]
    fn what_one_thread_tells_late_is_not_lost() {
        let ticks = [(0, 5), (1, 5), (2, 5), (3, 5), (0, 7)];
        let all = told(&ticks, 4, Duration::from_secs(4));
        assert_eq!(all.len(), 4);
        assert_eq!(all.iter().map(|(_, answers)| answers).sum::<u64>(), 27);
    }

    #[test]
    fn what_was_never_sent_stands_with_the_second_in_which_it_was_due() {
        let mut seconds = Seconds::default();
        for from in [0, 3] {
            seconds.begin(Duration::from_secs(from), Duration::from_secs(3), 2);
            for second in [0, 0, 1, 1, 2, 2] {
                seconds.add(&tick(second, 1), &mut |_| {});
            }
            // Each thread tells it after its last answer.
            let never = Tick {
                errors: 4,
                never_sent: 4,
                is_over: false,
                ..Tick::new(1)
            };
            seconds.add(&never, &mut |_| {});
            seconds.add(&never, &mut |_| {});
            seconds.finish(Duration::from_secs(3), &mut |_| {});
        }
        let all: Vec<_> = (seconds.into_all().iter())
            .map(|second| (second.answers, second.errors, second.never_sent))
            .collect();
        assert_eq!(all, [(2, 0, 0), (2, 8, 8), (2, 0, 0), (2, 0, 0), (2, 8, 8), (2, 0, 0)]);
    }

    #[test]
    fn a_round_that_was_broken_off_ends_when_it_did() {
        let ticks = [(0, 5), (0, 5), (1, 1), (1, 1)];
        let all = told(&ticks, 3600, Duration::from_millis(1250));
        assert_eq!(all, [(1.0, 10), (0.25, 2)]);
    }
}
