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
    /// What is not told yet, with the number of threads that told theirs.
    open: BTreeMap<u64, (Tick, usize)>,
    from: Duration,
    length: Duration,
    threads: usize,
}

impl Seconds {
    /// Begins a round that starts at this measured time.
    pub(crate) fn begin(&mut self, from: Duration, length: Duration, threads: usize) {
        (self.from, self.length, self.threads) = (from, length, threads);
    }

    /// Takes what one thread saw in a second.
    pub(crate) fn add(&mut self, tick: &Tick, tell: &mut dyn FnMut(Second)) {
        let open = self.open.entry(tick.second);
        let (sum, told) = open.or_insert_with(|| (Tick::new(tick.second), 0));
        sum.answers += tick.answers;
        sum.verified += tick.verified;
        sum.errors += tick.errors;
        sum.times.merge(&tick.times);
        *told += 1;
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

    fn close(&mut self, sum: &Tick, tell: &mut dyn FnMut(Second)) {
        let at = Duration::from_secs(sum.second);
        let length = self.length.saturating_sub(at).min(Duration::from_secs(1));
        // What came exactly at the end, or after it, stands with the last second.
        if length.is_zero() {
            if let Some(last) = self.all.last_mut() {
                last.answers += sum.answers;
                last.verified += sum.verified;
                last.errors += sum.errors;
                last.max = last.max.max(sum.times.max());
            }
            return;
        }
        let second = Second {
            at: (self.from + at).as_secs_f64(),
            length: length.as_secs_f64(),
            answers: sum.answers,
            verified: sum.verified,
            errors: sum.errors,
            p50: sum.times.at(0.5),
            p99: sum.times.at(0.99),
            max: sum.times.max(),
        };
        self.all.push(second.clone());
        tell(second);
    }
}
