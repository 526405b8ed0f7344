//! `svc`, at work.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Manager, PROGRAM, lives};

use crate::process::run;

pub(super) struct Svc {
    program: PathBuf,
    registry: PathBuf,
    services: u16,
}

impl Svc {
    /// A registry with all services.
    pub(super) fn new(root: &Path, services: u16) -> Result<Self, String> {
        Self::of(root, services, &[])
    }

    /// The same with services whose output is not kept.
    pub(super) fn without_logs(root: &Path, services: u16) -> Result<Self, String> {
        Self::of(root, services, &["-o", "/dev/null"])
    }

    fn of(root: &Path, services: u16, options: &[&str]) -> Result<Self, String> {
        let mut svc = Self::empty(root)?;
        svc.services = services;
        for number in 0..services {
            let name = format!("s{number}");
            // Without a pause, so that we measure only our own part.
            let always = ["--restart", "always", "--restart-pause", "0"];
            run(svc
                .command(&["add", &name, PROGRAM])
                .args(always)
                .args(options))?;
        }
        Ok(svc)
    }

    /// An empty registry.
    pub(super) fn empty(root: &Path) -> Result<Self, String> {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut build = Command::new(env!("CARGO"));
        build.args(["build", "--release", "--quiet", "-p", "svc"]);
        run(build.current_dir(&workspace))?;
        let svc = Self {
            program: workspace.join("target/release/svc"),
            registry: root.join("registry.db"),
            services: 0,
        };
        run(&mut svc.command(&["initialize", "--force"]))?;
        Ok(svc)
    }

    fn states(&self) -> PathBuf {
        self.registry.with_extension("d").join("states")
    }

    /// The living processes that the states name under this key.
    pub(super) fn processes(&self, key: &str) -> BTreeSet<i32> {
        let states = fs::read_dir(self.states()).into_iter().flatten().flatten();
        let states = states.filter(|state| state.path().extension().is_some_and(|it| it == "json"));
        let pids = states.filter_map(|state| {
            let state: serde_json::Value =
                serde_json::from_slice(&fs::read(state.path()).ok()?).ok()?;
            i32::try_from(state[key]["pid"].as_i64()?).ok()
        });
        pids.filter(|pid| lives(*pid)).collect()
    }
}

impl Manager for Svc {
    fn count(&self) -> u16 {
        self.services
    }

    fn command(&self, args: &[&str]) -> Command {
        let args = args
            .iter()
            .map(|arg| if *arg == "all" { "--all" } else { arg });
        let mut command = Command::new(&self.program);
        command.args(args).env("SVC_DB", &self.registry);
        command
    }

    fn list(&self) -> &'static [&'static str] {
        &["list"]
    }

    fn own(&self) -> Vec<i32> {
        let mut own = self.processes("shim");
        own.append(&mut self.processes("logger"));
        own.into_iter().collect()
    }

    fn services(&self) -> BTreeSet<i32> {
        self.processes("process")
    }
}

impl Drop for Svc {
    fn drop(&mut self) {
        let _ = run(&mut self.command(&["stop", "all"]));
    }
}
