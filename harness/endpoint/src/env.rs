//! Time and identities, injected so that tests and recordings can fix them.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// Where time and fresh identities come from.
pub trait Env: Send + Sync {
    /// The time that a signature bears.
    fn now(&self) -> SystemTime;

    /// A fresh identity in the form of a UUID, for the request id of an answer.
    fn id(&self) -> String;
}

/// The machine's clock, and ids that no other start of this program gives out.
#[derive(Debug)]
pub struct RealEnv {
    seed: u64,
    count: AtomicU64,
}

impl RealEnv {
    /// An environment of its own, with its own ids.
    pub fn new() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self {
            seed: scramble(u64::try_from(since.as_nanos() & u128::from(u64::MAX)).unwrap_or_default()),
            count: AtomicU64::new(0),
        }
    }
}

impl Default for RealEnv {
    fn default() -> Self {
        Self::new()
    }
}

impl Env for RealEnv {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn id(&self) -> String {
        uuid_form(self.seed, self.count.fetch_add(1, Ordering::Relaxed))
    }
}

/// A UUID in form only: both halves are scrambled counters, so that ids differ but cost no system call.
pub(crate) fn uuid_form(seed: u64, count: u64) -> String {
    let high = scramble(seed ^ count);
    let low = scramble(high.wrapping_add(count));
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xfff,
        (low >> 48) & 0x3fff | 0x8000,
        low & 0xffff_ffff_ffff
    )
}

/// A number from 0 up to 1 that a fresh identity stands for.
pub(crate) fn fraction(id: &str) -> f64 {
    let mixed = id.bytes().fold(0, |sum, byte| scramble(sum ^ u64::from(byte)));
    // 32 bits are exact in a double.
    f64::from(u32::try_from(mixed >> 32).unwrap_or_default()) / f64::from(u32::MAX)
}

/// The finaliser of SplitMix64: every input bit moves every output bit.
fn scramble(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn ids_have_the_form_of_a_uuid_and_do_not_repeat() {
        let env = RealEnv::new();
        let ids: BTreeSet<_> = (0..1000).map(|_| env.id()).collect();
        assert_eq!(ids.len(), 1000);
        for id in ids {
            let lengths: Vec<_> = id.split('-').map(str::len).collect();
            assert_eq!(lengths, [8, 4, 4, 4, 12], "{id}");
            assert!(id.bytes().all(|b| b == b'-' || b.is_ascii_hexdigit()), "{id}");
        }
    }
}
