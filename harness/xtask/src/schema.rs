//! The JSON schema of report.json.

use crate::check::{Mode, generated};
use crate::failure::{At as _, Failure};
use crate::shell::root;

/// Writes the schema, or compares it with the committed one.
pub(crate) fn generate(mode: Mode) -> Result<(), Failure> {
    let path = root().join("reports/schema/report.schema.json");
    let schema = parallax_report::json::schema().at("the schema")?;
    generated(mode, &path, &schema, "schema")
}
