//! XML in the form of AWS's own query services: two spaces for each level, no declaration, `<X/>` for what is empty.

use std::fmt::Write;

use parallax_contract::text::leading;

/// A document being written, element by element.
pub(crate) struct Writer {
    text: String,
    depth: usize,
}

impl Writer {
    pub(crate) fn new() -> Self {
        Self {
            text: String::with_capacity(512),
            depth: 0,
        }
    }

    /// Writes an element with attributes and what `inside` writes in it; where that is nothing, an empty element.
    pub(crate) fn element(&mut self, name: &str, attributes: &[(&str, &str)], inside: impl FnOnce(&mut Self)) {
        self.indent();
        self.tag(name, attributes);
        self.text.push_str(">\n");
        let mark = self.text.len();
        self.depth += 1;
        inside(self);
        self.depth -= 1;
        if self.text.len() == mark {
            self.text.truncate(mark - ">\n".len());
            return self.text.push_str("/>\n");
        }
        self.indent();
        self.close(name);
    }

    /// Writes an element with text in it.
    pub(crate) fn leaf(&mut self, name: &str, text: &str) {
        self.indent();
        self.tag(name, &[]);
        if text.is_empty() {
            return self.text.push_str("/>\n");
        }
        self.text.reserve(text.len() + name.len() + "></>\n".len());
        self.text.push('>');
        escape(&mut self.text, text, |c| matches!(c, '\t' | '\n'));
        self.close(name);
    }

    pub(crate) fn finish(self) -> Vec<u8> {
        self.text.into_bytes()
    }

    fn indent(&mut self) {
        for _ in 0..self.depth {
            self.text.push_str("  ");
        }
    }

    fn tag(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.text.push('<');
        self.text.push_str(name);
        for (key, value) in attributes {
            self.text.push(' ');
            self.text.push_str(key);
            self.text.push_str("=\"");
            escape(&mut self.text, value, |_| false);
            self.text.push('"');
        }
    }

    fn close(&mut self, name: &str) {
        self.text.push_str("</");
        self.text.push_str(name);
        self.text.push_str(">\n");
    }
}

/// Appends `text`; of the control characters only the `kept` are written as they are, since a reader would change or
/// refuse the rest.
fn escape(out: &mut String, text: &str, kept: fn(char) -> bool) {
    // Marks, controls, and the first bytes of characters beyond ASCII, of which two are special too.
    let plain = |byte: u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'&' | b'<' | b'>' | b'"');
    let special = |c: char| matches!(c, '&' | '<' | '>' | '"' | '\u{FFFE}' | '\u{FFFF}') || c.is_ascii_control();
    let (head, rest) = text.split_at(leading(text.as_bytes(), plain));
    out.push_str(head);
    for run in rest.split_inclusive(special) {
        let Some(last) = run.chars().next_back().filter(|c| special(*c)) else {
            out.push_str(run);
            continue;
        };
        out.push_str(run.strip_suffix(last).unwrap_or(run));
        match last {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other if kept(other) || other == '\u{7F}' => out.push(other),
            // No document can hold this one, not even by reference.
            '\0' => out.push('\u{FFFD}'),
            // Writing to a string cannot fail.
            other => _ = write!(out, "&#x{:X};", u32::from(other)),
        }
    }
}

/// Whether an element may be called this: XML's rule for ASCII, anything beyond it.
pub(crate) fn is_name(name: &str) -> bool {
    let starts = |c: char| c.is_ascii_alphabetic() || matches!(c, '_' | ':') || !c.is_ascii();
    let follows = |c: char| starts(c) || c.is_ascii_digit() || matches!(c, '-' | '.');
    name.starts_with(starts) && name.chars().all(follows)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut Writer)) -> String {
        let mut writer = Writer::new();
        write(&mut writer);
        String::from_utf8(writer.finish()).unwrap()
    }

    #[test]
    fn levels_are_indented_by_two_and_empty_elements_closed_at_once() {
        let text = written(|w| {
            w.element("A", &[("xmlns", "urn:\"x\"\n")], |w| {
                w.element("B", &[], |w| w.leaf("C", "d"));
                w.element("E", &[], |_| {});
                w.leaf("F", "");
            });
        });
        let expected = "<A xmlns=\"urn:&quot;x&quot;&#xA;\">\n  <B>\n    <C>d</C>\n  </B>\n  <E/>\n  <F/>\n</A>\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn only_what_a_reader_would_lose_is_escaped() {
        let check =
            |text: &str, expected: &str| assert_eq!(written(|w| w.leaf("A", text)), format!("<A>{expected}</A>\n"));
        check("<b> & \"c\" 'd'", "&lt;b&gt; &amp; &quot;c&quot; 'd'");
        check(" a\n\tb ", " a\n\tb ");
        check("a\r\nb\u{1}\u{7F}", "a&#xD;\nb&#x1;\u{7F}");
        check("a\0", "a\u{FFFD}");
        check("é\u{1F980}e\u{301}", "é\u{1F980}e\u{301}");
    }

    #[test]
    fn names_follow_the_rule_of_xml() {
        for name in ["A", "_a", "a:b", "a-1.b", "é"] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", "1a", "-a", "a b", "a<", "a&b", "a\u{1}"] {
            assert!(!is_name(name), "{name}");
        }
    }
}
