//! The keys that requests are signed with, so that whatever repeats them can be told from what may be seen.

use std::fmt;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::cassette::Redactor;

/// What is shorter is a word, such as the `test` that emulators take, and would be hidden wherever it stands.
const SHORTEST: usize = 8;

/// The environment variables in which the usual credentials stand, and what each holds.
const VARIABLES: [(&str, &str); 4] = [
    ("AWS_ACCESS_KEY_ID", ACCESS_KEY),
    ("AWS_SECRET_ACCESS_KEY", SECRET_KEY),
    ("AWS_SESSION_TOKEN", SESSION_TOKEN),
    ("AWS_SECURITY_TOKEN", SESSION_TOKEN),
];

const ACCESS_KEY: &str = "access-key";
const SECRET_KEY: &str = "secret-key";
const SESSION_TOKEN: &str = "session-token";

/// The credentials of whoever asks, all that there were since the beginning. Their form may be any; so they are hidden by
/// what they are. Copies are of the same ring.
#[derive(Clone, Default)]
pub struct Keyring(Arc<Mutex<Vec<Key>>>);

/// A placeholder's name, and the text that it stands for.
#[derive(Clone)]
struct Key {
    name: &'static str,
    text: String,
}

impl Keyring {
    /// The credentials that the environment holds, which a process that is launched inherits.
    pub fn of_environment() -> Self {
        let ring = Self::default();
        for (variable, name) in VARIABLES {
            ring.add(name, &std::env::var(variable).unwrap_or_default());
        }
        ring
    }

    /// Adds what requests are signed with from now on.
    pub fn sign_with(&self, access_key: &str, secret_key: &str, session_token: Option<&str>) {
        self.add(ACCESS_KEY, access_key);
        self.add(SECRET_KEY, secret_key);
        self.add(SESSION_TOKEN, session_token.unwrap_or_default());
    }

    /// Lets a redactor hide them, too. Credentials are renewed while a scenario is played, so this is done anew for each
    /// exchange.
    pub fn hide_in(&self, redactor: &mut Redactor) {
        for Key { name, text } in &*self.keys() {
            *redactor = mem::take(redactor).hiding(name, text);
        }
    }

    /// A text of the service's for people: nothing in it is of an account, and nothing steers a terminal.
    pub fn shown(&self, text: &str) -> String {
        let mut redactor = Redactor::default();
        self.hide_in(&mut redactor);
        let steers = |c: char| c.is_control() && c != '\n' && c != '\t';
        redactor.shown_text(text).replace(steers, "\u{fffd}")
    }

    fn add(&self, name: &'static str, text: &str) {
        let mut keys = self.keys();
        if text.len() >= SHORTEST && !keys.iter().any(|key| key.text == text) {
            let text = text.to_owned();
            keys.push(Key { name, text });
        }
    }

    fn keys(&self) -> MutexGuard<'_, Vec<Key>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How many there are, and none of them.
impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keyring({})", self.keys().len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring() -> Keyring {
        let ring = Keyring::default();
        ring.sign_with("key-of-no-form", "not/a+secret", Some("ABoC no prefix"));
        ring
    }

    #[test]
    fn keys_of_any_form_are_hidden_by_what_they_are() {
        assert_eq!(
            ring().shown("key-of-no-form, not%2Fa%2bsecret: ABoC no prefix of arn:aws:s:r:111122223333:a"),
            "{access-key}, {secret-key}: {session-token} of arn:aws:s:r:{account}:a"
        );
        assert_eq!(format!("{:?}", ring()), "Keyring(3)", "nor are they in a log");
    }

    #[test]
    fn what_is_shown_of_a_service_steers_no_terminal() {
        assert_eq!(ring().shown("no\u{1b}[2J,\n\tno\r"), "no\u{fffd}[2J,\n\tno\u{fffd}");
    }

    #[test]
    fn a_redactor_learns_of_renewed_credentials_and_keeps_the_old_ones() {
        let (ring, mut redactor) = (ring(), Redactor::new("r7"));
        ring.hide_in(&mut redactor);
        ring.clone().sign_with("another-key", "not/a+secret", None);
        ring.hide_in(&mut redactor);
        assert_eq!(
            redactor.clean_text("r7 key-of-no-form another-key"),
            "{run} {access-key} {access-key:2}"
        );
    }

    #[test]
    fn words_that_emulators_take_for_keys_stay_words() {
        let ring = Keyring::default();
        ring.sign_with("test", "test", None);
        assert_eq!(ring.shown("a test"), "a test");
    }
}
