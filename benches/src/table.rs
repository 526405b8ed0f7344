//! A table of numbers, as Markdown, JSON and a chart.

use std::fmt::Write as _;
use std::path::Path;
use std::{fs, io};

use serde_json::{Map, Value, json};

use crate::chart;

pub(crate) struct Column {
    pub(crate) name: String,
    digits: usize,
}

impl Column {
    pub(crate) fn new(name: &str, digits: usize) -> Self {
        Self {
            name: name.to_owned(),
            digits,
        }
    }

    /// The value as the tables show it.
    pub(crate) fn show(&self, value: Option<f64>) -> String {
        value.map_or_else(
            || "–".to_owned(),
            |value| format!("{value:.*}", self.digits),
        )
    }
}

pub(crate) struct Table {
    /// The word on the command line, and the name of the files.
    pub(crate) name: &'static str,
    pub(crate) title: String,
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<(String, Vec<Option<f64>>)>,
}

impl Table {
    pub(crate) fn new(name: &'static str, title: &str, columns: &[Column]) -> Self {
        let columns = columns
            .iter()
            .map(|column| Column::new(&column.name, column.digits))
            .collect();
        Self {
            name,
            title: title.to_owned(),
            columns,
            rows: Vec::new(),
        }
    }

    pub(crate) fn row(&mut self, name: &str, values: impl IntoIterator<Item = Option<f64>>) {
        self.rows
            .push((name.to_owned(), values.into_iter().collect()));
    }

    pub(crate) fn markdown(&self) -> String {
        let mut text = format!("### {}\n\n| |", self.title);
        for column in &self.columns {
            let _ = write!(text, " {} |", quoted(&column.name));
        }
        text += "\n|---|";
        text += &"--:|".repeat(self.columns.len());
        for (name, values) in &self.rows {
            let _ = write!(text, "\n| {} |", quoted(name));
            for (column, value) in self.columns.iter().zip(values) {
                let _ = write!(text, " {} |", column.show(*value));
            }
        }
        text + "\n"
    }

    fn json(&self, machine: &str) -> Value {
        let row = |(name, values): &(String, Vec<Option<f64>>)| {
            let values = values.iter().map(|value| json!(value)).collect();
            (name.clone(), Value::Array(values))
        };
        let rows: Map<_, _> = self.rows.iter().map(row).collect();
        let columns: Vec<_> = self.columns.iter().map(|column| &column.name).collect();
        json!({ "title": self.title, "machine": machine, "columns": columns, "rows": rows })
    }

    /// Writes the table into the directory: as JSON, as a chart, and as text for `RESULTS.md`.
    pub(crate) fn save(&self, directory: &Path, machine: &str) -> io::Result<()> {
        fs::create_dir_all(directory)?;
        let json = format!("{:#}\n", self.json(machine));
        fs::write(directory.join(self.name).with_extension("json"), json)?;
        let text = format!("{}\n{machine}.\n", self.markdown());
        fs::write(directory.join(self.name).with_extension("md"), text)?;
        let chart = directory.join(self.name).with_extension("svg");
        fs::write(chart, chart::svg(self, machine))
    }
}

/// Quotes the attributes in a name. Without quotes, Markdown takes them for links.
fn quoted(name: &str) -> String {
    ["#[lazy]", "#[lazy(sync)]"]
        .iter()
        .fold(name.to_owned(), |name, attribute| {
            name.replace(attribute, &format!("`{attribute}`"))
        })
}
