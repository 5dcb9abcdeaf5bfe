//! What was said at the steps that have divergences, so that a reader can lay both answers side by side.

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::deal::Deal;
use crate::divergence::stable_id;

/// The most steps whose words a report keeps, the first of each cause, as many of one as of another: a target that is
/// wrong throughout must not fill the memory.
pub const MOST: usize = 5_000;

/// The most bytes that these words have.
pub const BYTES: usize = 24 << 20;

/// The longest text that is kept whole, in bytes.
pub const WHOLE: usize = 8 * 1024;

/// What was said at one step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transcript {
    /// The request: method and query, header fields, an empty line, the body.
    pub request: Text,
    /// The target's answer: status, header fields, an empty line, the body. `None` where none arrived.
    pub answer: Option<Text>,
    /// The reference's answer, where the reference is one that answers.
    pub reference: Option<Text>,
    /// Both answers decoded and aligned: a line for each value, with its path, what was due and what was there, each
    /// after a tab. `unspecified` is what no source tells, `nothing` what is not there.
    pub fields: Text,
}

/// A text, or the beginning of a long one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Text {
    /// As much as is kept.
    pub text: Arc<str>,
    /// How many bytes the whole has, where it was cut.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
}

impl Transcript {
    /// All its texts.
    pub fn texts(&mut self) -> impl Iterator<Item = &mut Text> {
        let Self {
            request,
            answer,
            reference,
            fields,
        } = self;
        let all = [Some(request), answer.as_mut(), reference.as_mut(), Some(fields)];
        all.into_iter().flatten()
    }
}

impl Text {
    /// The text, cut behind a whole character if it is longer than [`WHOLE`].
    pub fn new(text: &str) -> Self {
        let end = text.floor_char_boundary(WHOLE);
        Self {
            text: text.get(..end).unwrap_or_default().into(),
            bytes: (end < text.len()).then_some(text.len() as u64),
        }
    }
}

/// What was said at the steps that have divergences. A text that recurs is held once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Transcripts {
    /// The steps, in the order of the scenarios; [`MOST`] of them at most.
    pub steps: Vec<SaidAt>,
    /// The texts that the steps name.
    pub texts: BTreeMap<String, Text>,
}

/// What was said at a step; each text by its name in [`Transcripts::texts`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SaidAt {
    /// The scenario's path.
    pub scenario: String,
    /// The step's name.
    pub step: String,
    /// The request.
    pub request: String,
    /// The target's answer, if one arrived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// The reference's answer, if the reference is one that answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// Both answers decoded, as in [`Transcript::fields`].
    pub fields: String,
}

impl Transcripts {
    /// Adds a step behind the others.
    pub fn push(&mut self, scenario: &str, step: &str, said: Transcript) {
        let said = SaidAt {
            scenario: scenario.to_owned(),
            step: step.to_owned(),
            request: self.keep(said.request),
            answer: said.answer.map(|text| self.keep(text)),
            reference: said.reference.map(|text| self.keep(text)),
            fields: self.keep(said.fields),
        };
        self.steps.push(said);
    }

    /// The text's name. Texts of one name are the same, whatever their digests.
    fn keep(&mut self, text: Text) -> String {
        let mut name = stable_id(&[&text.text]);
        while self.texts.get(&name).is_some_and(|known| *known != text) {
            name.push('x');
        }
        self.texts.entry(name.clone()).or_insert(text);
        name
    }
}

/// The transcripts of at most [`MOST`] steps of a run and [`BYTES`] bytes, dealt out to the causes.
#[derive(Debug)]
pub(crate) struct Shelf {
    kept: Deal<Transcript>,
    /// Each text, with how many transcripts have it.
    texts: BTreeMap<Arc<str>, usize>,
    /// How many bytes the texts have, each once.
    bytes: usize,
}

impl Default for Shelf {
    fn default() -> Self {
        Self {
            kept: Deal::new(MOST),
            texts: BTreeMap::new(),
            bytes: 0,
        }
    }
}

impl Shelf {
    /// Keeps a transcript of a step with a divergence of this cause, unless there is one.
    pub(crate) fn put(&mut self, cause: u32, (scenario, step): (usize, usize), mut said: Transcript) {
        let place = (scenario, step, 0);
        if self.kept.contains(place) {
            return;
        }
        for text in said.texts() {
            if let Some((known, _)) = self.texts.get_key_value(&text.text) {
                text.text = Arc::clone(known);
            } else {
                self.bytes += text.text.len();
            }
            *self.texts.entry(Arc::clone(&text.text)).or_default() += 1;
        }
        let mut evicted = self.kept.put(cause, place, said);
        loop {
            if let Some((.., said)) = evicted {
                self.forget(said);
            }
            evicted = (self.bytes > BYTES).then(|| self.kept.evict()).flatten();
            if evicted.is_none() {
                break;
            }
        }
    }

    /// Whether what was said at a step is kept so far.
    pub(crate) fn holds(&self, (scenario, step): (usize, usize)) -> bool {
        self.kept.contains((scenario, step, 0))
    }

    /// Forgets the texts that nothing else has.
    fn forget(&mut self, mut said: Transcript) {
        for text in said.texts() {
            let count = self.texts.get_mut(&text.text);
            if count.is_some_and(|count| {
                *count -= 1;
                *count == 0
            }) {
                self.texts.remove(&text.text);
                self.bytes -= text.text.len();
            }
        }
    }

    /// All that was kept, in order.
    pub(crate) fn into_iter(self) -> impl Iterator<Item = ((usize, usize), Transcript)> {
        self.kept
            .into_iter()
            .map(|((scenario, step, _), said)| ((scenario, step), said))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(answer: &str) -> Transcript {
        Transcript {
            request: Text::new("POST /"),
            answer: Some(Text::new(answer)),
            reference: None,
            fields: Text::new(""),
        }
    }

    #[test]
    fn a_long_text_is_cut_and_says_so() {
        let text = Text::new(&"é".repeat(WHOLE));
        assert_eq!((text.text.len(), text.bytes), (WHOLE, Some(2 * WHOLE as u64)));
        let odd = Text::new(&format!("a{}", "é".repeat(WHOLE)));
        assert_eq!(odd.text.len(), WHOLE - 1);
        assert_eq!(Text::new("short").bytes, None);
    }

    #[test]
    fn a_text_that_recurs_is_held_once() {
        let mut transcripts = Transcripts::default();
        for scenario in ["a", "b", "c"] {
            transcripts.push(scenario, "step", said(if scenario == "c" { "else" } else { "same" }));
        }
        assert_eq!(transcripts.texts.len(), 4);
        assert_eq!(transcripts.steps[0].answer, transcripts.steps[1].answer);
        assert_ne!(transcripts.steps[1].answer, transcripts.steps[2].answer);
    }

    #[test]
    fn the_first_steps_are_kept_whatever_the_order_they_come_in() {
        let places = |order: &mut dyn Iterator<Item = usize>| {
            let mut shelf = Shelf::default();
            // As a collector does, which holds the transcript meanwhile.
            order.for_each(|at| {
                let said = said(&at.to_string());
                shelf.put(0, (at, 0), said.clone());
            });
            assert_eq!(shelf.texts.len(), MOST + 2, "what was dropped is forgotten");
            shelf.into_iter().map(|(place, _)| place.0).collect::<Vec<_>>()
        };
        let first: Vec<_> = (0..MOST).collect();
        assert_eq!(places(&mut (0..MOST + 9)), first);
        assert_eq!(places(&mut (0..MOST + 9).rev()), first);
    }

    #[test]
    fn long_texts_take_the_room_of_others_but_do_not_fill_the_memory() {
        let mut shelf = Shelf::default();
        let long = |at: usize| said(&format!("{at}{}", "x".repeat(WHOLE - 9)));
        (0..MOST).for_each(|at| shelf.put(0, (at, 0), long(at)));
        let held: usize = shelf.texts.keys().map(|text| text.len()).sum();
        assert_eq!(held, shelf.bytes);
        assert!((BYTES - WHOLE..=BYTES).contains(&held), "{held}");
        let kept: Vec<_> = shelf.into_iter().map(|(place, _)| place.0).collect();
        assert_eq!(kept, (0..kept.len()).collect::<Vec<_>>());
    }
}
