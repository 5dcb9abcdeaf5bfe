//! What belongs to one run alone.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::{Deref, DerefMut};

use schemars::JsonSchema;
use serde::de::{MapAccess, Visitor};
use serde::ser::SerializeMap as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::Transcripts;

const DURATIONS: &str = "durations";
const TRANSCRIPTS: &str = "transcripts";

/// What belongs to one run alone: all that may differ between two equal runs. What is small is a JSON object, to which
/// this dereferences; what grows with the run has its own form.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Run {
    /// Who was asked, when, with which settings, and whatever else a reader may want to know.
    pub facts: Map<String, Value>,
    /// How long each scenario took, in durationseconds, in the order of the scenarios.
    pub durations: Vec<u64>,
    /// What was said at the steps that have divergences.
    pub transcripts: Transcripts,
}

/// The JSON form, for the schema.
#[derive(JsonSchema)]
pub(crate) struct RunForm {
    /// How long each scenario took, in durationseconds, in the order of the scenarios.
    #[expect(dead_code, reason = "the schema is all that is made of it")]
    durations: Option<Vec<u64>>,
    /// What was said at the steps that have divergences.
    #[expect(dead_code, reason = "the schema is all that is made of it")]
    transcripts: Option<Transcripts>,
    #[expect(dead_code, reason = "the schema is all that is made of it")]
    #[serde(flatten)]
    others: BTreeMap<String, Value>,
}

impl Deref for Run {
    type Target = Map<String, Value>;

    fn deref(&self) -> &Self::Target {
        &self.facts
    }
}

impl DerefMut for Run {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.facts
    }
}

impl From<Value> for Run {
    /// The facts of an object; of anything else nothing.
    fn from(value: Value) -> Self {
        let facts = match value {
            Value::Object(facts) => facts,
            _ => Map::new(),
        };
        Self {
            facts,
            ..Self::default()
        }
    }
}

impl Serialize for Run {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (key, value) in &self.facts {
            map.serialize_entry(key, value)?;
        }
        if !self.durations.is_empty() {
            map.serialize_entry(DURATIONS, &self.durations)?;
        }
        if !self.transcripts.steps.is_empty() {
            map.serialize_entry(TRANSCRIPTS, &self.transcripts)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Run {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members)
    }
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Run;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("what belongs to one run")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Run, A::Error> {
        let mut run = Run::default();
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                DURATIONS => run.durations = map.next_value()?,
                TRANSCRIPTS => run.transcripts = map.next_value()?,
                _ => drop(run.facts.insert(key, map.next_value()?)),
            }
        }
        Ok(run)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::transcript::SaidAt;

    #[test]
    fn a_run_is_one_object_of_facts_durations_and_transcripts() {
        let mut run = Run::from(json!({ "target": "t", "shards": [1] }));
        let text = |run: &Run| serde_json::to_string(run).unwrap();
        assert_eq!(text(&run), r#"{"shards":[1],"target":"t"}"#);
        run.durations = vec![7, 9];
        run.transcripts.steps.push(SaidAt::default());
        assert!(text(&run).starts_with(r#"{"shards":[1],"target":"t","durations":[7,9],"transcripts":{"#));
        assert_eq!(serde_json::from_str::<Run>(&text(&run)).unwrap(), run);
    }
}
