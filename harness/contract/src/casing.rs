//! When two texts differ in casing alone.

/// The text as every case mapping that is in use may leave it: through lower, upper and lower case again, so that letters
/// with two forms of one case (`ſ`, `ς`, `ẞ`) meet in whichever way a service maps them.
pub fn folded(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars()
        .flat_map(char::to_lowercase)
        .flat_map(char::to_uppercase)
        .flat_map(char::to_lowercase)
}

/// Whether some case mapping may bring two texts together.
pub fn same_but_case(one: &str, other: &str) -> bool {
    // Within ASCII every mapping is the plain one, and this is asked of every pair of identifiers.
    if one.is_ascii() && other.is_ascii() {
        return one.eq_ignore_ascii_case(other);
    }
    folded(one).eq(folded(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_meet_that_some_mapping_brings_together() {
        let check = |one: &str, other: &str, expected: bool| assert_eq!(same_but_case(one, other), expected, "{one}");
        check("aB", "Ab", true);
        check("\u{212a}", "k", true);
        check("ſ", "S", true);
        check("ς", "σ", true);
        check("ẞ", "ß", true);
        check("straße", "STRASSE", true);
        check("é", "e", false);
        check("a", "а", false);
    }
}
