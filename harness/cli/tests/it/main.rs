//! The real binary: exit codes, words, files.

#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod baselines;
#[cfg(test)]
mod benches;
#[cfg(test)]
mod binary;
#[cfg(test)]
mod cassettes;
#[cfg(test)]
#[cfg(unix)]
mod ci;
#[cfg(test)]
mod commands;
#[cfg(test)]
mod hunts;
#[cfg(test)]
#[cfg(feature = "aws")]
mod hushed;
#[cfg(test)]
mod imported;
#[cfg(test)]
#[cfg(unix)]
mod interrupts;
#[cfg(test)]
#[cfg(feature = "aws")]
mod live;
#[cfg(test)]
#[cfg(feature = "aws")]
mod live_left;
#[cfg(test)]
mod paper;
#[cfg(test)]
#[cfg(feature = "aws")]
mod placed;
#[cfg(test)]
mod renderings;
#[cfg(test)]
mod runs;
#[cfg(test)]
mod served;
#[cfg(test)]
mod serving;
#[cfg(test)]
mod shards;
#[cfg(test)]
#[cfg(feature = "aws")]
mod standin;
#[cfg(test)]
#[cfg(unix)]
mod written;
