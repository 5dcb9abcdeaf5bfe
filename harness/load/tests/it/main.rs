//! Benches of real targets on the loopback interface, good ones and bad ones.

#[cfg(test)]
mod cleanup;
mod fixture;
#[cfg(test)]
mod good;
#[cfg(test)]
mod hostile;
