//! Commands of this program, run by a view in processes of their own. So a view does not fork, and what
//! it starts is as if it had been started from a shell.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use nix::sys::signal::{SigSet, SigmaskHow, Signal};
use nix::sys::signalfd::{SfdFlags, SignalFd};

use crate::error::reason;

/// This program with a registry.
#[derive(Debug, Clone)]
pub struct Own {
    program: PathBuf,
    registry: PathBuf,
}

impl Own {
    /// A program with a registry.
    #[must_use]
    pub fn of(program: PathBuf, registry: &Path) -> Self {
        let registry = registry.to_owned();
        Self { program, registry }
    }

    fn command(&self, words: &[impl AsRef<OsStr>]) -> Command {
        let mut command = Command::new(&self.program);
        command.arg("--db").arg(&self.registry).args(words);
        command.stdin(Stdio::null());
        command
    }

    /// Runs an action on a service.
    ///
    /// # Errors
    /// If the program cannot be run.
    pub fn run(&self, action: &str, name: &str) -> io::Result<Output> {
        self.command(&[action, name]).output()
    }

    /// The last line that an action on a service prints, or its error.
    #[must_use]
    pub fn said(&self, action: &str, name: &str) -> String {
        match self.run(action, name) {
            Ok(output) => {
                let printed = if output.status.success() {
                    output.stdout
                } else {
                    output.stderr
                };
                let printed = String::from_utf8_lossy(&printed).into_owned();
                printed.lines().last().unwrap_or_default().to_owned()
            }
            Err(error) => format!("error: {}", reason(&error)),
        }
    }

    /// Follows the log of a service until the user's Ctrl-C, which does not end us.
    pub fn follow(&self, name: &str) {
        println!("The log of {name}. Ctrl-C leads back.");
        let Ok(mut logs) = self.command(&["logs", "-f", "-n", "100", name]).spawn() else {
            return;
        };
        // Only now, because it would inherit what is blocked.
        let mut interrupt = SigSet::empty();
        interrupt.add(Signal::SIGINT);
        let mask = interrupt.thread_swap_mask(SigmaskHow::SIG_BLOCK);
        let _ = logs.wait();
        // The signal came to us too, and was for the other process.
        if let Ok(signals) = SignalFd::with_flags(&interrupt, SfdFlags::SFD_NONBLOCK) {
            let _ = signals.read_signal();
        }
        let _ = mask.map(|mask| mask.thread_set_mask());
    }
}
