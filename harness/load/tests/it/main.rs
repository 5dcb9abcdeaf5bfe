//! Benches of real targets on the loopback interface, good ones and bad ones.

#[cfg(test)]
mod cleanup;
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod good;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod stopping;
