//! Which parts of a text are the endpoint's own: accounts, regions, generated ids, addresses, dates.

use parallax_contract::Piece;

/// What a text is, seen from another endpoint.
pub(crate) enum Form {
    /// The same everywhere.
    Plain,
    /// Some parts are the endpoint's own.
    Pieces(Vec<Piece>),
    /// All of it is, for this reason.
    Open(&'static str),
}

/// The kinds of placeholders that a recording has for what belonged to its endpoint.
const PLACEHOLDERS: [&str; 9] = [
    "access-key",
    "account",
    "email",
    "host-id",
    "redacted",
    "request-id",
    "secret-key",
    "session-token",
    "signature",
];

/// Members that hold an address, by name.
pub(crate) fn is_address(name: &str) -> bool {
    matches!(
        name,
        "Port" | "Address" | "Host" | "HostName" | "Hostname" | "Endpoint" | "DnsName" | "Url" | "URL"
    )
}

/// Sorts a text. A part is bound under its kind and the value that it has here, so that two accounts stay two.
pub(crate) fn form(text: &str) -> Form {
    if let Some(pieces) = arn(text) {
        Form::Pieces(with_placeholders(pieces))
    } else if text.contains('{')
        && let pieces = with_placeholders(vec![literal(text)])
        && pieces.iter().any(|piece| matches!(piece, Piece::Bound(_)))
    {
        Form::Pieces(pieces)
    } else if is_account(text) {
        Form::Pieces(vec![own("account", text)])
    } else if is_uuid(text) {
        Form::Pieces(vec![own("id", text)])
    } else if is_date(text) {
        Form::Open("times are the endpoint's own")
    } else if is_zone(text) || is_host(text) {
        Form::Open("regions, zones and addresses are the endpoint's own")
    } else {
        Form::Plain
    }
}

/// Whether some word of a message is the endpoint's own, so that the message cannot be held against another's.
pub(crate) fn is_telling(message: &str) -> bool {
    let mut words = message.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')' | '\'' | '"'));
    words.any(|word| !matches!(form(word.trim_end_matches(['.', ':'])), Form::Plain))
}

/// `arn:partition:service:region:account:rest`.
fn arn(text: &str) -> Option<Vec<Piece>> {
    let mut parts = text.splitn(6, ':');
    let mut next = || parts.next();
    let (head, partition, service, region, account, rest) = (next()?, next()?, next()?, next()?, next()?, next()?);
    if head != "arn" {
        return None;
    }
    let mut pieces = vec![literal("arn:")];
    push(&mut pieces, partition, "partition", !partition.is_empty());
    pieces.push(literal(&format!(":{service}:")));
    push(&mut pieces, region, "region", !region.is_empty());
    pieces.push(literal(":"));
    push(&mut pieces, account, "account", is_account(account));
    pieces.push(literal(":"));
    for part in rest.split_inclusive([':', '/']) {
        let id = part.trim_end_matches([':', '/']);
        push(&mut pieces, id, "id", is_uuid(id));
        let separator = part.get(id.len()..).unwrap_or_default();
        // An empty literal behind an id would end it where it begins.
        pieces.extend(Some(literal(separator)).filter(|_| !separator.is_empty()));
    }
    Some(pieces)
}

/// The pieces with what a recording hid bound, too.
fn with_placeholders(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut found: Vec<Piece> = Vec::new();
    for piece in pieces {
        let Piece::Literal(text) = piece else {
            found.push(piece);
            continue;
        };
        let mut rest = text.as_str();
        while let Some((before, kind, placeholder, after)) = placeholder(rest) {
            found.extend(Some(literal(before)).filter(|_| !before.is_empty()));
            // Nothing tells where the first of two that follow each other ends: they are one.
            if !(before.is_empty() && matches!(found.last(), Some(Piece::Bound(_)))) {
                found.push(own(kind, placeholder));
            }
            rest = after;
        }
        found.extend(Some(literal(rest)).filter(|_| !rest.is_empty()));
    }
    found
}

/// The first placeholder in a text: what is before it, its kind, the whole of it, and what is behind.
fn placeholder(text: &str) -> Option<(&str, &str, &str, &str)> {
    let mut from = 0;
    loop {
        let begin = from + text.get(from..)?.find('{')?;
        let length = text.get(begin..)?.find('}')? + 1;
        let whole = text.get(begin..begin + length)?;
        let name = whole.trim_matches(['{', '}']);
        let kind = name.split(':').next().unwrap_or_default();
        if PLACEHOLDERS.contains(&kind) {
            return Some((text.get(..begin)?, kind, whole, text.get(begin + length..)?));
        }
        from = begin + 1;
    }
}

fn push(pieces: &mut Vec<Piece>, text: &str, kind: &str, is_own: bool) {
    pieces.push(if is_own { own(kind, text) } else { literal(text) });
}

fn literal(text: &str) -> Piece {
    Piece::Literal(text.to_owned())
}

fn own(kind: &str, value: &str) -> Piece {
    Piece::Bound(format!("{kind} {value}"))
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_uuid(text: &str) -> bool {
    let groups = text.split('-').map(str::len);
    groups.eq([8, 4, 4, 4, 12]) && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

/// `2015-02-02T...`.
fn is_date(text: &str) -> bool {
    let shape: String = text
        .chars()
        .take(11)
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect();
    shape == "0000-00-00T"
}

/// `us-east-1`, `us-gov-west-1a`.
fn is_zone(text: &str) -> bool {
    let zone = text.strip_suffix(|c: char| c.is_ascii_lowercase()).unwrap_or(text);
    let Some((name, number)) = zone.rsplit_once('-') else {
        return false;
    };
    let direction = name.rsplit('-').next().unwrap_or_default();
    let compass = ["north", "south", "east", "west", "central"]
        .iter()
        .any(|word| direction.starts_with(word));
    let place = name.split('-').next().unwrap_or_default();
    number.len() == 1 && number.bytes().all(|byte| byte.is_ascii_digit()) && compass && place.len() == 2
}

fn is_host(text: &str) -> bool {
    let host = text.split(':').next().unwrap_or_default();
    host == "localhost" || host.contains(".amazonaws.com") || host.parse::<std::net::IpAddr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let shown = match form(text) {
            Form::Plain => text.to_owned(),
            Form::Open(_) => "?".to_owned(),
            Form::Pieces(pieces) => pieces
                .iter()
                .map(|piece| match piece {
                    Piece::Literal(text) => text.clone(),
                    Piece::Bound(name) => format!("{{{name}}}"),
                })
                .collect(),
        };
        assert_eq!(shown, expected);
    }

    #[test]
    fn what_is_the_endpoints_own_is_bound_or_open() {
        check(
            "arn:aws:svc:eu-west-1:123456789012:thing:a",
            "arn:{partition aws}:svc:{region eu-west-1}:{account 123456789012}:thing:a",
        );
        check("arn:aws:svc:::bucket/a", "arn:{partition aws}:svc:::bucket/a");
        check("123456789012", "{account 123456789012}");
        check(
            "2b1c8035-b7fa-11e0-9326-b7275b9d4a6c",
            "{id 2b1c8035-b7fa-11e0-9326-b7275b9d4a6c}",
        );
        check("us-gov-west-1a", "?");
        check("eu-west-1", "?");
        check("2015-02-02T00:00:00Z", "?");
        check("x.cache.amazonaws.com", "?");
        check("127.0.0.1:6379", "?");
    }

    #[test]
    fn ordinary_texts_stay_as_they_are() {
        for text in [
            "",
            "my-group-1",
            "my-dev-1",
            "redis7.x",
            "12345678901",
            "no-such-2x",
            "arn:aws",
            "2015-02-02",
        ] {
            check(text, text);
        }
    }

    #[test]
    fn what_a_recording_hid_is_bound_wherever_it_stands() {
        check("{email}", "{email {email}}");
        check("https://x/{account:2}/q", "https://x/{account {account:2}}/q");
        check("{run} {redacted}-a", "{run} {redacted {redacted}}-a");
        check("{redacted}{redacted:2}", "{redacted {redacted}}");
        check(
            "arn:aws:s:r:{account}:a:{email}",
            "arn:{partition aws}:s:{region r}:{account {account}}:a:{email {email}}",
        );
        for plain in ["{run}", "{", "}", "{}", "{accounts}", "{a:account}"] {
            check(plain, plain);
        }
    }
}
