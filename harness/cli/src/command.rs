//! The commands, one a file.

pub(crate) mod baseline;
pub(crate) mod bench;
pub(crate) mod cassette;
pub(crate) mod clean;
pub(crate) mod compare;
pub(crate) mod completions;
pub(crate) mod hunt;
pub(crate) mod import;
pub(crate) mod list;
pub(crate) mod man;
pub(crate) mod matrix;
pub(crate) mod merge;
pub(crate) mod record;
pub(crate) mod reference;
pub(crate) mod report;
pub(crate) mod run;
pub(crate) mod selftest;
pub(crate) mod serve;
pub(crate) mod show;
