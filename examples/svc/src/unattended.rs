//! Finishes work even if its command is killed, because a restart that stops halfway leaves a
//! service down.

use std::env;
use std::io;
use std::os::fd::AsFd;
use std::time::Duration;

use daemon::{DaemonContext, Detach, process};
use rustix::thread::set_name;

use crate::error::Error;
use crate::stat;
use crate::surroundings::Surroundings;

/// Runs a function in a separate process, waits for it, and gives its exit code. Neither our end
/// nor a signal from our terminal reaches that process. It prints where we would print.
///
/// So a service may restart itself: the process is named like a shim, and no shim is part of a
/// service.
///
/// # Errors
/// If the process cannot be created, or was killed.
pub fn finish(act: impl FnOnce() -> Result<u8, Error>) -> Result<u8, Error> {
    let (stdin, stdout, stderr) = (io::stdin(), io::stdout(), io::stderr());
    let context = DaemonContext::new()
        .working_directory(env::current_dir().unwrap_or_else(|_| "/".into()))
        .umask(Surroundings::ours().umask)
        .prevent_core(false)
        .detach(Detach::Always)
        .stdin(stdin.as_fd())
        .stdout(stdout.as_fd())
        .stderr(stderr.as_fd());
    let pending = context.spawn(|reporter| {
        let _ = set_name(stat::SHIM);
        process::set_title("svc shim");
        let code = act().unwrap_or_else(|error| {
            eprintln!("error: {error}");
            error.exit_code()
        });
        reporter.ready(&code.to_string());
        Ok(0)
    });
    let code = pending.and_then(|pending| pending.wait(Duration::MAX));
    code.map(|code| code.parse().unwrap_or(1))
        .map_err(Error::CutOff)
}
