//! Free text: whether it must be there, how long it may be, and whether it comes back character by character.

use parallax_contract::{Rule, Value};

use super::base::{PLAIN, Subject, long};
use super::plausible;
use crate::Scenario;
use crate::names::escape;

/// Texts that a careless implementation changes.
const TEXTS: [(&str, &str); 24] = [
    ("empty", ""),
    ("blank", "   "),
    ("leading-space", "  text"),
    ("trailing-space", "text  "),
    ("inner-space", "two  spaces"),
    ("tab", "a\tb"),
    ("line-break", "one\ntwo"),
    ("carriage-return", "one\r\ntwo\rthree"),
    ("leading-line-break", "\ntext\n"),
    ("case", "MiXeD cAsE"),
    ("markup", "<a href=\"x\">it's</a>"),
    ("ampersand", "a & b && c"),
    ("entity", "&amp;lt; &#65; &quot;"),
    ("cdata", "<![CDATA[x]]> ]]>"),
    ("quotation-marks", "\"double\" 'single'"),
    ("percent", "100% %41 %zz"),
    ("plus", "1 + 1 = 2"),
    ("separators", "a=b&c=d;e,f"),
    ("braces", "{a} {{b}}"),
    ("non-ascii", "Größe ñ Ελλάς 日本語"),
    ("emoji", "🦀🇨🇭👩‍🚀"),
    ("combining", "e\u{301} n\u{303}"),
    ("right-to-left", "שלום"),
    ("control", "a\u{1}b\u{7f}"),
];

/// Lengths asked whatever the rules say: about a byte's bound, and far beyond any column of a database.
const LENGTHS: [usize; 4] = [255, 256, 1024, 16_384];

/// The scenarios about the resource's description.
pub(super) fn family(subject: &Subject<'_>) -> Vec<Scenario> {
    let Some(description) = &subject.resource.description else {
        return Vec::new();
    };
    let member = description.input.as_str();
    let mut scenarios = vec![played(subject, "missing", |input| input.remove(member))];
    let texts = TEXTS.iter().map(|(case, text)| ((*case).to_owned(), escape(text)));
    let lengths = lengths(subject, member).into_iter();
    let lengths = lengths.map(|length| (format!("length-{length}"), long('d', length)));
    scenarios.extend(
        texts
            .chain(lengths)
            .map(|(case, text)| played(subject, &case, |input| input.set(member, Value::Text(text)))),
    );
    scenarios
}

fn played(subject: &Subject<'_>, case: &str, change: impl FnOnce(&mut Value)) -> Scenario {
    subject
        .script("description", case)
        .then(subject.creation("create", subject.create_with(PLAIN, change)))
        .maybe("describe", subject.describe(&subject.address(PLAIN)))
        .done()
}

/// The usual lengths and those around each bound.
fn lengths(subject: &Subject<'_>, name: &str) -> Vec<usize> {
    let mut lengths = LENGTHS.to_vec();
    let members = subject.contract.input_members(subject.create_operation()).iter();
    for rule in members
        .filter(|member| member.name == name)
        .flat_map(|member| plausible::rules(subject.contract, member))
    {
        if let Rule::MinLength { min: bound } | Rule::MaxLength { max: bound } = rule {
            let bound = usize::try_from(*bound).unwrap_or(usize::MAX);
            lengths.extend([bound.saturating_sub(1), bound, bound.saturating_add(1)]);
        }
    }
    lengths.retain(|length| (1..=1 << 20).contains(length));
    lengths.sort_unstable();
    lengths.dedup();
    lengths
}
