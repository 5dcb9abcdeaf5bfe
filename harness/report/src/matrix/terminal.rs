//! A matrix for people at a terminal.

use super::{LEGEND, Matrix};

/// The matrix as text, in columns.
pub fn render(matrix: &Matrix<'_>) -> String {
    let [operations, kinds] = matrix.tables();
    format!("{}({LEGEND})\n\n{}", aligned(&operations), aligned(&kinds))
}

/// The first column to the left, the others to the right.
fn aligned(rows: &[Vec<String>]) -> String {
    let columns = rows.first().map_or(0, Vec::len);
    let width = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count())
            .max()
    };
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    let mut out = String::new();
    for row in rows {
        for (at, (cell, width)) in row.iter().zip(&widths).enumerate() {
            match at {
                0 => out.push_str(&format!("{cell:width$}")),
                _ => out.push_str(&format!("  {cell:>width$}")),
            }
        }
        out.push('\n');
    }
    out
}
