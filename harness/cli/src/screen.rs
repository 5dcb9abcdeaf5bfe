//! The terminal: data on standard output, words for people on standard error.

use std::env;
use std::io::{self, BufWriter, ErrorKind, IsTerminal as _, Write};

use miette::{GraphicalTheme, MietteHandlerOpts, Report};

use crate::args::{Color, Global};
use crate::failure::Failure;

/// What may be shown, and how.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Screen {
    quiet: bool,
    colour_out: bool,
    colour_err: bool,
    progress: bool,
}

impl Screen {
    /// The screen as the arguments, the environment and the terminal have it.
    pub(crate) fn of(global: &Global) -> Self {
        let asked_for_none = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let colour = |is_terminal: bool| match global.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => is_terminal && !asked_for_none,
        };
        let screen = Self {
            quiet: global.quiet,
            colour_out: colour(io::stdout().is_terminal()),
            colour_err: colour(io::stderr().is_terminal()),
            progress: io::stderr().is_terminal() && !global.quiet,
        };
        screen.dress_errors();
        screen
    }

    /// Whether what goes to standard output is coloured.
    pub(crate) fn colour(self) -> bool {
        self.colour_out
    }

    /// Whether there is somebody to watch progress.
    pub(crate) fn progress(self) -> bool {
        self.progress
    }

    /// Tells a person, unless they asked for quiet.
    pub(crate) fn say(self, words: &str) {
        if !self.quiet {
            tell(words);
        }
    }

    /// Tells a person why there is no result.
    pub(crate) fn complain(self, failure: Failure) {
        tell(&format!("{:?}", Report::new(failure)));
    }

    fn dress_errors(self) {
        let colour = self.colour_err;
        let theme = if colour {
            GraphicalTheme::unicode()
        } else {
            GraphicalTheme::unicode_nocolor()
        };
        // Set once for the process; a second screen would only repeat it.
        let _ = miette::set_hook(Box::new(move |_| {
            Box::new(
                MietteHandlerOpts::new()
                    .graphical_theme(theme.clone())
                    .wrap_lines(false)
                    .build(),
            )
        }));
    }
}

/// Where nobody can be told, that is no reason to end otherwise.
fn tell(words: &str) {
    let _ = writeln!(io::stderr(), "{words}");
}

/// Writes data to standard output. A reader that has seen enough (`| head`) is no failure.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    print_by(|out| out.write_all(text.as_bytes()))
}

/// Writes data to standard output piece by piece.
pub(crate) fn print_by(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    let mut out = BufWriter::new(io::stdout().lock());
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::usage("standard output cannot be written").because(error))
        }
        _ => Ok(()),
    }
}
