//! Behaviours as libFuzzer's extra counters.
//!
//! libFuzzer takes the section for coverage: it clears it before each run, reads it afterwards, and keeps an input that
//! changed a counter in a way not seen before. So it is guided by what a target did that it cannot look into.

use std::sync::atomic::{AtomicU8, Ordering};

/// How many counters there are. Two of a thousand behaviours share one with a probability of 1 %.
const COUNTERS: usize = 1 << 16;

#[expect(
    unsafe_code,
    reason = "libFuzzer finds its extra counters by the name of their section"
)]
#[unsafe(link_section = "__libfuzzer_extra_counters")]
#[used]
static SEEN: [AtomicU8; COUNTERS] = [const { AtomicU8::new(0) }; COUNTERS];

/// Counts one behaviour, by its number.
pub fn count(behaviour: u64) {
    let at = usize::try_from(behaviour % COUNTERS as u64).unwrap_or_default();
    if let Some(counter) = SEEN.get(at) {
        let before = counter.load(Ordering::Relaxed);
        counter.store(before.saturating_add(1), Ordering::Relaxed);
    }
}
