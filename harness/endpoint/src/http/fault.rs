//! From the HTTP client's errors to transport faults.

use std::error::Error;
use std::io;

use parallax_contract::TransportFault;

/// What went wrong, in the harness's words. The texts inside hold no address, so that reports compare across ports.
pub(super) fn of(error: &reqwest::Error) -> TransportFault {
    let why = root(error).to_string();
    if error.is_timeout() || io_kind(error) == Some(io::ErrorKind::TimedOut) {
        TransportFault::TimedOut
    } else if error.is_connect() {
        TransportFault::Refused(why)
    } else if is_broken_framing(error) {
        TransportFault::NotHttp(why)
    } else {
        TransportFault::Closed(why)
    }
}

/// Whether the error may come from a kept connection that the server gave up, or on which bytes were left over from
/// the answer before.
pub(super) fn may_be_stale(error: &reqwest::Error) -> bool {
    matches!(of(error), TransportFault::Closed(_) | TransportFault::NotHttp(_))
}

fn is_broken_framing(error: &reqwest::Error) -> bool {
    let by_hyper = find::<hyper::Error>(error).is_some_and(|error| error.is_parse() || error.is_parse_too_large());
    // A bad chunk size comes as an I/O error of these kinds; sockets themselves do not raise them.
    let by_chunks = matches!(
        io_kind(error),
        Some(io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData)
    );
    by_hyper || by_chunks
}

fn io_kind(error: &reqwest::Error) -> Option<io::ErrorKind> {
    find::<io::Error>(error).map(io::Error::kind)
}

fn find<E: Error + 'static>(error: &reqwest::Error) -> Option<&E> {
    causes(error).find_map(|cause| cause.downcast_ref::<E>())
}

fn root<'a>(error: &'a (dyn Error + 'static)) -> &'a (dyn Error + 'static) {
    causes(error).last().unwrap_or(error)
}

fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}
