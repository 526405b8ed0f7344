//! Writes a crate of hosts to disk, builds it and runs it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use fastrand::Rng;

use crate::host::Host;
use crate::mistake::Mistake;

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
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// What a future gives that never waits.
pub fn ready<R>(task: impl Future<Output = R>) -> R {
    match pin!(task).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => unreachable!(),
    }
}

/// Waits once.
pub async fn wait() {
    let mut waited = false;
    std::future::poll_fn(|_| match std::mem::replace(&mut waited, true) {
        true => Poll::Ready(()),
        false => Poll::Pending,
    })
    .await
}

/// Polls a future a few times, and drops it: what it gives, if it is done by then.
pub fn partly<R>(x: i64, task: impl Future<Output = R>) -> Option<R> {
    let mut task = pin!(task);
    for _ in 0..x.rem_euclid(4) {
        if let Poll::Ready(value) = task.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return Some(value);
        }
    }
    None
}

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
    /// Writes a crate of `hosts` hosts, the first of them with these mistakes.
    pub fn write(name: &str, hosts: usize, seed: u64, planted: &[Mistake]) -> Self {
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
            let mut random = Rng::with_seed(seed.wrapping_mul(1_000_003) + number as u64);
            let mistake = planted.get(number).copied();
            let text = Host::new(&mut random, mistake).source();
            written(&format!("src/h{number}.rs"), &text);
            main += &format!("mod h{number};\n");
            calls += &format!(
                "        if only.is_none_or(|only| only == {number}) {{ h{number}::run({number}, share); }}\n"
            );
        }
        main += &format!(
            r#"
fn main() {{
    std::panic::set_hook(Box::new(|_| ()));
    let calls: u64 = std::env::args().nth(1).unwrap().parse().unwrap();
    let only: Option<u64> = std::env::args().nth(2).map(|only| only.parse().unwrap());
    let share = if only.is_some() {{ calls }} else {{ calls / {hosts} }};
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
        let profile: &[&str] = if release { &["--release"] } else { &[] };
        self.cargo(profile, &[calls.to_string()])
    }

    /// Makes the calls of one host alone.
    #[cfg(test)]
    pub fn run_one(&self, host: usize, calls: u64) -> Outcome {
        self.cargo(&[], &[calls.to_string(), host.to_string()])
    }

    fn cargo(&self, profile: &[&str], arguments: &[String]) -> Outcome {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command.current_dir(&self.folder).args(["run", "--quiet"]);
        command.env("CARGO_TARGET_DIR", self.folder.join("target"));
        command.args(profile).arg("--").args(arguments);
        let run = command.output().expect("cargo runs");
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
