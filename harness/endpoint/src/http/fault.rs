//! From the errors of sockets and of the HTTP library to transport faults.

use std::error::Error;
use std::io;

use parallax_contract::TransportFault;

/// Why nobody could be reached. The text inside holds no address, so that reports compare across ports.
pub(super) fn of_connecting(error: &io::Error) -> TransportFault {
    if error.kind() == io::ErrorKind::TimedOut {
        return TransportFault::TimedOut;
    }
    TransportFault::Refused(error.to_string())
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
