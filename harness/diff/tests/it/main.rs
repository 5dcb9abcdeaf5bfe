//! The comparison from outside: answers in, verdicts and differences out.

mod fixture;
mod listings;
mod outcomes;
mod outputs;
mod references;
