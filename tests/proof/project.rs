//! Writes a crate of hosts to disk, builds it and runs it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use fastrand::Rng;

use crate::host::Host;

/// A crate written below `target`.
pub struct Project {
    folder: PathBuf,
}

/// What the hosts answered, in the words of the run.
pub enum Outcome {
    Equal(String),
    Differ(String),
}

/// What every generated crate begins with.
const DRIVER: &str = r#"
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A small generator of random numbers (xorshift).
pub struct Random(u64);

impl Random {
    pub fn next(&mut self) -> i64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 8) as i64
    }
}

/// The result of `body`, or that it panicked.
pub fn attempt<R>(body: impl FnOnce() -> R) -> Option<R> {
    catch_unwind(AssertUnwindSafe(body)).ok()
}
"#;

impl Project {
    /// Writes a crate of `hosts` hosts; the `planted` one depends on less than it reads.
    pub fn write(name: &str, hosts: u64, seed: u64, planted: Option<u64>) -> Self {
        let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
        let folder = tests.join("../target/proof").join(name);
        fs::create_dir_all(folder.join("src")).expect("a folder can be made");
        let written = |file: &str, text: &str| {
            fs::write(folder.join(file), text).expect("a file can be written");
        };
        let lazy_prop = tests
            .join("../lazy-prop")
            .canonicalize()
            .expect("it is there");
        written("Cargo.toml", &manifest(&lazy_prop));
        fs::copy(tests.join("../Cargo.lock"), folder.join("Cargo.lock")).expect("a copy");

        let mut main = format!("#![allow(warnings)]\n{DRIVER}");
        let mut calls = String::new();
        for number in 0..hosts {
            let mut random = Rng::with_seed(seed.wrapping_mul(1_000_003).wrapping_add(number));
            let host = Host::new(&mut random);
            let text = host.source(planted == Some(number));
            written(&format!("src/h{number}.rs"), &text);
            main += &format!("mod h{number};\n");
            calls += &format!("        h{number}::run({number}, share);\n");
        }
        main += &format!(
            r#"
fn main() {{
    std::panic::set_hook(Box::new(|_| ()));
    let calls: u64 = std::env::args().nth(1).unwrap().parse().unwrap();
    let share = calls / {hosts};
    let outcome = catch_unwind(|| {{
{calls}    }});
    if let Err(panic) = outcome {{
        println!("{{}}", panic.downcast_ref::<String>().unwrap());
        std::process::exit(1);
    }}
    println!("{hosts} hosts answered alike in {{}} calls", share * {hosts});
}}
"#
        );
        written("src/main.rs", &main);
        Self { folder }
    }

    /// Builds the crate and makes `calls` calls.
    pub fn run(&self, calls: u64, release: bool) -> Outcome {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command.current_dir(&self.folder).args(["run", "--quiet"]);
        if release {
            command.arg("--release");
        }
        command.env("CARGO_TARGET_DIR", self.folder.join("target"));
        let run = command
            .arg("--")
            .arg(calls.to_string())
            .output()
            .expect("cargo runs");
        let said = String::from_utf8_lossy(&run.stdout).into_owned();
        match run.status.code() {
            Some(0) => Outcome::Equal(said),
            Some(1) => Outcome::Differ(said),
            _ => panic!(
                "it doesn't compile:\n{}",
                String::from_utf8_lossy(&run.stderr)
            ),
        }
    }
}

fn manifest(lazy_prop: &Path) -> String {
    let path = lazy_prop.display();
    format!(
        "[package]\nname = \"hosts\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n\
         [dependencies]\nlazy-prop = {{ path = {path:?} }}\n\n[profile.dev]\ndebug = false\n\n\
         [workspace]\n",
        path = path.to_string(),
    )
}
