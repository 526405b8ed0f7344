//! supervisord, from PyPI.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::{Manager, PATIENCE, PROGRAM, children};

use crate::process::run;

const SUPERVISOR: &str = "supervisor==4.3.0";

pub(super) struct Supervisord {
    control: PathBuf,
    config: PathBuf,
    daemon: Child,
    services: u16,
}

impl Supervisord {
    pub(super) fn new(root: &Path, services: u16) -> Result<Self, String> {
        let venv = root.join("venv");
        run(Command::new("python3").args(["-m", "venv"]).arg(&venv))?;
        let pip = venv.join("bin/pip");
        run(Command::new(pip).args(["install", "--quiet", SUPERVISOR, "setuptools<80"]))?;
        let config = root.join("supervisord.conf");
        fs::write(&config, configuration(root, services)).map_err(|error| error.to_string())?;
        let mut daemon = Command::new(venv.join("bin/supervisord"));
        daemon.arg("--nodaemon").arg("-c").arg(&config);
        daemon.stdout(Stdio::null()).stderr(Stdio::null());
        let daemon = daemon
            .spawn()
            .map_err(|error| format!("supervisord: {error}"))?;
        let control = venv.join("bin/supervisorctl");
        let peer = Self {
            control,
            config,
            daemon,
            services,
        };
        let start = Instant::now();
        while !root.join("supervisor.sock").exists() {
            if start.elapsed() > PATIENCE {
                return Err("supervisord does not answer".into());
            }
            thread::sleep(Duration::from_millis(10));
        }
        Ok(peer)
    }
}

fn configuration(root: &Path, services: u16) -> String {
    let root = root.display();
    let mut text = format!(
        "[unix_http_server]\nfile={root}/supervisor.sock\n\
         [supervisord]\nlogfile={root}/supervisord.log\npidfile={root}/supervisord.pid\nminfds=4096\n\
         [rpcinterface:supervisor]\n\
         supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface\n\
         [supervisorctl]\nserverurl=unix://{root}/supervisor.sock\n"
    );
    for number in 0..services {
        let _ = write!(
            text,
            "[program:s{number}]\ncommand={PROGRAM}\nautostart=false\nautorestart=true\n\
             startsecs=0\nstdout_logfile=/dev/null\nstderr_logfile=/dev/null\n"
        );
    }
    text
}

impl Manager for Supervisord {
    fn count(&self) -> u16 {
        self.services
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.control);
        command.arg("-c").arg(&self.config).args(args);
        command
    }

    fn list(&self) -> &'static [&'static str] {
        &["status"]
    }

    fn own(&self) -> Vec<i32> {
        vec![self.daemon.id().cast_signed()]
    }

    fn services(&self) -> BTreeSet<i32> {
        children(self.daemon.id())
    }
}

impl Drop for Supervisord {
    fn drop(&mut self) {
        let _ = run(&mut self.command(&["shutdown"]));
        let _ = self.daemon.wait();
    }
}
