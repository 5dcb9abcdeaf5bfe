//! How AWS forms names: plurals, fault suffixes.

/// The plural forms of a resource's name.
pub(super) fn plurals(name: &str) -> Vec<String> {
    let mut forms = vec![format!("{name}s"), format!("{name}es")];
    if let Some(stem) = name.strip_suffix('y') {
        forms.push(format!("{stem}ies"));
    }
    forms
}

/// The name of an error without the word that says that it is one.
pub(super) fn stem(error: &str) -> &str {
    ["Fault", "Exception", "Error"]
        .iter()
        .find_map(|suffix| error.strip_suffix(suffix))
        .unwrap_or(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurals_cover_the_english_forms() {
        assert!(plurals("Proxy").contains(&"Proxies".to_owned()));
        assert!(plurals("Alias").contains(&"Aliases".to_owned()));
        assert!(plurals("Group").contains(&"Groups".to_owned()));
    }

    #[test]
    fn the_word_for_an_error_is_dropped_once() {
        assert_eq!(stem("UserNotFoundFault"), "UserNotFound");
        assert_eq!(stem("NoSuchEntityException"), "NoSuchEntity");
        assert_eq!(stem("SubnetInUse"), "SubnetInUse");
    }
}
