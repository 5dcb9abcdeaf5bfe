//! Latency by percentile, from the histograms.

use std::io::Cursor;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hdrhistogram::Histogram;
use hdrhistogram::serialization::Deserializer;
use parallax_outcome::bench::{Bench, Latency};

use super::chart::{Axes, Chart, look};
use super::scale::Scale;

/// Points of a line for each nine of the axis.
const POINTS: u32 = 24;

/// What is known of one distribution: nines of the percentile, and milliseconds.
type Points = Vec<(f64, f64)>;

/// The curves of all targets; none where no histogram can be read.
pub(super) fn chart(bench: &Bench) -> Option<Chart> {
    let is_open = bench.targets.iter().any(|target| target.schedule.is_some());
    let mut curves = Vec::new();
    for (at, target) in bench.targets.iter().enumerate() {
        let corrected = points(&target.latency).map(|points| (look(at), points));
        let sent = points(&target.uncorrected).map(|points| (format!("{} sent", look(at)), points));
        curves.extend(sent.filter(|_| is_open));
        curves.extend(corrected);
    }
    let most = curves
        .iter()
        .filter_map(|(_, points)| points.last())
        .map(|(share, _)| -(1.0 - share).log10());
    let most = most.fold(0.0, f64::max);
    let times = curves
        .iter()
        .flat_map(|(_, points)| points.iter().map(|(_, time)| *time));
    let axes = Axes::new(Scale::nines(most), Scale::millis(times), 360.0);
    let mut chart = axes.chart("curves", "Latency by percentile", "percentile of the requests");
    chart.description = "Latency on a logarithmic scale against the percentile, each further nine as wide as the one \
                         before. The table of latencies has the same in numbers."
        .to_owned();
    chart.lines = curves
        .iter()
        .map(|(class, points)| axes.line(class.clone(), points))
        .collect();
    (!curves.is_empty()).then_some(chart)
}

/// The distribution up to the percentile that only the longest request is beyond: what lies further nobody measured.
fn points(latency: &Latency) -> Option<Points> {
    let histogram = decoded(&latency.histogram)?;
    // What was kept and what is told must be the same.
    if histogram.is_empty() || histogram.len() != latency.count {
        return None;
    }
    #[expect(clippy::cast_precision_loss, reason = "a percentile needs no more than 53 bits")]
    let nines = (histogram.len() as f64).log10().min(7.0);
    let count = (0..).take_while(|at| f64::from(*at) / f64::from(POINTS) < nines);
    let at = |nines: f64| {
        let share = 1.0 - 0.1_f64.powf(nines);
        (share, millis(histogram.value_at_quantile(share)))
    };
    let inner = count.map(|step: u32| at(f64::from(step) / f64::from(POINTS)));
    Some(inner.chain([at(nines)]).collect())
}

fn decoded(text: &str) -> Option<Histogram<u64>> {
    let bytes = STANDARD.decode(text).ok()?;
    Deserializer::new().deserialize(&mut Cursor::new(bytes)).ok()
}

#[expect(
    clippy::cast_precision_loss,
    reason = "times of less than three months fit a double exactly"
)]
fn millis(nanos: u64) -> f64 {
    nanos as f64 / 1e6
}
