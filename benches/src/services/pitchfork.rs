//! pitchfork, from crates.io.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::{Manager, PATIENCE, PROGRAM, children};

use crate::process::run;

pub(super) const VERSION: &str = "2.33.0";

pub(super) struct Pitchfork {
    program: PathBuf,
    home: PathBuf,
    supervisor: Child,
    services: u16,
}

impl Pitchfork {
    pub(super) fn new(root: &Path, services: u16) -> Result<Self, String> {
        let home = root.join("pitchfork");
        fs::create_dir_all(&home).map_err(|error| error.to_string())?;
        let config = home.join("pitchfork.toml");
        fs::write(&config, configuration(services)).map_err(|error| error.to_string())?;
        let program = install()?;
        let mut supervisor = command(&program, &home);
        supervisor.args(["supervisor", "run"]);
        supervisor
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let supervisor = supervisor
            .spawn()
            .map_err(|error| format!("pitchfork: {error}"))?;
        let peer = Self {
            program,
            home,
            supervisor,
            services,
        };
        let start = Instant::now();
        while peer.time(&["list"]).is_err() {
            if start.elapsed() > PATIENCE {
                return Err("pitchfork does not answer".into());
            }
            thread::sleep(Duration::from_millis(10));
        }
        Ok(peer)
    }
}

/// Builds it, unless that was done before: it takes minutes.
fn install() -> Result<PathBuf, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/pitchfork");
    let program = root.join("bin/pitchfork");
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .args(["install", "--quiet", "--locked", "--root"])
        .arg(&root);
    cargo.args(["pitchfork-cli", "--version", VERSION]);
    run(&mut cargo)?;
    Ok(program)
}

fn configuration(services: u16) -> String {
    let mut text = String::new();
    for number in 0..services {
        let _ = write!(
            text,
            "[daemons.s{number}]\nrun = \"exec {PROGRAM}\"\nretry = true\nready_delay = 0\n"
        );
    }
    text
}

/// The program with a home of its own.
fn command(program: &Path, home: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(home).env("HOME", home);
    command.env("PITCHFORK_STATE_DIR", home.join("state"));
    command
}

impl Pitchfork {
    /// The supervisor has a service and a process for its output as children.
    fn children(&self, is_wanted: fn(bool) -> bool) -> impl Iterator<Item = i32> {
        let is_service = |pid: i32| {
            let name = fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
            PROGRAM.starts_with(name.trim_end()) && !name.is_empty()
        };
        let children = children(self.supervisor.id()).into_iter();
        children.filter(move |pid| is_wanted(is_service(*pid)))
    }
}

impl Manager for Pitchfork {
    const ROUNDS: usize = 1;

    fn count(&self) -> u16 {
        self.services
    }

    fn command(&self, args: &[&str]) -> Command {
        let args = args
            .iter()
            .map(|arg| if *arg == "all" { "--all" } else { arg });
        let mut command = command(&self.program, &self.home);
        command.args(args);
        command
    }

    fn list(&self) -> &'static [&'static str] {
        &["list"]
    }

    fn own(&self) -> Vec<i32> {
        let mut own = vec![self.supervisor.id().cast_signed()];
        own.extend(self.children(|is_service| !is_service));
        own
    }

    fn services(&self) -> BTreeSet<i32> {
        self.children(|is_service| is_service).collect()
    }
}

impl Drop for Pitchfork {
    fn drop(&mut self) {
        let _ = run(&mut self.command(&["stop", "all"]));
        let _ = run(&mut self.command(&["supervisor", "stop"]));
        let _ = self.supervisor.wait();
    }
}
