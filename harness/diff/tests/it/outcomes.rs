//! Accepted, refused, open, unreadable.

use parallax_contract::{
    ApiError, Confidence, Fault, Forgiven, Forgiveness, Malformed, Observation, Outcome, Pattern, Refusal,
    TransportFault,
};
use parallax_outcome::{SHORTAGE, Verdict};

use crate::fixture::*;

fn any() -> Pattern {
    Pattern::any("any")
}

fn inconclusive(reason: &str) -> Verdict {
    Verdict::Inconclusive(reason.to_owned())
}

#[test]
fn what_was_not_sent_is_inconclusive_whatever_was_due() {
    let why = || "no file descriptor is free".to_owned();
    let unsent = [
        (
            TransportFault::Withheld(why()),
            "not sent: no file descriptor is free".to_owned(),
        ),
        // A gate knows it by these words.
        (
            TransportFault::Short(why()),
            format!("{SHORTAGE}no file descriptor is free"),
        ),
    ];
    for (fault, reason) in unsent {
        let unsent = Observation::lost(fault);
        for due in [
            success(text("x")),
            refused(refusal(&["Bad"])),
            open(any(), refusal(&[])),
        ] {
            let found = create(&due, &unsent);
            assert_eq!(found.verdict, inconclusive(&reason));
            assert_eq!(found.differences, []);
        }
    }
}

#[test]
fn a_limit_of_the_harness_is_told_as_one_and_not_as_a_rule_of_http() {
    for (fault, option) in [
        (TransportFault::TimedOut, "--timeout"),
        (TransportFault::Unfinished, "--timeout"),
        (TransportFault::TooLarge(9), "--max-answer"),
    ] {
        let found = create(&success(text("x")), &Observation::lost(fault));
        let line = &found.differences[0].evidence[0];
        assert!(line.fact.contains(option), "{line:?}");
        assert_eq!(line.source, "the harness's own limit");
    }
    let closed = create(
        &success(text("x")),
        &Observation::lost(TransportFault::Closed("reset".into())),
    );
    assert!(
        closed.differences[0].evidence[0].source.contains("RFC 9110"),
        "{closed:?}"
    );
}

#[test]
fn an_answer_that_never_came_is_one_transport_error() {
    let lost = Observation::lost(TransportFault::TimedOut);
    check(
        &success(text("x")),
        &lost,
        &["transport error : an answer / no answer within the time limit"],
    );
    check(
        &open(any(), refusal(&[])),
        &lost,
        &["transport error : an answer / no answer within the time limit"],
    );
}

#[test]
fn an_unreadable_answer_is_one_envelope_error() {
    let malformed = Malformed {
        why: "an HTML page where XML was due".into(),
        excerpt: "<html>\n".into(),
    };
    let expected =
        r#"envelope error : an answer of the protocol's form / status 500, an HTML page where XML was due: "<html>\n""#;
    check(
        &success(text("x")),
        &observed(500, Outcome::Malformed(malformed)),
        &[expected],
    );
}

#[test]
fn acceptance_and_refusal_are_told_apart() {
    check(
        &success(any()),
        &error("ThingNotFound", 404, "no\nthing"),
        &[r#"outcome error : accepted / refused: ThingNotFound (404): "no\nthing""#],
    );
    check(
        &refused(refusal(&["A", "B"])),
        &accepted(thing([])),
        &["outcome error : refused: A or B / accepted"],
    );
}

#[test]
fn a_refusal_is_held_to_code_status_and_side() {
    let due = refused(refusal(&["ThingNotFound"]));
    check(&due, &error("ThingNotFound", 404, "x"), &[]);
    check(
        &due,
        &error("InvalidParameterValue", 400, "x"),
        &[r#"error-code error Code: ThingNotFound / refused: InvalidParameterValue (400): "x""#],
    );
    check(
        &due,
        &error("ThingNotFound", 400, "x"),
        &["status error : status 404 / status 400"],
    );
    let receiver = |fault| {
        let error = ApiError {
            code: "ThingNotFound".into(),
            fault,
            message: None,
        };
        observed(404, Outcome::Error(error))
    };
    check(
        &due,
        &receiver(Some(Fault::Receiver)),
        &["error-type warning Type: Sender / Receiver"],
    );
    check(
        &due,
        &receiver(None),
        &["error-type warning Type: Sender / neither Sender nor Receiver"],
    );
}

#[test]
fn a_recorded_message_is_compared_and_an_invented_one_is_not() {
    let with = |message_recorded| {
        let message = Some("Thing x not found.".to_owned());
        refused(Refusal {
            message,
            message_recorded,
            ..refusal(&["ThingNotFound", "InvalidParameterValue"])
        })
    };
    check(&with(false), &error("ThingNotFound", 404, "gone"), &[]);
    check(
        &with(true),
        &error("ThingNotFound", 404, "gone"),
        &[r#"error-message note Message: "Thing x not found." / "gone""#],
    );
    check(&with(true), &error("InvalidParameterValue", 400, "gone"), &[]);
}

#[test]
fn any_refusal_takes_known_codes_and_notes_others() {
    let due = refused(refusal(&[]));
    check(&due, &error("ThingAlreadyExists", 400, "x"), &[]);
    check(
        &due,
        &error("ThingAlreadyExists", 409, "x"),
        &["status error : status 400 / status 409"],
    );
    check(
        &due,
        &error("Oops", 200, "x"),
        &[
            r#"error-code note Code: a code that the service declares / "Oops""#,
            "status error : a status from 400 to 599 / status 200",
        ],
    );
}

#[test]
fn a_code_that_is_surely_wrong_is_told_even_where_the_right_one_is_open() {
    let due = refused(Refusal {
        wrong: vec!["ThingNotFound".to_owned()],
        ..refusal(&[])
    });
    check(
        &due,
        &error("ThingNotFound", 404, "gone"),
        &[r#"error-code error Code: not ThingNotFound / refused: ThingNotFound (404): "gone""#],
    );
    check(&due, &error("InvalidParameterValue", 400, "no"), &[]);
}

#[test]
fn a_claim_is_never_louder_than_a_note() {
    let due = refused(Refusal {
        basis: basis(Confidence::Claimed),
        ..refusal(&["ThingNotFound"])
    });
    check(
        &due,
        &accepted(thing([])),
        &["outcome note : refused: ThingNotFound / accepted"],
    );
}

#[test]
fn an_open_step_is_inconclusive_unless_the_branch_taken_is_wrong() {
    let due = open(
        fields([("Thing", fields([("ThingName", text("a"))]))]),
        refusal(&["InvalidParameterValue"]),
    );
    let right = thing([("ThingName", parallax_contract::Value::text("a"))]);
    assert_eq!(
        create(&due, &accepted(right)).verdict,
        inconclusive("the sources disagree")
    );
    assert_eq!(
        create(&due, &error("InvalidParameterValue", 400, "x")).verdict,
        inconclusive("the sources disagree")
    );
    assert_eq!(create(&due, &accepted(thing([]))).verdict, Verdict::Diverge);
    assert_eq!(
        create(&due, &error("ThingNotFound", 404, "x")).verdict,
        Verdict::Diverge
    );
}

#[test]
fn a_quota_a_gate_and_throttling_say_nothing_of_the_call() {
    let verdict = |expectation, observation| create(&expectation, &observation).verdict;
    let quota = || error("QuotaExceeded.Thing", 400, "too many");
    assert_eq!(verdict(success(any()), quota()), inconclusive("quota"));
    assert_eq!(
        verdict(refused(refusal(&["InvalidParameterValue"])), quota()),
        inconclusive("quota")
    );
    assert_eq!(
        verdict(refused(refusal(&["QuotaExceeded.Thing"])), quota()),
        Verdict::Agree
    );
    assert_eq!(
        verdict(success(any()), error("Throttling", 400, "Rate exceeded")),
        inconclusive("throttled")
    );
    let gate = error("InvalidParameterValue", 400, "Use of things is not permitted for you.");
    let reason = "accounts of profile vpc-only are refused Thing";
    assert_eq!(verdict(success(any()), gate.clone()), inconclusive(reason));
    assert_eq!(
        verdict(refused(refusal(&["ThingNotFound"])), gate),
        inconclusive(reason)
    );
}

#[test]
fn what_the_decoder_forgave_is_told_at_the_severity_of_an_sdk() {
    let with = |what, path: &str| Observation {
        forgiven: vec![Forgiven {
            what,
            path: path.into(),
            detail: "this".into(),
        }],
        ..accepted(thing([]))
    };
    let severities = [
        (Forgiveness::ResponseElement, "envelope warning"),
        (Forgiveness::ResultWrapper, "envelope error"),
        (Forgiveness::Namespace, "envelope warning"),
        (Forgiveness::UnknownMember, "unexpected warning"),
        (Forgiveness::MissingRequestId, "envelope warning"),
        (Forgiveness::ListElement, "envelope warning"),
        (Forgiveness::ErrorEnvelope, "envelope warning"),
        (Forgiveness::Json, "envelope error"),
        (Forgiveness::ContentType, "envelope warning"),
        (Forgiveness::Scalar, "type warning"),
        (Forgiveness::Repeated, "unexpected warning"),
    ];
    for (what, start) in severities {
        let got = lines(&create(&success(any()), &with(what, "Thing.A")));
        assert_eq!(got.len(), 1, "{what:?}");
        assert!(got[0].starts_with(&format!("{start} Thing.A: ")), "{got:?}");
        assert!(got[0].ends_with(" / this"), "{got:?}");
    }
}

#[test]
fn a_request_id_is_one_and_the_same_in_header_and_body() {
    let with = |header: &str| Observation {
        header_request_id: Some(header.into()),
        body_request_id: Some("a".into()),
        ..accepted(thing([]))
    };
    check(&success(any()), &with("a"), &[]);
    check(
        &success(any()),
        &with("b"),
        &["envelope warning ResponseMetadata.RequestId: the id of the header / another id"],
    );
}

#[test]
fn a_habit_leaves_the_verdict_to_the_rest_of_the_answer() {
    let mut other_id = accepted(thing([]));
    (other_id.header_request_id, other_id.body_request_id) = (Some("a".into()), Some("b".into()));
    let comparison = create(&success(any()), &other_id);
    assert_eq!(
        (comparison.verdict, comparison.differences[0].habit),
        (Verdict::Agree, true)
    );
}

#[test]
fn a_success_has_status_200() {
    let with = |status| observed(status, Outcome::Success(thing([])));
    check(
        &success(any()),
        &with(201),
        &["status warning : status 200 / status 201"],
    );
    check(&success(any()), &with(500), &["status error : status 200 / status 500"]);
}
