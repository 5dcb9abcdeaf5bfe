//! From values to places on an axis, and the values that an axis names.

/// Decades beyond which an axis names no more of them; a clock knows fewer.
const DECADES: f64 = 12.0;

/// One axis: where a value stands, from 0 to 1, and which ones are named.
pub(super) struct Scale {
    kind: Kind,
    from: f64,
    to: f64,
    ticks: Vec<(f64, String)>,
}

#[derive(Clone, Copy)]
enum Kind {
    Linear,
    Logarithmic,
    /// By the number of nines: 0.9 is at 1, 0.99 at 2.
    Nines,
}

impl Scale {
    /// From 0 to at least `most`, with a handful of round numbers.
    pub(super) fn linear(most: f64) -> Self {
        let step = round_step(sane(most).max(f64::MIN_POSITIVE));
        let count = (sane(most) / step).ceil().clamp(1.0, 10.0);
        let values = std::iter::successors(Some(0.0), |last| Some(last + 1.0)).take_while(|at| *at <= count);
        Self {
            kind: Kind::Linear,
            from: 0.0,
            to: count * step,
            ticks: values
                .map(|at| (at * step, crate::bench::words::plain(at * step)))
                .collect(),
        }
    }

    /// From 0 to exactly `most` seconds.
    pub(super) fn seconds(most: f64) -> Self {
        let mut scale = Self::linear(most);
        scale.to = sane(most).max(f64::MIN_POSITIVE);
        scale.ticks.retain(|(at, _)| *at <= scale.to);
        scale
    }

    /// Milliseconds by decades, all of `values` within.
    pub(super) fn millis(values: impl Iterator<Item = f64>) -> Self {
        let (mut least, mut most) = (f64::INFINITY, 0.0_f64);
        for value in values.filter(|value| value.is_finite() && *value > 0.0) {
            (least, most) = (least.min(value), most.max(value));
        }
        let (least, most) = if least <= most { (least, most) } else { (0.1, 1.0) };
        let to = most.log10().ceil();
        let from = least.log10().floor().min(to - 1.0).max(to - DECADES);
        let decades = std::iter::successors(Some(from), |last| Some(last + 1.0)).take_while(|at| *at <= to);
        Self {
            kind: Kind::Logarithmic,
            from,
            to,
            ticks: decades
                .map(|exponent| {
                    let value = 10_f64.powf(exponent);
                    (value, time(value))
                })
                .collect(),
        }
    }

    /// Percentiles by their nines, up to so many.
    pub(super) fn nines(most: f64) -> Self {
        let names = ["0 %", "90 %", "99 %", "99.9 %", "99.99 %", "99.999 %", "99.9999 %"];
        let to = sane(most).clamp(1.0, 7.0);
        let mut ticks: Vec<_> = (0_u32..)
            .zip(names)
            .map(|(nines, name)| (1.0 - 0.1_f64.powf(f64::from(nines)), name.to_owned()))
            .filter(|(at, _)| nines_of(*at) <= to + 1e-9)
            .collect();
        ticks.push((0.5, "50 %".to_owned()));
        Self {
            kind: Kind::Nines,
            from: 0.0,
            to,
            ticks,
        }
    }

    /// Which values are named, and how.
    pub(super) fn ticks(&self) -> &[(f64, String)] {
        &self.ticks
    }

    /// Where a value stands; what is beyond either end stands at it.
    pub(super) fn share(&self, value: f64) -> f64 {
        let value = match self.kind {
            Kind::Linear => value,
            Kind::Logarithmic => value.log10(),
            Kind::Nines => nines_of(value),
        };
        let share = (value - self.from) / (self.to - self.from);
        // Nothing is at the lower end, as is the logarithm of nothing.
        if share.is_nan() { 0.0 } else { share.clamp(0.0, 1.0) }
    }
}

fn nines_of(share: f64) -> f64 {
    -(1.0 - share).log10()
}

/// A file may hold any number.
fn sane(number: f64) -> f64 {
    if number.is_finite() {
        number.clamp(0.0, 1e15)
    } else {
        0.0
    }
}

/// 1, 2 or 5 of a power of ten, five or so of which make the whole.
fn round_step(whole: f64) -> f64 {
    let rough = whole / 5.0;
    let power = 10_f64.powf(rough.log10().floor());
    let digit = rough / power;
    let round = match digit {
        digit if digit <= 1.0 => 1.0,
        digit if digit <= 2.0 => 2.0,
        digit if digit <= 5.0 => 5.0,
        _ => 10.0,
    };
    round * power
}

/// A power of ten of milliseconds.
fn time(millis: f64) -> String {
    let whole = |number: f64, unit: &str| format!("{} {unit}", crate::bench::words::plain(number));
    match millis {
        millis if millis < 0.999 => whole(millis * 1e3, "µs"),
        millis if millis < 999.0 => whole(millis, "ms"),
        millis => whole(millis / 1e3, "s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(scale: &Scale) -> Vec<&str> {
        scale.ticks().iter().map(|(_, label)| label.as_str()).collect()
    }

    #[test]
    fn rates_have_round_numbers() {
        assert_eq!(
            labels(&Scale::linear(8_700.0)),
            ["0", "2,000", "4,000", "6,000", "8,000", "10,000"]
        );
        assert_eq!(labels(&Scale::linear(0.0)).first(), Some(&"0"));
        assert_eq!(labels(&Scale::seconds(10.0)), ["0", "2", "4", "6", "8", "10"]);
    }

    #[test]
    fn latencies_go_by_decades() {
        assert_eq!(
            labels(&Scale::millis([0.034, 1200.0].into_iter())),
            ["10 µs", "100 µs", "1 ms", "10 ms", "100 ms", "1 s", "10 s"]
        );
        assert_eq!(labels(&Scale::millis(std::iter::empty())), ["100 µs", "1 ms"]);
    }

    #[test]
    fn each_nine_takes_the_same_room() {
        let scale = Scale::nines(4.0);
        let places = [0.0, 0.9, 0.99, 0.999, 0.9999].map(|share| scale.share(share));
        for (place, due) in places.into_iter().zip([0.0, 0.25, 0.5, 0.75, 1.0]) {
            assert!((place - due).abs() < 1e-9, "{place} for {due}");
        }
        assert_eq!(scale.share(1.0), 1.0);
    }

    #[test]
    fn no_number_of_a_file_leaves_the_axis() {
        for number in [f64::NAN, f64::INFINITY, -1.0, 1e308, 1e-300] {
            for scale in [
                Scale::linear(number),
                Scale::seconds(number),
                Scale::nines(number),
                Scale::millis([number, 1.0].into_iter()),
            ] {
                assert!(scale.ticks().len() <= 16, "{number}");
                for value in [number, 0.0, 1.0] {
                    assert!((0.0..=1.0).contains(&scale.share(value)), "{number} {value}");
                }
            }
        }
    }
}
