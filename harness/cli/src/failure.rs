//! Why a command ended before it did its work, for the person who gave it.

use std::error::Error;
use std::fmt;

use miette::Diagnostic;
use parallax_outcome::ExitCode;

/// What went wrong and where, how to mend it, and the exit code.
#[derive(Debug)]
pub(crate) struct Failure {
    code: ExitCode,
    what: String,
    mend: Option<String>,
    cause: Option<Box<dyn Error + Send + Sync>>,
}

impl Failure {
    /// A wrong command line, a bad input file, or a file that cannot be written.
    pub(crate) fn usage(what: impl Into<String>) -> Self {
        Self::new(ExitCode::Usage, what)
    }

    /// A failure with this exit code.
    pub(crate) fn new(code: ExitCode, what: impl Into<String>) -> Self {
        Self {
            code,
            what: what.into(),
            mend: None,
            cause: None,
        }
    }

    /// Says how to mend it.
    pub(crate) fn mend(mut self, mend: impl Into<String>) -> Self {
        self.mend = Some(mend.into());
        self
    }

    /// Keeps the cause.
    pub(crate) fn because(mut self, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// Says how to mend what else went wrong, too.
    pub(crate) fn and<T>(mut self, other: Result<T, Self>) -> Self {
        let more = other.err().and_then(|other| other.mend);
        self.mend = match (self.mend, more) {
            (Some(mend), Some(more)) => Some(format!("{mend}\n{more}")),
            (mend, more) => mend.or(more),
        };
        self
    }

    /// All that it says, without how to mend it.
    pub(crate) fn in_words(&self) -> String {
        match &self.cause {
            Some(cause) => format!("{}: {cause}", self.what),
            None => self.what.clone(),
        }
    }

    /// The same with other words for what went wrong, of which it is the cause, and another exit code.
    pub(crate) fn of(mut self, code: ExitCode, what: impl Into<String>) -> Self {
        let mend = self.mend.take();
        Self {
            mend,
            ..Self::new(code, what).because(self)
        }
    }

    /// How the process ends.
    pub(crate) fn code(&self) -> ExitCode {
        self.code
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_deref().map(|cause| cause as &(dyn Error + 'static))
    }
}

impl Diagnostic for Failure {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.mend.as_ref().map(|mend| Box::new(mend) as Box<dyn fmt::Display>)
    }
}
