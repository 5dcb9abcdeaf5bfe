//! The client against servers that misbehave.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use parallax_contract::{Call, Outcome, TransportFault, Tweak, Value};
use parallax_endpoint::{Endpoint as _, Env, Exchange, Http, HttpError, HttpSettings};
use tokio::sync::mpsc;

use crate::fake::{Fake, GOOD};
use crate::{contract, create};

/// Long enough for whatever is quick, short enough for what never ends.
fn hurried() -> HttpSettings {
    HttpSettings {
        time_limit: Duration::from_millis(200),
        ..HttpSettings::default()
    }
}

async fn ask_with(url: &str, settings: HttpSettings) -> Exchange {
    Http::new(contract(), url, &settings).unwrap().ask(&create("a")).await
}

async fn ask(url: &str) -> Exchange {
    ask_with(url, HttpSettings::default()).await
}

fn fault(exchange: &Exchange) -> &TransportFault {
    match &exchange.observation.outcome {
        Outcome::Lost(fault) => fault,
        other => panic!("an answer arrived: {other:?}"),
    }
}

fn body(exchange: &Exchange) -> &[u8] {
    &exchange.answer.as_ref().unwrap().body
}

#[tokio::test]
async fn a_port_that_nobody_listens_on_refuses() {
    // Bound, so that nobody else takes the port, but not listening.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let exchange = ask(&format!("http://{}", socket.local_addr().unwrap())).await;
    assert!(matches!(fault(&exchange), TransportFault::Refused(_)), "{exchange:?}");
}

#[tokio::test]
async fn a_server_that_hangs_is_timed_out_before_and_within_its_answer() {
    for (beginning, expected) in [
        ("", TransportFault::TimedOut),
        ("HTTP/1.1 200 OK\r\n", TransportFault::TimedOut),
        (
            "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nx",
            TransportFault::Unfinished,
        ),
    ] {
        let fake = Fake::start(move |_, mut peer| async move {
            peer.read().await;
            peer.say(beginning.as_bytes()).await;
            peer.linger().await;
        })
        .await;
        let exchange = ask_with(&fake.url, hurried()).await;
        assert_eq!(fault(&exchange), &expected, "{beginning}");
    }
}

#[tokio::test]
async fn an_answer_that_breaks_off_was_closed_wherever_it_breaks_off() {
    for beginning in [
        "",
        "HTTP/1.1 20",
        "HTTP/1.1 200 OK\r\ncontent-le",
        "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nx",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nab",
    ] {
        let exchange = ask(&Fake::saying(beginning).await.url).await;
        assert!(
            matches!(fault(&exchange), TransportFault::Closed(_)),
            "{beginning} {exchange:?}"
        );
    }
}

#[tokio::test]
async fn what_is_not_http_is_called_so() {
    for garbage in [
        "SSH-2.0-OpenSSH_9.6\r\n\r\n",
        "\0\u{1}\u{2}\r\n\r\n",
        "HTTP/1.1 abc OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: many\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nab\r\n0\r\n\r\n",
    ] {
        let exchange = ask(&Fake::saying(garbage).await.url).await;
        assert!(
            matches!(fault(&exchange), TransportFault::NotHttp(_)),
            "{garbage} {exchange:?}"
        );
    }
}

#[tokio::test]
async fn an_endless_answer_is_too_large_and_is_not_read_on() {
    for head in [
        "HTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 9999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
    ] {
        let (gave_up, mut given_up) = mpsc::unbounded_channel();
        let fake = Fake::start(move |_, mut peer| {
            let gave_up = gave_up.clone();
            async move {
                peer.read().await;
                peer.say(head.as_bytes()).await;
                let more = format!("400\r\n{}\r\n", "x".repeat(1024));
                while peer.say(more.as_bytes()).await {}
                gave_up.send(()).unwrap();
            }
        })
        .await;
        let settings = HttpSettings {
            size_limit: 100_000,
            ..HttpSettings::default()
        };
        let exchange = ask_with(&fake.url, settings).await;
        assert_eq!(fault(&exchange), &TransportFault::TooLarge(100_000), "{head}");
        given_up.recv().await.unwrap();
    }
}

#[tokio::test]
async fn a_large_answer_that_has_to_wait_for_others_has_its_whole_time_all_the_same() {
    const LARGE: usize = 300 << 10;
    let stalled = Arc::new(tokio::sync::Barrier::new(3));
    let fake = Fake::start(move |number, mut peer| {
        let stalled = Arc::clone(&stalled);
        let answer = async move {
            peer.read().await;
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {LARGE}\r\n\r\n");
            let mut whole = [head.as_bytes(), &vec![b'x'; LARGE]].concat();
            if number < 2 {
                whole.pop();
                peer.say(&whole).await;
                stalled.wait().await;
                peer.linger().await;
            } else {
                // The two that never end are large by now.
                stalled.wait().await;
                peer.say(&whole).await;
            }
        };
        // The others are served meanwhile.
        async { drop(tokio::spawn(answer)) }
    })
    .await;
    let settings = HttpSettings {
        time_limit: Duration::from_secs(1),
        ..HttpSettings::default()
    };
    let endpoint = Http::new(contract(), &fake.url, &settings).unwrap();
    let call = create("a");
    let (one, two, three) = tokio::join!(endpoint.ask(&call), endpoint.ask(&call), endpoint.ask(&call));
    let exchanges = [one, two, three];
    let (whole, lost): (Vec<_>, Vec<_>) = exchanges.iter().partition(|exchange| exchange.answer.is_some());
    assert_eq!(
        whole.iter().map(|exchange| body(exchange).len()).collect::<Vec<_>>(),
        [LARGE]
    );
    assert_eq!(
        lost.iter().map(|exchange| fault(exchange)).collect::<Vec<_>>(),
        [&TransportFault::Unfinished; 2]
    );
}

#[tokio::test]
async fn an_answer_as_large_as_the_limit_is_taken() {
    for (size_limit, expected) in [(4, true), (3, false)] {
        let settings = HttpSettings {
            size_limit,
            ..HttpSettings::default()
        };
        for head in [
            "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n",
            "HTTP/1.1 200 OK\r\n\r\n",
        ] {
            let fake = Fake::saying(format!("{head}good")).await;
            let exchange = ask_with(&fake.url, settings.clone()).await;
            assert_eq!(exchange.answer.is_some(), expected, "{size_limit} {head}");
        }
    }
}

#[tokio::test]
async fn bytes_beyond_the_declared_length_belong_to_no_answer() {
    let fake = Fake::start(|number, mut peer| async move {
        peer.read().await;
        peer.say(format!("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n{number}23456").as_bytes())
            .await;
        peer.linger().await;
    })
    .await;
    let endpoint = Http::new(contract(), &fake.url, &HttpSettings::default()).unwrap();
    assert_eq!(body(&endpoint.ask(&create("a")).await), b"023");
    assert_eq!(body(&endpoint.ask(&create("a")).await), b"123");
}

#[tokio::test]
async fn a_packed_body_is_not_unpacked() {
    let packed = b"\x1f\x8b\x08\x00 whatever";
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n",
        packed.len()
    );
    let exchange = ask(&Fake::saying([head.as_bytes(), packed].concat()).await.url).await;
    assert_eq!(body(&exchange), packed);
    assert_eq!(exchange.answer.unwrap().header("content-encoding"), Some("gzip"));
}

#[tokio::test]
async fn a_kept_connection_that_turns_out_dead_is_replaced_once() {
    let fake = Fake::start(|number, mut peer| async move {
        peer.read().await;
        peer.say(GOOD.as_bytes()).await;
        // The first connection takes one more request and closes without a word.
        peer.read().await;
        if number > 0 {
            peer.linger().await;
        }
    })
    .await;
    let endpoint = Http::new(contract(), &fake.url, &HttpSettings::default()).unwrap();
    assert_eq!(body(&endpoint.ask(&create("first")).await), b"good");
    assert_eq!(body(&endpoint.ask(&create("second")).await), b"good");
    let names: Vec<_> = fake
        .requests()
        .iter()
        .map(|text| text.contains("Name=second"))
        .collect();
    assert_eq!(names, [false, true, true]);
}

#[tokio::test]
async fn a_request_that_is_lost_on_a_new_connection_is_not_sent_again() {
    let fake = Fake::saying("").await;
    ask(&fake.url).await;
    assert_eq!(fake.requests().len(), 1);
}

#[tokio::test]
async fn a_connection_that_the_server_means_to_close_is_not_kept() {
    for head in ["HTTP/1.1 200 OK\r\nconnection: close\r\n", "HTTP/1.0 200 OK\r\n"] {
        let fake = Fake::start(move |number, mut peer| async move {
            peer.read().await;
            peer.say(format!("{head}content-length: 1\r\n\r\n{number}").as_bytes())
                .await;
            peer.linger().await;
        })
        .await;
        let endpoint = Http::new(contract(), &fake.url, &HttpSettings::default()).unwrap();
        assert_eq!(body(&endpoint.ask(&create("a")).await), b"0");
        assert_eq!(body(&endpoint.ask(&create("a")).await), b"1");
        assert_eq!(fake.requests().len(), 2);
    }
}

#[tokio::test]
async fn a_connection_is_used_again() {
    let fake = Fake::start(|number, mut peer| async move {
        for _ in 0..3 {
            peer.read().await;
            peer.say(format!("HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n{number}").as_bytes())
                .await;
        }
    })
    .await;
    let endpoint = Http::new(contract(), &fake.url, &HttpSettings::default()).unwrap();
    for _ in 0..3 {
        assert_eq!(body(&endpoint.ask(&create("a")).await), b"0");
    }
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_not_followed() {
    let fake = Fake::saying("HTTP/1.1 302 Found\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n").await;
    assert_eq!(ask(&fake.url).await.answer.unwrap().status, 302);
    assert_eq!(fake.requests().len(), 1);
}

#[tokio::test]
async fn a_request_goes_to_the_path_of_the_url() {
    for (path, get, expected) in [
        ("", false, "POST / HTTP/1.1"),
        ("/", false, "POST / HTTP/1.1"),
        ("/base/", false, "POST /base/ HTTP/1.1"),
        (
            "/base",
            true,
            "GET /base?Action=CreateThing&Version=2020-01-01&Name=a%26b&%zz HTTP/1.1",
        ),
    ] {
        let fake = Fake::saying(GOOD).await;
        let endpoint = Http::new(contract(), &format!("{}{path}", fake.url), &HttpSettings::default()).unwrap();
        let mut call = create("a&b");
        if get {
            call = call.tweak(Tweak::Get).tweak(Tweak::Raw("&%zz".into()));
        }
        endpoint.ask(&call).await;
        assert_eq!(fake.requests()[0].lines().next(), Some(expected));
    }
}

#[test]
fn what_is_no_plain_http_url_is_refused_with_the_reason() {
    for (url, expected) in [
        ("localhost:80", "its scheme is not http"),
        ("ftp://localhost", "its scheme is not http"),
        ("http://", "empty host"),
        ("http://h:99999", "invalid port number"),
        ("http://h/?a=b", "it has a query or a fragment"),
        ("http://u:p@h/", "it has a user or a password"),
    ] {
        match Http::new(contract(), url, &HttpSettings::default()).err() {
            Some(HttpError::Url { why, .. }) => assert_eq!(why, expected, "{url}"),
            other => panic!("{url}: {other:?}"),
        }
    }
}

#[test]
fn tls_is_spoken_where_it_is_built_in_and_refused_elsewhere() {
    let certificates = Some("/nowhere".into());
    let settings = HttpSettings {
        certificates,
        ..HttpSettings::default()
    };
    let refused = Http::new(contract(), "https://h/", &settings).err();
    let expected = if cfg!(feature = "aws") {
        "/nowhere"
    } else {
        "build with the feature"
    };
    match refused {
        Some(HttpError::Tls { why, .. }) => assert!(why.contains(expected), "{why}"),
        other => panic!("{other:?}"),
    }
}

/// 2020-01-02 03:04:05 UTC, and no ids.
struct Fixed;

impl Env for Fixed {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_577_934_245)
    }

    fn id(&self) -> String {
        String::new()
    }
}

async fn signed(call: &Call) -> Vec<String> {
    let fake = Fake::saying(GOOD).await;
    let settings = HttpSettings {
        region: "eu-west-1".into(),
        access_key: "key".into(),
        secret_key: "secret".into(),
        env: Arc::new(Fixed),
        ..HttpSettings::default()
    };
    Http::new(contract(), &fake.url, &settings).unwrap().ask(call).await;
    fake.requests()[0].lines().map(str::to_owned).collect()
}

#[tokio::test]
async fn a_request_is_signed_for_service_and_region_at_the_time_of_the_environment() {
    for call in [create("a"), create("a").tweak(Tweak::Get)] {
        let lines = signed(&call).await;
        let header = |name: &str| lines.iter().find_map(|line| line.strip_prefix(name)).unwrap();
        assert_eq!(header("x-amz-date: "), "20200102T030405Z");
        let signature = header("authorization: ");
        assert!(
            signature
                .starts_with("AWS4-HMAC-SHA256 Credential=key/20200102/eu-west-1/things/aws4_request, SignedHeaders="),
            "{signature}"
        );
    }
}

#[tokio::test]
async fn a_parameter_of_a_mebibyte_goes_out_whole() {
    let fake = Fake::saying(GOOD).await;
    let long = "x".repeat(1 << 20);
    let call = Call::new("CreateThing", Value::map([("Name", Value::text(&*long))]));
    let exchange = Http::new(contract(), &fake.url, &HttpSettings::default())
        .unwrap()
        .ask(&call)
        .await;
    assert_eq!(body(&exchange), b"good");
    assert!(fake.requests()[0].contains(&long));
}
