//! Exchanges with secrets planted in every place and encoding that an exchange has. Each is a function of its number, and
//! what finds the secrets again knows nothing of how they are hidden.

use parallax_contract::{Observation, Outcome, TransportFault, Value};
use parallax_endpoint::Exchange;
use parallax_wire::{HttpAnswer, HttpRequest, Method};

/// An exchange and what may not be found where it is kept.
pub(crate) struct Planted {
    pub(crate) exchange: Exchange,
    secrets: Vec<Secret>,
}

struct Secret {
    kind: Kind,
    text: String,
    /// How it was written.
    written: String,
}

/// What the pattern given to `--redact` matches in these exchanges.
pub(crate) const PATTERN: &str = "hush-[A-Za-z0-9]{8}";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    AccessKey,
    Account,
    Email,
    Given,
    HostId,
    RequestId,
    SecretKey,
    SessionToken,
    Signature,
}

const KINDS: [Kind; 9] = [
    Kind::AccessKey,
    Kind::Account,
    Kind::Email,
    Kind::Given,
    Kind::HostId,
    Kind::RequestId,
    Kind::SecretKey,
    Kind::SessionToken,
    Kind::Signature,
];

/// Where a secret is put.
#[derive(Clone, Copy, Debug)]
enum Place {
    Query,
    RequestHeader,
    DroppedRequestHeader,
    RequestBody,
    AnswerHeader,
    DroppedAnswerHeader,
    Leaf,
    Attribute,
    Sentence,
    Json,
    Fault,
}

const PLACES: [Place; 11] = [
    Place::Query,
    Place::RequestHeader,
    Place::DroppedRequestHeader,
    Place::RequestBody,
    Place::AnswerHeader,
    Place::DroppedAnswerHeader,
    Place::Leaf,
    Place::Attribute,
    Place::Sentence,
    Place::Json,
    Place::Fault,
];

/// Numbers that look like chance and are none: SplitMix64.
struct Source(u64);

impl Source {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % (bound as u64).max(1)).unwrap_or_default()
    }

    fn pick<T: Copy>(&mut self, from: &[T], usual: T) -> T {
        from.get(self.below(from.len())).copied().unwrap_or(usual)
    }

    fn text(&mut self, alphabet: &str, length: usize) -> String {
        let alphabet: Vec<char> = alphabet.chars().collect();
        (0..length).map(|_| self.pick(&alphabet, 'x')).collect()
    }
}

const DIGITS: &str = "0123456789";
const HEX: &str = "0123456789abcdef";
const CAPITALS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const BASE64: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn secret(kind: Kind, source: &mut Source) -> String {
    match kind {
        Kind::AccessKey => format!(
            "{}{}",
            source.pick(&["AKIA", "ASIA", "AROA"], "AKIA"),
            source.text(CAPITALS, 16)
        ),
        Kind::Account => format!("{}{}", source.pick(&["1", "7", "9"], "1"), source.text(DIGITS, 11)),
        Kind::Email => format!(
            "{}.{}+x@mail.{}.com",
            source.text(LETTERS, 8),
            source.text(LETTERS, 6),
            source.text(HEX, 9)
        ),
        Kind::Given => format!("hush-{}", source.text(LETTERS, 8)),
        Kind::HostId => format!("{}=", source.text(BASE64, 75)),
        Kind::RequestId => {
            let mut part = |length| source.text(HEX, length);
            format!("{}-{}-{}-{}-{}", part(8), part(4), part(4), part(4), part(12))
        }
        Kind::SecretKey => format!("aZ5{}", source.text(BASE64, 36)) + "k",
        Kind::SessionToken => format!("IQoJb3JpZ2luX2Vj{}==", source.text(BASE64, 200)),
        Kind::Signature => source.text(HEX, 64),
    }
}

/// The name that a secret stands behind in this place, where it is known by its name alone.
fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::HostId => "HostId",
        Kind::RequestId => "RequestId",
        Kind::Account => "OwnerId",
        Kind::SecretKey => "SecretAccessKey",
        Kind::SessionToken => "SessionToken",
        Kind::Signature => "Signature",
        Kind::AccessKey => "AccessKeyId",
        Kind::Email | Kind::Given => "Note",
    }
}

/// What stands for a character where it is escaped.
type Form = fn(char) -> String;

/// How a text may be written so that what reads the place reads the text.
fn written(text: &str, place: Place, source: &mut Source) -> String {
    let percent: fn(char) -> bool = |_| true;
    let reserved: fn(char) -> bool = |c| !c.is_ascii_alphanumeric() && c != '-' && c != '.';
    let some: fn(char) -> bool = |c| u32::from(c) % 3 == 0 || !c.is_ascii_alphanumeric();
    let which = source.below(3);
    let is_coded = [reserved, percent, some].get(which).copied().unwrap_or(percent);
    let code = |form: Form| {
        text.chars()
            .map(|c| if is_coded(c) { form(c) } else { c.to_string() })
            .collect()
    };
    let ways: &[Option<Form>] = match place {
        Place::Query | Place::RequestBody => &[
            Some(|c| format!("%{:02X}", u32::from(c))),
            Some(|c| format!("%{:02x}", u32::from(c))),
            Some(|c| format!("%25{:02X}", u32::from(c))),
        ],
        Place::Leaf | Place::Attribute | Place::Sentence => &[
            None,
            Some(|c| format!("&#{};", u32::from(c))),
            Some(|c| format!("&#x{:x};", u32::from(c))),
            Some(|c| format!("&#X{:X};", u32::from(c))),
            Some(|c| format!("&amp;#{};", u32::from(c))),
            Some(|c| format!("%{:02X}", u32::from(c))),
        ],
        Place::Json => &[
            None,
            Some(|c| format!("\\u{:04x}", u32::from(c))),
            Some(|c| format!("\\\\u{:04X}", u32::from(c))),
        ],
        Place::AnswerHeader | Place::DroppedAnswerHeader | Place::RequestHeader | Place::DroppedRequestHeader => {
            &[None, Some(|c| format!("%{:02X}", u32::from(c)))]
        }
        Place::Fault => &[None],
    };
    match ways.get(source.below(ways.len())).copied().flatten() {
        Some(form) => code(form),
        None => text.to_owned(),
    }
}

/// The exchange of this number.
pub(crate) fn exchange(number: u64) -> Planted {
    let mut source = Source(number.wrapping_mul(0x2545_f491_4f6c_dd1d) ^ 0x5bd1_e995);
    let mut field = Field::new(&mut source);
    let plants = 1 + source.below(4);
    let mut secrets = Vec::new();
    for _ in 0..plants {
        let kind = source.pick(&KINDS, Kind::Account);
        let place = source.pick(&PLACES, Place::Leaf);
        let text = secret(kind, &mut source);
        let written = written(&text, place, &mut source);
        field.plant(kind, place, &written, &mut source);
        secrets.push(Secret { kind, text, written });
    }
    Planted {
        exchange: field.grown(&mut source),
        secrets,
    }
}

/// The parts of an exchange.
struct Field {
    query: String,
    body: String,
    request_headers: Vec<(String, String)>,
    answer_headers: Vec<(String, String)>,
    xml: String,
    json: Option<String>,
    fault: Option<String>,
}

impl Field {
    fn new(source: &mut Source) -> Self {
        let item = |number: usize, source: &mut Source| {
            format!(
                "<Thing id=\"{number}\"><Name>thing-{number}</Name><Description>{}</Description><Size>{number}</Size></Thing>\n",
                source.text("abc defg {}", 30)
            )
        };
        Self {
            query: String::new(),
            body: format!(
                "Action=CreateThing&Version=2020-01-01&Name=thing-{}",
                source.text("abcdef", 8)
            ),
            request_headers: vec![(
                "Content-Type".into(),
                "application/x-www-form-urlencoded; charset=utf-8".into(),
            )],
            answer_headers: vec![("Content-Type".into(), "text/xml".into())],
            xml: (0..4 + source.below(8)).map(|number| item(number, source)).collect(),
            json: None,
            fault: None,
        }
    }

    fn plant(&mut self, kind: Kind, place: Place, written: &str, source: &mut Source) {
        let name = name(kind);
        match place {
            Place::Query => self.query.push_str(&format!("&{name}={written}")),
            Place::RequestBody => {
                let arn = kind == Kind::Account && source.below(2) == 0;
                match arn {
                    true => self
                        .body
                        .push_str(&format!("&Arn=arn%3Aaws%3Ax%3Ar%3A{written}%3Athing%2Fa")),
                    false => self.body.push_str(&format!("&{name}={written}&More=1")),
                }
            }
            Place::RequestHeader => self.set(true, "Content-Type", format!("text/plain; {name}={written}")),
            Place::DroppedRequestHeader => self.set(true, "Authorization", format!("X {name}={written}, a=b")),
            Place::AnswerHeader => match kind {
                Kind::RequestId => self.set(false, "x-amzn-RequestId", written.to_owned()),
                _ => self.set(false, "Content-Type", format!("text/xml; {name}={written}; q=1")),
            },
            Place::DroppedAnswerHeader => match kind {
                Kind::HostId => self.set(false, "x-amz-id-2", written.to_owned()),
                _ => self.set(false, "Set-Cookie", format!("{name}={written}; Secure")),
            },
            Place::Leaf => self.xml.push_str(&format!("<A><{name}>{written}</{name}><B/></A>")),
            Place::Attribute => self.xml.push_str(&format!("<A {name}=\"{written}\"/>")),
            Place::Sentence => {
                let told = match kind {
                    Kind::HostId => format!("(Host ID: {written})"),
                    Kind::RequestId => format!("(Request ID: {written}, and so on)"),
                    Kind::Account if source.below(2) == 0 => format!("arn:aws:iam::{written}:user/a may not"),
                    _ => format!("it is {written} that may not"),
                };
                self.xml.push_str(&format!("<Message>{told}</Message>"));
            }
            Place::Json => {
                let json = self.json.get_or_insert_default();
                json.push_str(&format!(",\"{name}\": \"{written}\""));
            }
            Place::Fault => {
                let told = match kind {
                    Kind::HostId | Kind::RequestId => format!("{name}: {written}"),
                    _ => format!("gave up on {written}."),
                };
                self.fault = Some(told);
            }
        }
    }

    fn set(&mut self, asks: bool, name: &str, value: String) {
        let headers = if asks {
            &mut self.request_headers
        } else {
            &mut self.answer_headers
        };
        headers.push((name.to_owned(), value));
    }

    fn grown(self, source: &mut Source) -> Exchange {
        let body = match self.json {
            Some(json) => format!(
                "{{\"a\":1{json},\"text\":{}}}",
                Value::text(&self.xml).as_text().map_or_else(String::new, quoted)
            ),
            None => format!("<R>\n{}</R>", self.xml),
        };
        let id = secret(Kind::RequestId, source);
        let lost = self.fault.map(TransportFault::GivenUp);
        let mut answer_headers = self.answer_headers;
        answer_headers.push(("x-amzn-RequestId".into(), id.clone()));
        Exchange {
            request: HttpRequest {
                method: Method::Post,
                query: self.query,
                headers: self.request_headers,
                body: self.body.into_bytes(),
            },
            answer: Some(HttpAnswer {
                status: 200,
                headers: answer_headers,
                body: body.into_bytes(),
            }),
            observation: Observation {
                status: 200,
                header_request_id: Some(id),
                body_request_id: None,
                outcome: lost.map_or(Outcome::Success(Value::Null), Outcome::Lost),
                forgiven: Vec::new(),
            },
        }
    }
}

fn quoted(text: &str) -> String {
    let inner: String = text
        .chars()
        .map(|c| match c {
            '"' | '\\' => format!("\\{c}"),
            '\n' => "\\n".to_owned(),
            c => c.to_string(),
        })
        .collect();
    format!("\"{inner}\"")
}

impl Planted {
    /// The first secret that shows in a text, in whole, as it was written, or by a part that nobody would guess.
    pub(crate) fn shown(&self, kept: &str) -> Option<String> {
        // What is kept is JSON, where more backslashes stand than were written.
        let bare = |text: &str| text.replace('\\', "");
        let kept = bare(kept);
        let shows = |secret: &&Secret| {
            let mut parts = secret.text.split(|c: char| !c.is_ascii_alphanumeric());
            kept.contains(&secret.text)
                || kept.contains(&bare(&secret.written))
                || parts.any(|part| part.len() >= 8 && kept.contains(part))
        };
        let found = self.secrets.iter().find(shows)?;
        Some(format!("{:?} {}, written {}", found.kind, found.text, found.written))
    }
}
