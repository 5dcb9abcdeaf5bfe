//! The comparison from outside: answers in, verdicts and differences out.

#[cfg(test)]
mod aligned;
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod listings;
#[cfg(test)]
mod outcomes;
#[cfg(test)]
mod outputs;
#[cfg(test)]
mod references;
