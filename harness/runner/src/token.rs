//! Tokens that keep runs, and the scenarios of a run, apart on a shared target.

use parallax_scenario::TOKEN_LENGTH;

/// How many characters of a token are the run's own.
const RUN_LENGTH: usize = 3;
const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";

/// The token of one play: the beginning of the run's token and the play's number in base 36, always
/// [`TOKEN_LENGTH`] lower-case letters and digits beginning with a letter.
pub(crate) fn of_play(run: &str, number: usize) -> String {
    let mut token: String = run
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(RUN_LENGTH)
        .collect();
    token.make_ascii_lowercase();
    if !token.starts_with(|c: char| c.is_ascii_lowercase()) {
        token.insert(0, 'p');
        token.truncate(RUN_LENGTH);
    }
    while token.len() < RUN_LENGTH {
        token.push('x');
    }
    let places = TOKEN_LENGTH.saturating_sub(RUN_LENGTH);
    token.extend((0..places).rev().map(|place| digit(number, place)));
    token
}

fn digit(number: usize, place: usize) -> char {
    let place = u32::try_from(place).unwrap_or(u32::MAX);
    let value = 36_usize.checked_pow(place).map_or(0, |weight| number / weight % 36);
    DIGITS.get(value).copied().map_or('0', char::from)
}

/// The token, or its beginning, on the reference's side of a comparison: of equal length, and never that of another play.
pub fn for_reference(token: &str) -> String {
    let mut chars = token.chars();
    let first = chars.next().map_or('r', |first| if first == 'r' { 'q' } else { 'r' });
    std::iter::once(first).chain(chars).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn check(run: &str, number: usize, expected: &str) {
        assert_eq!(of_play(run, number), expected);
        assert_eq!(expected.len(), TOKEN_LENGTH);
    }

    #[test]
    fn a_token_has_a_fixed_length_and_begins_with_a_letter() {
        check("k3z9q", 0, "k3z0000");
        check("k3z", 36 * 36 + 35, "k3z010z");
        check("7A", 1, "p7a0001");
        check("", 1, "pxx0001");
    }

    #[test]
    fn plays_and_sides_never_share_a_token() {
        let tokens: Vec<_> = (0..5000).map(|number| of_play("k3z", number)).collect();
        let all: BTreeSet<_> = tokens
            .iter()
            .cloned()
            .chain(tokens.iter().map(|token| for_reference(token)))
            .collect();
        assert_eq!(all.len(), 10_000);
        assert_eq!(for_reference("rab0001"), "qab0001");
    }
}
