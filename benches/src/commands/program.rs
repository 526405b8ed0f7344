//! Programs of many commands with the same eight parameters, written in several ways.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;
use std::{env, fs};

/// A way to write a program.
pub(super) struct Variant {
    pub(super) name: &'static str,
    dependencies: &'static str,
    source: fn(usize) -> String,
}

const CLAP: &str = r#"clap = { version = "4.6", features = ["derive", "env"] }"#;

pub(super) const VARIANTS: [Variant; 4] = [
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

/// A program in a directory of its own, outside of any workspace.
pub(super) struct Program {
    directory: PathBuf,
    name: String,
}

impl Program {
    /// A program of so many commands.
    pub(super) fn of(root: &Path, variant: &Variant, count: usize) -> Result<Self, String> {
        let name = format!("{}-{count}", variant.name.replace(' ', "-"));
        Self::write(root, &name, variant.dependencies, &(variant.source)(count))
    }

    /// A program with this source. `LAZY_PROP` in its dependencies stands for the path of this library.
    pub(super) fn write(
        root: &Path,
        name: &str,
        dependencies: &str,
        source: &str,
    ) -> Result<Self, String> {
        let directory = root.join(name);
        let library = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("lazy-prop");
        let dependencies = dependencies.replace("LAZY_PROP", &library.to_string_lossy());
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[profile.release]\nstrip = true\n\n[dependencies]\n{dependencies}\n\n[workspace]\n"
        );
        fs::create_dir_all(directory.join("src"))
            .and_then(|()| fs::write(directory.join("Cargo.toml"), manifest))
            .and_then(|()| fs::write(directory.join("src/main.rs"), source))
            .map_err(|error| format!("{}: {error}", directory.display()))?;
        let name = name.to_owned();
        Ok(Self { directory, name })
    }

    /// The seconds that cargo takes when only the source is new.
    pub(super) fn rebuild(&self, target: &Path, args: &[&str]) -> Result<f64, String> {
        self.cargo(target, args)?;
        let source = self.directory.join("src/main.rs");
        fs::read(&source)
            .and_then(|text| fs::write(&source, text))
            .map_err(|error| error.to_string())?;
        self.cargo(target, args)
    }

    /// The seconds that cargo takes.
    pub(super) fn cargo(&self, target: &Path, args: &[&str]) -> Result<f64, String> {
        let start = Instant::now();
        let output = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args(args)
            .arg("-q")
            .current_dir(&self.directory)
            .env("CARGO_TARGET_DIR", target)
            .output()
            .map_err(|error| format!("cargo: {error}"))?;
        if output.status.success() {
            return Ok(start.elapsed().as_secs_f64());
        }
        let log = String::from_utf8_lossy(&output.stderr);
        Err(format!("{} does not build: {log}", self.name))
    }

    pub(super) fn binary(&self, target: &Path) -> PathBuf {
        target.join("release").join(&self.name)
    }

    /// The kibibytes of the stripped binary.
    pub(super) fn size(&self, target: &Path) -> Result<f64, String> {
        let binary = self.binary(target);
        let size = fs::metadata(&binary).map_err(|error| error.to_string())?;
        Ok(f64::from(u32::try_from(size.len()).map_err(|error| error.to_string())?) / 1024.0)
    }
}
