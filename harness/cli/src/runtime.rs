//! The tokio runtime, and the wish to end.

use parallax_outcome::ExitCode;
use tokio::runtime::{Builder, Runtime};

use crate::failure::Failure;

/// A runtime with a thread for each core.
pub(crate) fn start() -> Result<Runtime, Failure> {
    let runtime = Builder::new_multi_thread().enable_all().build();
    runtime.map_err(|error| Failure::new(ExitCode::Bug, "no threads can be started").because(error))
}

/// Returns when somebody presses Ctrl-C, or asks the process to end.
pub(crate) async fn interrupted() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    // Without a handler there is nothing to wait for; the system's own ends the process.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
