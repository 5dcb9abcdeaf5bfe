//! From HTML to sentences: block elements part the text, `<code>` becomes a pair of backticks, other tags vanish.

/// A paragraph, list item or heading.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Block {
    /// The text, with white space collapsed.
    pub(super) text: String,
    /// How many lists it stands in.
    pub(super) depth: usize,
    /// Whether all of it is bold, or it is a definition list's term.
    pub(super) heading: bool,
}

/// The blocks in order; malformed markup is taken as text, never refused.
pub(super) fn blocks(html: &str) -> Vec<Block> {
    let mut reader = Reader::default();
    let mut rest = html;
    while let Some((text, tag, after)) = next_tag(rest) {
        reader.text(text);
        reader.tag(tag);
        rest = after;
    }
    reader.text(rest);
    reader.flush();
    reader.blocks
}

/// The text before the next tag, the tag's inside, and what follows.
fn next_tag(html: &str) -> Option<(&str, &str, &str)> {
    let (text, after) = html.split_once('<')?;
    let (tag, rest) = after.split_once('>')?;
    Some((text, tag, rest))
}

#[derive(Default)]
struct Reader {
    blocks: Vec<Block>,
    current: String,
    depth: usize,
    bold: usize,
    plain: bool,
    term: bool,
}

impl Reader {
    fn text(&mut self, text: &str) {
        self.plain |= self.bold == 0 && !text.trim().is_empty();
        self.current.push_str(&decode(text));
    }

    fn tag(&mut self, tag: &str) {
        let name = tag
            .split([' ', '/'])
            .find(|part| !part.is_empty())
            .unwrap_or_default()
            .to_ascii_lowercase();
        let closing = tag.starts_with('/');
        match name.as_str() {
            "code" => self.current.push('`'),
            "b" | "strong" => self.bold = step(self.bold, !closing),
            "a" | "i" | "em" | "u" | "span" => {}
            "ul" | "ol" | "dl" | "dd" => {
                self.flush();
                self.depth = step(self.depth, !closing);
            }
            "dt" => {
                self.flush();
                self.term = !closing;
            }
            _ => self.flush(),
        }
    }

    fn flush(&mut self) {
        let text = self.current.split_whitespace().collect::<Vec<_>>().join(" ");
        if !text.is_empty() {
            self.blocks.push(Block {
                text,
                depth: self.depth,
                heading: self.term || !self.plain,
            });
        }
        self.current.clear();
        self.plain = false;
    }
}

fn step(count: usize, up: bool) -> usize {
    if up { count + 1 } else { count.saturating_sub(1) }
}

fn decode(text: &str) -> String {
    const ENTITIES: [(&str, &str); 8] = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&apos;", "'"),
        ("&#39;", "'"),
        ("&nbsp;", " "),
        ("\u{2019}", "'"),
        ("&amp;", "&"),
    ];
    ENTITIES
        .iter()
        .fold(text.to_owned(), |text, (entity, plain)| text.replace(entity, plain))
}

/// The sentences of a block, without their full stops.
pub(super) fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let mut starts = vec![0];
    let mut ends = Vec::new();
    for (at, _) in text.match_indices('.') {
        if ends_sentence(text, at) {
            ends.push(at);
            starts.push(at + 1);
        }
    }
    ends.push(text.len());
    let spans = starts.into_iter().zip(ends);
    spans.filter_map(|(start, end)| {
        text.get(start..end)
            .map(str::trim)
            .filter(|sentence| !sentence.is_empty())
    })
}

/// Whether the full stop at `at` ends a sentence, and does not belong to an abbreviation, a number or a name.
fn ends_sentence(text: &str, at: usize) -> bool {
    let (before, after) = (
        text.get(..at).unwrap_or_default(),
        text.get(at + 1..).unwrap_or_default(),
    );
    if before.matches('`').count() % 2 == 1 {
        return false;
    }
    let abbreviated = ["i.e", "e.g", "etc", "vs"].iter().any(|short| before.ends_with(short));
    let next = after.chars().next();
    match next {
        None => true,
        Some(next) if next.is_whitespace() => {
            !abbreviated && !after.trim_start().starts_with(|first: char| first.is_lowercase())
        }
        // A space is missing in some: "... only.The default is 50."
        Some(next) => next.is_uppercase() && before.ends_with(|last: char| last.is_lowercase()),
    }
}
