//! Who answers: a URL, an embedded emulator, a launched process, and recordings of any of them.
//!
//! [`Http`] asks whatever listens at a URL, signed the way an SDK would. [`Server`] puts a [`Service`] (such as the
//! oracle's [`Emulator`]) behind a real HTTP server; [`Embedded`] is that server with its client. [`Launched`] starts somebody else's server and ends it again, with
//! all its children. [`cassette`] keeps exchanges in a file. All traffic of the harness goes through this crate, and the
//! HTTP libraries are named nowhere else.
//!
//! This crate never judges an answer, never retries one that it got (but for [`live`], which says so), and knows no service by name. What goes wrong on
//! the way to a target is an observation, not an error.

#[cfg(feature = "aws")]
pub mod aws;
pub mod cassette;
mod direct;
mod embedded;
mod emulator;
mod env;
pub mod fault;
mod http;
mod keys;
mod launch;
pub mod live;
mod server;
mod shortage;
pub mod signature;

use std::pin::Pin;
use std::sync::Arc;

use parallax_contract::{Call, Contract, Observation};
use parallax_wire::{HttpAnswer, HttpRequest, protocol_of};

pub use direct::Direct;
pub use embedded::{Embedded, EmbeddedError};
pub use emulator::{Emulator, Service};
pub use env::{Env, RealEnv};
pub use http::{ConnectError, Connection, Http, HttpError, HttpSettings, Prepared, Unanswered, Wanted, signed};
pub use keys::Keyring;
pub use launch::{LaunchError, LaunchSpec, Launched, Readiness, Status};
pub use server::{ServeError, Server};
pub use shortage::Shortage;

/// A boxed future, as a trait object needs it.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The most pages of one listing that anybody is asked for.
pub const PAGE_LIMIT: u32 = 1000;

/// Somebody who answers calls.
pub trait Endpoint: Send + Sync {
    /// Encodes, signs, sends and decodes. Never fails: an answer that did not arrive is an observation too.
    fn ask<'a>(&'a self, call: &'a Call) -> BoxFuture<'a, Exchange>;

    /// Another one of the same kind that holds nothing and that nobody else asks; `None` where there is only this one.
    fn apart(&self) -> Option<Arc<dyn Endpoint>> {
        None
    }

    /// The most pages of one listing that it should be asked for.
    fn page_limit(&self) -> u32 {
        PAGE_LIMIT
    }

    /// Whether what is created here is to bear a tag of the run, because others have things here, too.
    fn wants_tags(&self) -> bool {
        false
    }
}

/// One request and what came back.
#[derive(Clone, Debug, PartialEq)]
pub struct Exchange {
    /// The request, without what was added on the way (signature, host).
    pub request: HttpRequest,
    /// The answer in bytes; `None` where it did not arrive whole.
    pub answer: Option<HttpAnswer>,
    /// The answer decoded, or why there is none.
    pub observation: Observation,
}

impl Exchange {
    /// The same as the exchange of this call, of which another form was sent: what was added on the way is left out of the
    /// request.
    #[must_use]
    pub fn told_as(self, contract: &Contract, call: &Call) -> Self {
        match protocol_of(contract) {
            Ok(protocol) => Self {
                request: protocol.encode_request(contract, call),
                ..self
            },
            // Nobody can have asked in a protocol that is not known.
            Err(_) => self,
        }
    }
}
