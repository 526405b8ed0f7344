//! The program of argparse-rosetta-rs, written with our crate and with each peer.

use std::fs;
use std::path::Path;

use super::program::Program;
use crate::table::{Column, Table};

/// A name, its dependency, and the source.
const PROGRAMS: [(&str, &str, &str); 9] = [
    ("empty", "", "fn main() {}\n"),
    (
        "lazy-prop",
        r#"lazy-prop = { path = "LAZY_PROP", features = ["command-core"] }"#,
        include_str!("../../rosetta/app.rs"),
    ),
    (
        "lazy-prop with config and tokio unused",
        r#"lazy-prop = { path = "LAZY_PROP", features = ["command-core", "config", "tokio"] }"#,
        include_str!("../../rosetta/app.rs"),
    ),
    (
        "clap derive",
        r#"clap = { version = "4.6", features = ["derive"] }"#,
        include_str!("../../rosetta/peers/clap.rs"),
    ),
    (
        "clap, its builder",
        r#"clap = "4.6""#,
        include_str!("../../rosetta/peers/clap_builder.rs"),
    ),
    (
        "argh",
        r#"argh = "0.1.13""#,
        include_str!("../../rosetta/peers/argh.rs"),
    ),
    (
        "bpaf",
        r#"bpaf = { version = "0.9", features = ["derive"] }"#,
        include_str!("../../rosetta/peers/bpaf.rs"),
    ),
    (
        "lexopt",
        r#"lexopt = "0.3""#,
        include_str!("../../rosetta/peers/lexopt.rs"),
    ),
    (
        "usage-rs",
        r#"usage-rs = "7.1""#,
        include_str!("../../rosetta/peers/usage.rs"),
    ),
];

pub(super) fn measure(root: &Path) -> Table {
    let columns = [
        Column::new("debug build with all it needs, s", 2),
        Column::new("release build, s", 2),
        Column::new("stripped, KiB", 0),
        Column::new("size × clap derive", 2),
    ];
    let title = "The program of argparse-rosetta-rs, built from nothing";
    let mut table = Table::new("rosetta", title, &columns);
    let mut rows = vec![];
    for (name, dependency, source) in PROGRAMS {
        eprintln!("building from nothing: {name}");
        match built(root, name, dependency, source) {
            Ok(row) => rows.push((name, row)),
            Err(problem) => eprintln!("{name} is skipped: {problem}"),
        }
    }
    let clap = rows
        .iter()
        .find(|(name, _)| *name == "clap derive")
        .map(|(_, [.., size])| *size);
    for (name, [debug, release, size]) in rows {
        table.row(
            name,
            [
                Some(debug),
                Some(release),
                Some(size),
                clap.map(|clap| size / clap),
            ],
        );
    }
    table
}

/// The seconds of the two builds, and the size.
fn built(root: &Path, name: &str, dependency: &str, source: &str) -> Result<[f64; 3], String> {
    let name = format!("rosetta-{}", name.replace([' ', ','], "-"));
    let target = root.join(format!("{name}-target"));
    let program = Program::write(root, &name, dependency, source)?;
    let _ = fs::remove_dir_all(&target);
    program.cargo(&target, &["fetch"])?;
    // cargo builds a downloaded crate without incremental data, but ours, at a path, with it.
    let debug = ["build", "--config", "profile.dev.incremental=false"];
    let debug = program.cargo(&target, &debug)?;
    let release = program.cargo(&target, &["build", "--release"])?;
    let size = program.size(&target)?;
    // It has been measured, and takes space.
    let _ = fs::remove_dir_all(&target);
    Ok([debug, release, size])
}
