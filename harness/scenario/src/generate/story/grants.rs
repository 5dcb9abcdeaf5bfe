//! The steps that give and take permissions.

use parallax_contract::{Call, Value};

use super::Story;
use crate::generate::choose::pick_recent;
use crate::generate::folding::respell;

impl Story<'_> {
    /// Gives or takes a permission, one that was given before more often than not.
    pub(super) fn grant(&mut self, give: bool) {
        let Some((number, kit)) = self.kit() else {
            return;
        };
        let Some(grants) = &kit.grants else {
            return;
        };
        let mut call = if give {
            grants.authorize.clone()
        } else {
            grants.revoke.clone()
        };
        for (name, value) in self.permission(&call, &grants.keys, give) {
            call.input.set(&name, value);
        }
        self.ask_about(number, kit, call);
    }

    fn permission(&mut self, call: &Call, keys: &[String], give: bool) -> Vec<(String, Value)> {
        let again = if give { 1 } else { 3 };
        if self.choose.below(4) < again
            && let Some(known) = pick_recent(self.choose, &self.memory.grants).cloned()
        {
            return known;
        }
        let mut permission = Vec::new();
        for key in keys {
            let sample = call.input.get(key).cloned().unwrap_or(Value::Null);
            permission.push((key.clone(), self.permission_part(call, key, sample)));
        }
        if give {
            self.memory.grants.push(permission.clone());
        }
        permission
    }

    fn permission_part(&mut self, call: &Call, key: &str, sample: Value) -> Value {
        let rule = self.plan.rule(&call.operation, key);
        match (self.choose.below(8), sample) {
            (3 | 4, Value::Text(text)) => Value::Text(format!("{text}{}", 1 + self.choose.below(9))),
            (5, Value::Text(text)) => Value::Text(respell(self.choose, &text)),
            (6, _) => Value::Text(rule.kept(self.choose)),
            (7, _) => Value::Text(rule.text(self.choose)),
            (_, sample) => sample,
        }
    }
}
