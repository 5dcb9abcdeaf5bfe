//! Links that lead somewhere, and a table of contents that holds every page.

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};

use super::page::{self, Page};
use crate::failure::Failure;
use crate::shell::root;

/// The table of contents.
const CONTENTS: &str = "docs/SUMMARY.md";

/// How a page of the book names a file of the repository outside of it.
const HOME: &str = "https://github.com/parallax-harness/parallax/blob/main/";

/// Follows every link that stays in the repository.
pub(super) fn check(pages: &[Page]) -> Result<(), Failure> {
    let dead = pages.iter().flat_map(dead);
    let complaints: Vec<_> = dead.chain(unlisted(pages)).collect();
    match complaints.as_slice() {
        [] => {
            let links: usize = pages.iter().map(|page| page.links.len()).sum();
            println!("{} pages, {links} links", pages.len());
            Ok(())
        }
        some => Err(Failure::new(some.join("\n  "))),
    }
}

/// The links of a page that lead nowhere, or that would in the book.
fn dead(page: &Page) -> Vec<String> {
    let complaints = page.links.iter().filter_map(|link| {
        let (path, anchor) = local(page, link)?;
        let in_book = page.path.starts_with("docs") && !link.starts_with(HOME);
        if in_book && !path.starts_with("docs") {
            return Some(format!("{link} leaves the book; write {HOME}{path}"));
        }
        if in_book && page.path != CONTENTS && path.file_name() == Some("README.md") {
            return Some(format!("{link} has another name in the book; write its folder"));
        }
        (!is_there(&path, anchor)).then(|| format!("the link to {link} leads nowhere"))
    });
    complaints
        .map(|complaint| format!("{}: {complaint}", page.path))
        .collect()
}

/// The file of the repository that a link leads to, and the heading in it; none where it leads elsewhere.
fn local<'a>(page: &Page, link: &'a str) -> Option<(Utf8PathBuf, Option<&'a str>)> {
    let (path, anchor) = link
        .split_once('#')
        .map_or((link, None), |(path, anchor)| (path, Some(anchor)));
    match (path.strip_prefix(HOME), path) {
        (Some(from_root), _) => Some((from_root.into(), anchor)),
        (None, "") => Some((page.path.clone(), anchor)),
        (None, elsewhere) if elsewhere.contains(':') => None,
        (None, path) => Some((resolved(&page.path, path), anchor)),
    }
}

fn is_there(path: &Utf8Path, anchor: Option<&str>) -> bool {
    let file = root().join(path);
    match anchor {
        None => file.exists(),
        Some(anchor) => std::fs::read_to_string(&file)
            .is_ok_and(|text| page::parse(path, &text).anchors.iter().any(|known| known == anchor)),
    }
}

/// A link's file, from the repository's folder.
fn resolved(page: &Utf8Path, link: &str) -> Utf8PathBuf {
    let folder = page.parent().unwrap_or(Utf8Path::new(""));
    let mut path = Utf8PathBuf::new();
    for part in folder.join(link).components() {
        match part {
            Utf8Component::ParentDir => drop(path.pop()),
            Utf8Component::CurDir => {}
            part => path.push(part),
        }
    }
    path
}

/// The pages that the table of contents lacks.
fn unlisted(pages: &[Page]) -> Vec<String> {
    let contents = pages.iter().find(|page| page.path == CONTENTS);
    let listed: Vec<_> = contents
        .iter()
        .flat_map(|contents| &contents.links)
        .map(|link| resolved(Utf8Path::new(CONTENTS), link))
        .collect();
    let within = pages.iter().map(|page| &page.path);
    let within = within.filter(|path| path.starts_with("docs") && *path != CONTENTS);
    within
        .filter(|path| !listed.contains(path))
        .map(|path| format!("{CONTENTS} lacks {path}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(page: &str, link: &str, expected: bool) {
        let page = page::parse(Utf8Path::new(page), &format!("[there]({link})\n"));
        assert_eq!(dead(&page).is_empty(), expected, "{link}");
    }

    #[test]
    fn a_link_leads_to_a_file_and_to_a_heading_in_it() {
        check("CONTRIBUTING.md", "README.md", true);
        check("CONTRIBUTING.md", "README.md#exit-codes", true);
        check("CONTRIBUTING.md", "./docs/../README.md#no-such-heading", false);
        check("docs/ci/page.md", "no-such-page.md", false);
        check("docs/tutorial.md", "#run", true);
        check("docs/tutorial.md", "#no-such-heading", false);
        check("docs/ci/page.md", "https://example.com/elsewhere", true);
    }

    #[test]
    fn a_page_of_the_book_names_what_is_outside_by_its_address() {
        check("docs/ci/page.md", "../tutorial.md", true);
        check("docs/ci/page.md", "../../README.md", false);
        check("docs/tutorial.md", "ci/README.md", false);
        check("docs/tutorial.md", "ci/", true);
        check("docs/ci/page.md", &format!("{HOME}README.md#exit-codes"), true);
        check("docs/ci/page.md", &format!("{HOME}README.md#no-such-heading"), false);
    }

    #[test]
    fn a_page_that_the_contents_lack_is_named() {
        let contents = page::parse(Utf8Path::new(CONTENTS), "- [one](how-to/one.md)\n");
        let [one, two] = ["docs/how-to/one.md", "docs/two.md"].map(|path| page::parse(Utf8Path::new(path), ""));
        assert_eq!(unlisted(&[contents, one, two]), ["docs/SUMMARY.md lacks docs/two.md"]);
    }
}
