//! A chart as lines in a rectangle: what the template draws.

use std::fmt::Write as _;

use super::scale::Scale;

/// The drawing's size, in its own units, and the rectangle that the lines are in.
pub(super) const WIDTH: f64 = 760.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 746.0;
const TOP: f64 = 12.0;

/// How many colours and how many kinds of dashes there are; together they tell twelve lines apart.
const COLOURS: usize = 6;
const DASHES: usize = 4;

/// A chart that is ready to be drawn.
pub(super) struct Chart {
    /// The identifier of its title on the page.
    pub(super) id: &'static str,
    /// What it is.
    pub(super) title: &'static str,
    /// What it shows, for those who do not see it.
    pub(super) description: String,
    /// What the horizontal axis counts.
    pub(super) x_name: &'static str,
    /// Its height.
    pub(super) height: f64,
    pub(super) x_ticks: Vec<Tick>,
    pub(super) y_ticks: Vec<Tick>,
    pub(super) lines: Vec<Line>,
    pub(super) marks: Vec<Mark>,
}

/// A line across the chart, with its word.
pub(super) struct Tick {
    pub(super) at: String,
    pub(super) label: String,
}

/// One line of data.
pub(super) struct Line {
    /// How it looks.
    pub(super) class: String,
    /// Its points, as SVG writes them.
    pub(super) points: String,
}

/// A point that stands out.
pub(super) struct Mark {
    pub(super) class: String,
    pub(super) x: String,
    pub(super) y: String,
}

/// Both axes of a chart.
pub(super) struct Axes {
    x: Scale,
    y: Scale,
    height: f64,
}

impl Axes {
    pub(super) fn new(x: Scale, y: Scale, height: f64) -> Self {
        Self { x, y, height }
    }

    /// Where the rectangle ends below.
    fn bottom(&self) -> f64 {
        self.height - 40.0
    }

    fn x(&self, value: f64) -> f64 {
        LEFT + self.x.share(value) * (RIGHT - LEFT)
    }

    fn y(&self, value: f64) -> f64 {
        self.bottom() - self.y.share(value) * (self.bottom() - TOP)
    }

    /// An empty chart with these axes.
    pub(super) fn chart(&self, id: &'static str, title: &'static str, x_name: &'static str) -> Chart {
        let tick = |at: f64, label: &str| Tick {
            at: place(at),
            label: label.to_owned(),
        };
        Chart {
            id,
            title,
            x_name,
            description: String::new(),
            height: self.height,
            x_ticks: (self.x.ticks().iter())
                .map(|(at, label)| tick(self.x(*at), label))
                .collect(),
            y_ticks: (self.y.ticks().iter())
                .map(|(at, label)| tick(self.y(*at), label))
                .collect(),
            lines: Vec::new(),
            marks: Vec::new(),
        }
    }

    /// A line through these points.
    pub(super) fn line(&self, class: String, points: &[(f64, f64)]) -> Line {
        let mut text = String::new();
        for (x, y) in points {
            // Writing to a string cannot fail.
            let _ = write!(text, "{},{} ", place(self.x(*x)), place(self.y(*y)));
        }
        Line {
            class,
            points: text.trim_end().to_owned(),
        }
    }

    /// A mark on the horizontal axis.
    pub(super) fn mark(&self, class: String, x: f64) -> Mark {
        Mark {
            class,
            x: place(self.x(x)),
            y: place(self.bottom()),
        }
    }
}

impl Chart {
    /// Where the rectangle ends below.
    pub(super) fn bottom(&self) -> f64 {
        self.height - 40.0
    }

    /// Where the words of the horizontal axis stand.
    pub(super) fn words(&self) -> f64 {
        self.height - 24.0
    }
}

/// What the lines of the target at this place look like.
pub(super) fn look(place: usize) -> String {
    format!("series c{} d{}", place % COLOURS, place % DASHES)
}

fn place(at: f64) -> String {
    format!("{at:.1}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twelve_targets_look_different() {
        let looks: std::collections::BTreeSet<_> = (0..12).map(look).collect();
        assert_eq!(looks.len(), 12);
    }

    #[test]
    fn the_least_value_is_at_the_bottom_and_the_greatest_at_the_top() {
        let axes = Axes::new(Scale::linear(10.0), Scale::linear(100.0), 300.0);
        let line = axes.line(String::new(), &[(0.0, 0.0), (10.0, 100.0)]);
        assert_eq!(line.points, "64.0,260.0 746.0,12.0");
    }
}
