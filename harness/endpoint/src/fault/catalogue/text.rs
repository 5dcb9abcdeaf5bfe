//! What careless code makes of texts.

/// The first letter in upper case.
pub(super) fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .chain(chars)
        .collect()
}

/// The first letter in lower case, the rest as it is.
pub(super) fn first_lower(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .into_iter()
        .flat_map(char::to_lowercase)
        .chain(chars)
        .collect()
}

/// The first letter as it is, the rest in lower case.
pub(super) fn tail_lower(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .into_iter()
        .chain(chars.flat_map(char::to_lowercase))
        .collect()
}

/// Lower case as in Turkish: the letter I loses its dot.
pub(super) fn turkish(text: &str) -> String {
    text.replace('I', "ı").to_lowercase()
}

/// White space at both ends removed.
pub(super) fn trimmed(text: &str) -> String {
    text.trim().to_owned()
}

/// Runs of white space made one space.
pub(super) fn collapsed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c.is_whitespace() {
            true if out.ends_with(' ') => {}
            true => out.push(' '),
            false => out.push(c),
        }
    }
    out
}

/// As many bytes kept as there are characters, up to the last whole character.
pub(super) fn cut_by_bytes(text: &str) -> String {
    let count = text.chars().count();
    let end = (0..=count).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    text.get(..end).unwrap_or_default().to_owned()
}

/// Combining accents joined with their letters, for the commonest of them.
pub(super) fn composed(text: &str) -> String {
    [("e\u{301}", "é"), ("n\u{303}", "ñ"), ("a\u{308}", "ä")]
        .iter()
        .fold(text.to_owned(), |text, (two, one)| text.replace(two, one))
}

/// Letters beyond ASCII made question marks.
pub(super) fn questioned(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii() { c } else { '?' }).collect()
}

/// UTF-8 read as Latin-1.
pub(super) fn mojibake(text: &str) -> String {
    text.bytes().map(char::from).collect()
}

/// Characters beyond the basic plane dropped, as a database of three-byte characters does.
pub(super) fn three_bytes(text: &str) -> String {
    text.chars().filter(|c| c.len_utf8() < 4).collect()
}

/// Percent-encoding decoded once more.
pub(super) fn percent_decoded(text: &str) -> String {
    text.replace("%41", "A").replace("%20", " ")
}

/// Everything that looks like a tag removed.
pub(super) fn without_markup(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut inside = false;
    for c in text.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            c if !inside => out.push(c),
            _ => {}
        }
    }
    out
}

/// The first so many characters.
pub(super) fn first(count: usize) -> impl Fn(&str) -> String {
    move |text| text.chars().take(count).collect()
}

/// All but the last character.
pub(super) fn without_last(text: &str) -> String {
    let mut chars = text.chars();
    chars.next_back();
    chars.collect()
}
