//! An overlay as it stands in its file.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::{Spanned, Table};

use crate::{Confidence, Evidence, Fault, Value};

/// An entry: its own keys, and where they come from.
macro_rules! entry {
    ($(#[$doc:meta])* $name:ident { $($(#[$note:meta])* $field:ident: $type:ty),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields, rename_all = "kebab-case")]
        pub(super) struct $name {
            $($(#[$note])* pub(super) $field: $type,)*
            source: String,
            confidence: Confidence,
        }

        impl $name {
            /// What supports the entry; `fact` says what it states.
            pub(super) fn evidence(&self, fact: impl Into<String>) -> Evidence {
                Evidence {
                    fact: fact.into(),
                    source: self.source.clone(),
                    confidence: self.confidence,
                }
            }
        }
    };
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Overlay {
    pub(super) service: Spanned<String>,
    #[serde(default)]
    pub(super) resources: BTreeMap<Spanned<String>, Resource>,
    #[serde(default)]
    pub(super) constraints: Vec<Constraint>,
    pub(super) tagging: Option<Spanned<Tagging>>,
    #[serde(default)]
    pub(super) common_errors: BTreeMap<String, CommonError>,
    #[serde(default)]
    pub(super) messages: BTreeMap<String, Message>,
    #[serde(default)]
    pub(super) costs: Vec<Cost>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Resource {
    pub(super) arn: Option<Arn>,
    pub(super) quota: Option<Quota>,
    pub(super) stored_form: Option<StoredForm>,
    pub(super) grants: Option<Grants>,
    pub(super) sample: Option<Sample>,
    #[serde(default)]
    pub(super) echoes: Vec<Echo>,
    #[serde(default)]
    pub(super) builtin: Vec<Builtin>,
    #[serde(default)]
    pub(super) gates: Vec<Gate>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Tagging {
    pub(super) limit: Option<Quota>,
    #[serde(default)]
    pub(super) facts: BTreeMap<String, Fact>,
}

entry!(Arn { template: String });
entry!(Quota { limit: u64 });
entry!(StoredForm {});
entry!(Fact { fact: String });
entry!(Builtin {
    id: String,
    deletable: bool,
});
entry!(Gate {
    profile: String,
    otherwise: Option<String>,
    code: Spanned<String>,
    message: String,
});
entry!(Sample { input: Value, sure: Spanned<bool>, });
entry!(Echo { input: Spanned<String>, output: Spanned<String>, });
entry!(CommonError {
    status: u16,
    fault: Fault,
});
entry!(Message { text: String, code: Option<Spanned<String>>, });
entry!(
    /// `operations` are names, of which the end may be left open with `*`; `fact` says what is charged.
    Cost { operations: Vec<Spanned<String>>, free: bool, fact: String, }
);
entry!(
    /// `rule` is a rule in the form that contracts have; `at` lists members as `Shape.Member`.
    Constraint { at: Vec<Spanned<String>>, rule: Spanned<Table>, }
);
entry!(
    /// The states of a grant, the usual first, and valid keys.
    Grants {
        granted: Vec<String>,
        revoking: Vec<String>,
        #[serde(default)] sample: BTreeMap<Spanned<String>, String>,
    }
);
