//! The tokio runtime, and the wish to end.

use std::fmt::Display;

use parallax_outcome::ExitCode;
use parallax_runner::Cancel;
use tokio::runtime::{Builder, Runtime};

use crate::failure::Failure;
use crate::screen::Screen;

/// A runtime with a thread for each core, in a process that may have as many connections as the system lets it.
pub(crate) fn start() -> Result<Runtime, Failure> {
    parallax_load::lift_descriptor_limit();
    let runtime = Builder::new_multi_thread().enable_all().build();
    runtime.map_err(|error| {
        Failure::new(ExitCode::TooLittle, "no threads can be started")
            .mend("raise `ulimit -n` or `ulimit -u`; this machine has none left")
            .because(error)
    })
}

/// Returns when somebody presses Ctrl-C, asks the process to end, or closes its terminal.
pub(crate) async fn interrupted() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let signals = (signal(SignalKind::terminate()), signal(SignalKind::hangup()));
        if let (Ok(mut terminate), Ok(mut hang_up)) = signals {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
                _ = hang_up.recv() => {}
            }
            return;
        }
    }
    // Without a handler there is nothing to wait for; the system's own ends the process.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Does the work unless somebody asks for an end first; what the work holds, a launched process too, is then dropped.
pub(crate) async fn unless_interrupted<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    tokio::select! {
        done = work => done,
        () = interrupted() => Err(Failure::new(ExitCode::NoAnswer, "broken off before everybody was ready")),
    }
}

/// A switch that somebody's wish to end turns on.
pub(crate) fn cancel_on_interrupt(screen: Screen) -> Cancel {
    let cancel = Cancel::new();
    let switch = cancel.clone();
    tokio::spawn(async move {
        interrupted().await;
        screen.say("breaking off: waiting for open requests, deleting what was created");
        switch.cancel();
    });
    cancel
}

/// Lets a write beyond the system's limit on files fail like one to a full disk. Otherwise the system ends the process, and
/// with it all that was found, and leaves half a file.
pub(crate) fn survive_full_files() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        /// The same number on Linux (but for MIPS) and on the BSDs.
        const SIGXFSZ: i32 = 25;
        // The handler outlives the runtime. Without one things are as they would be anyway.
        if let Ok(runtime) = Builder::new_current_thread().enable_io().build() {
            let _entered = runtime.enter();
            let _ = signal(SignalKind::from_raw(SIGXFSZ));
        }
    }
}

/// Why a command came to its end before its time: somebody who had answered does no more. It is told also where quiet is
/// asked for, since nothing else says whose log to look into.
pub(crate) fn gone(who: impl Display, what: &str) -> Failure {
    Failure::new(
        ExitCode::TooLittle,
        format!("{who} stopped giving answers that say anything, which ended the {what}"),
    )
    .mend("see its log, or start it again")
}

/// A word on what a run that was broken off left behind.
pub(crate) fn broken_off(left_behind: u64) -> String {
    let left = self::left_behind(left_behind);
    let words = left.unwrap_or_else(|| "what was created has been deleted".to_owned());
    format!("broken off; {words}")
}

/// How much could not be deleted, if anything could not.
pub(crate) fn left_behind(resources: u64) -> Option<String> {
    match resources {
        0 => None,
        1 => Some("one resource could not be deleted".to_owned()),
        many => Some(format!("{many} resources could not be deleted")),
    }
}
