//! Reading a baseline, with the place in every complaint.

use std::ops::Range;

use jiff::civil::Date;
use parallax_outcome::Kind;
use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

use super::{Accepts, Baseline, Entry, Id, Matching, Pattern};

/// Why a text is no baseline.
#[derive(Debug, thiserror::Error)]
#[error("line {line}, column {column}: {what}")]
pub struct BaselineError {
    /// Where, from 1.
    pub line: usize,
    /// Where, from 1.
    pub column: usize,
    /// What is wrong, and how to mend it.
    pub what: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    #[serde(default)]
    known: Vec<Spanned<RawEntry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawEntry {
    id: Option<Spanned<String>>,
    #[serde(default)]
    ids: Vec<Spanned<String>>,
    operation: Option<Spanned<String>>,
    kind: Option<Spanned<String>>,
    scenario: Option<Spanned<String>>,
    path: Option<Spanned<String>>,
    reason: Spanned<String>,
    link: Option<String>,
    until: Option<Spanned<Datetime>>,
    version: Option<Spanned<String>>,
}

impl Baseline {
    /// The baseline that a text holds.
    ///
    /// # Errors
    /// [`BaselineError`] says where the text is none.
    pub fn read(text: &str) -> Result<Self, BaselineError> {
        let ends = text.match_indices('\n').map(|(at, _)| at).collect();
        let reader = Reader { text, ends };
        let file: RawFile = toml::from_str(text)
            .map_err(|error| reader.wrong(error.span().unwrap_or_default(), error.message().trim().to_owned()))?;
        let entries = file.known.into_iter().map(|entry| reader.entry(entry));
        Ok(Self {
            entries: entries.collect::<Result<_, _>>()?,
        })
    }
}

struct Reader<'t> {
    text: &'t str,
    /// Where lines end. A baseline can have a million ids, each with its line.
    ends: Vec<usize>,
}

impl Reader<'_> {
    fn entry(&self, entry: Spanned<RawEntry>) -> Result<Entry, BaselineError> {
        let span = entry.span();
        let raw = entry.into_inner();
        if raw.reason.get_ref().trim().is_empty() {
            return Err(self.wrong(
                raw.reason.span(),
                "the reason is empty; say why this is accepted for now",
            ));
        }
        Ok(Entry {
            line: self.place(span.start).0,
            until: raw.until.as_ref().map(|until| self.day(until)).transpose()?,
            version: self.pattern(raw.version.as_ref())?,
            link: raw.link.clone(),
            reason: raw.reason.get_ref().clone(),
            accepts: self.accepts(&raw, span)?,
        })
    }

    fn accepts(&self, raw: &RawEntry, span: Range<usize>) -> Result<Accepts, BaselineError> {
        let ids: Vec<_> = raw.id.iter().chain(&raw.ids).collect();
        let matching = [&raw.operation, &raw.kind, &raw.scenario, &raw.path];
        match (ids.is_empty(), matching.iter().all(|pattern| pattern.is_none())) {
            (false, true) => Ok(Accepts::Ids(
                ids.into_iter().map(|id| self.id(id)).collect::<Result<_, _>>()?,
            )),
            (true, false) => Ok(Accepts::Matching(Box::new(self.matching(raw)?))),
            (true, true) => Err(self.wrong(
                span,
                "the entry accepts nothing; give `id`, `ids`, or any of `operation`, `kind`, `scenario` and `path`",
            )),
            (false, false) => Err(self.wrong(span, "an id says all; drop the other conditions, or drop the id")),
        }
    }

    fn id(&self, id: &Spanned<String>) -> Result<Id, BaselineError> {
        let text = id.get_ref();
        let whole = text.len() == 16 && text.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f'));
        if !whole {
            return Err(self.wrong(
                id.span(),
                "this is no id; take the sixteen hexadecimal digits at `id` in report.json",
            ));
        }
        Ok(Id {
            id: text.clone(),
            line: self.place(id.span().start).0,
        })
    }

    fn matching(&self, raw: &RawEntry) -> Result<Matching, BaselineError> {
        let kind = self.pattern(raw.kind.as_ref())?;
        if let (Some(pattern), Some(raw)) = (&kind, &raw.kind)
            && !Kind::ALL.iter().any(|kind| pattern.matches(kind.as_str()))
        {
            let all = Kind::ALL.map(Kind::as_str).join(", ");
            return Err(self.wrong(raw.span(), format!("no kind matches; there are {all}")));
        }
        Ok(Matching {
            operation: self.pattern(raw.operation.as_ref())?,
            kind,
            scenario: self.pattern(raw.scenario.as_ref())?,
            path: self.path(raw.path.as_ref())?,
        })
    }

    fn pattern(&self, raw: Option<&Spanned<String>>) -> Result<Option<Pattern>, BaselineError> {
        raw.map(|raw| self.compiled(raw, raw.get_ref())).transpose()
    }

    /// A path holds the keys of list elements in brackets, which are no character classes.
    fn path(&self, raw: Option<&Spanned<String>>) -> Result<Option<Pattern>, BaselineError> {
        raw.map(|raw| self.compiled(raw, &with_plain_brackets(raw.get_ref())))
            .transpose()
    }

    fn compiled(&self, raw: &Spanned<String>, glob: &str) -> Result<Pattern, BaselineError> {
        Pattern::written(raw.get_ref(), glob).map_err(|why| self.wrong(raw.span(), format!("no glob: {why}")))
    }

    fn day(&self, until: &Spanned<Datetime>) -> Result<Date, BaselineError> {
        let wrong = || self.wrong(until.span(), "this is no day; write it like 2027-03-01, without a time");
        let Datetime {
            date: Some(date),
            time: None,
            offset: None,
        } = until.get_ref()
        else {
            return Err(wrong());
        };
        let number = |number: u8| i8::try_from(number).ok();
        let day = i16::try_from(date.year)
            .ok()
            .zip(number(date.month))
            .zip(number(date.day));
        let ((year, month), day) = day.ok_or_else(wrong)?;
        Date::new(year, month, day).map_err(|_| wrong())
    }

    fn wrong(&self, span: Range<usize>, what: impl Into<String>) -> BaselineError {
        let (line, column) = self.place(span.start);
        BaselineError {
            line,
            column,
            what: what.into(),
        }
    }

    /// Line and column, from 1.
    fn place(&self, at: usize) -> (usize, usize) {
        let before = self.ends.partition_point(|end| *end < at);
        let begin = before.checked_sub(1).and_then(|last| self.ends.get(last));
        let begin = begin.map_or(0, |end| end + 1);
        let column = self.text.get(begin..at).unwrap_or_default().chars().count() + 1;
        (before + 1, column)
    }
}

fn with_plain_brackets(glob: &str) -> String {
    let mut out = String::with_capacity(glob.len());
    for c in glob.chars() {
        match c {
            '[' | ']' | '{' | '}' => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let error = Baseline::read(text).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{text}: {error}");
    }

    #[test]
    fn what_is_no_baseline_is_refused_with_the_place() {
        check("[[known]", "line 1, column 9: ");
        check(
            "\n[[known]]\nid = \"0123456789abcdef\"\n",
            "line 2, column 1: missing field `reason`",
        );
        check("[[known]]\nreson = 'x'", "line 2, column 1: unknown field `reson`");
        check(
            "[[known]]\nkind = 'case'\nreason = ' '",
            "line 3, column 10: the reason is empty",
        );
        check("[[known]]\nreason = 'x'", "line 1, column 1: the entry accepts nothing");
        check("[[known]]\nid = 'ab'\nreason = 'x'", "line 2, column 6: this is no id");
        check(
            "[[known]]\nid = '0123456789abcdef'\nkind = 'case'\nreason = 'x'",
            "line 1, column 1: an id says all",
        );
        check(
            "[[known]]\nkind = 'cose'\nreason = 'x'",
            "line 2, column 8: no kind matches; there are transport",
        );
        check("[[known]]\nscenario = '[a'\nreason = 'x'", "line 2, column 12: no glob");
        check(
            "[[known]]\nkind = 'case'\nreason = 'x'\nuntil = 2027-03-01T00:00:00Z",
            "line 4, column 9: this is no day",
        );
    }

    #[test]
    fn ids_and_entries_know_their_lines() {
        let text = "# why\n[[known]]\nreason = 'x'\nids = [\n  'aaaaaaaaaaaaaaaa',\n  'bbbbbbbbbbbbbbbb',\n]\nuntil = 2027-03-01\n";
        let baseline = Baseline::read(text).unwrap();
        let entry = &baseline.entries[0];
        let Accepts::Ids(ids) = &entry.accepts else {
            panic!("{entry:?}")
        };
        assert_eq!((entry.line, ids[0].line, ids[1].line), (2, 5, 6));
        assert_eq!(entry.until, Some(jiff::civil::date(2027, 3, 1)));
    }

    #[test]
    fn a_path_has_brackets_that_are_no_classes() {
        let text = "[[known]]\npath = 'Users[*].{x}'\nreason = 'x'\n";
        let Accepts::Matching(matching) = &Baseline::read(text).unwrap().entries[0].accepts else {
            panic!()
        };
        let path = matching.path.as_ref().unwrap();
        assert!(path.matches("Users[abc].{x}") && !path.matches("Usersa.x"));
    }
}
