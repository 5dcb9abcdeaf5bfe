//! Texts by number: a text that recurs is written once.

use indexmap::IndexSet;
use serde::Serialize;

use crate::text::{clip, one_line};

/// The most characters of one line.
const MOST: usize = 12_000;

/// Texts in the order of their numbers.
#[derive(Debug, Default, Serialize)]
#[serde(transparent)]
pub(super) struct Strings {
    all: IndexSet<String>,
    /// How many bytes the texts take on the page.
    #[serde(skip)]
    bytes: usize,
}

impl Strings {
    /// The number of a text of one line; whatever is hidden in it is made visible.
    pub(super) fn line(&mut self, text: &str) -> usize {
        self.number(clip(one_line(text), MOST))
    }

    /// The number of a text with lines of its own; whatever else is hidden in it is made visible.
    pub(super) fn block(&mut self, text: &str) -> usize {
        let lines: Vec<_> = text
            .split('\n')
            .map(|line| cells(line.trim_end_matches('\r')))
            .collect();
        self.number(lines.join("\n"))
    }

    /// How many bytes the texts take on the page.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    fn number(&mut self, text: String) -> usize {
        let bytes = written(&text);
        let (number, new) = self.all.insert_full(text);
        self.bytes += if new { bytes } else { 0 };
        number
    }
}

/// How many bytes a text takes as JSON within a script element.
fn written(text: &str) -> usize {
    let more = |byte: u8| match byte {
        b'<' => 5,
        b'"' | b'\\' | b'\n' | b'\t' => 1,
        _ => 0,
    };
    // With its quotes and comma.
    text.len() + text.bytes().map(more).sum::<usize>() + 3
}

/// Tabs part the cells of a line.
fn cells(line: &str) -> String {
    line.split('\t').map(one_line).collect::<Vec<_>>().join("\t")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_recurs_has_one_number() {
        let mut strings = Strings::default();
        assert_eq!([strings.line("a"), strings.line("b"), strings.line("a")], [0, 1, 0]);
        assert_eq!(strings.bytes(), r#""a","b","#.len());
        strings.line("<");
        assert_eq!(strings.bytes(), r#""a","b","\u003c","#.len());
    }

    #[test]
    fn a_block_keeps_its_lines_and_tabs_and_nothing_else_that_moves() {
        let mut strings = Strings::default();
        strings.block("a\tb\r\nc\u{202e}\u{1b}d\n");
        assert_eq!(
            strings.all.into_iter().collect::<Vec<_>>(),
            ["a\tb\nc\\u{202e}\\u{1b}d\n"]
        );
    }
}
