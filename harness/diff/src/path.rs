//! Where in an answer a value stands, written out only when somebody asks.

use std::fmt;

use crate::show;

/// A place in an answer, as a chain on the stack.
#[derive(Clone, Copy)]
pub(crate) enum Path<'a> {
    /// The whole output.
    Root,
    /// A member of a structure or map.
    Member(&'a Path<'a>, &'a str),
    /// An element of a list, by its key.
    Key(&'a Path<'a>, &'a str),
    /// An element of a list, by its place.
    Index(&'a Path<'a>, usize),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => Ok(()),
            Self::Member(Self::Root, name) => f.write_str(name),
            Self::Member(parent, name) => write!(f, "{parent}.{name}"),
            Self::Key(parent, key) => write!(f, "{parent}[{}]", show::key(key)),
            Self::Index(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_dotted_with_keys_in_brackets() {
        let users = Path::Member(&Path::Root, "Users");
        let user = Path::Key(&users, "a\nb");
        assert_eq!(Path::Member(&user, "UserId").to_string(), r"Users[a\nb].UserId");
        let odd = Path::Key(&users, r"a]b[\c");
        assert_eq!(odd.to_string(), r"Users[a\]b\[\\c]");
        assert_eq!(Path::Index(&users, 3).to_string(), "Users[3]");
        assert_eq!(Path::Root.to_string(), "");
    }
}
