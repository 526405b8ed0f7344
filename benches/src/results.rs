//! `RESULTS.md` and the README's pictures, written from what was measured last.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::chart;
use crate::table::{Column, Table};

/// The tables by the names of their files, each with what a reader should know about it.
const TABLES: [(&str, &str); 16] = [
    (
        "instructions",
        "A first read records which bodies run, so that a cycle panics with its names. The body stays out of the \
         accessor, so the accessor calls it.",
    ),
    ("reads", ""),
    ("threads", ""),
    (
        "memory",
        "A `sync` property that returns `Result<&T, E>`, and `sync::LazyProperty`, use once_cell's cell. With its \
         feature `parking_lot` it would take 2, 12, 24 and 32 bytes: less than std's only for the `bool`, and four \
         more crates.",
    ),
    (
        "precision",
        "A call must clear the properties that are made of a field that it writes. The hosts and their methods are in \
         [src/precision](src/precision).",
    ),
    ("compile", ""),
    ("macro", ""),
    ("trees", ""),
    ("commands", ""),
    ("programs", ""),
    ("rosetta", ""),
    (
        "services",
        "The memory of svc is that of its shims and loggers, that of a peer is that of its one process, divided by the \
         number of services. pm2's row is of one round, and its list and status start node. \
         pitchfork, with its defaults, looks for services to start again every ten seconds.",
    ),
    (
        "capture",
        "The service sleeps between its writes. The logger puts full files aside, and keeps an index of the times.",
    ),
    ("collect", ""),
    (
        "serve-losses",
        "Half of the clients make a connection for each request, the others keep theirs until the server says that it \
         closes it. All that is not a whole answer is lost. An idle connection that a server closes just when the \
         client asks is lost too, though a careful client asks again.",
    ),
    (
        "serve-load",
        "wrk, the servers and their workers share the machine's cores. nginx answers `return 200`, gunicorn three bytes \
         from 16 threads a worker, and serve the lines of the request.",
    ),
];

/// A picture of the README: one column of a table, for the rows that a reader compares first.
struct Picture {
    name: &'static str,
    title: &'static str,
    table: &'static str,
    column: &'static str,
    digits: usize,
    /// The row in the table, and its name in the picture.
    rows: &'static [(&'static str, &'static str)],
}

const PICTURES: [Picture; 2] = [
    Picture {
        name: "read-cost",
        title: "Reading a kept u64, in nanoseconds",
        table: "reads",
        column: "read, ns",
        digits: 2,
        rows: &[
            ("plain field", "a plain field"),
            ("#[lazy]", "#[lazy]"),
            ("by hand, std OnceCell", "OnceCell by hand"),
            ("#[lazy(sync)]", "#[lazy(sync)]"),
            ("by hand, std OnceLock", "OnceLock by hand"),
            ("memoize, a function", "memoize"),
            ("cached, in_impl", "cached"),
        ],
    },
    Picture {
        name: "start-cost",
        title: "Starting a program, in microseconds more than an empty one",
        table: "programs",
        column: "start over empty, µs",
        digits: 0,
        rows: &[
            ("lazy-prop, 1", "lazy-prop, 1 command"),
            ("clap, 1", "clap derive, 1 command"),
            ("lazy-prop, 100", "lazy-prop, 100 commands"),
            ("clap, 100", "clap derive, 100 commands"),
            ("clap defer, 100", "the same with defer"),
            ("lazy-prop, 1000", "lazy-prop, 1,000 commands"),
        ],
    },
];

const INTRODUCTION: &str = "\
# Results

What `cargo run --release -p benches -- all` measured last. It writes this page; `--help` lists a word for each table. The
date, the processor and the compiler stand below each table. [COSTS.md](COSTS.md) explains, with profiles, where the crate
costs more than code written by hand.

";

/// Writes the page and the pictures, of those tables that were ever measured.
pub(crate) fn write(benches: &Path) -> Result<(), String> {
    let results = benches.join("results");
    let sections: String = TABLES
        .iter()
        .filter_map(|(name, note)| section(&results, name, note))
        .collect();
    save(
        &benches.join("RESULTS.md"),
        &format!("{INTRODUCTION}{sections}"),
    )?;
    for picture in &PICTURES {
        if let Some(svg) = picture.svg(&results) {
            save(&results.join(picture.name).with_extension("svg"), &svg)?;
        }
    }
    Ok(())
}

fn save(file: &Path, text: &str) -> Result<(), String> {
    let text = text.trim_end().to_owned() + "\n";
    fs::write(file, text).map_err(|error| format!("{}: {error}", file.display()))
}

/// A table, the note about it, and its chart.
fn section(results: &Path, name: &str, note: &str) -> Option<String> {
    let table = fs::read_to_string(results.join(name).with_extension("md")).ok()?;
    let table = table.replacen("### ", "## ", 1);
    let title = table.lines().next()?.trim_start_matches("## ");
    let note = match note {
        "" => String::new(),
        note => format!("{note}\n\n"),
    };
    Some(format!(
        "{table}\n{note}![Chart: {title}](results/{name}.svg)\n\n"
    ))
}

impl Picture {
    fn svg(&self, results: &Path) -> Option<String> {
        let file = results.join(self.table).with_extension("json");
        let measured: Value = serde_json::from_str(&fs::read_to_string(file).ok()?).ok()?;
        let columns = measured["columns"].as_array()?;
        let at = columns.iter().position(|column| column == self.column)?;
        let column = Column::new("", self.digits);
        let mut table = Table::new(self.name, self.title, &[column]);
        for (row, shown) in self.rows {
            table.row(shown, [measured["rows"][*row][at].as_f64()]);
        }
        Some(chart::svg(&table, measured["machine"].as_str()?))
    }
}
