//! A second reading of answers, strict and by another parser: it takes only what a service in good order writes.
//!
//! Where it takes an answer, the forgiving decoder must have read the same. Times and bytes are left to the decoder's own
//! tests: an answer that has one is not taken here.

use parallax_contract::{ApiError, Contract, Fault, Member, Outcome, ShapeKind, Value};
use roxmltree::{Document, Node};

/// What the answer says; `None` where anything at all is out of order.
pub fn read(contract: &Contract, operation: &str, status: u16, body: &str) -> Option<Outcome> {
    // This parser takes a name with an empty prefix, which Namespaces in XML forbid (their production 7), and lets its end
    // tag go without.
    if body.contains("<:") || body.contains("</:") {
        return None;
    }
    let document = Document::parse(body).ok()?;
    let root = document.root_element();
    let reader = Reader { contract };
    match root.tag_name().name() {
        "ErrorResponse" => error(root, &contract.service.xml_namespace).map(Outcome::Error),
        name if (200..300).contains(&status) && name == format!("{operation}Response") => {
            reader.success(operation, root).map(Outcome::Success)
        }
        _ => None,
    }
}

struct Reader<'c> {
    contract: &'c Contract,
}

impl Reader<'_> {
    fn success(&self, operation: &str, root: Node<'_, '_>) -> Option<Value> {
        let [result, metadata] = elements(root, &self.contract.service.xml_namespace)?.try_into().ok()?;
        let known = self.contract.operations.get(operation)?;
        let in_order = Some(result.tag_name().name()) == known.result_wrapper.as_deref()
            && metadata.tag_name().name() == "ResponseMetadata"
            && metadata.first_element_child()?.tag_name().name() == "RequestId";
        in_order.then_some(())?;
        self.structure(self.contract.output_members(operation), result)
    }

    fn structure(&self, members: &[Member], node: Node<'_, '_>) -> Option<Value> {
        let mut fields: Vec<(String, Value)> = Vec::new();
        for child in elements(node, &self.contract.service.xml_namespace)? {
            let name = child.tag_name().name();
            let member = members.iter().find(|member| member.name == name)?;
            let plain = member.location_name.is_none() && !member.flattened && !member.xml_attribute;
            let first = !fields.iter().any(|(known, _)| known == name);
            (plain && first).then_some(())?;
            fields.push((name.to_owned(), self.value(&member.shape, child)?));
        }
        node.attributes().next().is_none().then_some(Value::Map(fields))
    }

    fn value(&self, shape: &str, node: Node<'_, '_>) -> Option<Value> {
        match &self.contract.shape(shape)?.kind {
            ShapeKind::Structure { members } => self.structure(members, node),
            ShapeKind::List {
                member,
                location_name,
                flattened: false,
            } => {
                let due = location_name.as_deref().unwrap_or("member");
                let items = elements(node, &self.contract.service.xml_namespace)?.into_iter();
                let item = |item: Node<'_, '_>| (item.tag_name().name() == due).then(|| self.value(member, item))?;
                items.map(item).collect::<Option<_>>().map(Value::List)
            }
            ShapeKind::String => text(node).map(Value::Text),
            ShapeKind::Integer => decimal(node)?.parse::<i32>().ok().map(|n| Value::Int(n.into())),
            ShapeKind::Long => decimal(node)?.parse().ok().map(Value::Int),
            ShapeKind::Boolean => match text(node)?.as_str() {
                "true" => Some(Value::Bool(true)),
                "false" => Some(Value::Bool(false)),
                _ => None,
            },
            _ => None,
        }
    }
}

fn error(root: Node<'_, '_>, namespace: &str) -> Option<ApiError> {
    let [error, _] = elements(root, namespace)?.try_into().ok()?;
    let [kind, code, message] = elements(error, namespace)?.try_into().ok()?;
    let named = |node: Node<'_, '_>, name: &str| (node.tag_name().name() == name).then(|| text(node))?;
    (error.tag_name().name() == "Error").then_some(())?;
    let fault = match named(kind, "Type")?.as_str() {
        "Sender" => Fault::Sender,
        "Receiver" => Fault::Receiver,
        _ => return None,
    };
    Some(ApiError {
        code: named(code, "Code").filter(|code| !code.is_empty())?,
        fault: Some(fault),
        message: Some(named(message, "Message")?),
    })
}

/// The elements in this one, all of the namespace; `None` where there is other text than white space between them.
fn elements<'a, 'd>(node: Node<'a, 'd>, namespace: &str) -> Option<Vec<Node<'a, 'd>>> {
    let stray = |child: &Node<'_, '_>| child.is_text() && !child.text().unwrap_or_default().trim_ascii().is_empty();
    let children: Vec<_> = node.children().filter(Node::is_element).collect();
    let ours = children
        .iter()
        .all(|child| child.tag_name().namespace() == Some(namespace));
    (ours && !node.children().any(|child| stray(&child))).then_some(children)
}

/// The text of an element that holds nothing else.
fn text(node: Node<'_, '_>) -> Option<String> {
    let plain = node.children().all(|child| child.is_text()) && node.attributes().next().is_none();
    plain.then(|| node.text().unwrap_or_default().to_owned())
}

/// A number as XML Schema writes it: digits, perhaps after a minus sign.
fn decimal(node: Node<'_, '_>) -> Option<String> {
    let text = text(node)?;
    let digits = text.strip_prefix('-').unwrap_or(&text);
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    plain.then_some(text)
}
