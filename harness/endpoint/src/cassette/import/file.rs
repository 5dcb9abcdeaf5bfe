//! The files of VCR and vcrpy.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::ImportError;
use super::body::{from_base64, unzipped};

/// The exchanges of a file.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Interaction>, ImportError> {
    let no_cassette = |why: String| ImportError::NoCassette(why);
    let bytes = unzipped(bytes).map_err(no_cassette)?;
    let text = String::from_utf8(bytes).map_err(|error| no_cassette(error.to_string()))?;
    let file = match text.trim_start().chars().next() {
        Some('{' | '[') => serde_json::from_str(&text).map_err(|error| no_cassette(error.to_string()))?,
        _ => serde_saphyr::from_str(&named(&text)).map_err(|error| no_cassette(first_line(&error.to_string())))?,
    };
    match file {
        File::List(interactions)
        | File::Python { interactions }
        | File::Ruby {
            http_interactions: interactions,
        } => Ok(interactions),
    }
}

/// YAML in which binary texts bear their kind in the name and not in a tag: a reader of either kind of text cannot ask
/// for the tag.
fn named(text: &str) -> String {
    let tags = ["!!binary ", "!binary "];
    let names = [("string: ", "base64_string: "), ("body: ", "body_base64: ")];
    let mut out = text.replace("!!python/unicode ", "");
    for (tag, (name, other)) in tags.iter().flat_map(|tag| names.iter().map(move |names| (tag, names))) {
        out = out.replace(&format!("{name}{tag}"), other);
    }
    out
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}

#[derive(Deserialize)]
#[serde(untagged)]
enum File {
    Ruby {
        http_interactions: Vec<Interaction>,
    },
    Python {
        interactions: Vec<Interaction>,
    },
    /// Of vcrpy's first versions.
    List(Vec<Interaction>),
}

/// One exchange as it stands in a file.
#[derive(Deserialize)]
pub(super) struct Interaction {
    request: Request,
    response: Response,
    #[serde(default)]
    recorded_at: Option<String>,
}

#[derive(Deserialize)]
struct Request {
    method: String,
    uri: String,
    #[serde(default)]
    body: Option<Body>,
    #[serde(default)]
    body_base64: Option<String>,
    #[serde(default)]
    headers: Option<BTreeMap<String, Texts>>,
}

#[derive(Deserialize)]
struct Response {
    status: Status,
    #[serde(default)]
    headers: Option<BTreeMap<String, Texts>>,
    #[serde(default)]
    body: Option<Body>,
    #[serde(default)]
    body_base64: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Status {
    Code(u16),
    Parts { code: u16 },
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Texts {
    One(String),
    Many(Vec<String>),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Body {
    Text(String),
    Parts {
        #[serde(default)]
        string: Option<String>,
        #[serde(default)]
        base64_string: Option<String>,
    },
}

impl Interaction {
    /// The method, in upper case; VCR writes `get`, and once wrote `:get`.
    pub(super) fn method(&self) -> String {
        self.request.method.trim_start_matches(':').to_ascii_uppercase()
    }

    pub(super) fn uri(&self) -> &str {
        &self.request.uri
    }

    pub(super) fn recorded_at(&self) -> Option<&str> {
        self.recorded_at.as_deref()
    }

    pub(super) fn status(&self) -> u16 {
        match self.response.status {
            Status::Code(code) | Status::Parts { code } => code,
        }
    }

    pub(super) fn request_body(&self) -> Result<Vec<u8>, String> {
        bytes(self.request.body.as_ref(), self.request.body_base64.as_deref())
    }

    pub(super) fn answer_body(&self) -> Result<Vec<u8>, String> {
        bytes(self.response.body.as_ref(), self.response.body_base64.as_deref())
    }

    /// A request's header, named in lower case.
    pub(super) fn request_header(&self, name: &str) -> Option<String> {
        lower(self.request.headers.as_ref()).remove(name)
    }

    /// An answer's header, named in lower case.
    pub(super) fn answer_header(&self, name: &str) -> Option<String> {
        self.answer_headers().remove(name)
    }

    /// The answer's headers, with names in lower case.
    pub(super) fn answer_headers(&self) -> BTreeMap<String, String> {
        lower(self.response.headers.as_ref())
    }
}

fn lower(headers: Option<&BTreeMap<String, Texts>>) -> BTreeMap<String, String> {
    let text = |texts: &Texts| match texts {
        Texts::One(text) => text.clone(),
        Texts::Many(texts) => texts.join(", "),
    };
    let all = headers.into_iter().flatten();
    all.map(|(name, texts)| (name.to_ascii_lowercase(), text(texts)))
        .collect()
}

fn bytes(body: Option<&Body>, base64: Option<&str>) -> Result<Vec<u8>, String> {
    match (base64, body) {
        (Some(base64), _) => from_base64(base64),
        (None, None) => Ok(Vec::new()),
        (None, Some(Body::Text(text))) => Ok(text.clone().into_bytes()),
        (None, Some(Body::Parts { string, base64_string })) => match (base64_string, string) {
            (Some(base64), _) => from_base64(base64),
            (None, Some(text)) => Ok(text.clone().into_bytes()),
            (None, None) => Ok(Vec::new()),
        },
    }
}
