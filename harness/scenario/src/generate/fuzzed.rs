//! A fuzzer's bytes as choices.

use arbitrary::{Arbitrary, Result, Unstructured};

use super::Generator;
use super::choose::{Choose, Replay};
use crate::Scenario;

/// The bytes that are left decide; none left is zero.
impl Choose for Unstructured<'_> {
    fn below(&mut self, n: u32) -> u32 {
        match n {
            0 => 0,
            _ => self.int_in_range(0..=n - 1).unwrap_or(0),
        }
    }
}

/// A scenario before its contract is known: the choices that make it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Generated {
    choices: Vec<u32>,
}

impl Generated {
    /// The scenario that the choices make with this generator.
    pub fn scenario(&self, generator: &Generator) -> Scenario {
        generator.scenario(&mut Replay::new(&self.choices))
    }
}

impl<'a> Arbitrary<'a> for Generated {
    /// Two bytes a choice: no generator asks for more than a wild character's 20 bits, and seldom for those.
    fn arbitrary(bytes: &mut Unstructured<'a>) -> Result<Self> {
        let mut choices = Vec::with_capacity(bytes.len() / 2);
        while !bytes.is_empty() {
            choices.push(u32::from(bytes.arbitrary::<u16>()?));
        }
        Ok(Self { choices })
    }
}
