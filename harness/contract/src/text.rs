//! What many crates ask of a text, fast enough for texts of megabytes.

/// How many bytes are looked at together: enough for the processor's wide registers.
const STRIDE: usize = 64;

/// The number of bytes from the beginning for which `plain` holds without a break.
///
/// Where `plain` holds for no byte beyond ASCII, this is a place at which a text may be cut.
pub fn leading(bytes: &[u8], plain: impl Fn(u8) -> bool) -> usize {
    // Bytes gathered in a byte, of a stride whose length is known, without a way out of the loop: so the compiler checks
    // many at once.
    let whole = |stride: &&[u8; STRIDE]| stride.iter().fold(0, |odd, byte| odd | u8::from(!plain(*byte))) == 0;
    let (strides, _) = bytes.as_chunks();
    let known = strides.iter().take_while(whole).count() * STRIDE;
    let rest = bytes.get(known..).unwrap_or_default();
    known + rest.iter().take_while(|byte| plain(**byte)).count()
}

/// The first character that no XML 1.0 document can hold, as itself or by number (its production 2).
pub fn outside_xml(text: &str) -> Option<char> {
    let plain = leading(text.as_bytes(), |byte| matches!(byte, b' '..=b'~'));
    text.get(plain..)?.chars().find(|c| !in_xml(*c))
}

/// Whether an XML 1.0 document can hold this character (its production 2).
pub fn in_xml(c: char) -> bool {
    !matches!(c, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plain_beginning_ends_at_the_first_other_byte_wherever_it_is() {
        for at in [0, 1, 63, 64, 65, 127, 128, 200] {
            let text = format!("{}é{}", "x".repeat(at), "y".repeat(100));
            assert_eq!(leading(text.as_bytes(), |byte| byte.is_ascii()), at);
        }
        assert_eq!(leading(b"", |_| true), 0);
        assert_eq!(leading(&[b'x'; 130], |_| true), 130);
    }

    #[test]
    fn the_first_character_that_xml_cannot_hold_is_found() {
        let check = |text: &str, expected: Option<char>| assert_eq!(outside_xml(text), expected, "{text:?}");
        check("plain", None);
        check("tab\tline\nreturn\ré\u{1F980}", None);
        check(&format!("{}\u{1}", "x".repeat(500)), Some('\u{1}'));
        check("é\u{FFFE}\0", Some('\u{FFFE}'));
        check("\u{D7FF}\u{E000}\u{FFFD}\u{10FFFF}\u{7F}", None);
    }
}
