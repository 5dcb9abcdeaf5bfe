//! How busy the whole machine was.

/// Time that all cores together ran and idled, in ticks of the system's clock; nothing where the system does not tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Busy {
    ran: u64,
    idled: u64,
}

impl Busy {
    /// What the system counted until now.
    pub(crate) fn now() -> Self {
        let text = std::fs::read_to_string("/proc/stat").unwrap_or_default();
        Self::parse(&text)
    }

    /// The first line: user, nice, system, idle, waiting for input, and kinds of interrupts.
    fn parse(text: &str) -> Self {
        let line = text.lines().next().and_then(|line| line.strip_prefix("cpu "));
        let times: Vec<u64> = line
            .into_iter()
            .flat_map(str::split_whitespace)
            .map_while(|time| time.parse().ok())
            .collect();
        let idled = times.iter().skip(3).take(2).sum();
        let all: u64 = times.iter().take(8).sum();
        Self {
            ran: all - idled,
            idled,
        }
    }

    /// Adds what was counted from one moment to another.
    pub(crate) fn add(&mut self, from: &Self, to: &Self) {
        self.ran += to.ran.saturating_sub(from.ran);
        self.idled += to.idled.saturating_sub(from.idled);
    }

    /// The share of the cores that was busy.
    #[expect(clippy::cast_precision_loss, reason = "a share needs no more than 53 bits")]
    pub(crate) fn share(&self) -> Option<f64> {
        let all = self.ran + self.idled;
        (all > 0).then(|| self.ran as f64 / all as f64)
    }
}

/// Lets this process open as many files as it may ever: each connection is one. Where that is refused, benches that want
/// more say so.
pub fn lift_descriptor_limit() {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    setrlimit(Resource::Nofile, limit).ok();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_for_input_is_idle() {
        let mut busy = Busy::default();
        busy.add(
            &Busy::parse("cpu  10 0 10 50 30 0 0 0 0 0\ncpu0 1\n"),
            &Busy::parse("cpu  30 0 20 70 80 0 0 0 0 0\n"),
        );
        assert_eq!(busy.share(), Some(0.3));
        assert_eq!(Busy::parse("nothing").share(), None);
    }
}
