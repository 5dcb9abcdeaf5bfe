//! From the errors of sockets and of the HTTP library to transport faults.

use std::error::Error;
use std::io;

use parallax_contract::TransportFault;
use rustix::io::Errno;

/// Every port that a connection could come from is in use.
pub(super) const NO_PORT: &str = "no local port is free for another connection";
/// The process has as many open files as it may have.
pub(super) const NO_DESCRIPTOR: &str = "no file descriptor is free for another connection";

/// Why nobody could be reached. The text inside holds no address, so that reports compare across ports. What this machine
/// has run out of is no fault of the other side: the request was never sent.
pub(super) fn of_connecting(error: &io::Error) -> TransportFault {
    match error.raw_os_error().map(Errno::from_raw_os_error) {
        Some(Errno::ADDRNOTAVAIL) => return TransportFault::Short(format!("{NO_PORT}; lower --jobs")),
        _ if is_shortage(error) => return no_descriptor(),
        _ => {}
    }
    if error.kind() == io::ErrorKind::TimedOut {
        return TransportFault::TimedOut;
    }
    TransportFault::Refused(error.to_string())
}

/// A connection for which no descriptor was free.
pub(super) fn no_descriptor() -> TransportFault {
    TransportFault::Short(format!("{NO_DESCRIPTOR}; raise `ulimit -n` or lower --jobs"))
}

/// Whether the process, or the machine, has as many open files as it may have.
pub(crate) fn is_shortage(error: &io::Error) -> bool {
    let errno = error.raw_os_error().map(Errno::from_raw_os_error);
    matches!(errno, Some(Errno::MFILE | Errno::NFILE))
}

/// What went wrong on a connection, in the harness's words.
pub(super) fn of(error: &hyper::Error) -> TransportFault {
    let why = root(error).to_string();
    if error.is_timeout() || io_kind(error) == Some(io::ErrorKind::TimedOut) {
        TransportFault::TimedOut
    } else if is_broken_framing(error) {
        TransportFault::NotHttp(why)
    } else {
        TransportFault::Closed(why)
    }
}

fn is_broken_framing(error: &hyper::Error) -> bool {
    // A bad chunk size comes as an I/O error of these kinds; sockets themselves do not raise them.
    let by_chunks = matches!(
        io_kind(error),
        Some(io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData)
    );
    error.is_parse() || error.is_parse_too_large() || by_chunks
}

fn io_kind(error: &hyper::Error) -> Option<io::ErrorKind> {
    causes(error).find_map(|cause| cause.downcast_ref::<io::Error>().map(io::Error::kind))
}

fn root<'a>(error: &'a (dyn Error + 'static)) -> &'a (dyn Error + 'static) {
    causes(error).last().unwrap_or(error)
}

fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}
