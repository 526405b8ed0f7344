//! Tables: the start and the build of command lines, beside clap's derive and others.

mod program;
mod rosetta;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::table::{Column, Table};
use crate::timer::median;
use program::{Program, VARIANTS};

/// The starts of each program. The median counts.
const STARTS: usize = 400;

/// The builds of each program, and the seconds after which one must do.
const BUILDS: usize = 3;
const PATIENCE: f64 = 10.0;

/// The numbers of commands. clap's program with 1,000 takes minutes to build.
const COUNTS: [(usize, &[usize]); 4] = [
    (0, &[0]),
    (1, &[1, 10, 100, 1000]),
    (2, &[1, 10, 100]),
    (3, &[100]),
];

/// The measurements of one program.
struct Row {
    name: String,
    check: f64,
    release: f64,
    size: f64,
    start: f64,
    help: f64,
}

pub(crate) fn measure() -> Result<Vec<Table>, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .with_file_name("target")
        .join("commands");
    let rows = programs(&root)?;
    let rosetta = rosetta::measure(&root);
    Ok(vec![aims(&rows)?, all(&rows), rosetta])
}

fn programs(root: &Path) -> Result<Vec<Row>, String> {
    let target = root.join("target");
    let (mut rows, mut lines) = (vec![], vec![]);
    for (variant, counts) in COUNTS {
        for &count in counts {
            let variant = &VARIANTS[variant];
            let name = format!("{}, {count}", variant.name);
            eprintln!("building: {name}");
            let program = Program::of(root, variant, count)?;
            let (check, release) = (
                rebuilt(&program, &target, &["check"])?,
                rebuilt(&program, &target, &["build", "--release"])?,
            );
            let size = program.size(&target)?;
            lines.push((copy(root, &name, &program.binary(&target))?, line(count)));
            rows.push(Row {
                name,
                check,
                release,
                size,
                start: 0.0,
                help: 0.0,
            });
        }
    }
    eprintln!(
        "starting: {} programs, {STARTS} times each, twice",
        rows.len()
    );
    let direct = starts(&lines)?;
    for (_, line) in &mut lines {
        // This builds the tree of all commands.
        *line = vec!["--version".to_owned()];
    }
    let full = starts(&lines)?;
    for (row, (start, help)) in rows.iter_mut().zip(direct.iter().zip(&full)) {
        (row.start, row.help) = (start - direct[0], help - full[0]);
    }
    Ok(rows)
}

/// Copies a binary. A file that the linker has just written lies in pieces in the page cache, and starts
/// more slowly than an installed one.
fn copy(root: &Path, name: &str, binary: &Path) -> Result<PathBuf, String> {
    let directory = root.join("installed");
    let copy = directory.join(name.replace([' ', ','], "-"));
    let copied = fs::create_dir_all(&directory).and_then(|()| fs::copy(binary, &copy));
    copied.map_err(|error| format!("{}: {error}", copy.display()))?;
    Ok(copy)
}

/// The median seconds of a rebuild of only the program. A long one is built once.
fn rebuilt(program: &Program, target: &Path, args: &[&str]) -> Result<f64, String> {
    let mut times = vec![];
    while times.len() < BUILDS && times.iter().sum::<f64>() < PATIENCE {
        times.push(program.rebuild(target, args)?);
    }
    Ok(median(times.into_iter()))
}

/// A command line that names the command in the middle of the list.
fn line(count: usize) -> Vec<String> {
    let command = format!("cmd{}", count / 2);
    [
        &*command, "svc", "file1", "-w", "/x", "-c", "3", "--mode", "slow",
    ]
    .map(String::from)
    .into()
}

/// The median microseconds of a start of each binary. They take turns, so that all see the same
/// conditions.
fn starts(runs: &[(PathBuf, Vec<String>)]) -> Result<Vec<f64>, String> {
    let mut times = vec![Vec::with_capacity(STARTS); runs.len()];
    for _ in 0..STARTS {
        for (times, (binary, line)) in times.iter_mut().zip(runs) {
            let start = Instant::now();
            let status = Command::new(binary)
                .args(line)
                .stdout(Stdio::null())
                .status();
            times.push(start.elapsed().as_secs_f64() * 1e6);
            if !status.is_ok_and(|status| status.success()) {
                return Err(format!("{} fails", binary.display()));
            }
        }
    }
    Ok(times
        .into_iter()
        .map(|times| median(times.into_iter()))
        .collect())
}

/// The table of the aims.
fn aims(rows: &[Row]) -> Result<Table, String> {
    let columns = [
        Column::new("of what the other takes", 3),
        Column::new("aim, at most", 2),
    ];
    let title = "100 commands of 8 parameters, against clap's derive with a struct for each";
    let mut table = Table::new("commands", title, &columns);
    let row = |name: &str| {
        rows.iter()
            .find(|row| row.name == name)
            .ok_or("a program is missing")
    };
    let (ours, thousand) = (row("lazy-prop, 100")?, row("lazy-prop, 1000")?);
    let (clap, defer) = (row("clap, 100")?, row("clap defer, 100")?);
    let measured = [
        ("start over an empty process", ours.start, clap.start, 0.15),
        (
            "release rebuild of the program alone",
            ours.release,
            clap.release,
            0.06,
        ),
        ("cargo check of it", ours.check, clap.check, 0.25),
        ("stripped binary", ours.size, clap.size, 0.60),
        (
            "start with 1,000 commands, against 100",
            thousand.start,
            ours.start,
            1.3,
        ),
        (
            "start, against clap with `defer`",
            ours.start,
            defer.start,
            0.65,
        ),
    ];
    for (name, value, peer, aim) in measured {
        table.row(name, [value / peer, aim].map(Some));
    }
    Ok(table)
}

/// The table of all programs.
fn all(rows: &[Row]) -> Table {
    let columns = [
        Column::new("cargo check, s", 2),
        Column::new("release rebuild, s", 2),
        Column::new("stripped, KiB", 0),
        Column::new("start over empty, µs", 0),
        Column::new("--version over empty, µs", 0),
    ];
    let mut table = Table::new(
        "programs",
        "Programs of 1 to 1,000 commands of 8 parameters",
        &columns,
    );
    for row in rows {
        table.row(
            &row.name,
            [row.check, row.release, row.size, row.start, row.help].map(Some),
        );
    }
    table
}
