//! A matrix as Markdown.

use super::{LEGEND, Matrix};
use crate::markdown::escape;

/// The matrix as Markdown of GitHub's flavour.
pub fn render(matrix: &Matrix<'_>) -> String {
    let [operations, kinds] = matrix.tables();
    let (operations, kinds) = (table(&operations), table(&kinds));
    format!(
        "# Parallax: {}\n\n{operations}\n{LEGEND}\n\n{kinds}",
        escape(matrix.service)
    )
}

fn table(rows: &[Vec<String>]) -> String {
    let line = |row: &Vec<String>| {
        let cells: Vec<_> = row.iter().map(|cell| escape(cell)).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    let mut lines = rows.iter().map(line);
    let head = lines.next().unwrap_or_default();
    let columns = rows.first().map_or(0, Vec::len);
    let rule = format!("|-|{}\n", "-:|".repeat(columns.saturating_sub(1)));
    head + &rule + &lines.collect::<String>()
}
