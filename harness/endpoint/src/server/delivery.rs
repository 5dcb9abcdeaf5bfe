//! How an answer travels: at once and whole, unless an alteration wants it otherwise.

use std::future::pending;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body_util::{Either, Full};
use hyper::body::{Frame, SizeHint};
use hyper::header::{HeaderName, HeaderValue};
use hyper::{Response, StatusCode};
use parallax_wire::HttpAnswer;

use crate::fault::Delivery;

/// The bytes of an answer, or pieces of them.
pub(super) type Body = Either<Full<Bytes>, Pieces>;

/// A connection that ends without an answer, as an alteration asked for.
#[derive(Debug, thiserror::Error)]
#[error("the connection ends without an answer")]
pub(super) struct BrokenOff;

/// A body that is sent in pieces, perhaps not to its end.
pub(super) struct Pieces {
    /// What is left to send, the next piece last.
    left: Vec<Bytes>,
    /// The length that is announced, if any.
    announced: Option<u64>,
    end: End,
}

/// What follows the last piece.
enum End {
    Proper,
    Breaking,
    Broken,
    Never,
}

impl hyper::body::Body for Pieces {
    type Data = Bytes;
    type Error = BrokenOff;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BrokenOff>>> {
        match (self.left.pop(), &self.end) {
            (Some(piece), _) => Poll::Ready(Some(Ok(Frame::data(piece)))),
            (None, End::Proper) => Poll::Ready(None),
            // What was written before the break is only flushed while the body has nothing to say.
            (None, End::Breaking) => {
                self.end = End::Broken;
                context.waker().wake_by_ref();
                Poll::Pending
            }
            (None, End::Broken) => Poll::Ready(Some(Err(BrokenOff))),
            (None, End::Never) => Poll::Pending,
        }
    }

    fn size_hint(&self) -> SizeHint {
        self.announced.map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}

/// Sends an answer as it is to be delivered.
pub(super) async fn deliver(delivery: Delivery, answer: HttpAnswer) -> Result<Response<Body>, BrokenOff> {
    match delivery {
        Delivery::Plain => Ok(respond(answer)),
        Delivery::Late(time) => {
            tokio::time::sleep(time).await;
            Ok(respond(answer))
        }
        Delivery::Never => pending().await,
        Delivery::Closed => Err(BrokenOff),
        Delivery::Part(percent) => Ok(partly(answer, percent, End::Breaking)),
        Delivery::Stalled(percent) => Ok(partly(answer, percent, End::Never)),
        Delivery::Chunked => Ok(in_chunks(answer)),
    }
}

/// Announces the whole length, sends this share of it and ends so.
fn partly(answer: HttpAnswer, percent: u8, end: End) -> Response<Body> {
    let announced = answer.body.len();
    let mut bytes = answer.body.clone();
    bytes.truncate(announced * usize::from(percent.min(100)) / 100);
    let pieces = Pieces {
        left: vec![Bytes::from(bytes)],
        announced: Some(announced as u64),
        end,
    };
    with(answer, pieces)
}

/// Sends the whole in pieces of no announced length.
fn in_chunks(answer: HttpAnswer) -> Response<Body> {
    let body = Bytes::from(answer.body.clone());
    let middle = body.len() / 2;
    let pieces = Pieces {
        left: vec![body.slice(middle..), body.slice(..middle)],
        announced: None,
        end: End::Proper,
    };
    with(answer, pieces)
}

fn with(answer: HttpAnswer, pieces: Pieces) -> Response<Body> {
    let mut response = respond(answer);
    *response.body_mut() = Either::Right(pieces);
    response
}

/// The answer as it is, whole.
pub(super) fn respond(answer: HttpAnswer) -> Response<Body> {
    let mut response = Response::new(Either::Left(Full::from(answer.body)));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in answer.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().append(name, value);
        }
    }
    response
}
