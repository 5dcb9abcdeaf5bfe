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
    /// Whether nothing but ASCII is understood.
    ascii: bool,
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
        let is_dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
        let screen = Self {
            quiet: global.quiet,
            colour_out: colour(io::stdout().is_terminal()),
            colour_err: colour(io::stderr().is_terminal()),
            progress: io::stderr().is_terminal() && !global.quiet && !is_dumb,
            ascii: is_dumb || !locale_has_unicode(|name| env::var(name).ok()),
        };
        screen.dress_errors();
        screen
    }

    /// Whether what goes to standard output is coloured.
    pub(crate) fn colour(self) -> bool {
        self.colour_out
    }

    /// Prints text for people.
    pub(crate) fn show(self, text: String) -> Result<(), Failure> {
        print(&self.text(text))
    }

    /// Text for people, as it can be shown here.
    pub(crate) fn text(self, text: String) -> String {
        match self.ascii {
            true => in_ascii(&text),
            false => text,
        }
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

    /// Tells a person why the command ends with something else than 0, also one who asked for quiet: a code alone says too
    /// little to whoever reads the log of a CI.
    pub(crate) fn explain(self, words: &str) {
        tell(words);
    }

    /// Tells a person why there is no result.
    pub(crate) fn complain(self, failure: Failure) {
        complain(failure);
    }

    fn dress_errors(self) {
        let colour = self.colour_err;
        let theme = match (self.ascii, colour) {
            (false, true) => GraphicalTheme::unicode(),
            (false, false) => GraphicalTheme::unicode_nocolor(),
            (true, true) => GraphicalTheme::ascii(),
            (true, false) => GraphicalTheme::none(),
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

/// Whether text in this locale may hold more than ASCII. Where nothing is said, as in many containers, it may.
fn locale_has_unicode(variable: impl Fn(&str) -> Option<String>) -> bool {
    let said = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().filter_map(variable);
    let locale = said.map(|value| value.to_lowercase()).find(|value| !value.is_empty());
    locale.is_none_or(|locale| locale.contains("utf-8") || locale.contains("utf8"))
}

/// The text with our own signs in ASCII. What a target said stays as it is.
fn in_ascii(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '×' => out.push('x'),
            '…' => out.push_str("..."),
            '·' => out.push('.'),
            'µ' => out.push('u'),
            c => out.push(c),
        }
    }
    out
}

/// A text in one line, and nothing in it that moves a terminal's cursor.
pub(crate) fn in_one_line(text: &str) -> String {
    let visible = |c: char| match c.is_control() {
        true => c.escape_default().to_string(),
        false => c.into(),
    };
    text.chars().map(visible).collect()
}

/// Tells a person why there is no result.
pub(crate) fn complain(failure: Failure) {
    tell(&format!("{:?}", Report::new(failure)));
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
    told(write(&mut out).and_then(|()| out.flush()))
}

/// Lets somebody else write to standard output.
pub(crate) fn print_all(write: impl FnOnce() -> io::Result<()>) -> Result<(), Failure> {
    told(write().and_then(|()| io::stdout().flush()))
}

fn told(written: io::Result<()>) -> Result<(), Failure> {
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::usage("standard output cannot be written").because(error))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_locale_that_is_set_says_whether_there_is_more_than_ascii() {
        let check = |given: &[(&str, &str)], expected| {
            let variable = |name: &str| Some(given.iter().find(|(other, _)| *other == name)?.1.to_owned());
            assert_eq!(locale_has_unicode(variable), expected, "{given:?}");
        };
        check(&[], true);
        check(&[("LC_ALL", "C")], false);
        check(&[("LC_ALL", "C.UTF-8"), ("LANG", "C")], true);
        check(&[("LC_ALL", ""), ("LC_CTYPE", "POSIX"), ("LANG", "en_GB.utf8")], false);
        check(&[("LANG", "en_GB.utf8")], true);
        check(&[("LANG", "de_DE.ISO-8859-1")], false);
    }

    #[test]
    fn our_own_signs_have_a_form_in_ascii() {
        assert_eq!(in_ascii("(×43) 12 µs \"a\"… · é"), "(x43) 12 us \"a\"... . é");
    }
}
