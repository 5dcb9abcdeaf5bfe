//! How far a run is, for somebody who watches.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use parallax_outcome::{Event, Verdict};

/// How often the bar is drawn in a second, at most.
const HERTZ: u8 = 5;

/// A bar of scenarios, or nothing at all where nobody watches.
pub(crate) struct Progress {
    bar: ProgressBar,
    diverging: u64,
}

impl Progress {
    /// A bar for `plays` scenarios, each repetition counted.
    pub(crate) fn new(plays: u64, watched: bool) -> Self {
        let target = match watched {
            true => ProgressDrawTarget::stderr_with_hz(HERTZ),
            false => ProgressDrawTarget::hidden(),
        };
        let bar = ProgressBar::with_draw_target(Some(plays), target);
        if let Ok(style) = ProgressStyle::with_template("[{bar:40}] {pos}/{len} scenarios, {msg} ({eta} left)") {
            bar.set_style(style.progress_chars("=> "));
        }
        Self { bar, diverging: 0 }
    }

    /// Takes note of what happened.
    pub(crate) fn see(&mut self, event: &Event) {
        if let Event::Scenario(record) = event {
            let steps = record.steps.iter();
            self.diverging += steps
                .filter(|step| step.verdict == Verdict::Diverge)
                .map(|_| 1)
                .sum::<u64>();
            self.bar.set_message(format!("{} diverging steps", self.diverging));
            self.bar.inc(1);
        }
    }

    /// Removes the bar.
    pub(crate) fn end(&self) {
        self.bar.finish_and_clear();
    }
}
