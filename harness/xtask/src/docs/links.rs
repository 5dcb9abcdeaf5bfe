//! Links that lead somewhere, and a table of contents that holds every page.

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};

use super::page::{self, Page};
use crate::failure::Failure;
use crate::shell::root;

/// The table of contents.
const CONTENTS: &str = "docs/SUMMARY.md";

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

/// The links of a page that lead nowhere.
fn dead(page: &Page) -> Vec<String> {
    let elsewhere = |link: &&String| link.contains("://") || link.starts_with("mailto:");
    let here = page.links.iter().filter(|link| !elsewhere(link));
    let dead = here.filter(|link| !leads_somewhere(page, link));
    dead.map(|link| format!("{}: the link to {link} leads nowhere", page.path))
        .collect()
}

fn leads_somewhere(page: &Page, link: &str) -> bool {
    let (path, anchor) = link
        .split_once('#')
        .map_or((link, None), |(path, anchor)| (path, Some(anchor)));
    let target = match path {
        "" => page.path.clone(),
        path => resolved(&page.path, path),
    };
    let file = root().join(&target);
    match anchor {
        None => file.exists(),
        Some(anchor) => std::fs::read_to_string(&file)
            .is_ok_and(|text| page::parse(&target, &text).anchors.iter().any(|known| known == anchor)),
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

    fn check(link: &str, expected: bool) {
        let text = format!("# The one heading\n\n[there]({link})\n");
        let page = page::parse(Utf8Path::new("docs/ci/page.md"), &text);
        let local = link.starts_with('#');
        let found = match local {
            true => page.anchors.iter().any(|anchor| link == format!("#{anchor}")),
            false => dead(&page).is_empty(),
        };
        assert_eq!(found, expected, "{link}");
    }

    #[test]
    fn a_link_leads_to_a_file_and_to_a_heading_in_it() {
        check("../../README.md", true);
        check("../../README.md#exit-codes", true);
        check("../../README.md#no-such-heading", false);
        check("no-such-page.md", false);
        check("https://example.com/elsewhere", true);
    }

    #[test]
    fn a_page_that_the_contents_lack_is_named() {
        let contents = page::parse(Utf8Path::new(CONTENTS), "- [one](how-to/one.md)\n");
        let [one, two] = ["docs/how-to/one.md", "docs/two.md"].map(|path| page::parse(Utf8Path::new(path), ""));
        assert_eq!(unlisted(&[contents, one, two]), ["docs/SUMMARY.md lacks docs/two.md"]);
    }
}
