//! How a hunt goes, for somebody who watches, and in a line at its end.

use std::collections::BTreeMap;
use std::time::Instant;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use parallax_outcome::Kind;
use parallax_runner::{HuntEnd, HuntEvent};

/// How often the line is drawn in a second, at most.
const HERTZ: u8 = 5;

/// What a hunt has come to so far; a live line of it where somebody watches.
pub(super) struct Status {
    bar: ProgressBar,
    begin: Instant,
    /// When something new was last seen.
    news: Instant,
    steps: usize,
    behaviours: usize,
    kinds: BTreeMap<Kind, usize>,
}

impl Status {
    pub(super) fn new(watched: bool) -> Self {
        let target = match watched {
            true => ProgressDrawTarget::stderr_with_hz(HERTZ),
            false => ProgressDrawTarget::hidden(),
        };
        let bar = ProgressBar::with_draw_target(None, target);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}") {
            bar.set_style(style.tick_chars("|/-\\ "));
        }
        let now = Instant::now();
        Self {
            bar,
            begin: now,
            news: now,
            steps: 0,
            behaviours: 0,
            kinds: BTreeMap::new(),
        }
    }

    /// Takes note of what happened.
    pub(super) fn see(&mut self, event: &HuntEvent) {
        match event {
            // The hunt itself begins here.
            HuntEvent::Coverage(_) => {
                self.begin = Instant::now();
                self.news = self.begin;
            }
            HuntEvent::Played { steps, behaviours, new } => {
                self.steps += steps;
                self.behaviours = self.behaviours.max(*behaviours);
                if *new {
                    self.news = Instant::now();
                }
            }
            HuntEvent::Found(find) => {
                *self.kinds.entry(find.divergence.kind).or_default() += 1;
                self.news = Instant::now();
            }
        }
        self.bar.set_message(self.line());
        self.bar.tick();
    }

    /// Does something that writes to the terminal, with the line out of its way.
    pub(super) fn aside(&self, write: impl FnOnce()) {
        self.bar.suspend(write);
    }

    /// Removes the line.
    pub(super) fn end(&self) {
        self.bar.finish_and_clear();
    }

    /// The hunt in a line or two.
    pub(super) fn summary(&self, end: &HuntEnd) -> String {
        let seconds = self.begin.elapsed().as_secs_f64();
        format!(
            "{} sequences; {} steps in {seconds:.1} s, {:.0} a second, reductions among them; {} behaviours\n{}\n",
            end.cases,
            self.steps,
            self.rate(),
            self.behaviours,
            self.found()
        )
    }

    fn line(&self) -> String {
        format!(
            "{:.0} steps a second, {} behaviours, the last news {} s ago; {}",
            self.rate(),
            self.behaviours,
            self.news.elapsed().as_secs(),
            self.found()
        )
    }

    #[expect(clippy::cast_precision_loss, reason = "a rate needs no more than 53 bits")]
    fn rate(&self) -> f64 {
        self.steps as f64 / self.begin.elapsed().as_secs_f64().max(0.001)
    }

    fn found(&self) -> String {
        let kinds: Vec<_> = self
            .kinds
            .iter()
            .map(|(kind, count)| format!("{count} {kind}"))
            .collect();
        match kinds.as_slice() {
            [] => "no finds".to_owned(),
            some => format!("finds: {}", some.join(", ")),
        }
    }
}
