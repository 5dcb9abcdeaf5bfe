//! What is kept of the requests: histograms and counts, of a size that does not grow with the time.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;

use crate::actor::Done;
use crate::gate::Start;
use crate::verify::{Worth, Wrong};

/// The finest difference that latencies are kept to, in nanoseconds; besides, three digits are.
const FINEST: u64 = 100;
/// The longest time that is kept as it is: an hour.
const LONGEST: u64 = 3_600_000_000_000;

/// The kind of error of a request that was due and for which no connection was ever free.
const NEVER_SENT: &str = "never-sent";

/// Times in nanoseconds. Two digits do for what is only shown, three for what is kept.
#[derive(Clone, Debug)]
pub(crate) struct Times(pub(crate) Histogram<u64>);

impl Times {
    pub(crate) fn new(digits: u8) -> Self {
        #[expect(clippy::expect_used, reason = "the bounds are constants, which the library takes")]
        Self(Histogram::new_with_bounds(FINEST, LONGEST, digits).expect("bounds in order"))
    }

    pub(crate) fn add(&mut self, time: Duration) {
        self.0
            .saturating_record(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX));
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        // Equal bounds always add up.
        self.0.add(&other.0).ok();
    }

    /// The time at a quantile, in milliseconds; 0 without any.
    pub(crate) fn at(&self, quantile: f64) -> f64 {
        match self.0.is_empty() {
            true => 0.0,
            false => millis(self.0.value_at_quantile(quantile)),
        }
    }

    /// The longest, in milliseconds; 0 without any.
    pub(crate) fn max(&self) -> f64 {
        millis(self.0.max())
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "times of less than three months fit a double exactly"
)]
pub(crate) fn millis(nanos: u64) -> f64 {
    nanos as f64 / 1e6
}

/// What came of one operation, or of all.
#[derive(Clone, Debug)]
pub(crate) struct Tally {
    /// Answers within the time.
    pub(crate) answers: u64,
    /// Of these, those that were found right.
    pub(crate) verified: u64,
    pub(crate) inconclusive: u64,
    pub(crate) errors: u64,
    /// From the intended start.
    pub(crate) corrected: Times,
    /// From the sending.
    pub(crate) uncorrected: Times,
}

impl Tally {
    fn new() -> Self {
        Self {
            answers: 0,
            verified: 0,
            inconclusive: 0,
            errors: 0,
            corrected: Times::new(3),
            uncorrected: Times::new(3),
        }
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        self.answers += other.answers;
        self.verified += other.verified;
        self.inconclusive += other.inconclusive;
        self.errors += other.errors;
        self.corrected.merge(&other.corrected);
        self.uncorrected.merge(&other.uncorrected);
    }
}

/// What went wrong in one way.
#[derive(Clone, Debug)]
pub(crate) struct Mishap {
    pub(crate) count: u64,
    pub(crate) example: String,
    pub(crate) times: Times,
}

/// What one thread saw in a round; those of several threads and rounds add up.
#[derive(Clone, Debug)]
pub(crate) struct Totals {
    /// By operation, in the mix's order.
    pub(crate) operations: Vec<Tally>,
    pub(crate) mishaps: BTreeMap<&'static str, Mishap>,
    /// What connecting took.
    pub(crate) connects: Times,
    /// How much later than intended requests were sent that had a connection.
    pub(crate) lateness: Times,
    /// Requests that were due within the time.
    pub(crate) due: u64,
    /// Requests sent within the time.
    pub(crate) sent: u64,
    /// Requests that had to wait for a connection.
    pub(crate) queued: u64,
    /// When the last answer came, whatever it said, also in the warm-up and after the end.
    pub(crate) answered: Option<Instant>,
    /// When a request last found nobody who listened, or a connection that closed.
    pub(crate) forsaken: Option<Instant>,
    /// When a request last ran out of time.
    pub(crate) silent: Option<Instant>,
    /// For how long the thread ran, and within which time.
    pub(crate) busy: Duration,
    pub(crate) elapsed: Duration,
}

impl Totals {
    pub(crate) fn new(operations: usize) -> Self {
        Self {
            operations: std::iter::repeat_with(Tally::new).take(operations).collect(),
            mishaps: BTreeMap::new(),
            connects: Times::new(3),
            lateness: Times::new(3),
            due: 0,
            sent: 0,
            queued: 0,
            answered: None,
            forsaken: None,
            silent: None,
            busy: Duration::ZERO,
            elapsed: Duration::ZERO,
        }
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        for (own, other) in self.operations.iter_mut().zip(&other.operations) {
            own.merge(other);
        }
        for (kind, other) in &other.mishaps {
            let own = self.mishaps.entry(kind).or_insert_with(|| Mishap::new(&other.example));
            own.count += other.count;
            own.times.merge(&other.times);
        }
        self.connects.merge(&other.connects);
        self.lateness.merge(&other.lateness);
        self.due += other.due;
        self.sent += other.sent;
        self.queued += other.queued;
        self.answered = self.answered.max(other.answered);
        self.forsaken = self.forsaken.max(other.forsaken);
        self.silent = self.silent.max(other.silent);
        self.busy += other.busy;
        self.elapsed += other.elapsed;
    }

    /// Whether what was asked last found nobody.
    pub(crate) fn ends_forsaken(&self) -> bool {
        self.forsaken > self.answered
    }

    /// Whether what was asked last was waited for in vain.
    pub(crate) fn ends_silent(&self) -> bool {
        self.silent > self.answered
    }

    /// All operations together.
    pub(crate) fn whole(&self) -> Tally {
        let mut whole = Tally::new();
        for tally in &self.operations {
            whole.merge(tally);
        }
        // Which operation these were to ask, nobody drew.
        whole.errors += self.mishaps.get(NEVER_SENT).map_or(0, |mishap| mishap.count);
        whole
    }
}

impl Mishap {
    fn new(example: &str) -> Self {
        Self {
            count: 0,
            example: example.to_owned(),
            times: Times::new(2),
        }
    }
}

/// What happened in one second, as far as one thread saw it.
#[derive(Clone, Debug)]
pub(crate) struct Tick {
    pub(crate) second: u64,
    pub(crate) answers: u64,
    pub(crate) verified: u64,
    pub(crate) errors: u64,
    /// How many of the errors are requests that were due then and never sent.
    pub(crate) never_sent: u64,
    /// Whether this is all that the thread has to tell of the second, but for what was never sent.
    pub(crate) is_over: bool,
    pub(crate) times: Times,
}

impl Tick {
    pub(crate) fn new(second: u64) -> Self {
        Self {
            never_sent: 0,
            is_over: true,
            second,
            answers: 0,
            verified: 0,
            errors: 0,
            times: Times::new(2),
        }
    }
}

/// Keeps what one thread sees in a round.
pub(crate) struct Recorder {
    /// Requests that are meant to start before are of the warm-up.
    begin: Instant,
    end: Instant,
    pub(crate) totals: Totals,
    tick: Tick,
    ticks: Box<dyn Fn(Tick) + Send>,
}

impl Recorder {
    pub(crate) fn new(begin: Instant, end: Instant, operations: usize, ticks: Box<dyn Fn(Tick) + Send>) -> Self {
        Self {
            begin,
            end,
            totals: Totals::new(operations),
            tick: Tick::new(0),
            ticks,
        }
    }

    /// Keeps what came of a request.
    pub(crate) fn request(&mut self, start: Start, done: &Done) {
        match &done.result {
            Ok(_) => self.totals.answered = self.totals.answered.max(Some(done.done)),
            Err(wrong) => self.lost(wrong, done.done),
        }
        if start.intended < self.begin {
            return;
        }
        self.totals.due += 1;
        self.turn_to(done.done);
        self.schedule(start, done.sent);
        match &done.result {
            Ok(Worth::Wrong(wrong)) => {
                self.answer(done, false);
                self.mishap(
                    done.operation,
                    wrong,
                    done.done.saturating_duration_since(start.intended),
                );
            }
            Ok(worth) => {
                self.answer(done, *worth == Worth::Right);
                let tally = self.totals.operations.get_mut(done.operation);
                if let Some(tally) = tally {
                    let corrected = done.done.saturating_duration_since(start.intended);
                    tally.corrected.add(corrected);
                    tally.uncorrected.add(done.done.saturating_duration_since(done.sent));
                    tally.inconclusive += u64::from(*worth == Worth::Open);
                    self.tick.times.add(corrected);
                }
            }
            Err(wrong) => self.mishap(
                done.operation,
                wrong,
                done.done.saturating_duration_since(start.intended),
            ),
        }
    }

    /// Keeps what opening a connection took. The first ones are opened before anything is measured.
    pub(crate) fn connected(&mut self, took: Duration) {
        self.totals.connects.add(took);
    }

    /// Keeps a request that could not be sent for want of a connection.
    pub(crate) fn unsent(&mut self, start: Start, operation: usize, wrong: &Wrong) {
        let now = Instant::now();
        self.lost(wrong, now);
        if start.intended >= self.begin {
            self.totals.due += 1;
            self.turn_to(now);
            self.mishap(operation, wrong, now.saturating_duration_since(start.intended));
        }
    }

    /// Notes that nobody was there, or that somebody takes long, who may be.
    fn lost(&mut self, wrong: &Wrong, at: Instant) {
        let last = match wrong.kind {
            "unreachable" | "closed" => &mut self.totals.forsaken,
            "timed-out" => &mut self.totals.silent,
            _ => return,
        };
        *last = (*last).max(Some(at));
    }

    /// Keeps how many requests were due and not sent yet when somebody broke it off, which is no error.
    pub(crate) fn overdue(&mut self, by_second: &BTreeMap<u64, u64>) {
        self.totals.due += by_second.values().sum::<u64>();
    }

    /// Keeps how many requests were due in each second and never sent.
    pub(crate) fn never_sent(&mut self, by_second: &BTreeMap<u64, u64>, patience: Duration) {
        let count = by_second.values().sum::<u64>();
        if count == 0 {
            return;
        }
        for (second, count) in by_second {
            (self.ticks)(Tick {
                errors: *count,
                never_sent: *count,
                is_over: false,
                ..Tick::new(*second)
            });
        }
        self.totals.due += count;
        let example = format!(
            "due, and still waiting for a connection {:.3} s after the end",
            patience.as_secs_f64()
        );
        let mishap = self.totals.mishaps.entry(NEVER_SENT);
        mishap.or_insert_with(|| Mishap::new(&example)).count += count;
    }

    fn schedule(&mut self, start: Start, sent: Instant) {
        self.totals.sent += u64::from(sent < self.end);
        match start.queued {
            true => self.totals.queued += 1,
            false => self.totals.lateness.add(sent.saturating_duration_since(start.intended)),
        }
    }

    /// An answer that comes after the end counts in no rate.
    fn answer(&mut self, done: &Done, verified: bool) {
        if done.done >= self.end {
            return;
        }
        if let Some(tally) = self.totals.operations.get_mut(done.operation) {
            tally.answers += 1;
            tally.verified += u64::from(verified);
        }
        self.tick.answers += 1;
        self.tick.verified += u64::from(verified);
    }

    fn mishap(&mut self, operation: usize, wrong: &Wrong, took: Duration) {
        if let Some(tally) = self.totals.operations.get_mut(operation) {
            tally.errors += 1;
        }
        self.tick.errors += 1;
        let mishaps = &mut self.totals.mishaps;
        let mishap = mishaps.entry(wrong.kind).or_insert_with(|| Mishap::new(&wrong.example));
        mishap.count += 1;
        mishap.times.add(took);
    }

    /// Tells of the seconds that are over.
    fn turn_to(&mut self, now: Instant) {
        let second = now.min(self.end).saturating_duration_since(self.begin).as_secs();
        if second > self.tick.second {
            let over = std::mem::replace(&mut self.tick, Tick::new(second));
            (self.ticks)(over);
        }
    }

    /// Ends the last second.
    pub(crate) fn end(self) -> Totals {
        (self.ticks)(self.tick);
        self.totals
    }
}

#[cfg(test)]
mod tests {
    use parallax_endpoint::fault::Stall;

    use super::*;

    const STALL: Stall = Stall {
        every: Duration::from_secs(10),
        length: Duration::from_secs(1),
    };
    /// What an answer takes outside of a stall.
    const SERVICE: Duration = Duration::from_micros(200);

    /// What comes of a schedule of even distances on connections that are taken in turn, with a target that stalls; by
    /// reckoning, without a clock.
    fn schedule(rate: u32, connections: usize, seconds: u32) -> Totals {
        let begin = Instant::now();
        let end = begin + Duration::from_secs(seconds.into());
        let mut recorder = Recorder::new(begin, end, 1, Box::new(|_| {}));
        let mut free = vec![Duration::ZERO; connections];
        for at in 0..rate * seconds {
            let intended = Duration::from_secs(1) * at / rate;
            let first = free.iter_mut().min().unwrap();
            let queued = *first > intended;
            let sent = intended.max(*first);
            let done = sent + STALL.left(sent).unwrap_or_default() + SERVICE;
            *first = done;
            let start = Start {
                intended: begin + intended,
                queued,
            };
            let done = Done {
                operation: 0,
                sent: begin + sent,
                done: begin + done,
                result: Ok(Worth::Right),
            };
            recorder.request(start, &done);
        }
        recorder.end()
    }

    #[test]
    fn a_stall_shows_in_what_counts_from_the_intended_start_as_the_schedule_implies() {
        let whole = schedule(1000, 16, 100).whole();
        for quantile in [0.95, 0.99, 0.995, 0.999] {
            let implied = STALL.quantile(quantile).as_secs_f64() * 1e3;
            let corrected = whole.corrected.at(quantile);
            assert!(
                (corrected / implied - 1.0).abs() < 0.05,
                "{corrected} ms for {implied} ms at {quantile}"
            );
        }
    }

    #[test]
    fn what_counts_from_the_sending_hides_a_stall() {
        let whole = schedule(1000, 16, 100).whole();
        // Sixteen of a thousand requests of ten seconds are ever sent into a stall.
        assert!(whole.uncorrected.at(0.99) < 1.0, "{} ms", whole.uncorrected.at(0.99));
        assert!(whole.uncorrected.max() > 900.0);
        assert_eq!(whole.uncorrected.0.len(), whole.corrected.0.len());
    }
}
