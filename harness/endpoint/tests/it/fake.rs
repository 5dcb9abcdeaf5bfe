//! Tiny servers that do what no library would.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// An answer that any client can read.
pub(crate) const GOOD: &str = "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\ngood";

/// A server on loopback, and the requests that it has read.
pub(crate) struct Fake {
    pub(crate) url: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Fake {
    /// Runs `behave` with the number of each connection, from 0, and the connection.
    pub(crate) async fn start<F: Future<Output = ()> + Send>(
        behave: impl Fn(usize, Peer) -> F + Send + 'static,
    ) -> Self {
        Self::start_on("127.0.0.1:0", behave).await
    }

    /// The same on an address of its own choice.
    pub(crate) async fn start_on<F: Future<Output = ()> + Send>(
        address: &str,
        behave: impl Fn(usize, Peer) -> F + Send + 'static,
    ) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::<Mutex<Vec<String>>>::default();
        let seen = Arc::clone(&requests);
        tokio::spawn(async move {
            for number in 0.. {
                let (stream, _) = listener.accept().await.unwrap();
                let requests = Arc::clone(&seen);
                behave(number, Peer { stream, requests }).await;
            }
        });
        Self { url, requests }
    }

    /// Sends `bytes` to whoever asks and closes the connection.
    pub(crate) async fn saying(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        Self::start(move |_, mut peer| {
            let bytes = bytes.clone();
            async move {
                peer.read().await;
                peer.say(&bytes).await;
            }
        })
        .await
    }

    /// The requests so far, heads and bodies.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

/// One connection, seen from the server.
pub(crate) struct Peer {
    stream: TcpStream,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Peer {
    /// Reads one request with a `content-length`.
    pub(crate) async fn read(&mut self) {
        let mut text = String::new();
        while !is_whole(&text) {
            let mut bytes = [0; 4096];
            match self.stream.read(&mut bytes).await {
                Ok(length) if length > 0 => text.push_str(std::str::from_utf8(&bytes[..length]).unwrap()),
                _ => return,
            }
        }
        self.requests.lock().unwrap().push(text);
    }

    /// Writes; whether the client still took it.
    pub(crate) async fn say(&mut self, bytes: &[u8]) -> bool {
        self.stream.write_all(bytes).await.is_ok()
    }

    /// Waits until the client closes the connection.
    pub(crate) async fn linger(&mut self) {
        while matches!(self.stream.read(&mut [0; 4096]).await, Ok(length) if length > 0) {}
    }
}

fn is_whole(text: &str) -> bool {
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    body.len() >= length.map_or(0, |length| length.parse().unwrap())
}
