//! What is finished whatever becomes of the command that was asked for it: a restart that stops half-way
//! leaves a service down.

use std::env;
use std::io;
use std::os::fd::AsFd;
use std::time::Duration;

use daemon::{DaemonContext, Detach, process};
use rustix::thread::set_name;

use crate::error::Error;
use crate::surroundings::Surroundings;
use crate::tree;

/// Does something in a process of its own, which neither the end of ours reaches nor a signal of our terminal,
/// and waits for it; gives its exit code. What it prints goes where ours would.
///
/// A service may restart itself so: the process is called a shim, and no shim is part of a service.
///
/// # Errors
/// If that process can't be made, or was killed.
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
        let _ = set_name(tree::SHIM);
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
