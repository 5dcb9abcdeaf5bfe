//! The crate against real sockets and processes.
