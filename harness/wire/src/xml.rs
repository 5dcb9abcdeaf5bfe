//! XML, read into a flat document. The only place that knows the quick-xml crate; writing needs no parser and is in
//! [`writer`].
//!
//! The parser is as strict as the ones that SDKs use: what is not well-formed, has a document type or is nested deeper
//! than [`MAX_DEPTH`] is refused, and no entity is ever expanded but the five of XML itself.

pub(crate) mod writer;

use std::borrow::Cow;

use parallax_contract::text;
use quick_xml::XmlVersion;
use quick_xml::events::attributes::Attributes;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;

/// The deepest nesting that is read; real answers stay under twenty. It bounds the recursion of whoever walks the
/// document.
pub(crate) const MAX_DEPTH: usize = 256;

/// A whole document, its elements in the order of their start tags. Names and most texts are borrowed from the source.
#[derive(Debug)]
pub(crate) struct Document<'a> {
    nodes: Vec<Node<'a>>,
}

#[derive(Debug)]
struct Node<'a> {
    prefix: &'a str,
    name: &'a str,
    /// The start tag between `<` and `>`, where it has attributes.
    tag: &'a str,
    text: Cow<'a, str>,
    odd: bool,
    parent: Option<usize>,
    first_child: Option<usize>,
    last_child: Option<usize>,
    next_sibling: Option<usize>,
}

/// One element of a document.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Element<'d> {
    nodes: &'d [Node<'d>],
    node: &'d Node<'d>,
}

impl<'a> Document<'a> {
    /// Reads `source`; the error says in words what is wrong with it.
    pub(crate) fn read(source: &'a str) -> Result<Self, String> {
        let mut builder = Builder::new(source);
        while builder.step()? {}
        builder.finish()
    }

    /// The outermost element.
    pub(crate) fn root(&self) -> Option<Element<'_>> {
        self.nodes.first().map(|node| Element {
            nodes: &self.nodes,
            node,
        })
    }
}

impl<'d> Element<'d> {
    /// The name without its prefix.
    pub(crate) fn name(self) -> &'d str {
        self.node.name
    }

    /// The text directly in this element, after XML's own normalisation and nothing else.
    pub(crate) fn text(self) -> &'d str {
        &self.node.text
    }

    /// Whether the text refers to a character that XML does not allow, such as `&#1;`.
    pub(crate) fn has_odd_reference(self) -> bool {
        self.node.odd
    }

    /// The elements directly in this one.
    pub(crate) fn children(self) -> impl Iterator<Item = Element<'d>> {
        let at = |index: Option<usize>| index.and_then(|index| self.nodes.get(index));
        let nodes = self.nodes;
        std::iter::successors(at(self.node.first_child), move |node| at(node.next_sibling))
            .map(move |node| Element { nodes, node })
    }

    /// The first element of this name directly in this one.
    pub(crate) fn child(self, name: &str) -> Option<Element<'d>> {
        self.children().find(|child| child.name() == name)
    }

    /// The value of an attribute, by its name with the prefix, or else without.
    pub(crate) fn attribute(self, name: &str) -> Option<String> {
        let local = name.rsplit(':').next();
        let find = |wanted: &dyn Fn(&str) -> bool| {
            let mut found = attributes(self.node.tag).filter_map(Result::ok);
            let found = found.find(|attribute| wanted(attribute.key.as_ref()))?;
            found
                .normalized_value(XmlVersion::Explicit1_0)
                .ok()
                .map(Cow::into_owned)
        };
        find(&|key| key == name).or_else(|| find(&|key| key.rsplit(':').next() == local && !key.starts_with("xmlns")))
    }

    /// The namespace that this element declares for itself: `xmlns`, or `xmlns:p` where its name has the prefix `p`.
    pub(crate) fn own_namespace(self) -> Option<String> {
        declaration(self.node.tag, self.node.prefix)
    }
}

fn attributes(tag: &str) -> Attributes<'_> {
    let name = tag.find([' ', '\t', '\r', '\n']).unwrap_or(tag.len());
    Attributes::new(tag, name)
}

fn declaration(tag: &str, prefix: &str) -> Option<String> {
    let declares = |key: &str| match key.strip_prefix("xmlns") {
        Some("") => prefix.is_empty(),
        Some(rest) => !prefix.is_empty() && rest.strip_prefix(':') == Some(prefix),
        None => false,
    };
    let mut found = attributes(tag);
    let mut found = found.with_checks(false).filter_map(Result::ok);
    let found = found.find(|attribute| declares(attribute.key.as_ref()))?;
    found
        .normalized_value(XmlVersion::Explicit1_0)
        .ok()
        .map(Cow::into_owned)
}

struct Builder<'a> {
    source: &'a str,
    reader: Reader<&'a [u8]>,
    nodes: Vec<Node<'a>>,
    /// Where in `nodes` the innermost open element is.
    open: Option<usize>,
    depth: usize,
}

impl<'a> Builder<'a> {
    fn new(source: &'a str) -> Self {
        let source = source.strip_prefix('\u{FEFF}').unwrap_or(source);
        let mut reader = Reader::from_str(source);
        reader.config_mut().check_comments = true;
        Self {
            source,
            reader,
            nodes: Vec::with_capacity(16),
            open: None,
            depth: 0,
        }
    }

    /// Takes one event; false at the end.
    fn step(&mut self) -> Result<bool, String> {
        let start = self.position();
        let event = self
            .reader
            .read_event()
            .map_err(|error| self.broken(&error.to_string()))?;
        match event {
            Event::Start(tag) => self.start(start, &tag)?,
            Event::Empty(tag) => {
                self.start(start, &tag)?;
                self.end();
            }
            Event::End(_) => self.end(),
            Event::Text(text) => self.text(text.xml10_content())?,
            Event::CData(text) if self.open.is_some() => self.text(text.xml10_content())?,
            Event::GeneralRef(reference) => self.reference(&reference)?,
            Event::Decl(_) if start > 0 => return Err(self.broken("an XML declaration that is not at the beginning")),
            Event::DocType(_) => return Err("a document type declaration, which SDKs refuse".to_owned()),
            Event::CData(_) => return Err(self.broken("text outside the outermost element")),
            Event::Comment(_) | Event::PI(_) | Event::Decl(_) => {}
            Event::Eof => return Ok(false),
        }
        Ok(true)
    }

    fn start(&mut self, start: usize, tag: &BytesStart<'_>) -> Result<(), String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(format!("elements nested deeper than {MAX_DEPTH}"));
        }
        if self.open.is_none() && !self.nodes.is_empty() {
            return Err(self.broken("a second outermost element"));
        }
        // The event owns its copy as far as the types tell; the same characters stand in the source.
        let text = self
            .source
            .get(start + 1..)
            .and_then(|rest| rest.get(..tag.len()))
            .unwrap_or_default();
        let name = text.get(..tag.name().as_ref().len()).unwrap_or_default();
        self.check_name(name)?;
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        let plain = tag.attributes_raw().trim_ascii().is_empty();
        let index = self.nodes.len();
        self.nodes.push(Node {
            prefix,
            name: local,
            tag: if plain { "" } else { text },
            text: Cow::Borrowed(""),
            odd: false,
            parent: self.open,
            first_child: None,
            last_child: None,
            next_sibling: None,
        });
        self.link(index);
        self.open = Some(index);
        self.check_prefixes(index)
    }

    /// Makes the node at `index` the last child of the open element.
    fn link(&mut self, index: usize) {
        let parent = self.open.and_then(|open| self.nodes.get_mut(open));
        let Some(parent) = parent else { return };
        parent.first_child.get_or_insert(index);
        let elder = parent.last_child.replace(index);
        if let Some(elder) = elder.and_then(|elder| self.nodes.get_mut(elder)) {
            elder.next_sibling = Some(index);
        }
    }

    fn end(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        self.open = self
            .open
            .and_then(|open| self.nodes.get(open))
            .and_then(|node| node.parent);
    }

    fn text(&mut self, text: Cow<'a, str>) -> Result<(), String> {
        if let Some(bad) = text::outside_xml(&text) {
            return Err(self.broken(&format!(
                "the character U+{:04X}, which XML does not allow",
                u32::from(bad)
            )));
        }
        match self.open.and_then(|open| self.nodes.get_mut(open)) {
            Some(node) if node.text.is_empty() => node.text = text,
            // White space after a child is layout, and gathering it would copy it.
            Some(node) if node.first_child.is_some() && text.trim_ascii().is_empty() => {}
            Some(node) => node.text.to_mut().push_str(&text),
            None if text.trim_ascii().is_empty() => {}
            None => return Err(self.broken("text outside the outermost element")),
        }
        Ok(())
    }

    fn reference(&mut self, reference: &BytesRef<'_>) -> Result<(), String> {
        let character = match reference.resolve_char_ref() {
            Ok(Some(character)) => Some(character),
            Ok(None) => predefined(reference),
            Err(_) => None,
        };
        let Some(character) = character else {
            let name: &str = reference;
            return Err(self.broken(&format!("the reference `&{name};`, which stands for nothing")));
        };
        let Some(node) = self.open.and_then(|open| self.nodes.get_mut(open)) else {
            return Err(self.broken("text outside the outermost element"));
        };
        node.odd |= !text::in_xml(character);
        node.text.to_mut().push(character);
        Ok(())
    }

    fn check_name(&self, name: &str) -> Result<(), String> {
        if writer::is_name(name) {
            return Ok(());
        }
        Err(self.broken(&format!("`{name}`, which is no name of an element")))
    }

    /// Attributes must be well-formed and unique, and every prefix declared.
    fn check_prefixes(&self, index: usize) -> Result<(), String> {
        let Some(node) = self.nodes.get(index) else {
            return Ok(());
        };
        self.check_prefix(index, node.prefix)?;
        for attribute in attributes(node.tag) {
            let attribute = attribute.map_err(|error| self.broken(&error.to_string()))?;
            if let Some((prefix, _)) = attribute.key.as_ref().split_once(':') {
                self.check_prefix(index, prefix)?;
            }
            let value = attribute.normalized_value(XmlVersion::Explicit1_0);
            value.map_err(|error| self.broken(&error.to_string()))?;
        }
        Ok(())
    }

    fn check_prefix(&self, index: usize, prefix: &str) -> Result<(), String> {
        if matches!(prefix, "" | "xml" | "xmlns") {
            return Ok(());
        }
        let mut scope = std::iter::successors(self.nodes.get(index), |node| self.nodes.get(node.parent?));
        if scope.any(|node| declaration(node.tag, prefix).is_some()) {
            return Ok(());
        }
        Err(self.broken(&format!("the namespace prefix `{prefix}`, which is not declared")))
    }

    fn finish(self) -> Result<Document<'a>, String> {
        if self.open.is_some() {
            return Err(self.broken("the end, with elements still open"));
        }
        Ok(Document { nodes: self.nodes })
    }

    fn position(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX)
    }

    fn broken(&self, what: &str) -> String {
        format!("no well-formed XML: {what}, at byte {}", self.position())
    }
}

fn predefined(reference: &str) -> Option<char> {
    Some(match reference {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "apos" => '\'',
        "quot" => '"',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(source: &str) -> String {
        Document::read(source).unwrap().root().unwrap().text().to_owned()
    }

    #[test]
    fn text_is_kept_exactly() {
        let check = |source: &str, expected: &str| assert_eq!(text_of(source), expected, "{source}");
        check("<a> b \n c </a>", " b \n c ");
        check("<a>b\r\nc\rd&#xD;e</a>", "b\nc\nd\re");
        check("<a>&lt;&amp;&#38;&#x1F980;&apos;&quot;&gt;</a>", "<&&\u{1F980}'\">");
        check("<a>b<![CDATA[<c>&amp;]]>d<!-- e -->f</a>", "b<c>&amp;df");
        check("<a/>", "");
        check("<a></a >", "");
    }

    #[test]
    fn declaration_comments_instructions_and_space_are_silent() {
        let source = "\u{FEFF}<?xml version=\"1.0\"?>\n<!-- a --><?b c?>\n<a>\n <b/>\n <c/>\n</a>\n<!-- d -->\n";
        let document = Document::read(source).unwrap();
        let names: Vec<_> = document.root().unwrap().children().map(Element::name).collect();
        assert_eq!(names, ["b", "c"]);
    }

    #[test]
    fn prefixes_and_attributes_are_resolved() {
        let source = "<p:a xmlns:p='urn:x' xmlns='urn:y' p:k='1 &lt; 2'><b p:k=\"3\" l='4'/></p:a>";
        let document = Document::read(source).unwrap();
        let root = document.root().unwrap();
        assert_eq!((root.name(), root.own_namespace().as_deref()), ("a", Some("urn:x")));
        assert_eq!(root.attribute("p:k").as_deref(), Some("1 < 2"));
        let b = root.child("b").unwrap();
        assert_eq!(
            (b.attribute("q:k"), b.attribute("l"), b.attribute("m")),
            (Some("3".into()), Some("4".into()), None)
        );
        assert_eq!(b.own_namespace(), None);
    }

    #[test]
    fn what_is_not_well_formed_is_refused() {
        let check = |source: &str, why: &str| {
            let error = Document::read(source)
                .err()
                .unwrap_or_else(|| panic!("{source} was read"));
            assert!(error.contains(why), "{source}: {error}");
        };
        check("<a>", "still open");
        check("<a></b>", "expected");
        check("</a>", "close tag");
        check("<a", "tag not closed");
        check("<a/><b/>", "second outermost");
        check("<a/>b", "outside");
        check("<a/>&lt;", "outside");
        check("<a/><![CDATA[b]]>", "outside");
        check("<a>&b;</a>", "`&b;`");
        check("<a>&#0;</a>", "`&#0;`");
        check("<a>b & c</a>", "entity or character reference");
        check("<a>\u{1}</a>", "U+0001");
        check("<p:a/>", "prefix `p`");
        check("<a p:b=''/>", "prefix `p`");
        check("<a b='1' b='2'/>", "duplicate");
        check("<a b=1/>", "attribute");
        check("<a b='&c;'/>", "`c`");
        check("<1a/>", "`1a`");
        check(" <?xml version='1.0'?><a/>", "declaration");
        check("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "document type");
        check("<a><!-- -- --></a>", "--");
    }

    #[test]
    fn nesting_is_read_to_its_limit_and_refused_beyond() {
        let nested = |depth: usize| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
        assert!(Document::read(&nested(100)).is_ok());
        assert!(Document::read(&nested(MAX_DEPTH)).is_ok());
        for depth in [MAX_DEPTH + 1, 100_000] {
            assert!(Document::read(&nested(depth)).unwrap_err().contains("nested deeper"));
        }
    }

    #[test]
    fn a_reference_to_a_forbidden_character_is_noticed() {
        let check = |source, expected| {
            let document = Document::read(source).unwrap();
            assert_eq!(document.root().unwrap().has_odd_reference(), expected, "{source}");
        };
        check("<a>&#1;</a>", true);
        check("<a>&#xD;&#9;</a>", false);
    }
}
