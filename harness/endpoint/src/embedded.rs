//! The emulator of this process, asked over real HTTP.

use std::net::Ipv4Addr;
use std::sync::Arc;

use parallax_contract::Call;
use parallax_oracle::Oracle;

use crate::{BoxFuture, Emulator, Endpoint, Exchange, Http, HttpError, HttpSettings, ServeError, Server};

/// An [`Emulator`] behind a [`Server`] on a free port of loopback, and the client that asks it. It ends when dropped.
pub struct Embedded {
    oracle: Arc<Oracle>,
    settings: HttpSettings,
    http: Http,
    server: Server,
}

/// Why there is no embedded emulator.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    /// It cannot be served.
    #[error(transparent)]
    Serve(#[from] ServeError),
    /// It cannot be asked.
    #[error(transparent)]
    Http(#[from] HttpError),
}

impl Embedded {
    /// Starts an emulator in which nothing was created yet, on the tokio runtime of the caller.
    ///
    /// # Errors
    /// [`EmbeddedError`] where no port is free, no runtime is there, or the protocol is unknown.
    pub fn start(oracle: Arc<Oracle>, settings: HttpSettings) -> Result<Self, EmbeddedError> {
        let emulator = Emulator::new(Arc::clone(&oracle));
        let server = Server::start_among((Ipv4Addr::LOCALHOST, 0).into(), Arc::new(emulator), &settings.shortage)?;
        let http = Http::new(Arc::clone(oracle.contract()), &server.url(), &settings)?;
        Ok(Self {
            oracle,
            settings,
            http,
            server,
        })
    }

    /// The URL that it answers at.
    pub fn url(&self) -> String {
        self.server.url()
    }
}

impl Endpoint for Embedded {
    fn ask<'a>(&'a self, call: &'a Call) -> BoxFuture<'a, Exchange> {
        self.http.ask(call)
    }

    fn apart(&self) -> Option<Arc<dyn Endpoint>> {
        let other = Self::start(Arc::clone(&self.oracle), self.settings.clone()).ok()?;
        Some(Arc::new(other))
    }
}
