//! What the script of the page reads.

use std::collections::BTreeMap;

use parallax_outcome::{Divergence, EvidenceLine, Report, Text, Transcripts, causes};
use serde::Serialize;

use super::strings::Strings;

/// The most divergences of a page, the worst first; report.json has all.
const DIVERGENCES: usize = 10_000;

/// How many bytes the texts of a page may have. What was said is left out beyond, and report.json has it.
const BYTES: usize = 14 * 1024 * 1024;

/// The divergences of a page, grouped by cause. Texts are numbers into `strings`.
#[derive(Debug, Default, Serialize)]
pub(super) struct Data {
    strings: Strings,
    /// Each cause with its divergences.
    causes: Vec<Vec<Entry>>,
    /// Statement, source and confidence.
    evidence: Vec<[usize; 3]>,
    /// What was said, step by step.
    said: Vec<Said>,
    /// How many divergences are not on the page.
    left_out: u64,
}

/// One divergence.
#[derive(Debug, Serialize)]
struct Entry {
    id: usize,
    kind: &'static str,
    severity: String,
    operation: usize,
    scenario: usize,
    step: usize,
    path: usize,
    expected: usize,
    observed: usize,
    /// Places in [`Data::evidence`].
    evidence: Vec<usize>,
    curl: usize,
    repeat: usize,
    /// Why a baseline accepts it, where that is dealt with, and until when.
    #[serde(skip_serializing_if = "Option::is_none")]
    known: Option<[usize; 3]>,
    /// The place in [`Data::said`].
    #[serde(skip_serializing_if = "Option::is_none")]
    said: Option<usize>,
}

/// What was said at a step.
#[derive(Debug, Serialize)]
struct Said {
    request: Block,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<Block>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<Block>,
    fields: Block,
}

/// A text and, where it was cut, how many bytes it had.
#[derive(Debug, Serialize)]
struct Block(usize, u64);

impl Data {
    /// The data of a report.
    pub(super) fn of(report: &Report) -> Self {
        let mut data = Self::default();
        let mut known = BTreeMap::new();
        let mut room = DIVERGENCES;
        for cause in causes(report, |_, _| true) {
            let some = cause.members.iter().take(room);
            let entries: Vec<_> = some.map(|divergence| data.entry(divergence, &mut known)).collect();
            room -= entries.len();
            data.left_out += cause.times() - entries.len() as u64;
            if !entries.is_empty() {
                data.causes.push(entries);
            }
        }
        data.say(report);
        data
    }

    fn entry<'r>(&mut self, divergence: &'r Divergence, known: &mut BTreeMap<&'r EvidenceLine, usize>) -> Entry {
        let evidence = divergence
            .evidence
            .iter()
            .map(|line| self.evidence(line, known))
            .collect();
        let strings = &mut self.strings;
        let known = divergence.known.as_deref().map(|known| {
            let [link, until] = [&known.link, &known.until].map(|text| text.as_deref().unwrap_or_default());
            [&*known.reason, link, until].map(|text| strings.line(text))
        });
        Entry {
            id: strings.line(&divergence.id),
            kind: divergence.kind.as_str(),
            severity: divergence.severity.to_string(),
            operation: strings.line(&divergence.operation),
            scenario: strings.line(&divergence.scenario),
            step: strings.line(&divergence.step),
            path: strings.line(&divergence.path),
            expected: strings.line(&divergence.expected),
            observed: strings.line(&divergence.observed),
            evidence,
            curl: strings.line(&divergence.curl),
            repeat: strings.line(&divergence.repeat),
            known,
            said: None,
        }
    }

    fn evidence<'r>(&mut self, line: &'r EvidenceLine, known: &mut BTreeMap<&'r EvidenceLine, usize>) -> usize {
        let strings = &mut self.strings;
        let all = &mut self.evidence;
        *known.entry(line).or_insert_with(|| {
            all.push([&line.fact, &line.source, &line.confidence].map(|text| strings.line(text)));
            all.len() - 1
        })
    }

    /// Adds what was said at the steps of the divergences, as far as there is room.
    fn say(&mut self, report: &Report) {
        let Transcripts { steps, texts } = &report.run.transcripts;
        let by_step: BTreeMap<_, _> = steps
            .iter()
            .map(|said| ((said.scenario.as_str(), said.step.as_str()), said))
            .collect();
        let mut places = BTreeMap::new();
        let mut all = std::mem::take(&mut self.causes);
        let causes = causes(report, |_, _| true);
        let members = causes.iter().flat_map(|cause| &cause.members);
        for (entry, divergence) in all.iter_mut().flatten().zip(members) {
            let step = (divergence.scenario.as_str(), divergence.step.as_str());
            let Some(said) = by_step.get(&step) else { continue };
            if !places.contains_key(&step) && self.strings.bytes() < BYTES {
                let text = |name: &String| texts.get(name);
                let answers = [said.answer.as_ref(), said.reference.as_ref()].map(|name| name.and_then(text));
                if let (Some(request), Some(fields)) = (text(&said.request), text(&said.fields)) {
                    places.insert(step, self.said.len());
                    let said = self.blocks(request, fields, answers);
                    self.said.push(said);
                }
            }
            entry.said = places.get(&step).copied();
        }
        self.causes = all;
    }

    fn blocks(&mut self, request: &Text, fields: &Text, [answer, reference]: [Option<&Text>; 2]) -> Said {
        let mut block = |text: &Text| Block(self.strings.block(&text.text), text.bytes.unwrap_or(0));
        Said {
            request: block(request),
            answer: answer.map(&mut block),
            reference: reference.map(&mut block),
            fields: block(fields),
        }
    }
}
