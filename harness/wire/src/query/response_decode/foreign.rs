//! Bodies that are plainly something else than XML: saying so tells more than a parser's complaint.

use serde_json::Value;

/// What the body is, if it is plainly no XML answer.
pub(super) fn recognise(text: &str) -> Option<String> {
    let text = text.trim_start_matches('\u{FEFF}').trim_ascii_start();
    match text.chars().next()? {
        '{' | '[' => Some(json(text)),
        '<' if is_html(text) => Some("an HTML page where XML was due".to_owned()),
        '<' => None,
        _ => Some("plain text where XML was due".to_owned()),
    }
}

fn is_html(text: &str) -> bool {
    ["<!doctype html", "<html"].iter().any(|start| {
        let head = text.get(..start.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(start))
    })
}

fn json(text: &str) -> String {
    let parsed: Option<Value> = serde_json::from_str(text).ok();
    match parsed.as_ref().and_then(error_code) {
        Some(code) => format!("JSON where XML was due, with the error code `{code}`"),
        None => "JSON where XML was due".to_owned(),
    }
}

/// The code of an error in one of the forms of AWS's JSON protocols, or of this protocol turned into JSON.
fn error_code(json: &Value) -> Option<&str> {
    let error = json
        .get("Error")
        .or_else(|| json.get("ErrorResponse")?.get("Error"))
        .unwrap_or(json);
    let code = ["__type", "code", "Code"]
        .iter()
        .find_map(|key| error.get(key)?.as_str())?;
    // `com.example#NotFound` names the error after the number sign.
    code.rsplit('#').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_bodies_are_named() {
        let check = |text: &str, expected: Option<&str>| assert_eq!(recognise(text).as_deref(), expected, "{text}");
        check("<!DOCTYPE HTML><p>no", Some("an HTML page where XML was due"));
        check("\n<html lang=en>", Some("an HTML page where XML was due"));
        check("Internal Server Error", Some("plain text where XML was due"));
        check("[1,", Some("JSON where XML was due"));
        check("{\"message\":\"no\"}", Some("JSON where XML was due"));
        check(
            "{\"__type\":\"com.x#NotFound\"}",
            Some("JSON where XML was due, with the error code `NotFound`"),
        );
        check(
            "{\"Error\":{\"Code\":\"Gone\"}}",
            Some("JSON where XML was due, with the error code `Gone`"),
        );
        check(
            "{\"ErrorResponse\":{\"Error\":{\"Code\":\"Gone\"}}}",
            Some("JSON where XML was due, with the error code `Gone`"),
        );
        check("<a/>", None);
        check("<!DOCTYPE a><a/>", None);
    }
}
