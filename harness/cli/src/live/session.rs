//! A conversation with the service itself, from the permission to the cleaning up.

use std::collections::BTreeSet;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use jiff::Timestamp;
use parallax_contract::Contract;
use parallax_endpoint::live::{Guard, Head, Journal, JournalError, Left, Limits, Patient, Reins, Stop};
use parallax_endpoint::{Endpoint, Keyring, RealEnv};
use parallax_outcome::ExitCode;
use parallax_runner::Cancel;

use super::account::{self, Found};
use crate::args::{Asking, CleanArgs, PlaceArgs};
use crate::failure::Failure;
use crate::party;
use crate::screen::{Screen, in_one_line};

/// What a conversation is opened with.
pub(crate) struct Order<'a> {
    /// What the service promises.
    pub(crate) contract: &'a Arc<Contract>,
    /// Where it is.
    pub(crate) place: &'a PlaceArgs,
    /// How it is asked.
    pub(crate) asking: &'a Asking,
    /// How much.
    pub(crate) limits: Limits,
    /// Operations that may be asked though they may cost.
    pub(crate) allowed: BTreeSet<String>,
    /// Whether what is created bears a tag of the run.
    pub(crate) tags: bool,
    /// What the names of the run begin with.
    pub(crate) token: String,
    /// Where the journal goes.
    pub(crate) journal: Utf8PathBuf,
}

/// A conversation.
pub(crate) struct Session {
    guard: Arc<Guard>,
    reins: Arc<Reins>,
    path: Utf8PathBuf,
    keys: Keyring,
    /// Where the service is.
    pub(crate) url: String,
}

impl Session {
    /// Finds the service and begins the journal. Nothing is asked yet.
    pub(crate) async fn open(order: Order<'_>) -> Result<Self, Failure> {
        let found = account::find(order.contract, order.place, party::settings(order.asking)).await?;
        let head = Head {
            service: order.contract.service.name.clone(),
            token: order.token,
            region: found.region.clone(),
            url: found.url.clone(),
            started: Timestamp::now().to_string(),
        };
        let journal = begin(&order.journal, head)?;
        Self::over(
            order.contract,
            found,
            journal,
            (order.limits, order.allowed, order.journal),
            order.tags,
        )
    }

    fn over(
        contract: &Arc<Contract>,
        found: Found,
        journal: Journal,
        (limits, allowed, path): (Limits, BTreeSet<String>, Utf8PathBuf),
        tags: bool,
    ) -> Result<Self, Failure> {
        let reins = Arc::new(Reins::new(limits).hiding(found.keys.clone()));
        let patient = Patient::new(
            found.endpoint,
            contract.clone(),
            reins.clone(),
            Arc::new(RealEnv::new()),
        );
        let shared = (Arc::new(journal), reins.clone());
        let guard = Guard::new(Arc::new(patient), contract.clone(), shared, allowed);
        Ok(Self {
            guard: Arc::new(guard.map_err(|error| Failure::usage(error.to_string()))?.tagging(tags)),
            reins,
            path,
            keys: found.keys,
            url: found.url,
        })
    }

    /// Who is asked.
    pub(crate) fn endpoint(&self) -> Arc<dyn Endpoint> {
        self.guard.clone()
    }

    /// What requests are signed with, which nobody may see.
    pub(crate) fn keys(&self) -> Keyring {
        self.keys.clone()
    }

    /// Breaks the run off when the conversation ends.
    pub(crate) fn breaks(&self, cancel: Cancel, screen: Screen) {
        self.reins.on_stop(move |stop| {
            screen.say(&format!("breaking off: {stop}"));
            cancel.cancel();
        });
    }

    /// Why the conversation ended, if it did.
    pub(crate) fn stop(&self) -> Option<Stop> {
        self.reins.stop()
    }

    /// Deletes what is still there, and says what was sent. A journal that lists nothing more is removed.
    pub(crate) async fn end(self, screen: Screen) -> Result<(), Failure> {
        let left = self.guard.sweep().await;
        let tally = self.reins.tally();
        screen.say(&format!(
            "{} requests were sent, {} of them again",
            tally.sent, tally.again
        ));
        if left.is_empty() {
            // A journal that stays lists nothing, and does no harm.
            let _ = std::fs::remove_file(&self.path);
            return Ok(());
        }
        Err(still_there(&left, &self.path, &self.keys))
    }
}

/// Begins a journal; one of an earlier run that lists nothing more makes way.
fn begin(path: &Utf8Path, head: Head) -> Result<Journal, Failure> {
    if path.exists() {
        let journal = Journal::open(path.as_std_path()).map_err(unusable)?;
        if !journal.is_clear() {
            return Err(Failure::usage(format!(
                "the journal {path} lists {} that may still be there",
                count(journal.held().len() + journal.attempts().len())
            ))
            .mend(format!(
                "run `{}` first, or name another with --journal",
                cleaning(path)
            )));
        }
        std::fs::remove_file(path).map_err(|error| crate::files::unwritable(path, error))?;
    }
    Journal::create(path.as_std_path(), head).map_err(unusable)
}

/// Deletes what a journal lists.
pub(crate) async fn clean(
    args: &CleanArgs,
    contract: &Arc<Contract>,
    journal: Journal,
    screen: Screen,
) -> Result<ExitCode, Failure> {
    let head = journal.head().clone();
    let place = PlaceArgs {
        region: args.place.region.clone().or(Some(head.region)),
        endpoint_url: args.place.endpoint_url.clone().or(Some(head.url)),
        ..args.place.clone()
    };
    let found = account::find(contract, &place, party::settings(&args.asking)).await?;
    let limits = Limits {
        rate: place.rate.0,
        ..Limits::NONE
    };
    // What is to be deleted was allowed when it was made.
    let allowed = contract.operations.keys().cloned().collect();
    let session = Session::over(contract, found, journal, (limits, allowed, args.journal.clone()), false)?;
    match session.end(screen).await {
        Ok(()) => {
            screen.say("nothing is left");
            Ok(ExitCode::Ok)
        }
        Err(failure) => Err(failure),
    }
}

/// Why a journal cannot be used, with what is behind that.
pub(crate) fn unusable(error: JournalError) -> Failure {
    let failure = Failure::usage(error.to_string());
    match error {
        JournalError::Io { source, .. } => failure.because(source),
        JournalError::Line { source, .. } => failure.because(source),
        JournalError::Format { .. } | JournalError::Empty { .. } => failure,
    }
}

/// What could not be deleted. A service says in a refusal whom it refuses, and more.
fn still_there(left: &[Left], path: &Utf8Path, keys: &Keyring) -> Failure {
    let lines: String = left
        .iter()
        .map(|Left { what, why }| (in_one_line(what), in_one_line(&keys.shown(why))))
        .map(|(what, why)| format!("\n  {what}: {why}"))
        .collect();
    Failure::new(
        ExitCode::Diverged,
        format!("{} could not be deleted:{lines}", count(left.len())),
    )
    .mend(format!("`{}` deletes what may still be there", cleaning(path)))
}

/// The command that deletes what a journal lists.
fn cleaning(path: &Utf8Path) -> String {
    format!("parallax clean --journal {path} --allow-aws")
}

fn count(number: usize) -> String {
    match number {
        1 => "one resource".to_owned(),
        many => format!("{many} resources"),
    }
}
