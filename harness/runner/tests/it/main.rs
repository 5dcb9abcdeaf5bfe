//! Runs against endpoints in memory: what is asked, in which order, and what comes out.

#[cfg(test)]
mod breaking_off;
#[cfg(test)]
mod coverage;
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod hunt;
#[cfg(test)]
mod order;
#[cfg(test)]
mod player;
#[cfg(test)]
mod references;
#[cfg(test)]
mod selftest;
#[cfg(test)]
mod steps;
