//! pm2, from npm.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Manager, PROGRAM, children};

use crate::process::run;

const PM2: &str = "pm2@7.0.1";

pub(super) struct Pm2 {
    program: PathBuf,
    home: PathBuf,
    services: u16,
}

impl Pm2 {
    pub(super) fn new(root: &Path, services: u16) -> Result<Self, String> {
        let install = ["install", "--silent", "--no-fund", "--no-audit", "--prefix"];
        run(Command::new("npm").args(install).arg(root).arg(PM2))?;
        let peer = Self {
            program: root.join("node_modules/.bin/pm2"),
            home: root.join("pm2"),
            services,
        };
        let config = root.join("ecosystem.json");
        fs::write(&config, configuration(services)).map_err(|error| error.to_string())?;
        // It knows only services that were started.
        let config = config.display().to_string();
        run(&mut peer.command(&["start", &config]))?;
        run(&mut peer.command(&["stop", "all"]))?;
        Ok(peer)
    }

    fn daemon(&self) -> Option<u32> {
        let pid = fs::read_to_string(self.home.join("pm2.pid")).ok()?;
        pid.trim().parse().ok()
    }
}

fn configuration(services: u16) -> String {
    let words: Vec<&str> = PROGRAM.split(' ').collect();
    let services = (0..services).map(|number| {
        serde_json::json!({
            "name": format!("s{number}"),
            "script": format!("/bin/{}", words[0]),
            "args": words[1],
            "interpreter": "none",
            "restart_delay": 0,
            "out_file": "/dev/null",
            "error_file": "/dev/null",
        })
    });
    serde_json::json!({ "apps": services.collect::<Vec<_>>() }).to_string()
}

impl Manager for Pm2 {
    /// It takes half a minute to stop them.
    const ROUNDS: usize = 1;

    fn count(&self) -> u16 {
        self.services
    }

    fn command(&self, args: &[&str]) -> Command {
        let args = args
            .iter()
            .map(|arg| if *arg == "status" { "describe" } else { arg });
        let mut command = Command::new(&self.program);
        command.args(args).env("PM2_HOME", &self.home);
        command
    }

    fn list(&self) -> &'static [&'static str] {
        &["ls"]
    }

    fn own(&self) -> Vec<i32> {
        self.daemon().into_iter().map(u32::cast_signed).collect()
    }

    fn services(&self) -> BTreeSet<i32> {
        self.daemon().map(children).unwrap_or_default()
    }
}

impl Drop for Pm2 {
    fn drop(&mut self) {
        let _ = run(&mut self.command(&["kill"]));
    }
}
