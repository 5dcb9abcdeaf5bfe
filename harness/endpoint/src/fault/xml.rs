//! Changes of an answer's bytes that know as much XML as the writer's own form needs.
//!
//! The writer never writes `<` or `>` inside a text, so tags can be told from texts without a parser.

use parallax_wire::HttpAnswer;

/// What a section of text that is not escaped begins with, behind `<`.
const CDATA: &str = "![CDATA[";

/// A run of an answer's body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Run<'a> {
    /// From `<` to `>`.
    Tag(&'a str),
    /// White space between elements.
    Gap(&'a str),
    /// The text of an element, as it is escaped.
    Text(&'a str),
}

/// Writes the body anew, run by run.
pub(crate) fn rewrite(answer: &mut HttpAnswer, with: &mut dyn FnMut(Run<'_>, &mut String)) {
    edit(answer, |body| {
        let mut out = String::with_capacity(body.len() * 2);
        let mut rest = body;
        let mut last = "";
        while let Some((text, after)) = rest.split_once('<') {
            let end = if after.starts_with(CDATA) { "]]>" } else { ">" };
            let (tag, after) = after.split_once(end).unwrap_or((after, ""));
            if !text.is_empty() {
                // White space is an element's own text where it stands between its start and its end.
                let own = is_start(last) && tag.starts_with('/');
                let gap = !own && text.trim().is_empty();
                with(if gap { Run::Gap(text) } else { Run::Text(text) }, &mut out);
            }
            let whole = rest
                .get(text.len()..text.len() + 1 + tag.len() + end.len())
                .unwrap_or_default();
            match tag.starts_with(CDATA) {
                // What an earlier change put there is text that nothing else may touch.
                true => out.push_str(whole),
                false => with(Run::Tag(whole), &mut out),
            }
            last = tag;
            rest = after;
        }
        out.push_str(rest);
        out
    });
}

fn is_start(tag: &str) -> bool {
    !tag.is_empty() && !tag.starts_with(['/', '?', '!']) && !tag.ends_with('/')
}

/// Rewrites every text.
pub(crate) fn texts(answer: &mut HttpAnswer, with: &dyn Fn(&str) -> String) {
    rewrite(answer, &mut |run, out| match run {
        Run::Text(text) => out.push_str(&with(text)),
        Run::Tag(text) | Run::Gap(text) => out.push_str(text),
    });
}

/// Rewrites every tag.
pub(crate) fn tags(answer: &mut HttpAnswer, with: &dyn Fn(&str) -> String) {
    rewrite(answer, &mut |run, out| match run {
        Run::Tag(tag) => out.push_str(&with(tag)),
        Run::Text(text) | Run::Gap(text) => out.push_str(text),
    });
}

/// Rewrites all white space between elements.
pub(crate) fn gaps(answer: &mut HttpAnswer, with: &dyn Fn(&str) -> String) {
    rewrite(answer, &mut |run, out| match run {
        Run::Gap(text) => out.push_str(&with(text)),
        Run::Text(text) | Run::Tag(text) => out.push_str(text),
    });
}

/// Rewrites the body as a text.
pub(crate) fn edit(answer: &mut HttpAnswer, with: impl FnOnce(&str) -> String) {
    let body = String::from_utf8_lossy(&answer.body).into_owned();
    answer.body = with(&body).into_bytes();
}

/// Removes every element of this name with all that is in it; elements of one name do not nest.
pub(crate) fn without(body: &str, name: &str) -> String {
    let (open, close, empty) = (format!("<{name}>"), format!("</{name}>"), format!("<{name}/>"));
    let mut out = body.replace(&empty, "");
    while let Some((before, after)) = out.split_once(&open).and_then(|(before, rest)| {
        let (_, after) = rest.split_once(&close)?;
        Some((before.to_owned(), after.to_owned()))
    }) {
        out = before + &after;
    }
    out
}

/// Whether the answer is a refusal.
pub(crate) fn is_refusal(answer: &HttpAnswer) -> bool {
    answer.body.starts_with(b"<ErrorResponse")
}

/// Sets a header field.
pub(crate) fn header(answer: &mut HttpAnswer, name: &str, value: &str) {
    answer.headers.retain(|(known, _)| known != name);
    answer.headers.push((name.to_owned(), value.to_owned()));
}

/// The text without references, as a reader sees it.
pub(crate) fn plain(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#xD;", "\r")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(body: &str) -> String {
        let mut answer = HttpAnswer {
            status: 200,
            headers: Vec::new(),
            body: body.as_bytes().to_vec(),
        };
        rewrite(&mut answer, &mut |run, out| {
            out.push_str(&match run {
                Run::Tag(tag) => format!("[{tag}]"),
                Run::Gap(_) => "_".to_owned(),
                Run::Text(text) => format!("({text})"),
            });
        });
        String::from_utf8(answer.body).unwrap()
    }

    #[test]
    fn tags_texts_and_the_space_between_elements_are_told_apart() {
        assert_eq!(
            shown("<a>\n <b>x</b>\n <c/>\n</a>\n"),
            "[<a>]_[<b>](x)[</b>]_[<c/>]_[</a>]\n"
        );
        assert_eq!(shown("<a>\n</a><b> x</b>"), "[<a>](\n)[</a>][<b>]( x)[</b>]");
    }

    #[test]
    fn a_section_of_unescaped_text_is_left_alone() {
        assert_eq!(shown("<a><![CDATA[x<b>y]]></a>"), "[<a>]<![CDATA[x<b>y]]>[</a>]");
    }

    #[test]
    fn an_element_is_removed_with_all_that_is_in_it() {
        assert_eq!(without("<a><b><c/></b>x<b/></a>", "b"), "<a>x</a>");
    }
}
