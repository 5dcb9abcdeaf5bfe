//! Pages in Markdown, taken apart.

use camino::{Utf8Path, Utf8PathBuf};
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use crate::failure::{At as _, Failure};
use crate::shell::root;

/// A page.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// Where it lies, from the repository's folder.
    pub(super) path: Utf8PathBuf,
    /// Where its links lead.
    pub(super) links: Vec<String>,
    /// The name of each heading in addresses.
    pub(super) anchors: Vec<String>,
    /// What stands in backticks.
    pub(super) words: Vec<String>,
    /// Its blocks of code, in order.
    pub(super) blocks: Vec<Block>,
}

/// A fenced block of code.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Block {
    /// The words after the fence: the language, and what the block is for.
    pub(super) words: Vec<String>,
    pub(super) text: String,
}

/// Every page of the documentation, and the README.
pub(super) fn all() -> Result<Vec<Page>, Failure> {
    let mut paths = below(&super::folder())?;
    paths.push(root().join("README.md"));
    paths.sort();
    let read = |path: &Utf8PathBuf| {
        let text = std::fs::read_to_string(path).at(path)?;
        Ok(parse(path.strip_prefix(root()).at(path)?, &text))
    };
    paths.iter().map(read).collect()
}

fn below(folder: &Utf8Path) -> Result<Vec<Utf8PathBuf>, Failure> {
    let mut found = Vec::new();
    for entry in folder.read_dir_utf8().at(folder)? {
        let path = entry.at(folder)?.into_path();
        if path.is_dir() && path.file_name() != Some("book") {
            found.extend(below(&path)?);
        } else if path.extension() == Some("md") {
            found.push(path);
        }
    }
    Ok(found)
}

/// Takes a page apart.
pub(super) fn parse(path: &Utf8Path, text: &str) -> Page {
    let mut page = Page {
        path: path.to_owned(),
        ..Page::default()
    };
    let (mut heading, mut block) = (None, None);
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        if let Event::Code(word) = &event {
            page.words.push(word.to_string());
        }
        match event {
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                page.links.push(dest_url.into_string());
            }
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::End(TagEnd::Heading(_)) => page.anchors.extend(heading.take().map(|words| anchor(&words))),
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(words))) => block = Some(Block::of(&words)),
            Event::End(TagEnd::CodeBlock) => page.blocks.extend(block.take()),
            Event::Text(text) | Event::Code(text) => {
                if let Some(block) = &mut block {
                    block.text.push_str(&text);
                } else if let Some(heading) = &mut heading {
                    heading.push_str(&text);
                }
            }
            _ => {}
        }
    }
    page
}

impl Block {
    fn of(words: &str) -> Self {
        Self {
            words: words.split_whitespace().map(str::to_owned).collect(),
            text: String::new(),
        }
    }

    /// Whether a word stands after the fence.
    pub(super) fn says(&self, word: &str) -> bool {
        self.words.iter().any(|said| said == word)
    }

    /// What follows `name=` after the fence.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        let mut values = self.words.iter().filter_map(|word| word.split_once('='));
        values.find(|(said, _)| *said == name).map(|(_, value)| value)
    }
}

/// A heading's name in addresses, as mdBook and GitHub make it.
fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
    kept.map(|c| if c == ' ' { '-' } else { c.to_ascii_lowercase() })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_links_anchors_and_blocks() {
        let text =
            "# What `run` does, at *last*\n\n[a](b.md#c) and\n\n```sh run exit=1\nfalse\n```\n\n    [no](link)\n";
        let page = parse(Utf8Path::new("a.md"), text);
        assert_eq!(page.links, ["b.md#c"]);
        assert_eq!(page.anchors, ["what-run-does-at-last"]);
        let [block] = page.blocks.as_slice() else {
            panic!("{page:?}")
        };
        assert_eq!(block.text, "false\n");
        assert!(block.says("run") && !block.says("exit"));
        assert_eq!(block.value("exit"), Some("1"));
    }
}
