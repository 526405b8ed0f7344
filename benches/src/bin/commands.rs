//! Programs of many commands, against clap's derive: what a start and a build cost.
//!
//! `cargo run --release -p benches --bin commands` writes the programs under `target/commands`,
//! builds them, and prints a table. Each command has the same eight parameters in all variants.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs};

/// How often each program is started; the median counts.
const STARTS: usize = 400;

/// A way to write a program.
struct Variant {
    name: &'static str,
    dependencies: &'static str,
    source: fn(usize) -> String,
}

const CLAP: &str = r#"clap = { version = "4.6", features = ["derive", "env"] }"#;

const VARIANTS: [Variant; 4] = [
    Variant {
        name: "empty",
        dependencies: "",
        source: |_| "fn main() {}\n".into(),
    },
    Variant {
        name: "lazy-prop",
        dependencies: r#"lazy-prop = { path = "LAZY_PROP", features = ["command"] }
clap = { version = "4.6", default-features = false, features = ["std", "derive"] }"#,
        source: functions,
    },
    Variant {
        name: "clap",
        dependencies: CLAP,
        source: |n| structs(n, ""),
    },
    Variant {
        name: "clap defer",
        dependencies: CLAP,
        source: |n| structs(n, "#[command(defer = true)]\n"),
    },
];

const MODE: &str =
    "#[derive(Clone, Copy, Debug, clap::ValueEnum)]\npub enum Mode { Fast, Slow, Careful }\n";

fn functions(n: usize) -> String {
    let mut text = format!("use std::path::PathBuf;\nuse lazy_prop::command;\n{MODE}");
    for i in 0..n {
        let _ = write!(
            text,
            r#"
/// Command number {i}.
#[command]
#[allow(clippy::too_many_arguments)]
fn cmd{i}(
    /// The service.
    service: String,
    /// Files.
    files: Vec<PathBuf>,
    /// Directory.
    #[arg(short = 'w', long)] working_directory: Option<PathBuf>,
    /// Count.
    #[arg(short, long, default_value = "1")] count: u32,
    /// Loud.
    #[arg(short, long)] verbose: bool,
    /// Mode.
    #[arg(long, default_value = "fast")] mode: Mode,
    /// Tags.
    #[arg(short, long)] tag: Vec<String>,
    /// Limit.
    #[arg(long)] limit: Option<u64>,
) {{
    std::hint::black_box(({i}, service, files, working_directory, count, verbose, mode, tag, limit));
}}
"#
        );
    }
    text + "fn main() -> std::process::ExitCode { lazy_prop::cli!().run() }\n"
}

fn structs(n: usize, attribute: &str) -> String {
    let mut text = format!("use std::path::PathBuf;\nuse clap::Parser;\n{MODE}");
    let (mut variants, mut arms) = (String::new(), String::new());
    for i in 0..n {
        let _ = write!(
            text,
            r#"
#[derive(clap::Args)]
pub struct Cmd{i} {{
    /// The service.
    service: String,
    /// Files.
    files: Vec<PathBuf>,
    /// Directory.
    #[arg(short = 'w', long)] working_directory: Option<PathBuf>,
    /// Count.
    #[arg(short, long, default_value = "1")] count: u32,
    /// Loud.
    #[arg(short, long)] verbose: bool,
    /// Mode.
    #[arg(long, default_value = "fast")] mode: Mode,
    /// Tags.
    #[arg(short, long)] tag: Vec<String>,
    /// Limit.
    #[arg(long)] limit: Option<u64>,
}}
"#
        );
        let _ = writeln!(variants, "    /// Command number {i}.\n    Cmd{i}(Cmd{i}),");
        let _ = writeln!(
            arms,
            "        Cli::Cmd{i}(c) => {{ std::hint::black_box(({i}, c.service, c.files, c.working_directory, c.count, c.verbose, c.mode, c.tag, c.limit)); }}"
        );
    }
    let _ = write!(
        text,
        "#[derive(Parser)]\n{attribute}#[command(version)]\nenum Cli {{\n{variants}}}\nfn main() {{\n    match Cli::parse() {{\n{arms}    }}\n}}\n"
    );
    text
}

/// A written program.
struct Program {
    directory: PathBuf,
    name: String,
    count: usize,
}

impl Program {
    fn write(root: &Path, variant: &Variant, count: usize) -> Self {
        let name = format!("{}-{count}", variant.name.replace(' ', "-"));
        let directory = root.join(&name);
        let library = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("lazy-prop");
        let dependencies = variant
            .dependencies
            .replace("LAZY_PROP", &library.to_string_lossy());
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[profile.release]\nstrip = true\n\n[dependencies]\n{dependencies}\n\n[workspace]\n"
        );
        fs::create_dir_all(directory.join("src")).unwrap();
        fs::write(directory.join("Cargo.toml"), manifest).unwrap();
        fs::write(directory.join("src/main.rs"), (variant.source)(count)).unwrap();
        Self {
            directory,
            name,
            count,
        }
    }

    /// Runs cargo after a touch of the source, with everything else built.
    fn rebuild(&self, target: &Path, args: &[&str]) -> Duration {
        self.cargo(target, args);
        let source = self.directory.join("src/main.rs");
        let text = fs::read(&source).unwrap();
        fs::write(&source, text).unwrap();
        let start = Instant::now();
        self.cargo(target, args);
        start.elapsed()
    }

    fn cargo(&self, target: &Path, args: &[&str]) {
        let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo
            .args(args)
            .arg("-q")
            .current_dir(&self.directory)
            .env("CARGO_TARGET_DIR", target);
        let status = cargo.stderr(Stdio::inherit()).status().unwrap();
        assert!(status.success(), "{} does not build", self.name);
    }

    fn binary(&self, target: &Path) -> PathBuf {
        target.join("release").join(&self.name)
    }

    /// A line that names the command in the middle.
    fn line(&self) -> Vec<String> {
        let command = format!("cmd{}", self.count / 2);
        [
            &*command, "svc", "file1", "-w", "/x", "-c", "3", "--mode", "slow",
        ]
        .map(String::from)
        .into()
    }
}

/// The median time of a start of each binary, taken in turns so that all meet the same weather.
fn starts(runs: &[(PathBuf, Vec<String>)]) -> Vec<Duration> {
    let mut times = vec![Vec::with_capacity(STARTS); runs.len()];
    for _ in 0..STARTS {
        for (times, (binary, line)) in times.iter_mut().zip(runs) {
            let start = Instant::now();
            let status = Command::new(binary)
                .args(line)
                .stdout(Stdio::null())
                .status()
                .unwrap();
            times.push(start.elapsed());
            assert!(status.success(), "{} fails", binary.display());
        }
    }
    times
        .into_iter()
        .map(|mut times| {
            times.sort_unstable();
            times[STARTS / 2]
        })
        .collect()
}

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .with_file_name("target")
        .join("commands");
    let target = root.join("target");
    let [empty, ours, clap, defer] = &VARIANTS;
    let counts: [(&Variant, &[usize]); 4] = [
        (empty, &[0]),
        (ours, &[1, 10, 100, 1000]),
        (clap, &[1, 10, 100]),
        (defer, &[1, 10, 100]),
    ];
    let mut rows = vec![];
    for (variant, counts) in counts {
        for &count in counts {
            let program = Program::write(&root, variant, count);
            let check = program.rebuild(&target, &["check"]);
            let release = program.rebuild(&target, &["build", "--release"]);
            let size = fs::metadata(program.binary(&target)).unwrap().len();
            eprintln!("built {}", program.name);
            rows.push((variant.name, program, check, release, size));
        }
    }
    let line = |program: &Program| {
        if program.count == 0 {
            vec![]
        } else {
            program.line()
        }
    };
    let direct: Vec<_> = rows
        .iter()
        .map(|(_, program, ..)| (program.binary(&target), line(program)))
        .collect();
    let direct = starts(&direct);
    // Help and prefixes take the full tree; an alias of the first word does too.
    let full: Vec<_> = rows
        .iter()
        .map(|(_, program, ..)| {
            let line = if program.count == 0 {
                vec![]
            } else {
                vec!["--version".to_owned()]
            };
            (program.binary(&target), line)
        })
        .collect();
    let full = starts(&full);
    println!(
        "| program | commands | check | release rebuild | stripped | start over empty | `--version` over empty |"
    );
    println!("|---|---|---|---|---|---|---|");
    for ((row, direct_time), full_time) in rows.iter().zip(&direct).zip(&full) {
        let (name, program, check, release, size) = row;
        println!(
            "| {name} | {} | {:.2} s | {:.2} s | {} KiB | {} µs | {} µs |",
            program.count,
            check.as_secs_f64(),
            release.as_secs_f64(),
            size / 1024,
            direct_time.saturating_sub(direct[0]).as_micros(),
            full_time.saturating_sub(full[0]).as_micros(),
        );
    }
}
