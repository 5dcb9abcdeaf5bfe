//! Keeps the pace, asks again where that makes sense, and knows when to stop.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use parallax_contract::{ApiError, Call, Contract, Observation, Outcome, TransportFault};
use parallax_wire::{HttpRequest, Method};

use super::deeds::changes_nothing;
use super::{Reins, Stop};
use crate::env::fraction;
use crate::{BoxFuture, Endpoint, Env, Exchange};

/// How often a request is sent, at most.
const TRIES: u32 = 5;
/// The longest wait between two tries.
const LONGEST: Duration = Duration::from_secs(20);
/// How far the clocks may differ before a signature is refused.
const SKEW: Duration = Duration::from_secs(5 * 60);

/// Codes by which services say that they were asked too often; they say nothing of the call. Those of botocore's retry
/// table for services in general.
const THROTTLES: [&str; 10] = [
    "BandwidthLimitExceeded",
    "PriorRequestNotComplete",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "SlowDown",
    "ThrottledException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
];
/// Codes of credentials whose time is over.
const EXPIRED: [&str; 3] = ["ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"];
/// Codes of credentials or signatures that are not taken; any later request would fare the same.
const DENIED: [&str; 9] = [
    "IncompleteSignature",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "MissingAuthenticationToken",
    "RequestExpired",
    "RequestTimeTooSkewed",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
];

/// An endpoint whose credentials may be had anew.
pub trait Renew: Endpoint {
    /// Looks for newer credentials; whether there are any.
    fn renew(&self) -> BoxFuture<'_, bool>;
}

/// Asks at a steady pace, again after throttling, a broken service and a lost answer, and ends the conversation where
/// every later request would be refused.
///
/// An answer after a try whose effect is unknown counts only if it is a success: a refusal may be due to that effect. What
/// changes nothing, such as an action that the service does not have, has none.
pub struct Patient {
    inner: Arc<dyn Renew>,
    contract: Arc<Contract>,
    reins: Arc<Reins>,
    env: Arc<dyn Env>,
}

/// What an answer means for the next try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reading {
    /// It is the answer.
    Counts,
    /// Nothing happened there; again.
    Again,
    /// Something may have happened; again, with care.
    Unclear,
    /// The credentials are too old.
    Expired,
    /// The credentials are not taken.
    Denied,
}

impl Patient {
    /// Asks `inner` within these limits.
    pub fn new(inner: Arc<dyn Renew>, contract: Arc<Contract>, reins: Arc<Reins>, env: Arc<dyn Env>) -> Self {
        Self {
            inner,
            contract,
            reins,
            env,
        }
    }

    async fn persist(&self, call: &Call) -> Exchange {
        let mut last: Option<Exchange> = None;
        let mut unclear = false;
        for tried in 0..TRIES {
            if tried > 0 {
                tokio::time::sleep(self.wait(tried)).await;
            }
            if let Err(stop) = self.reins.turn(tried > 0).await {
                return match last {
                    Some(exchange) => given_up(exchange, &stop.to_string()),
                    None => withheld(&stop),
                };
            }
            let exchange = self.inner.ask(call).await;
            match read(&exchange.observation) {
                Reading::Counts if unclear && exchange.observation.success().is_none() => {
                    return given_up(exchange, "an earlier answer was lost and may have had its effect");
                }
                Reading::Counts => return exchange,
                Reading::Again => {}
                Reading::Unclear => unclear |= !changes_nothing(&self.contract, call),
                Reading::Expired if self.inner.renew().await => {}
                Reading::Expired | Reading::Denied => {
                    let stop = self.reins.pull(self.refused(&exchange));
                    return given_up(exchange, &stop.to_string());
                }
            }
            last = Some(exchange);
        }
        last.map_or_else(|| withheld(&"never tried"), |exchange| exhausted(exchange, unclear))
    }

    /// Twice as long each time, from one turn on, and anything down to nothing.
    fn wait(&self, tried: u32) -> Duration {
        let most = self.reins.interval().saturating_mul(2_u32.saturating_pow(tried));
        most.min(LONGEST).mul_f64(fraction(&self.env.id()))
    }

    /// Why nothing more is asked after this refusal.
    fn refused(&self, exchange: &Exchange) -> Stop {
        let error = exchange.observation.error();
        let code = error.map(|error| error.code.clone()).unwrap_or_default();
        if EXPIRED.contains(&code.as_str()) {
            return Stop::Expired { code };
        }
        match skew(self.env.now(), exchange) {
            Some(seconds) if seconds.unsigned_abs() >= SKEW.as_secs() => Stop::Skewed { seconds },
            _ => Stop::Denied {
                code,
                message: error.and_then(|error| error.message.clone()).unwrap_or_default(),
            },
        }
    }
}

impl Endpoint for Patient {
    fn ask<'a>(&'a self, call: &'a Call) -> BoxFuture<'a, Exchange> {
        Box::pin(self.persist(call))
    }
}

fn read(observation: &Observation) -> Reading {
    match &observation.outcome {
        Outcome::Error(ApiError { code, .. }) => match code.as_str() {
            code if THROTTLES.contains(&code) => Reading::Again,
            code if EXPIRED.contains(&code) => Reading::Expired,
            code if DENIED.contains(&code) => Reading::Denied,
            _ => by_status(observation.status),
        },
        Outcome::Lost(TransportFault::Refused(_)) => Reading::Again,
        Outcome::Lost(
            TransportFault::Closed(_)
            | TransportFault::TimedOut
            | TransportFault::Unfinished
            | TransportFault::NotHttp(_),
        ) => Reading::Unclear,
        Outcome::Success(_) | Outcome::Malformed(_) | Outcome::Lost(_) => by_status(observation.status),
    }
}

fn by_status(status: u16) -> Reading {
    match status {
        429 => Reading::Again,
        500.. => Reading::Unclear,
        _ => Reading::Counts,
    }
}

/// By how much this clock is ahead of the service's, in seconds, where the answer is dated.
fn skew(now: SystemTime, exchange: &Exchange) -> Option<i64> {
    let headers = &exchange.answer.as_ref()?.headers;
    let (_, date) = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("date"))?;
    let theirs = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(date).ok()?;
    let ours = jiff::Timestamp::try_from(now).ok()?;
    Some(ours.as_second() - theirs.as_second())
}

/// The last of many answers, none of which counts.
fn exhausted(exchange: Exchange, unclear: bool) -> Exchange {
    match &exchange.observation.outcome {
        // Nobody was there, and nothing else happened before: that says more.
        Outcome::Lost(_) if !unclear => exchange,
        Outcome::Lost(fault) => {
            let why = format!("{fault}, {TRIES} times");
            given_up(exchange, &why)
        }
        Outcome::Error(error) => {
            let why = format!("the service answered {} {TRIES} times", error.code);
            given_up(exchange, &why)
        }
        _ => {
            let why = format!(
                "the service answered with status {} {TRIES} times",
                exchange.observation.status
            );
            given_up(exchange, &why)
        }
    }
}

/// The exchange without its answer, which does not count: a replay must not take it for what the service says.
fn given_up(mut exchange: Exchange, why: &str) -> Exchange {
    exchange.answer = None;
    exchange.observation = Observation {
        status: exchange.observation.status,
        ..Observation::lost(TransportFault::GivenUp(why.to_owned()))
    };
    exchange
}

/// The lack of an exchange.
fn withheld(why: &impl ToString) -> Exchange {
    Exchange {
        request: HttpRequest {
            method: Method::Post,
            query: String::new(),
            headers: Vec::new(),
            body: Vec::new(),
        },
        answer: None,
        observation: Observation::lost(TransportFault::Withheld(why.to_string())),
    }
}
