//! What surrounds an answer: departures that the decoder forgave, the request id, the status of a success.

use parallax_contract::{Confidence, Evidence, Forgiven, Forgiveness, Listing, Malformed, Observation, TransportFault};
use parallax_outcome::{Kind, Severity};

use crate::findings::Findings;
use crate::path::Path;
use crate::scope::keyed;
use crate::show;

impl Findings<'_> {
    /// No whole answer: one difference, and nothing else can be said.
    pub(crate) fn lost(&mut self, fault: &TransportFault) {
        let why = match fault {
            // No source says how long an answer may take or how large it may be; whoever asks does.
            TransportFault::TimedOut | TransportFault::Unfinished => {
                rule("an answer is there within --timeout", "the harness's own limit")
            }
            TransportFault::TooLarge(_) => rule("an answer is no larger than --max-answer", "the harness's own limit"),
            _ => rule("every request is answered", "HTTP semantics: RFC 9110"),
        };
        self.usual(
            Kind::Transport,
            Path::Root,
            ("an answer".to_owned(), fault.to_string()),
            &why,
        );
    }

    /// An answer that no SDK can read: one difference, and nothing else can be said.
    pub(crate) fn malformed(&mut self, status: u16, malformed: &Malformed) {
        let why = rule("every answer is of the protocol's form", PROTOCOL);
        let observed = format!("status {status}, {}: {}", malformed.why, show::text(&malformed.excerpt));
        let sides = ("an answer of the protocol's form".to_owned(), observed);
        self.usual(Kind::Envelope, Path::Root, sides, &why);
    }

    /// Every departure that the decoder forgave, at the severity of what an SDK makes of it.
    pub(crate) fn envelope(&mut self, observation: &Observation, listing: Option<&Listing>) {
        for forgiven in &observation.forgiven {
            let place = match observation.success() {
                Some(output) => keyed((self.contract, self.operation), output, listing, &forgiven.path),
                None => Some(forgiven.path.clone()),
            };
            if let Some(place) = place {
                self.forgiven(forgiven, &place);
            }
        }
        if let (Some(header), Some(body)) = (&observation.header_request_id, &observation.body_request_id)
            && header != body
        {
            let why = Evidence {
                fact: "header x-amzn-requestid == body RequestId".to_owned(),
                source: "recorded answers of query services".to_owned(),
                confidence: Confidence::Recorded,
            };
            let sides = ("the id of the header".to_owned(), "another id".to_owned());
            let envelope = Path::Member(&Path::Root, "ResponseMetadata");
            let at = Path::Member(&envelope, "RequestId");
            self.habit((Kind::Envelope, Severity::Warning), at, sides, &why);
        }
    }

    /// A success has status 200. Another 2xx harms no SDK; anything else raises.
    pub(crate) fn status_of_success(&mut self, status: u16) {
        if status != 200 {
            let harmless = (201..300).contains(&status);
            let severity = if harmless { Severity::Warning } else { Severity::Error };
            let sides = ("status 200".to_owned(), format!("status {status}"));
            self.add(
                (Kind::Status, severity),
                Path::Root,
                sides,
                &rule("a success has status 200", PROTOCOL),
            );
        }
    }

    fn forgiven(&mut self, forgiven: &Forgiven, place: &str) {
        if !place.is_empty() && self.known_at(place) {
            return;
        }
        let (kind, severity, due, fact) = meaning(forgiven.what);
        let at = Path::Member(&Path::Root, place);
        self.habit(
            (kind, severity),
            at,
            (due.to_owned(), show::bare(&forgiven.detail)),
            &rule(fact, PROTOCOL),
        );
    }
}

const PROTOCOL: &str = "Smithy specification: AWS query protocol; the service's model";

/// Kind, severity, what was due, and the rule. A wrapper that is missing makes botocore raise, and JSON is not even
/// parsed; the rest it reads over.
fn meaning(what: Forgiveness) -> (Kind, Severity, &'static str, &'static str) {
    use Severity::{Error, Warning};
    match what {
        Forgiveness::ResponseElement => {
            let fact = "an answer's outermost element is named after the operation";
            (Kind::Envelope, Warning, "the operation's name and `Response`", fact)
        }
        Forgiveness::ResultWrapper => {
            let fact = "the output stands in the result element that the model names";
            (Kind::Envelope, Error, "the result element", fact)
        }
        Forgiveness::Namespace => {
            let fact = "an answer is in the service's XML namespace";
            (Kind::Envelope, Warning, "the service's namespace", fact)
        }
        Forgiveness::UnknownMember => {
            let fact = "an output has the members that the model declares";
            (Kind::Unexpected, Warning, "only declared members", fact)
        }
        Forgiveness::MissingRequestId => {
            let fact = "an answer carries its request id";
            (Kind::Envelope, Warning, "a request id", fact)
        }
        Forgiveness::ListElement => {
            let fact = "list elements have the name that the model gives";
            (Kind::Envelope, Warning, "the element name of the model", fact)
        }
        Forgiveness::ErrorEnvelope => {
            let fact = "an error is an `ErrorResponse` of `Error` (Type, Code, Message) and `RequestId`";
            (Kind::Envelope, Warning, "the protocol's error envelope", fact)
        }
        Forgiveness::Json => (Kind::Envelope, Error, "XML", "an answer is XML"),
        Forgiveness::ContentType => {
            let fact = "an answer's content type is text/xml";
            (Kind::Envelope, Warning, "text/xml", fact)
        }
        Forgiveness::Scalar => {
            let fact = "a scalar has the form that the protocol gives it";
            (Kind::Type, Warning, "the protocol's form", fact)
        }
        Forgiveness::Repeated => {
            let fact = "a member appears once";
            (Kind::Unexpected, Warning, "it once", fact)
        }
    }
}

fn rule(fact: &str, source: &str) -> Evidence {
    Evidence {
        fact: fact.to_owned(),
        source: source.to_owned(),
        confidence: Confidence::Documented,
    }
}
