//! An answer as AWS's own services send it.

use std::borrow::Cow;

use parallax_contract::{Answer, Contract, Member, Operation, Refused, Shape, ShapeKind, Value};

use super::place::{self, ELEMENT, ENTRY, Place};
use crate::HttpAnswer;
use crate::scalar;
use crate::time::Side;
use crate::xml::writer::{Writer, is_name};

pub(super) fn encode(contract: &Contract, operation: &str, answer: &Answer, request_id: &str) -> HttpAnswer {
    let (status, body) = match answer {
        Answer::Success(output) => (200, success(contract, operation, output, request_id)),
        Answer::Refused(refused) => (refused.status, refusal(contract, refused, request_id)),
    };
    HttpAnswer {
        status,
        headers: vec![
            ("x-amzn-requestid".to_owned(), request_id.to_owned()),
            ("content-type".to_owned(), "text/xml".to_owned()),
        ],
        body,
    }
}

fn success(contract: &Contract, operation: &str, output: &Value, request_id: &str) -> Vec<u8> {
    let mut xml = Writer::new();
    let known = contract.operations.get(operation);
    let root = format!("{operation}Response");
    xml.element(&root, &[("xmlns", &contract.service.xml_namespace)], |xml| {
        result(contract, xml, known, output);
        xml.element("ResponseMetadata", &[], |xml| xml.leaf("RequestId", request_id));
    });
    xml.finish()
}

fn refusal(contract: &Contract, refused: &Refused, request_id: &str) -> Vec<u8> {
    let mut xml = Writer::new();
    xml.element("ErrorResponse", &[("xmlns", &contract.service.xml_namespace)], |xml| {
        xml.element("Error", &[], |xml| {
            xml.leaf("Type", refused.fault.as_str());
            xml.leaf("Code", &refused.code);
            xml.leaf("Message", &refused.message);
        });
        xml.leaf("RequestId", request_id);
    });
    xml.finish()
}

/// The output in its wrapper; nothing where the operation has no output.
fn result(contract: &Contract, xml: &mut Writer, operation: Option<&Operation>, output: &Value) {
    let Some(shape) = operation.and_then(|known| known.output.as_deref()) else {
        return;
    };
    let members = contract.shape(shape).map_or(&[][..], Shape::members);
    match operation.and_then(|known| known.result_wrapper.as_deref()) {
        Some(wrapper) => structure(contract, xml, wrapper, members, output),
        None => fields(contract, xml, members, output),
    }
}

/// An element with the members of `value` in it or, where the model says so, on it.
fn structure(contract: &Contract, xml: &mut Writer, name: &str, members: &[Member], value: &Value) {
    let attributes = attributes(contract, members, value);
    let attributes: Vec<_> = attributes
        .iter()
        .map(|(key, value)| (key.as_str(), value.as_ref()))
        .collect();
    xml.element(name, &attributes, |xml| fields(contract, xml, members, value));
}

/// The members that are attributes, and the declarations that their prefixes need.
fn attributes<'v>(contract: &'v Contract, members: &[Member], value: &'v Value) -> Vec<(String, Cow<'v, str>)> {
    let mut attributes = Vec::new();
    for member in members.iter().filter(|member| member.xml_attribute) {
        let Some(value) = value.get(&member.name) else {
            continue;
        };
        let name = place::wire_name(contract, member);
        if let Some((prefix, _)) = name.split_once(':') {
            attributes.push((
                format!("xmlns:{prefix}"),
                Cow::Borrowed(contract.service.xml_namespace.as_str()),
            ));
        }
        let form = Place::of_member(contract, member).form;
        attributes.push((name.to_owned(), scalar::write(value, form, Side::Service)));
    }
    attributes
}

/// Members in the model's order, then what the model does not know in the order given.
fn fields(contract: &Contract, xml: &mut Writer, members: &[Member], value: &Value) {
    for member in members.iter().filter(|member| !member.xml_attribute) {
        if let Some(value) = value.get(&member.name) {
            let name = place::wire_name(contract, member);
            write(contract, xml, name, Place::of_member(contract, member), value);
        }
    }
    for (name, value) in value.fields() {
        if !members.iter().any(|member| member.name == *name) && is_name(name) {
            write(contract, xml, name, Place::unknown(), value);
        }
    }
}

fn write(contract: &Contract, xml: &mut Writer, name: &str, place: Place<'_>, value: &Value) {
    match (place.kind, value) {
        (
            Some(ShapeKind::List {
                member, location_name, ..
            }),
            Value::List(items),
        ) => {
            let element = Place::of_shape(contract, member);
            let own_name = location_name.as_deref().unwrap_or(ELEMENT);
            list(contract, xml, (name, own_name), (place, element), items);
        }
        (_, Value::List(items)) => list(contract, xml, (name, ELEMENT), (place, Place::unknown()), items),
        (Some(ShapeKind::Map { .. }), Value::Map(entries)) => map(contract, xml, name, place, entries),
        (Some(ShapeKind::Structure { members }), Value::Map(_)) => structure(contract, xml, name, members, value),
        (_, Value::Map(_)) => structure(contract, xml, name, &[], value),
        _ => xml.leaf(name, &scalar::write(value, place.form, Side::Service)),
    }
}

fn list(
    contract: &Contract,
    xml: &mut Writer,
    (name, own_name): (&str, &str),
    (place, element): (Place<'_>, Place<'_>),
    items: &[Value],
) {
    let each = |xml: &mut Writer, name: &str| {
        for item in items {
            write(contract, xml, name, element, item);
        }
    };
    if place.flattened {
        each(xml, name);
    } else {
        xml.element(name, &[], |xml| each(xml, own_name));
    }
}

fn map(contract: &Contract, xml: &mut Writer, name: &str, place: Place<'_>, entries: &[(String, Value)]) {
    let each = |xml: &mut Writer, name: &str| {
        for (key, value) in entries {
            xml.element(name, &[], |xml| entry(contract, xml, place, key, value));
        }
    };
    if place.flattened {
        each(xml, name);
    } else {
        xml.element(name, &[], |xml| each(xml, ENTRY));
    }
}

fn entry(contract: &Contract, xml: &mut Writer, place: Place<'_>, key: &str, value: &Value) {
    if let Some(ShapeKind::Map {
        value: shape,
        key_name,
        value_name,
        ..
    }) = place.kind
    {
        xml.leaf(key_name.as_deref().unwrap_or("key"), key);
        write(
            contract,
            xml,
            value_name.as_deref().unwrap_or("value"),
            Place::of_shape(contract, shape),
            value,
        );
    }
}

#[cfg(test)]
mod tests {
    use parallax_contract::Fault;

    use super::*;
    use crate::fixture::library;

    fn body(operation: &str, output: Value) -> String {
        let answer = encode(&library(), operation, &Answer::Success(output), "id-1");
        assert_eq!(answer.status, 200);
        assert_eq!(
            (answer.header("content-type"), answer.header("x-amzn-requestid")),
            (Some("text/xml"), Some("id-1"))
        );
        String::from_utf8(answer.body).unwrap()
    }

    /// The answer of DescribeThings around these lines.
    fn things(result: &str) -> String {
        format!(
            "<DescribeThingsResponse xmlns=\"http://library.example.com/doc/2020-01-01/\">\n{result}  \
             <ResponseMetadata>\n    <RequestId>id-1</RequestId>\n  </ResponseMetadata>\n</DescribeThingsResponse>\n"
        )
    }

    #[test]
    fn a_success_has_the_form_of_the_real_service() {
        let shelf = Value::map([
            ("OwnerId", Value::text("000000000000")),
            ("Description", Value::text("say \"hi\" & <go>")),
            ("Readers", Value::List(Vec::new())),
        ]);
        let expected = "\
<CreateShelfResponse xmlns=\"http://library.example.com/doc/2020-01-01/\">
  <CreateShelfResult>
    <Shelf>
      <OwnerId>000000000000</OwnerId>
      <Description>say &quot;hi&quot; &amp; &lt;go&gt;</Description>
      <Readers/>
    </Shelf>
  </CreateShelfResult>
  <ResponseMetadata>
    <RequestId>id-1</RequestId>
  </ResponseMetadata>
</CreateShelfResponse>
";
        assert_eq!(body("CreateShelf", Value::map([("Shelf", shelf)])), expected);
    }

    #[test]
    fn a_name_that_xml_does_not_allow_is_left_out() {
        let output = Value::map([("a b", Value::Null), ("<", Value::Null)]);
        assert_eq!(body("DescribeThings", output), things("  <DescribeThingsResult/>\n"));
    }

    #[test]
    fn an_operation_without_output_has_no_wrapper() {
        let expected = "\
<DeleteShelfResponse xmlns=\"http://library.example.com/doc/2020-01-01/\">
  <ResponseMetadata>
    <RequestId>id-1</RequestId>
  </ResponseMetadata>
</DeleteShelfResponse>
";
        assert_eq!(body("DeleteShelf", Value::Map(Vec::new())), expected);
        assert_eq!(
            body("DescribeThings", Value::Map(Vec::new())),
            things("  <DescribeThingsResult/>\n")
        );
    }

    #[test]
    fn a_refusal_has_the_form_of_the_real_service() {
        let refused = Refused {
            code: "ShelfAlreadyExists".to_owned(),
            status: 404,
            fault: Fault::Sender,
            message: "Shelf a already exists.".to_owned(),
        };
        let answer = encode(&library(), "CreateShelf", &Answer::Refused(refused), "id-1");
        let expected = "\
<ErrorResponse xmlns=\"http://library.example.com/doc/2020-01-01/\">
  <Error>
    <Type>Sender</Type>
    <Code>ShelfAlreadyExists</Code>
    <Message>Shelf a already exists.</Message>
  </Error>
  <RequestId>id-1</RequestId>
</ErrorResponse>
";
        assert_eq!(
            (answer.status, String::from_utf8(answer.body).unwrap().as_str()),
            (404, expected)
        );
    }

    #[test]
    fn every_kind_of_member_has_its_form() {
        let check = |name: &str, value: Value, expected: &str| {
            let lines: String = expected.split('|').map(|line| format!("    {line}\n")).collect();
            let result = format!("  <DescribeThingsResult>\n{lines}  </DescribeThingsResult>\n");
            assert_eq!(body("DescribeThings", Value::map([(name, value)])), things(&result));
        };
        let texts = || Value::List(vec![Value::text("a"), Value::text("")]);
        check("Text", Value::text(""), "<Text/>");
        check("Renamed", Value::text("a"), "<Other>a</Other>");
        check("Count", Value::Int(1), "<Count>1</Count>");
        check("Ratio", Value::Float(0.5), "<Ratio>0.5</Ratio>");
        check("Open", Value::Bool(true), "<Open>true</Open>");
        check("Bytes", Value::Blob(b"value".to_vec()), "<Bytes>dmFsdWU=</Bytes>");
        check("At", Value::Timestamp(1.5), "<At>1970-01-01T00:00:01.500Z</At>");
        check("Since", Value::Timestamp(1.0), "<Since>1</Since>");
        check("Names", texts(), "<Names>|  <member>a</member>|  <member/>|</Names>");
        check("FlatNames", texts(), "<FlatName>a</FlatName>|<FlatName/>");
        check("Flat", texts(), "<Hi>a</Hi>|<Hi/>");
        check(
            "Tags",
            Value::List(vec![Value::Map(Vec::new())]),
            "<Tags>|  <Tag/>|</Tags>",
        );
        let labels = || Value::map([("a", Value::text("1"))]);
        check(
            "Labels",
            labels(),
            "<Labels>|  <entry>|    <key>a</key>|    <value>1</value>|  </entry>|</Labels>",
        );
        check(
            "FlatLabels",
            labels(),
            "<FlatLabels>|  <key>a</key>|  <value>1</value>|</FlatLabels>",
        );
        check("Novel", Value::map([("A", Value::Null)]), "<Novel>|  <A/>|</Novel>");
        let kind = Value::map([("Kind", Value::text("b"))]);
        check(
            "Inner",
            kind,
            "<Inner xmlns:x=\"http://library.example.com/doc/2020-01-01/\" x:kind=\"b\"/>",
        );
    }
}
