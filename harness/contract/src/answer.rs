//! What was answered, decoded.

use serde::{Deserialize, Serialize};

use crate::Value;

/// A decoded answer, or the lack of one.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// The HTTP status; 0 where no answer arrived.
    pub status: u16,
    /// The request id in a header, where there was one.
    pub header_request_id: Option<String>,
    /// The request id in the body, where there was one.
    pub body_request_id: Option<String>,
    /// What the answer says.
    pub outcome: Outcome,
    /// Departures from the protocol that an SDK would overlook.
    pub forgiven: Vec<Forgiven>,
}

impl Observation {
    /// An observation of an answer that never arrived whole.
    pub fn lost(fault: TransportFault) -> Self {
        Self {
            status: 0,
            header_request_id: None,
            body_request_id: None,
            outcome: Outcome::Lost(fault),
            forgiven: Vec::new(),
        }
    }

    /// The output, if the call succeeded.
    pub fn success(&self) -> Option<&Value> {
        match &self.outcome {
            Outcome::Success(value) => Some(value),
            _ => None,
        }
    }

    /// The error, if the service refused.
    pub fn error(&self) -> Option<&ApiError> {
        match &self.outcome {
            Outcome::Error(error) => Some(error),
            _ => None,
        }
    }
}

/// What a service sends: the output, or a refusal. The other side of an [`Observation`].
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// The output structure, empty where the operation has none.
    Success(Value),
    /// A refusal.
    Refused(Refused),
}

/// A refusal as a service sends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The code on the wire.
    pub code: String,
    /// The HTTP status.
    pub status: u16,
    /// Who is to blame.
    pub fault: Fault,
    /// The message.
    pub message: String,
}

/// An answer as a client decodes it that loses nothing on the way.
impl From<Answer> for Observation {
    fn from(answer: Answer) -> Self {
        let (status, outcome) = match answer {
            Answer::Success(output) => (200, Outcome::Success(output)),
            Answer::Refused(refused) => {
                let error = ApiError {
                    code: refused.code,
                    fault: Some(refused.fault),
                    message: Some(refused.message),
                };
                (refused.status, Outcome::Error(error))
            }
        };
        Self {
            status,
            header_request_id: None,
            body_request_id: None,
            outcome,
            forgiven: Vec::new(),
        }
    }
}

/// What an answer says.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// The call was accepted; the output structure, unwrapped, empty where the operation has none.
    Success(Value),
    /// The call was refused with a proper error.
    Error(ApiError),
    /// An answer arrived that an SDK could not read.
    Malformed(Malformed),
    /// No whole answer arrived.
    Lost(TransportFault),
}

/// An error as the service states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    /// The code on the wire, such as `UserNotFound`.
    pub code: String,
    /// Who is to blame, as the answer says; `None` where it does not say or says something else.
    pub fault: Option<Fault>,
    /// The message, where there is one.
    pub message: Option<String>,
}

/// Who is to blame for an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Fault {
    /// The caller.
    Sender,
    /// The service.
    Receiver,
}

impl Fault {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sender => "Sender",
            Self::Receiver => "Receiver",
        }
    }
}

/// Why an answer cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// What is wrong, such as `an HTML page where XML was due`.
    pub why: String,
    /// The beginning of the body, at most 200 characters, made printable.
    pub excerpt: String,
}

/// A departure from the protocol that an SDK would overlook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forgiven {
    /// Which departure.
    pub what: Forgiveness,
    /// Where: a dotted path into the output, or empty for the envelope.
    pub path: String,
    /// What was found, in words.
    pub detail: String,
}

/// The departures that a lenient decoder overlooks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Forgiveness {
    /// The outermost element has another name than `<Operation>Response`.
    ResponseElement,
    /// The result wrapper is missing or has another name.
    ResultWrapper,
    /// The XML namespace is missing or another.
    Namespace,
    /// A member that the shape does not have.
    UnknownMember,
    /// No request id in the body.
    MissingRequestId,
    /// A list element has another name than the model says.
    ListElement,
    /// The error envelope departs: no `Error` element in it, no `Type`, an extra member.
    ErrorEnvelope,
    /// JSON where XML was due.
    Json,
    /// A `Content-Type` that is not XML.
    ContentType,
    /// A scalar in a form that only lenient parsers accept.
    Scalar,
    /// A member that appears twice.
    Repeated,
}

/// Why no whole answer arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TransportFault {
    /// Nothing accepts connections there.
    Refused(String),
    /// The time limit passed, and no answer had begun.
    TimedOut,
    /// The time limit passed while an answer was still coming.
    Unfinished,
    /// The connection ended in mid-answer or before it.
    Closed(String),
    /// The answer is larger than the limit, in bytes.
    TooLarge(u64),
    /// What came back is not HTTP, or its framing contradicts itself.
    NotHttp(String),
    /// The service was asked as often as anybody would, and no answer that counts came: it was throttling or broken, or
    /// an answer that was lost may have had its effect.
    GivenUp(String),
    /// The harness itself did not send the request, for this reason.
    Withheld(String),
    /// The request could not be sent, since the harness's own machine had run out of this; with how to mend it.
    Short(String),
}

impl TransportFault {
    /// Whether it was the harness that ended it, having asked often enough or not at all: then it says nothing of whether
    /// anybody is there, and asking again would say no more.
    pub fn is_ours(&self) -> bool {
        matches!(self, Self::GivenUp(_) | Self::Withheld(_) | Self::Short(_))
    }

    /// Whether nothing was sent, so that nothing can have come of it.
    pub fn is_unsent(&self) -> bool {
        matches!(self, Self::Withheld(_) | Self::Short(_))
    }
}

impl std::fmt::Display for TransportFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused(_) => f.write_str("the connection was refused"),
            Self::TimedOut => f.write_str("no answer within the time limit"),
            Self::Unfinished => f.write_str("an answer began and was not whole within the time limit"),
            Self::Closed(_) => f.write_str("the connection closed before the whole answer was there"),
            Self::TooLarge(limit) => write!(f, "the answer is larger than {limit} bytes"),
            Self::NotHttp(_) => f.write_str("the answer is not HTTP"),
            Self::GivenUp(why) => f.write_str(why),
            Self::Withheld(why) => write!(f, "not sent: {why}"),
            Self::Short(what) => write!(f, "not sent, since this machine ran short: {what}"),
        }
    }
}
