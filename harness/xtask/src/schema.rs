//! The JSON schemas of report.json and bench.json.

use crate::check::{Mode, generated};
use crate::failure::{At as _, Failure};
use crate::shell::root;

/// Writes the schemas, or compares them with the committed ones.
pub(crate) fn generate(mode: Mode) -> Result<(), Failure> {
    let path = root().join("reports/schema/report.schema.json");
    let schema = parallax_report::json::schema().at("the schema")?;
    generated(mode, &path, &schema, "schema")?;
    let path = root().join("reports/schema/bench.schema.json");
    let schema = parallax_report::bench::json::schema().at("the schema")?;
    generated(mode, &path, &schema, "schema")
}
