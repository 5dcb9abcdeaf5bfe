//! The server against clients, well-behaved and not.

use std::sync::{Arc, Mutex};

use parallax_contract::{Answer, Call, Contract, Tweak, Value};
use parallax_endpoint::{Emulator, Endpoint as _, Http, HttpSettings, Server, Service};
use parallax_oracle::Oracle;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::{contract, create};

/// Remembers calls and answers each with what it was given.
struct Echo {
    contract: Arc<Contract>,
    calls: Mutex<Vec<Call>>,
}

impl Service for Echo {
    fn contract(&self) -> &Contract {
        &self.contract
    }

    fn answer(&self, call: &Call) -> Answer {
        self.calls.lock().unwrap().push(call.clone());
        Answer::Success(Value::map([("Thing", call.input.clone())]))
    }
}

fn start() -> (Server, Arc<Echo>) {
    let echo = Arc::new(Echo {
        contract: contract(),
        calls: Mutex::default(),
    });
    let server = Server::start(([127, 0, 0, 1], 0).into(), Arc::<Echo>::clone(&echo)).unwrap();
    (server, echo)
}

fn endpoint(server: &Server) -> Http {
    Http::new(contract(), &server.url(), &HttpSettings::default()).unwrap()
}

/// Sends bytes and reads until the server closes.
async fn raw(server: &Server, request: &str) -> String {
    let mut stream = TcpStream::connect(server.addr()).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn a_call_arrives_as_it_was_made_and_so_does_its_answer() {
    let (server, echo) = start();
    for call in [create("a <b> & é"), create("a").tweak(Tweak::Get)] {
        let exchange = endpoint(&server).ask(&call).await;
        let output = exchange.observation.success().unwrap();
        assert_eq!(output.at("Thing.Name"), call.input.get("Name"));
        assert_eq!(echo.calls.lock().unwrap().last(), Some(&call));
    }
}

#[tokio::test]
async fn every_answer_has_a_request_id_of_its_own_in_header_and_body() {
    let (server, _) = start();
    let one = endpoint(&server).ask(&create("a")).await.observation;
    let other = endpoint(&server).ask(&create("a")).await.observation;
    assert!(one.body_request_id.is_some());
    assert_eq!(one.body_request_id, one.header_request_id);
    assert_ne!(one.body_request_id, other.body_request_id);
}

#[tokio::test]
async fn every_path_is_served() {
    let (server, echo) = start();
    let answer = raw(
        &server,
        "GET /some/path?Action=CreateThing HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n",
    )
    .await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert_eq!(echo.calls.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn what_is_refused_before_it_is_read_has_a_proper_error_envelope() {
    for (request, status, code) in [
        (
            "PUT / HTTP/1.1\r\nhost: h\r\ncontent-length: 9\r\n\r\n",
            "405 Method Not Allowed",
            "MethodNotAllowed",
        ),
        (
            "POST / HTTP/1.1\r\nhost: h\r\ncontent-length: 4194305\r\n\r\n",
            "413 Payload Too Large",
            "RequestEntityTooLarge",
        ),
    ] {
        let (server, echo) = start();
        let answer = raw(&server, request).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}\r\n")), "{answer}");
        assert!(answer.contains(&format!("<Code>{code}</Code>")), "{answer}");
        assert!(answer.contains("<Type>Sender</Type>"), "{answer}");
        assert!(echo.calls.lock().unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_body_that_turns_out_too_large_is_refused() {
    let (server, echo) = start();
    let mut stream = TcpStream::connect(server.addr()).await.unwrap();
    stream
        .write_all(b"POST / HTTP/1.1\r\nhost: h\r\ntransfer-encoding: chunked\r\n\r\n400001\r\n")
        .await
        .unwrap();
    stream.write_all(&vec![b'x'; 0x0040_0001]).await.unwrap();
    let mut status = [0; 12];
    stream.read_exact(&mut status).await.unwrap();
    assert_eq!(&status, b"HTTP/1.1 413");
    assert!(echo.calls.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_request_that_breaks_off_is_not_carried_out() {
    let (server, echo) = start();
    let mut stream = TcpStream::connect(server.addr()).await.unwrap();
    stream
        .write_all(b"POST / HTTP/1.1\r\nhost: h\r\ncontent-length: 99\r\n\r\nAction=CreateThing&")
        .await
        .unwrap();
    stream.shutdown().await.unwrap();
    stream.read_to_end(&mut Vec::new()).await.unwrap();
    server.stop().await;
    assert!(echo.calls.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_stopped_server_closes_idle_connections_and_takes_no_more() {
    let (server, _) = start();
    let (address, endpoint) = (server.addr(), endpoint(&server));
    assert!(endpoint.ask(&create("a")).await.answer.is_some());
    server.stop().await;
    assert!(TcpStream::connect(address).await.is_err());
    assert!(endpoint.ask(&create("a")).await.answer.is_none());
}

#[tokio::test]
async fn a_client_that_stays_silent_does_not_keep_the_server_from_stopping() {
    let (server, _) = start();
    let mut stream = TcpStream::connect(server.addr()).await.unwrap();
    let head = b"POST / HTTP/1.1\r\nhost: h\r\nexpect: 100-continue\r\ncontent-length: 9\r\n\r\n";
    stream.write_all(head).await.unwrap();
    // From here on the server waits for the body.
    let mut go_on = [0; 12];
    stream.read_exact(&mut go_on).await.unwrap();
    assert_eq!(&go_on, b"HTTP/1.1 100");
    server.stop().await;
    stream.read_to_end(&mut Vec::new()).await.ok();
}

#[tokio::test]
async fn a_taken_address_is_an_error_that_names_it() {
    let (server, echo) = start();
    let error = Server::start(server.addr(), echo).err().unwrap().to_string();
    assert!(error.contains(&server.addr().to_string()), "{error}");
}

#[tokio::test]
async fn both_families_of_loopback_are_served() {
    let oracle = Arc::new(Oracle::new(contract()));
    for address in ["127.0.0.1:0", "[::1]:0"] {
        // A machine may have no second family; there is nothing to see there.
        if std::net::TcpListener::bind(address).is_err() {
            continue;
        }
        let emulator = Arc::new(Emulator::new(Arc::clone(&oracle)));
        let server = Server::start(address.parse().unwrap(), emulator).unwrap();
        let exchange = endpoint(&server).ask(&create("a")).await;
        assert!(exchange.observation.success().is_some(), "{address} {exchange:?}");
    }
}
