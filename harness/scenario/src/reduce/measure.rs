//! How far a scenario is from simple.

use parallax_contract::{Call, Tweak, Value};

use crate::generate::notation::{Atom, atoms};
use crate::{Scenario, Step};

/// The size of a scenario. What comes first weighs more than all that follows, so a lesser measure is a simpler
/// scenario, and no scenario can be made simpler for ever.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Measure {
    /// Steps.
    pub steps: usize,
    /// Members, list elements, captures, departures from the usual encoding, and flags.
    pub parts: usize,
    /// Characters of texts and bytes of blobs, repetitions written out.
    pub length: usize,
    /// How far the characters are from the letter a: that letter is the plainest, then zero, then small letters and digits,
    /// the capital A, the rest of ASCII, and the rest.
    pub odd: usize,
    /// The magnitudes of all numbers together.
    pub numbers: u128,
}

/// The size of this scenario.
pub fn measure(scenario: &Scenario) -> Measure {
    let mut sum = Measure {
        steps: scenario.steps.len(),
        parts: usize::from(scenario.exclusive),
        ..Measure::default()
    };
    for step in &scenario.steps {
        sum.add_step(step);
    }
    sum
}

impl Measure {
    fn add_step(&mut self, step: &Step) {
        let Call { input, tweaks, .. } = &step.call;
        self.parts += tweaks.len() + step.captures.len();
        self.parts += usize::from(step.all_pages) + usize::from(step.until_refused);
        self.add(input);
        for tweak in tweaks {
            if let Tweak::Param(_, text) = tweak {
                self.add_text(text);
            }
        }
    }

    fn add(&mut self, value: &Value) {
        match value {
            Value::Null => {}
            Value::Bool(value) => self.numbers += u128::from(*value),
            Value::Int(number) => self.numbers += u128::from(number.unsigned_abs()),
            Value::Float(number) | Value::Timestamp(number) => self.numbers += magnitude(*number),
            Value::Text(text) => self.add_text(text),
            Value::Blob(bytes) => self.length += bytes.len(),
            Value::List(items) => {
                self.parts += items.len();
                items.iter().for_each(|item| self.add(item));
            }
            Value::Map(fields) => {
                self.parts += fields.len();
                fields.iter().for_each(|(_, value)| self.add(value));
            }
        }
    }

    fn add_text(&mut self, text: &str) {
        for atom in atoms(text) {
            let (length, odd) = weight(&atom);
            self.length = self.length.saturating_add(length);
            self.odd = self.odd.saturating_add(odd);
        }
    }
}

/// A number's distance from nothing; a fraction or no number at all is further than any of its neighbours.
pub(super) fn magnitude(number: f64) -> u128 {
    match number.is_finite() {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the absolute value, cut to what fits, is what is meant"
        )]
        true => u128::from(number.abs() as u64) + u128::from(number.fract() != 0.0),
        false => u128::from(u64::MAX) + 2,
    }
}

/// The length and the oddness of a part of a text.
fn weight(atom: &Atom) -> (usize, usize) {
    match atom {
        Atom::Char(c) => (1, oddness(*c)),
        Atom::Repeat(text, times) => {
            let odd: usize = text.chars().map(oddness).sum();
            (atom.length(), odd.saturating_mul(*times))
        }
        Atom::Place(_, form) => (1 + usize::from(form.is_some()), 0),
    }
}

/// How far a character is from the plainest.
pub(super) fn oddness(c: char) -> usize {
    match c {
        'a' => 0,
        '0' => 1,
        'b'..='z' | '1'..='9' => 2,
        'A' => 3,
        other if other.is_ascii() => 4,
        _ => 5,
    }
}
