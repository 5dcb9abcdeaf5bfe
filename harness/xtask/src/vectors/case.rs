//! One case, and what has to hold.

use parallax_contract::{
    Answer, Call, Contract, Fault, Forgiveness, Observation, Outcome, Refused, Shape, ShapeKind, Value,
};
use parallax_wire::{HttpAnswer, HttpRequest, protocol_of};

/// A case with the contract of its operation.
pub(super) struct Case {
    pub(super) id: String,
    pub(super) operation: String,
    pub(super) contract: Contract,
    pub(super) case: Value,
}

/// What vectors leave out of an answer, so that missing it is no fault of the decoder.
const LEFT_OUT: [Forgiveness; 2] = [Forgiveness::MissingRequestId, Forgiveness::Namespace];

impl Case {
    /// The call must become the request that the vector shows, and the request the same call again.
    pub(super) fn input(&self) -> Result<(), String> {
        let wire = protocol_of(&self.contract).map_err(|error| error.to_string())?;
        let shape = self
            .contract
            .operations
            .get(&self.operation)
            .and_then(|known| known.input.as_deref());
        let params = typed(&self.contract, shape, self.get("params"));
        let request = wire.encode_request(&self.contract, &Call::new(&self.operation, params));
        self.same_request(&request)?;
        let understood = wire.decode_request(&self.contract, &request);
        let again = wire.encode_request(&self.contract, &understood);
        same("the request, understood and sent again", &again, &request)
    }

    fn same_request(&self, request: &HttpRequest) -> Result<(), String> {
        let text = |path: &str| self.case.at(path).and_then(Value::as_text).unwrap_or_default();
        same("the method", request.method.as_str(), text("serialized.method"))?;
        same("the path", "/", text("serialized.uri"))?;
        same(
            "the body",
            String::from_utf8_lossy(&request.body).as_ref(),
            text("serialized.body"),
        )?;
        for (name, value) in self.get("serialized").get("headers").map_or(&[][..], Value::fields) {
            let found = request
                .headers
                .iter()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.as_str());
            // Parameters of the media type, such as the charset, are the SDK's own.
            let found = found.and_then(|value| value.split(';').next());
            same(name, &found, &value.as_text())?;
        }
        Ok(())
    }

    /// The answer that the vector shows must become its result, and the result the same answer again.
    pub(super) fn output(&self) -> Result<(), String> {
        let wire = protocol_of(&self.contract).map_err(|error| error.to_string())?;
        let observation = wire.decode_response(&self.contract, &self.operation, &self.answer());
        self.same_outcome(&observation)?;
        let answer = match &observation.outcome {
            Outcome::Success(output) => Answer::Success(output.clone()),
            Outcome::Error(error) => Answer::Refused(Refused {
                code: error.code.clone(),
                status: observation.status,
                fault: error.fault.unwrap_or(Fault::Sender),
                message: error.message.clone().unwrap_or_default(),
            }),
            other => return Err(format!("no answer but {other:?}")),
        };
        let again = wire.encode_response(&self.contract, &self.operation, &answer, "id");
        let again = wire.decode_response(&self.contract, &self.operation, &again);
        same("forgiven in our own answer", &again.forgiven, &Vec::new())?;
        same_value("the result, sent and understood again", &again, &observation)
    }

    /// A case without a body gets the one that botocore's own runner gives it.
    fn answer(&self) -> HttpAnswer {
        let response = self.get("response");
        let headers = response.get("headers").map_or(&[][..], Value::fields).iter();
        let text = |value: &Value| value.as_text().unwrap_or_default().to_owned();
        HttpAnswer {
            status: match response.get("status_code") {
                Some(Value::Int(status)) => u16::try_from(*status).unwrap_or_default(),
                _ => 0,
            },
            headers: headers
                .map(|(name, value)| (name.to_ascii_lowercase(), text(value)))
                .collect(),
            body: response.get("body").map_or("<xml/>".to_owned(), text).into_bytes(),
        }
    }

    fn same_outcome(&self, observation: &Observation) -> Result<(), String> {
        if self.case.at("response.body").is_some() {
            let mut forgiven = observation.forgiven.iter();
            let unexpected = forgiven.find(|forgiven| !LEFT_OUT.contains(&forgiven.what));
            same("forgiven", &unexpected, &None)?;
        }
        if let Some(code) = self.case.get("errorCode") {
            let error = observation
                .error()
                .ok_or_else(|| format!("no error but {:?}", observation.outcome))?;
            same("the code", &Some(error.code.as_str()), &code.as_text())?;
            return same(
                "the message",
                &error.message.as_deref(),
                &self.get("errorMessage").as_text(),
            );
        }
        let shape = self
            .contract
            .operations
            .get(&self.operation)
            .and_then(|known| known.output.as_deref());
        let expected = typed(&self.contract, shape, self.get("result"));
        let found = observation
            .success()
            .ok_or_else(|| format!("no success but {:?}", observation.outcome))?;
        // JSON has one NaN, numbers have many.
        same("the result", &json(&sorted(found)), &json(&sorted(&expected)))
    }

    fn get(&self, name: &str) -> &Value {
        self.case.get(name).unwrap_or(&Value::Null)
    }
}

fn same<T: PartialEq + std::fmt::Debug + ?Sized>(what: &str, found: &T, expected: &T) -> Result<(), String> {
    if found == expected {
        return Ok(());
    }
    Err(format!("{what} is\n  {found:?}\nwhere the vector has\n  {expected:?}"))
}

fn same_value(what: &str, found: &Observation, expected: &Observation) -> Result<(), String> {
    match (found.success(), expected.success()) {
        (Some(found), Some(expected)) => same(what, &json(&sorted(found)), &json(&sorted(expected))),
        _ => same(what, &found.outcome, &expected.outcome),
    }
}

fn json(value: &Value) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// The same value with its members in the order of their names.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Map(fields) => {
            let mut fields: Vec<_> = fields
                .iter()
                .map(|(name, value)| (name.clone(), sorted(value)))
                .collect();
            fields.sort_by(|(one, _), (other, _)| one.cmp(other));
            Value::Map(fields)
        }
        Value::List(items) => Value::List(items.iter().map(sorted).collect()),
        other => other.clone(),
    }
}

/// The value that plain JSON stands for where the shape says so: text for blobs, numbers for times, names for special
/// floats.
fn typed(contract: &Contract, shape: Option<&str>, json: &Value) -> Value {
    let kind = shape.and_then(|name| contract.shape(name)).map(|shape| &shape.kind);
    match (kind, json) {
        (Some(ShapeKind::Structure { .. }), Value::Map(fields)) => {
            let members = shape
                .and_then(|name| contract.shape(name))
                .map_or(&[][..], Shape::members);
            let of = |name: &str| {
                members
                    .iter()
                    .find(|member| member.name == name)
                    .map(|member| member.shape.as_str())
            };
            Value::map(
                fields
                    .iter()
                    .map(|(name, value)| (name, typed(contract, of(name), value))),
            )
        }
        (Some(ShapeKind::List { member, .. }), Value::List(items)) => {
            Value::List(items.iter().map(|item| typed(contract, Some(member), item)).collect())
        }
        (Some(ShapeKind::Map { value: shape, .. }), Value::Map(entries)) => Value::map(
            entries
                .iter()
                .map(|(key, value)| (key, typed(contract, Some(shape), value))),
        ),
        (Some(ShapeKind::Blob), Value::Text(text)) => Value::Blob(text.clone().into_bytes()),
        (Some(ShapeKind::Timestamp { .. }), number) => float(number).map_or(Value::Null, Value::Timestamp),
        (Some(ShapeKind::Float | ShapeKind::Double), number) => float(number).map_or(Value::Null, Value::Float),
        (_, other) => other.clone(),
    }
}

#[expect(clippy::cast_precision_loss, reason = "the vectors hold dates and small numbers")]
fn float(json: &Value) -> Option<f64> {
    match json {
        Value::Int(number) => Some(*number as f64),
        Value::Float(number) => Some(*number),
        Value::Text(name) => name.parse().ok(),
        _ => None,
    }
}
