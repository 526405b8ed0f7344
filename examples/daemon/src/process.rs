//! Forking and becoming another program, for programs that do more than become a daemon: the
//! parent of several workers, a service manager.
//!
//! A process with several threads must not fork, as a child has only the thread that called: a lock
//! that another one held stays locked there for ever. So all that forks here counts the threads first.

use std::io;
use std::process::{Child, Command};

use nix::sys::signal::{SigSet, Signal};
use rustix::process::Pid;

pub use crate::close::close_all_but;
use crate::sys::{self, Disposition, SingleThread};
pub use crate::sys::{exit_now, set_title, trim_memory};

/// Which of the two processes goes on after a [`fork`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fork {
    /// The one that called; this is its child.
    Parent(Pid),
    /// The child.
    Child,
}

/// Forks the process.
///
/// The child should end by [`exit_now`]: if it returned, it would run what its parent has left to do.
///
/// # Errors
/// If the process has more than one thread, or the system refuses.
pub fn fork() -> io::Result<Fork> {
    let forked = sys::fork(&SingleThread::check()?)?;
    Ok(forked.map_or(Fork::Child, Fork::Parent))
}

/// Starts a program, and calls `run` in the new process just before it becomes that program.
///
/// # Errors
/// As [`fork`]; what `run` returns; or why the program can't be executed. Only the first has no
/// number of the system.
pub fn spawn_calling(
    command: &mut Command,
    run: impl FnMut() -> io::Result<()> + Send + Sync + 'static,
) -> io::Result<Child> {
    sys::before_exec(&SingleThread::check()?, command, run);
    command.spawn()
}

/// Has all signals do what they do by default, and blocks none: what a program should start with.
///
/// # Errors
/// If the system refuses.
pub fn reset_signals() -> io::Result<()> {
    for signal in 1..=libc::SIGRTMAX() {
        // KILL and STOP can't be changed, and the C library keeps some for itself.
        let _ = sys::set_disposition(signal, Disposition::Default);
    }
    SigSet::empty().thread_set_mask()?;
    Ok(())
}

/// Ends this process by that signal, so that whoever waits for it sees why it ended. For a program
/// that has caught the signal, and has cleaned up since.
pub fn end_by(signal: Signal) -> ! {
    let _ = sys::set_disposition(signal as i32, Disposition::Default);
    let _ = SigSet::from_iter([signal]).thread_unblock();
    let _ = nix::sys::signal::raise(signal);
    // One that ends no process by default.
    exit_now(1)
}
