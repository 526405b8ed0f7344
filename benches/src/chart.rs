//! A chart of a table: one bar for each row, in each column that holds a quantity.

use std::fmt::Write as _;

use crate::table::Table;

const BAR: u32 = 18;
const NAMES: u32 = 210;
const BARS: f64 = 300.0;
const WIDTH: u32 = 620;

pub(crate) fn svg(table: &Table, machine: &str) -> String {
    let mut body = String::new();
    let mut y = 50;
    for (at, column) in table.columns.iter().enumerate() {
        // The bars beside it show the ratio already.
        if column.name.starts_with('×') || column.name == "ratio" {
            continue;
        }
        if column.name.is_empty() {
            y -= 14; // the title says it
        } else {
            let _ = writeln!(
                body,
                "<text x=\"10\" y=\"{y}\" font-weight=\"bold\">{}</text>",
                escaped(&column.name)
            );
            y += 8;
        }
        let values = || {
            table
                .rows
                .iter()
                .filter_map(|(name, values)| Some((name, values[at]?)))
        };
        let longest = values().map(|(_, value)| value).fold(0.0, f64::max);
        for (name, value) in values() {
            // A count can come out slightly negative; a bar cannot.
            let length = (value.max(0.0) / longest * BARS).max(1.0);
            let color =
                if name.contains("lazy") || name.starts_with("svc") || column.name.contains("lazy")
                {
                    "#c2410c"
                } else {
                    "#64748b"
                };
            let (middle, end) = (y + 13, f64::from(NAMES) + length + 6.0);
            let _ = writeln!(
                body,
                "<text x=\"{}\" y=\"{middle}\" text-anchor=\"end\">{}</text>",
                NAMES - 6,
                escaped(name)
            );
            let _ = writeln!(
                body,
                "<rect x=\"{NAMES}\" y=\"{y}\" width=\"{length:.1}\" height=\"{}\" fill=\"{color}\"/>",
                BAR - 4
            );
            let _ = writeln!(
                body,
                "<text x=\"{end:.1}\" y=\"{middle}\">{}</text>",
                column.show(Some(value))
            );
            y += BAR;
        }
        y += BAR + 8;
    }
    let title = escaped(&table.title);
    let machine = escaped(machine);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {y}\" font-family=\"sans-serif\" font-size=\"12\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n\
         <text x=\"10\" y=\"22\" font-size=\"14\">{title}</text>\n\
         {body}<text x=\"10\" y=\"{}\" font-size=\"10\" fill=\"#64748b\">{machine}</text>\n</svg>\n",
        y - 8
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
