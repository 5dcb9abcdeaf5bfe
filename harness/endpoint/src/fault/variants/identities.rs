//! Another account, region or partition.

use parallax_contract::{Answer, Call, Value};

use super::variant;
use crate::fault::deeds::tag_deed;
use crate::fault::sites::{Site, rewrite};
use crate::fault::{Alteration, Change, Inner};

const OWN: &str = "account, region and partition are the endpoint's own";

/// What the emulator beneath says.
const ACCOUNT: &str = ":123456789012:";
const REGION: &str = ":us-east-1:";
const PARTITION: &str = "arn:aws:";

pub(super) const VARIANTS: &[Alteration] = &[
    variant(
        "other-account",
        "the endpoint has another account",
        OWN,
        Change::Serve(|inner, call| {
            let mut answer = swapped(inner, call, ACCOUNT, ":000000000000:");
            rewrite(inner.contract(), &call.operation, &mut answer, Site::Owner, &|_| {
                "000000000000".to_owned()
            });
            answer
        }),
    ),
    variant(
        "other-region",
        "the endpoint is in another region",
        OWN,
        Change::Serve(|inner, call| swapped(inner, call, REGION, ":eu-central-2:")),
    ),
    variant(
        "other-partition",
        "the endpoint is in another partition",
        OWN,
        Change::Serve(|inner, call| swapped(inner, call, PARTITION, "arn:aws-us-gov:")),
    ),
];

/// Speaks to the outside of one part of an ARN, and of another beneath.
fn swapped(inner: &Inner<'_>, call: &Call, beneath: &str, outside: &str) -> Answer {
    let mut call = call.clone();
    if let Some((tagging, _)) = tag_deed(inner.contract(), &call)
        && let Some(Value::Text(arn)) = call.input.get(&tagging.resource_member)
    {
        let arn = arn.replacen(outside, beneath, 1);
        let member = tagging.resource_member.clone();
        call.input.set(&member, Value::Text(arn));
    }
    let mut answer = inner.answer(&call);
    rewrite(inner.contract(), &call.operation, &mut answer, Site::Arn, &|arn| {
        arn.replacen(beneath, outside, 1)
    });
    answer
}
