//! What somebody may have meant.

/// How many names are offered.
const OFFERED: usize = 3;

/// A word on the names nearest to what was given, or that there are none.
pub(crate) fn nearest<'a>(given: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    let given = given.to_lowercase();
    let distance = |name: &str| strsim::osa_distance(&given, &name.to_lowercase());
    let mut ranked: Vec<_> = names.into_iter().map(|name| (distance(name), name)).collect();
    ranked.sort_unstable();
    ranked.dedup();
    let offered: Vec<_> = ranked
        .iter()
        .take(OFFERED)
        .map(|(_, name)| format!("`{name}`"))
        .collect();
    match offered.len() {
        0 => "there are none".to_owned(),
        1 => format!("the only one is {}", offered.concat()),
        _ => format!("the nearest are {}", offered.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(given: &str, names: &[&str], expected: &str) {
        assert_eq!(nearest(given, names.iter().copied()), expected);
    }

    #[test]
    fn the_nearest_names_come_first_whatever_their_case() {
        check(
            "mot",
            &["zebra", "Moto", "most", "emulator"],
            "the nearest are `Moto`, `most`, `zebra`",
        );
        check("a", &["a", "b", "a"], "the nearest are `a`, `b`");
        check("x", &["moto"], "the only one is `moto`");
        check("x", &[], "there are none");
    }
}
