//! How a bench goes, for somebody who watches.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use parallax_load::{Event, Plan};
use parallax_report::bench::{duration, number};

use super::round_of;
use crate::screen::Screen;

/// How often the line is drawn in a second, at most.
const HERTZ: u8 = 5;

/// One line that changes, or nothing at all where nobody watches.
pub(crate) struct Live {
    bar: ProgressBar,
    screen: Screen,
    head: String,
    rounds: u32,
    round: f64,
}

impl Live {
    pub(crate) fn new(plan: &Plan, screen: Screen) -> Self {
        let target = match screen.progress() {
            true => ProgressDrawTarget::stderr_with_hz(HERTZ),
            false => ProgressDrawTarget::hidden(),
        };
        let bar = ProgressBar::with_draw_target(None, target);
        if let Ok(style) = ProgressStyle::with_template("{msg}") {
            bar.set_style(style);
        }
        Self {
            bar,
            screen,
            head: String::new(),
            rounds: plan.rounds,
            round: round_of(plan).as_secs_f64(),
        }
    }

    /// Shows what happened.
    pub(crate) fn see(&mut self, event: &Event) {
        match event {
            Event::Preparing(target) => self.show(&format!("{target}: preparing")),
            Event::Deleting(target) => self.show(&format!("{target}: deleting what was created")),
            Event::LeftBehind(target, many) => self.bar.suspend(|| {
                let many = match many {
                    1 => "one resource".to_owned(),
                    many => format!("{many} resources"),
                };
                self.screen
                    .say(&format!("`{target}`: {many} could not be deleted and stay there"));
            }),
            Event::Trying { target, rate } => self.show(&format!("{target}: trying {} a second", number(*rate))),
            Event::Round { target, round } => {
                self.head = format!(
                    "{target}, round {round} of {}, {} s each",
                    self.rounds,
                    number(self.round)
                );
                self.show(&self.head.clone());
            }
            Event::Second(second) => {
                let per = |count: u64| number(rate(count, second.length));
                self.show(&format!(
                    "{}: {} answers/s, {} right, {} errors, p50 {}, p99 {}, max {}",
                    self.head,
                    per(second.answers),
                    per(second.verified),
                    second.errors,
                    duration(second.p50),
                    duration(second.p99),
                    duration(second.max),
                ));
            }
        }
    }

    fn show(&self, text: &str) {
        self.bar.set_message(text.to_owned());
        self.bar.tick();
    }

    /// Removes the line.
    pub(crate) fn end(&self) {
        self.bar.finish_and_clear();
    }
}

#[expect(clippy::cast_precision_loss, reason = "what happens in a second fits 53 bits")]
fn rate(count: u64, seconds: f64) -> f64 {
    count as f64 / seconds.max(f64::MIN_POSITIVE)
}
