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
pub(crate) struct Data {
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

/// A divergence, and where it belongs among several reports.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Placed<'r> {
    pub(crate) divergence: &'r Divergence,
    /// The place of its report among those of the page.
    pub(crate) side: usize,
    /// What parts it from the others of its cause, such as what became of it; nothing on a page of one report.
    pub(crate) group: &'r str,
    /// What it was before.
    pub(crate) before: Option<&'r Divergence>,
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
    /// The report, where it is not the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    side: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<usize>,
    /// Severity, expectation, observation, scenario and step before.
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<[usize; 5]>,
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
        let placed = |divergence| Placed {
            divergence,
            side: 0,
            group: "",
            before: None,
        };
        let all = causes(report, |_, _| true);
        let causes = all
            .iter()
            .map(|cause| cause.members.iter().copied().map(placed).collect());
        Self::of_several(&[report], &causes.collect::<Vec<_>>(), report.brief.len())
    }

    /// The data of causes, the worst first, that come of several reports; so many more divergences are told elsewhere.
    pub(crate) fn of_several<'r>(reports: &[&'r Report], causes: &[Vec<Placed<'r>>], left_out: u64) -> Self {
        let mut data = Self {
            left_out,
            ..Self::default()
        };
        let mut known = BTreeMap::new();
        let mut room = DIVERGENCES;
        for members in causes {
            let some = members.iter().take(room);
            let entries: Vec<_> = some.map(|placed| data.entry(placed, &mut known)).collect();
            room -= entries.len();
            data.left_out += (members.len() - entries.len()) as u64;
            if !entries.is_empty() {
                data.causes.push(entries);
            }
        }
        data.say(reports, causes);
        data
    }

    fn entry<'r>(&mut self, placed: &Placed<'r>, known: &mut BTreeMap<&'r EvidenceLine, usize>) -> Entry {
        let divergence = placed.divergence;
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
            side: Some(placed.side).filter(|side| *side > 0),
            group: (!placed.group.is_empty()).then(|| strings.line(placed.group)),
            before: placed.before.map(|before| {
                let Divergence {
                    expected,
                    observed,
                    scenario,
                    step,
                    ..
                } = before;
                [&before.severity.to_string(), expected, observed, scenario, step].map(|text| strings.line(text))
            }),
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
    fn say(&mut self, reports: &[&Report], causes: &[Vec<Placed<'_>>]) {
        let sides = reports.iter().enumerate();
        let by_step: BTreeMap<_, _> = sides
            .flat_map(|(side, report)| {
                let Transcripts { steps, texts } = &report.run.transcripts;
                let steps = steps.iter();
                steps.map(move |said| ((side, said.scenario.as_str(), said.step.as_str()), (said, texts)))
            })
            .collect();
        let mut places = BTreeMap::new();
        let mut all = std::mem::take(&mut self.causes);
        for (entry, placed) in all.iter_mut().flatten().zip(causes.iter().flatten()) {
            let Divergence { scenario, step, .. } = placed.divergence;
            let step = (placed.side, scenario.as_str(), step.as_str());
            let Some((said, texts)) = by_step.get(&step) else {
                continue;
            };
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
