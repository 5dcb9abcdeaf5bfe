//! The run's token: what the names of everything that it creates begin with.

use jiff::Timestamp;

use crate::party::Party;

/// The token on a fresh target, where nothing else runs: always the same, so that reports are.
pub(crate) const FIXED: &str = "emb";

/// The token of a run against these two.
pub(crate) fn of(target: &Party, reference: &Party, now: Timestamp) -> String {
    match (target, reference) {
        // What a reference keeps of one run must never be taken for another's.
        (Party::Embedded, Party::Docs | Party::Cassette(_) | Party::Embedded) => FIXED.to_owned(),
        _ => fresh(now),
    }
}

/// A token that another run at the same time hardly has: three lower-case letters and digits, a letter first.
pub(crate) fn fresh(now: Timestamp) -> String {
    from_number(now.as_nanosecond().unsigned_abs() ^ u128::from(std::process::id()))
}

fn from_number(number: u128) -> String {
    let number = number % (26 * 36 * 36);
    let (first, rest) = (number / (36 * 36), number % (36 * 36));
    [digit(first + 10), digit(rest / 36), digit(rest % 36)].iter().collect()
}

fn digit(value: u128) -> char {
    u32::try_from(value)
        .ok()
        .and_then(|value| char::from_digit(value, 36))
        .unwrap_or('x')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_same_only_where_nothing_of_a_run_is_kept() {
        let of = |reference| of(&Party::Embedded, &reference, Timestamp::UNIX_EPOCH);
        assert_eq!([of(Party::Docs), of(Party::Embedded)], [FIXED; 2]);
        assert_ne!(of(Party::Url("http://127.0.0.1:1".to_owned())), FIXED);
        assert_ne!(of(Party::Aws), FIXED);
    }

    #[test]
    fn a_token_is_three_letters_or_digits_and_begins_with_a_letter() {
        for (number, expected) in [(0, "a00"), (35, "a0z"), (36 * 36, "b00"), (26 * 36 * 36 - 1, "zzz")] {
            assert_eq!(from_number(number), expected);
        }
    }
}
