//! A refusal comes out as it was put in, and nothing in an error's place upsets a client.
#![no_main]

use libfuzzer_sys::fuzz_target;
use parallax_fuzz::answers;
use parallax_fuzz::contracts::SHAPES;

fuzz_target!(|bytes: &[u8]| {
    let [how, status, body @ ..] = bytes else {
        return;
    };
    let status = 200 + 2 * u16::from(*status);
    match (how % 4, str::from_utf8(body)) {
        (0, Ok(text)) => answers::check_refusal(&SHAPES, status, how & 4 == 0, text),
        (1, _) => answers::check(&SHAPES, "DescribeThings", status, &answers::enveloped(&SHAPES, body)),
        _ => answers::check(&SHAPES, "DescribeThings", status, body),
    }
});
