//! The steps that look at what was done.

use super::Story;
use crate::generate::choose::index;

/// How many are looked at, at most, where all are.
const ALL: usize = 4;

impl Story<'_> {
    /// Looks at what the last step was about, or at another one that it should have left alone.
    pub(super) fn look(&mut self) {
        let at = match self.choose.below(5) {
            4 => index(self.choose, self.memory.made.len()),
            _ => self.memory.touched,
        };
        match self.choose.below(8) {
            5 | 6 => self.look_at_tags(at),
            7 => self.describe_all(),
            _ => self.look_at(at),
        }
    }

    /// Looks at each that was made lately.
    pub(super) fn look_round(&mut self) {
        if self.choose.below(3) == 2 {
            self.describe_all();
        }
        let count = self.memory.made.len();
        for at in count.saturating_sub(ALL)..count {
            match self.choose.below(4) {
                3 => self.look_at_tags(at),
                _ => self.look_at(at),
            }
        }
    }

    fn look_at(&mut self, at: usize) {
        if let Some(made) = self.memory.made.get(at)
            && let Some(kit) = self.plan.kits.get(made.kit)
        {
            let id = made.address.clone();
            self.describe_as(kit, id);
        }
    }

    fn look_at_tags(&mut self, at: usize) {
        match self.memory.made.get(at).and_then(|made| made.arn.clone()) {
            Some(arn) => self.list_tags_of(format!("{{{arn}}}")),
            None => self.look_at(at),
        }
    }
}
