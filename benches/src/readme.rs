//! The tables of the READMEs: what was measured last, so that nobody copies numbers by hand.

use std::fs;
use std::path::Path;

/// Each README's tables, by the names of their files, with what there is to say of them.
const READMES: [(&str, &[(&str, &str)]); 2] = [
    (
        "README.md",
        &[
            (
                "instructions",
                "A first read keeps account of the bodies that run, for the panic that names a \
                 circle; and the body stays out of the accessor, so it is called.",
            ),
            ("reads", ""),
            ("threads", ""),
            (
                "memory",
                "A `sync` property that returns `Result<&T, E>`, and `sync::LazyProperty`, have \
                 once_cell's cell. With its feature `parking_lot` that would have 2, 12, 24 and 32 \
                 bytes: less than std's for the `bool` alone, and four crates more.",
            ),
            ("compile", ""),
            ("macro", ""),
            ("trees", ""),
            ("commands", ""),
            ("programs", ""),
            ("rosetta", ""),
            ("services", ""),
        ],
    ),
    ("examples/svc/README.md", &[("services", "")]),
];

/// What stands around the tables.
const BEGIN: &str = "<!-- measured -->\n";
const END: &str = "<!-- end of what was measured -->\n";

/// Where the charts are, from the root of the repository.
const CHARTS: &str = "benches/results";

/// Writes the last results into the READMEs.
pub(crate) fn write(benches: &Path) -> Result<(), String> {
    for (readme, tables) in READMES {
        let file = benches.join("..").join(readme);
        let wrong = |error| format!("{}: {error}", file.display());
        let text = fs::read_to_string(&file).map_err(wrong)?;
        let new = with_tables(&text, &benches.join("results"), tables)
            .ok_or_else(|| format!("{readme} has no place for what was measured"))?;
        fs::write(&file, new).map_err(wrong)?;
    }
    Ok(())
}

fn with_tables(text: &str, results: &Path, tables: &[(&str, &str)]) -> Option<String> {
    let (before, rest) = text.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    let tables: String = tables
        .iter()
        .filter_map(|(name, note)| section(results, name, note))
        .collect();
    Some(format!("{before}{BEGIN}\n{tables}{END}{after}"))
}

/// A table, what there is to say of it, and its chart; nothing, if it was not measured.
fn section(results: &Path, name: &str, note: &str) -> Option<String> {
    let table = fs::read_to_string(results.join(name).with_extension("md")).ok()?;
    let title = table.lines().next()?.trim_start_matches("### ");
    let note = match note {
        "" => String::new(),
        note => format!("{note}\n\n"),
    };
    let chart = format!("![Chart: {title}]({CHARTS}/{name}.svg)\n\n");
    Some(format!("{table}\n{note}{chart}"))
}
