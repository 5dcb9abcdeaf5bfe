//! The crate against real sockets and processes.

#[cfg(test)]
mod cassette;
#[cfg(test)]
mod cassette_damage;
#[cfg(test)]
mod cassette_index;
#[cfg(test)]
mod fake;
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod http;
#[cfg(test)]
mod launch;
#[cfg(test)]
mod live;
#[cfg(test)]
mod plant;
#[cfg(test)]
mod secrets;
#[cfg(test)]
#[cfg(feature = "aws")]
mod secure;
#[cfg(test)]
mod server;

#[cfg(test)]
use fixture::{contract, create};
#[cfg(test)]
mod signature;
