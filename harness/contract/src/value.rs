//! Values of inputs and outputs, independent of protocol and encoding.

use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// One value. A structure and a map are both [`Value::Map`]; which of them it is, the shape tells.
///
/// An absent member is simply not in its map; [`Value::Null`] was there and said "nothing".
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Present without a value, such as a parameter name without text.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number of any width up to 64 bits.
    Int(i64),
    /// A floating point number; may be NaN or infinite.
    Float(f64),
    /// Text, exactly as it was given or decoded.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
    /// Seconds since the epoch, with fractions.
    Timestamp(f64),
    /// A list in order.
    List(Vec<Value>),
    /// A structure or map, in the order given.
    Map(Vec<(String, Value)>),
}

impl Value {
    /// Text from anything that is text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A structure from name and value pairs.
    pub fn map<N: Into<String>>(fields: impl IntoIterator<Item = (N, Value)>) -> Self {
        Self::Map(fields.into_iter().map(|(name, value)| (name.into(), value)).collect())
    }

    /// The member `name` of a structure, if this is one and has it.
    pub fn get(&self, name: &str) -> Option<&Value> {
        match self {
            Self::Map(fields) => fields.iter().find(|(key, _)| key == name).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The value at a dotted path; a number is an index into a list: `Groups.0.Name`.
    pub fn at(&self, path: &str) -> Option<&Value> {
        path.split('.').try_fold(self, |here, part| match here {
            Self::List(items) => items.get(part.parse::<usize>().ok()?),
            _ => here.get(part),
        })
    }

    /// Sets the member `name`, replacing or appending; what is no structure becomes one.
    pub fn set(&mut self, name: &str, value: Value) {
        if !matches!(self, Self::Map(_)) {
            *self = Self::Map(Vec::new());
        }
        if let Self::Map(fields) = self {
            match fields.iter_mut().find(|(key, _)| key == name) {
                Some((_, slot)) => *slot = value,
                None => fields.push((name.to_owned(), value)),
            }
        }
    }

    /// Removes the member `name`, if it is there.
    pub fn remove(&mut self, name: &str) {
        if let Self::Map(fields) = self {
            fields.retain(|(key, _)| key != name);
        }
    }

    /// The text, if this is text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The items, if this is a list.
    pub fn as_list(&self) -> Option<&[Value]> {
        match self {
            Self::List(items) => Some(items),
            _ => None,
        }
    }

    /// The fields, if this is a structure or map.
    pub fn fields(&self) -> &[(String, Value)] {
        match self {
            Self::Map(fields) => fields,
            _ => &[],
        }
    }

    /// Whether a client cannot tell this from "nothing there": null, an empty list or an empty map.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Null => true,
            Self::List(items) => items.is_empty(),
            Self::Map(fields) => fields.is_empty(),
            _ => false,
        }
    }
}

/// JSON: `{"$blob": [bytes]}`, `{"$timestamp": seconds}` and `{"$float": "NaN"}` stand for what JSON lacks.
impl Serialize for Value {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => to.serialize_unit(),
            Self::Bool(value) => to.serialize_bool(*value),
            Self::Int(value) => to.serialize_i64(*value),
            Self::Float(value) => tagged(to, "$float", &value.to_string()),
            Self::Text(text) => to.serialize_str(text),
            Self::Blob(bytes) => tagged(to, "$blob", bytes),
            Self::Timestamp(seconds) => tagged(to, "$timestamp", seconds),
            Self::List(items) => to.collect_seq(items),
            Self::Map(fields) => to.collect_map(fields.iter().map(|(name, value)| (name, value))),
        }
    }
}

fn tagged<S: Serializer, T: Serialize>(to: S, tag: &str, value: &T) -> Result<S::Ok, S::Error> {
    let mut map = to.serialize_map(Some(1))?;
    map.serialize_entry(tag, value)?;
    map.end()
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Int(value))
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Value, E> {
        i64::try_from(value).map(Value::Int).map_err(E::custom)
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Float(value))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Value::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut fields: Vec<(String, Value)> = Vec::new();
        while let Some((name, value)) = map.next_entry::<String, Value>()? {
            fields.push((name, value));
        }
        match fields.as_slice() {
            [(tag, inner)] if tag.starts_with('$') => untag::<A::Error>(tag, inner),
            _ => Ok(Value::Map(fields)),
        }
    }
}

fn untag<E: serde::de::Error>(tag: &str, inner: &Value) -> Result<Value, E> {
    match (tag, inner) {
        ("$float", Value::Text(text)) => text.parse().map(Value::Float).map_err(E::custom),
        ("$timestamp", Value::Float(seconds)) => Ok(Value::Timestamp(*seconds)),
        #[expect(clippy::cast_precision_loss, reason = "whole seconds of a date fit a double exactly")]
        ("$timestamp", Value::Int(seconds)) => Ok(Value::Timestamp(*seconds as f64)),
        ("$blob", Value::List(items)) => items.iter().map(byte::<E>).collect::<Result<_, _>>().map(Value::Blob),
        _ => Ok(Value::map([(tag, inner.clone())])),
    }
}

fn byte<E: serde::de::Error>(value: &Value) -> Result<u8, E> {
    match value {
        Value::Int(number) => u8::try_from(*number).map_err(E::custom),
        _ => Err(E::custom("a blob holds numbers from 0 to 255")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_value_survives_json() {
        let value = Value::map([
            ("null", Value::Null),
            ("bool", Value::Bool(true)),
            ("int", Value::Int(-7)),
            ("float", Value::Float(0.5)),
            ("text", Value::text("a\u{1}\"b")),
            ("blob", Value::Blob(vec![0, 255])),
            ("time", Value::Timestamp(1.5)),
            ("list", Value::List(vec![Value::Null, Value::List(vec![])])),
        ]);
        let json = serde_json::to_string(&value).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&json).unwrap(), value, "{json}");
    }

    #[test]
    fn a_path_walks_structures_and_lists() {
        let value = Value::map([("Groups", Value::List(vec![Value::map([("Name", Value::text("a"))])]))]);
        assert_eq!(value.at("Groups.0.Name"), Some(&Value::text("a")));
        assert_eq!(value.at("Groups.1.Name"), None);
    }
}
