//! Tables: the compile time of a crate of 100 hosts with 10 properties, the macro's own time by the
//! size of a block, and the build time of the whole dependency tree.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use crate::source;
use crate::table::{Column, Table};
use crate::timer::median;

const HOSTS: usize = 100;
const PROPERTIES: usize = 10;
const ROUNDS: u32 = 5;
const TREE_ROUNDS: u32 = 3;

/// The crate as the user writes it, beside the one that is written by hand.
const SIDES: [&str; 2] = ["lazy", "by_hand"];

/// Sizes of one block, each ten times the one before.
const BLOCKS: [usize; 3] = [10, 100, 1_000];

pub(crate) fn measure() -> Result<Vec<Table>, String> {
    let mut tables = vec![crates()?];
    if cargo(&["+nightly", "--version"], Path::new(".")).is_ok() {
        tables.push(macro_alone()?);
    } else {
        eprintln!("what the macro alone takes is skipped: there is no nightly toolchain");
    }
    tables.push(trees()?);
    Ok(tables)
}

/// Compares the crates, whose dependencies are built before.
fn crates() -> Result<Table, String> {
    let columns = [
        Column::new("#[lazy], s", 3),
        Column::new("by hand, s", 3),
        Column::new("ratio", 2),
    ];
    let title = "Compiling 100 hosts of 10 properties, with their dependencies built before";
    let mut table = Table::new("compile", title, &columns);
    let [lazy, by_hand] = SIDES.map(|side| crate_of(side, &source::hosts(side, HOSTS, PROPERTIES)));
    let (lazy, by_hand) = (lazy?, by_hand?);
    for arguments in [&["check"][..], &["build"], &["build", "--release"]] {
        let name = format!("cargo {}", arguments.join(" "));
        eprintln!("timing: {name}");
        let mut rounds = Vec::new();
        // The first round builds the dependencies, so it does not count.
        for _ in 0..=ROUNDS {
            rounds.push((rebuilt(&lazy, arguments)?, rebuilt(&by_hand, arguments)?));
        }
        let rounds = &rounds[1..];
        table.row(
            &name,
            [
                Some(median(rounds.iter().map(|(lazy, _)| *lazy))),
                Some(median(rounds.iter().map(|(_, by_hand)| *by_hand))),
                Some(median(rounds.iter().map(|(lazy, by_hand)| lazy / by_hand))),
            ],
        );
    }
    Ok(table)
}

/// The time of rustc's macro expansion, and the size of its output.
fn macro_alone() -> Result<Table, String> {
    let columns = [
        Column::new("expansion, #[lazy], ms", 1),
        Column::new("expansion, by hand, ms", 1),
        Column::new("µs a property", 1),
        Column::new("bytes a property", 0),
        Column::new("bytes a property, by hand", 0),
    ];
    let title = "What the macro alone takes, and writes";
    let mut table = Table::new("macro", title, &columns);
    let blocks = BLOCKS.map(|properties| (1, properties));
    for (hosts, properties) in [(HOSTS, PROPERTIES)].into_iter().chain(blocks) {
        eprintln!("expanding: {hosts} × {properties}");
        let mut sides = Vec::new();
        for side in SIDES {
            let own = crate_of(
                &format!("{side}_expanded"),
                &source::hosts(side, hosts, properties),
            )?;
            sides.push(expanded(&own)?);
        }
        let [(lazy, written), (by_hand, by_hand_written)] = sides[..] else {
            return Err("there are two sides".to_owned());
        };
        let count = to_f64(hosts * properties);
        let row = [
            lazy,
            by_hand,
            (lazy - by_hand) / count * 1e3,
            written / count,
            by_hand_written / count,
        ];
        table.row(&format!("{hosts} × {properties}"), row.map(Some));
    }
    Ok(table)
}

/// Each library as the one dependency of an empty crate, built from nothing.
fn trees() -> Result<Table, String> {
    let columns = [
        Column::new("cargo build, s", 2),
        Column::new("× ours", 2),
        Column::new("crates", 0),
    ];
    let mut table = Table::new(
        "trees",
        "Building a library and all that it needs, from nothing",
        &columns,
    );
    let libraries = [
        ("lazy-prop", ours()),
        ("once_cell alone", "once_cell = \"1\"".to_owned()),
        ("cached", "cached = \"4.1\"".to_owned()),
        (
            "fieldx",
            "fieldx = { version = \"0.2.3\", features = [\"sync\"] }".to_owned(),
        ),
        (
            "clap derive",
            "clap = { version = \"4\", features = [\"derive\"] }".to_owned(),
        ),
    ];
    let mut times = vec![Vec::new(); libraries.len()];
    for round in 0..TREE_ROUNDS {
        for (at, (name, dependency)) in libraries.iter().enumerate() {
            eprintln!("building: {name}, round {} of {TREE_ROUNDS}", round + 1);
            let own = with_dependency(&format!("tree_{at}"), dependency, "")?;
            // Remove what the last round has built, because this round measures it.
            let _ = fs::remove_dir_all(own.join("target"));
            cargo(&["fetch"], &own)?;
            times[at].push(timed(&["build"], &own)?);
        }
    }
    for (at, (name, _)) in libraries.iter().enumerate() {
        let ratios = times[at]
            .iter()
            .zip(&times[0])
            .map(|(time, ours)| time / ours);
        let seconds = median(times[at].iter().copied());
        table.row(
            name,
            [
                Some(seconds),
                Some(median(ratios)),
                Some(crates_in_tree(&format!("tree_{at}"))?),
            ],
        );
    }
    Ok(table)
}

/// The dependency on this workspace's library.
fn ours() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../lazy-prop");
    format!("lazy-prop = {{ path = '{}' }}", path.display())
}

/// A crate of this source, which may use `lazy-prop` and `once_cell`.
fn crate_of(name: &str, source: &str) -> Result<PathBuf, String> {
    with_dependency(name, &format!("{}\nonce_cell = \"1.20\"", ours()), source)
}

/// A crate in the target directory, outside of any workspace.
fn with_dependency(name: &str, dependencies: &str, source: &str) -> Result<PathBuf, String> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../target/benches")
        .join(name);
    // The version of Rust makes cargo look for a darling that fieldx builds with.
    let manifest = format!(
        "[package]\nname = \"generated\"\nversion = \"0.0.0\"\nedition = \"2024\"\nrust-version = \"1.85\"\n\
         [workspace]\n[dependencies]\n{dependencies}\n"
    );
    let written = fs::create_dir_all(own.join("src"))
        .and_then(|()| fs::write(own.join("Cargo.toml"), manifest))
        .and_then(|()| fs::write(own.join("src/lib.rs"), source));
    written.map_err(|error| format!("{}: {error}", own.display()))?;
    Ok(own)
}

/// The seconds of a build in which only the crate itself is new.
fn rebuilt(own: &Path, arguments: &[&str]) -> Result<f64, String> {
    touch(own)?;
    timed(arguments, own)
}

/// Makes the source newer than its build.
fn touch(own: &Path) -> Result<(), String> {
    let source = own.join("src/lib.rs");
    let touched = fs::read(&source).and_then(|text| fs::write(&source, text));
    touched.map_err(|error| error.to_string())
}

fn timed(arguments: &[&str], own: &Path) -> Result<f64, String> {
    let start = Instant::now();
    cargo(arguments, own)?;
    Ok(start.elapsed().as_secs_f64())
}

/// The milliseconds of rustc's macro expansion, and the bytes of the expanded source.
fn expanded(own: &Path) -> Result<(f64, f64), String> {
    const CHECK: [&str; 5] = ["+nightly", "rustc", "--lib", "--profile=check", "--"];
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        touch(own)?;
        let passes = cargo(&[&CHECK[..], &["-Ztime-passes"]].concat(), own)?;
        let pass = passes
            .lines()
            .find(|line| line.ends_with("macro_expand_crate"));
        let seconds = pass.and_then(|line| {
            line.split_whitespace()
                .nth(1)?
                .trim_end_matches(';')
                .parse::<f64>()
                .ok()
        });
        times.push(seconds.ok_or("rustc does not say what it expands macros for")? * 1e3);
    }
    touch(own)?;
    let text = cargo(&[&CHECK[..], &["-Zunpretty=expanded"]].concat(), own)?;
    Ok((median(times.into_iter()), to_f64(text.len())))
}

/// Runs cargo, and gives what it wrote.
fn cargo(arguments: &[&str], own: &Path) -> Result<String, String> {
    let mut command = Command::new("cargo");
    // Otherwise cargo would ignore a toolchain that the arguments name.
    command.env_remove("CARGO").env_remove("RUSTUP_TOOLCHAIN");
    command
        .args(arguments)
        .current_dir(own)
        .env("CARGO_TERM_QUIET", "true");
    command.env("CARGO_TARGET_DIR", own.join("target"));
    // An earlier build must not save this one any work.
    command.env("CARGO_INCREMENTAL", "0");
    let output = command
        .output()
        .map_err(|error| format!("cargo: {error}"))?;
    let [out, log] =
        [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    if output.status.success() {
        Ok(out + &log)
    } else {
        Err(log)
    }
}

/// The number of crates that this crate has built, without itself.
fn crates_in_tree(name: &str) -> Result<f64, String> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../target/benches")
        .join(name);
    let tree = cargo(
        &[
            "tree",
            "--prefix=none",
            "--edges=normal,build",
            "--format={p}",
        ],
        &own,
    )?;
    let crates: HashSet<_> = tree
        .lines()
        .map(|line| line.trim_end_matches(" (*)"))
        .filter(|line| !line.is_empty())
        .collect();
    Ok(to_f64(crates.len() - 1))
}

fn to_f64(count: usize) -> f64 {
    f64::from(u32::try_from(count).expect("it is small"))
}
