//! The request that every tool sends: the one that the bench sends, as it came over the wire.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread;

use camino::Utf8Path;

use crate::failure::{At as _, Failure};
use crate::shell::{output, program};

/// A request in its parts.
pub(super) struct Request {
    pub(super) method: String,
    pub(super) path: String,
    /// All but those that each client makes itself.
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: String,
}

/// The request of the mix that prepares nothing.
pub(super) fn caught(binary: &Utf8Path) -> Result<Request, Failure> {
    let listener = TcpListener::bind("127.0.0.1:0").at("a listener")?;
    let url = format!("http://{}", listener.local_addr().at("a listener")?);
    let hearing = thread::spawn(move || hear(&listener));
    let words = [
        "--connections",
        "1",
        "--threads",
        "1",
        "--duration",
        "50ms",
        "--warm-up",
        "0",
        "--verify",
        "off",
    ];
    output(program(binary).args(["bench", "--quiet", "--target", &url]).args(words))?;
    let text = hearing
        .join()
        .map_err(|_| Failure::new("nothing was heard"))?
        .at("the request")?;
    parse(&text).ok_or_else(|| Failure::new(format!("this is no request: {text:?}")))
}

/// Hears one request, and answers until the client has gone.
fn hear(listener: &TcpListener) -> std::io::Result<String> {
    let (mut stream, _) = listener.accept()?;
    let mut first = None;
    let mut bytes = [0; 8192];
    while let Ok(count @ 1..) = stream.read(&mut bytes) {
        let text = bytes.get(..count).map(String::from_utf8_lossy).unwrap_or_default();
        first.get_or_insert_with(|| text.into_owned());
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")?;
    }
    Ok(first.unwrap_or_default())
}

fn parse(text: &str) -> Option<Request> {
    let (head, body) = text.split_once("\r\n\r\n")?;
    let mut lines = head.lines();
    let mut words = lines.next()?.split(' ');
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let headers = lines.filter_map(|line| line.split_once(": "));
    let headers = headers.filter(|(name, _)| !["host", "content-length"].contains(&name.to_ascii_lowercase().as_str()));
    Some(Request {
        method,
        path,
        headers: headers
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        body: body.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_parted_into_what_other_clients_are_told() {
        let text = "POST /x HTTP/1.1\r\nhost: h:1\r\ncontent-type: a; b\r\nContent-Length: 3\r\n\r\na=b";
        let request = parse(text).unwrap();
        assert_eq!(
            (request.method.as_str(), request.path.as_str(), request.body.as_str()),
            ("POST", "/x", "a=b")
        );
        assert_eq!(request.headers, [("content-type".to_owned(), "a; b".to_owned())]);
    }
}
