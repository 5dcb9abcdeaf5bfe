//! Descriptions that are made to fit.

use super::super::text;
use super::{fault, kept_as};
use crate::fault::{Alteration, Change};

const ECHO: &str = "the law of echo: a description comes back unchanged";

pub(super) const FAULTS: &[Alteration] = &[
    // Descriptions made to fit.
    fault(
        "description-trimmed",
        "white space around a description is removed",
        ECHO,
        Change::Serve(|inner, call| kept_as(inner, call, &text::trimmed)),
    ),
    fault(
        "description-collapsed",
        "runs of white space in a description become one space",
        ECHO,
        Change::Serve(|inner, call| kept_as(inner, call, &text::collapsed)),
    ),
    fault(
        "description-line-breaks-changed",
        "line breaks in a description become line feeds",
        ECHO,
        Change::Serve(|inner, call| kept_as(inner, call, &|text| text.replace("\r\n", "\n").replace('\r', "\n"))),
    ),
    fault(
        "description-tabs-changed",
        "tabs in a description become spaces",
        ECHO,
        Change::Serve(|inner, call| kept_as(inner, call, &|text| text.replace('\t', "    "))),
    ),
    fault(
        "description-control-characters-dropped",
        "control characters in a description are left out",
        ECHO,
        Change::Serve(|inner, call| {
            kept_as(inner, call, &|text| {
                text.chars()
                    .filter(|c| !c.is_control() || "\t\n\r".contains(*c))
                    .collect()
            })
        }),
    ),
    fault(
        "description-cut-at-255",
        "descriptions are cut at 255 characters",
        ECHO,
        Change::Serve(|inner, call| kept_as(inner, call, &text::first(255))),
    ),
    fault(
        "description-cut-at-1024",
        "descriptions are cut at 1,024 characters",
        ECHO,
        Change::Serve(|inner, call| kept_as(inner, call, &text::first(1024))),
    ),
    fault(
        "description-cut-by-bytes",
        "as many bytes of a description are kept as it has characters",
        ECHO,
        Change::Serve(|inner, call| kept_as(inner, call, &text::cut_by_bytes)),
    ),
    fault(
        "description-composed",
        "accents in a description are joined with their letters",
        ECHO,
        Change::Serve(|inner, call| kept_as(inner, call, &text::composed)),
    ),
    fault(
        "description-in-ascii",
        "letters of a description beyond ASCII become question marks",
        ECHO,
        Change::Serve(|inner, call| kept_as(inner, call, &text::questioned)),
    ),
    fault(
        "description-read-as-latin-1",
        "descriptions are read in another encoding than they are sent in",
        ECHO,
        Change::Serve(|inner, call| kept_as(inner, call, &text::mojibake)),
    ),
    fault(
        "description-of-three-bytes",
        "characters of a description beyond the basic plane are left out",
        ECHO,
        Change::Serve(|inner, call| kept_as(inner, call, &text::three_bytes)),
    ),
    fault(
        "description-decoded-twice",
        "percent-encoding in a description is decoded once more",
        ECHO,
        Change::Serve(|inner, call| kept_as(inner, call, &text::percent_decoded)),
    ),
    fault(
        "description-without-markup",
        "what looks like markup in a description is left out",
        ECHO,
        Change::Serve(|inner, call| kept_as(inner, call, &text::without_markup)),
    ),
];
