//! A line for the shell that sends a request again.

use parallax_contract::Contract;
use parallax_endpoint::Exchange;

/// A body up to this many characters is shown whole.
const WHOLE: usize = 2000;

/// The `curl` line for an exchange. The address is the reader's to set; the signature is left out, only the credential
/// scope is there, since some implementations route by it.
pub(crate) fn line(contract: &Contract, exchange: &Exchange) -> String {
    let request = &exchange.request;
    let scope = format!(
        "parallax/20200101/us-east-1/{}/aws4_request",
        contract.service.signing_name
    );
    let authorization = format!("Authorization: AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0");
    let query = if request.query.is_empty() {
        String::new()
    } else {
        format!("/?{}", request.query)
    };
    let mut line = format!(
        "curl -sS \"$TARGET\"{} -H {}",
        quoted_unless_empty(&query),
        quoted(&authorization)
    );
    for (name, value) in &request.headers {
        line.push_str(" -H ");
        line.push_str(&quoted(&format!("{name}: {value}")));
    }
    if request.method.as_str() == "POST" {
        line.push_str(" --data-raw ");
        line.push_str(&data(&String::from_utf8_lossy(&request.body)));
    }
    line
}

fn data(body: &str) -> String {
    match body.char_indices().nth(WHOLE) {
        None => quoted(body),
        Some((end, _)) => {
            let beginning = body.get(..end).unwrap_or_default();
            format!("{} # shortened: the body has {} bytes", quoted(beginning), body.len())
        }
    }
}

fn quoted_unless_empty(text: &str) -> String {
    if text.is_empty() { String::new() } else { quoted(text) }
}

/// In single quotes, which end for each single quote inside.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
