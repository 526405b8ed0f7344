//! A trial run of a new program, before this process becomes it.

use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, io};

use rustix::process::{Pid, Signal, kill_process};

use crate::handover::is_spent;

/// The time limit of the trial.
const LIMIT: Duration = Duration::from_secs(10);

pub(super) struct Trial {
    child: Child,
    pub(super) end: Instant,
}

impl Trial {
    pub(super) fn start(program: &Path) -> io::Result<Self> {
        let mut words = env::args_os();
        let mut command = Command::new(program);
        command
            .arg0(words.next().unwrap_or_default())
            .arg("--test-config")
            .args(words);
        for (name, _) in env::vars_os().filter(|(name, _)| is_spent(name)) {
            command.env_remove(name);
        }
        let command = command.env_remove("NOTIFY_SOCKET").stdin(Stdio::null());
        Ok(Self {
            child: command.stdout(Stdio::null()).spawn()?,
            end: Instant::now() + LIMIT,
        })
    }

    /// Whether the process is the one of this trial.
    pub(super) fn is(&self, pid: Pid) -> bool {
        self.child.id() == pid.as_raw_nonzero().get().cast_unsigned()
    }

    pub(super) fn kill(&self) {
        if let Some(pid) = Pid::from_raw(self.child.id().cast_signed()) {
            let _ = kill_process(pid, Signal::KILL);
        }
    }
}
