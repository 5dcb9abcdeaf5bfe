//! Tells what holds always from what holds under a condition.

use std::sync::LazyLock;

use regex::Regex;

use super::html::Block;
use super::regex;

/// Drops the blocks that stand under a conditional heading: `For clusters of this kind:` with a list, the term of a
/// definition list, a bold line that names an engine.
pub(super) fn unconditional(blocks: Vec<Block>) -> Vec<Block> {
    let mut guard: Option<Guard> = None;
    let mut kept = Vec::new();
    for block in blocks {
        if guard.as_ref().is_some_and(|guard| guard.ends_before(&block)) {
            guard = None;
        }
        if guard.is_none() {
            guard = Guard::of(&block);
            if guard.is_none() {
                kept.push(block);
            }
        }
    }
    kept
}

struct Guard {
    depth: usize,
    /// A bold line governs all that follows; a line with a colon governs the deeper blocks.
    to_the_end: bool,
}

impl Guard {
    fn of(block: &Block) -> Option<Self> {
        let neutral = NEUTRAL.is_match(&block.text);
        let opens = block.text.ends_with(':') && is_conditional(last_sentence(&block.text));
        let titles = block.heading && !neutral;
        (opens || titles).then_some(Self {
            depth: block.depth,
            to_the_end: titles,
        })
    }

    fn ends_before(&self, block: &Block) -> bool {
        if self.to_the_end {
            block.depth < self.depth || (block.heading && block.depth == self.depth)
        } else {
            block.depth <= self.depth
        }
    }
}

fn last_sentence(text: &str) -> &str {
    text.rsplit(". ").next().unwrap_or(text)
}

/// Headings that hold for every value.
static NEUTRAL: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"^(?:[\w-]+ ){0,2}(?:constraints?|important|notes?|valid values|parameters?)(?: for [\w ]+)?[.:]?$")
});

static CONDITION: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^(?:for|if|when|while|unless|with|without|in|on|to|during|after|before|once|where|because|example)\b|\b(?:if|when|unless|whenever|whether|depends|depending|otherwise|in this case|in some cases|except for|using|only (?:valid|supported|available|applicable|when))\b|\bfor (?:[^t]|t[^h]|th[^ei])|\bfor the (?:[^pv]|v[^a])",
    )
});

/// Whether a clause holds under a condition only, or may.
pub(super) fn is_conditional(clause: &str) -> bool {
    CONDITION.is_match(clause)
}

static LABEL: LazyLock<Regex> = LazyLock::new(|| regex(r"^(?:[\w-]+ )?constraints?: ?"));

/// The clause without a leading `Constraints:`.
pub(super) fn without_label(clause: &str) -> &str {
    after(&LABEL, clause)
}

static COURTESY: LazyLock<Regex> = LazyLock::new(|| regex(r"^if (?:supplied|specified|provided|set|given), "));

/// The clause without a leading `If supplied,`, which says no more than that the member is optional.
pub(super) fn without_courtesy(clause: &str) -> &str {
    after(&COURTESY, clause)
}

fn after<'a>(prefix: &Regex, clause: &'a str) -> &'a str {
    let end = prefix.find(clause).map_or(0, |found| found.end());
    clause.get(end..).unwrap_or(clause)
}
