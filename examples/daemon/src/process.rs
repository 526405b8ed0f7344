//! Forking and executing, for programs that do more than become a daemon: a parent of workers, a
//! service manager.
//!
//! A process with several threads must not fork, because the child has only the calling thread: a
//! lock that another thread holds stays locked for ever. So every fork here counts the threads
//! first.

use std::os::fd::BorrowedFd;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, ExitStatus};
use std::{io, iter};

use nix::sys::signal::{SigSet, Signal};
use rustix::process::Pid;

pub use crate::close::close_all_but;
use crate::sys::{self, Disposition, SingleThread};
pub use crate::sys::{exit_now, set_title};

/// The largest block to look for gaps with, in bytes, and the largest number of blocks.
const LARGEST_GAP: usize = 8 << 10;
const MOST_GAPS: usize = 1 << 16;

/// The size of a large block, in bytes, and the number of them. Together they are larger than all gaps that they
/// fit into.
const LARGE: usize = 64 << 10;
const LARGE_BLOCKS: usize = 32;

/// The bytes that an allocator may need beside each block.
const MALLOC_HEADER: usize = 8;

/// The process that goes on after a [`fork`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fork {
    /// The calling process, with its child.
    Parent(Pid),
    /// The child.
    Child,
}

/// Forks the process.
///
/// The child should end by [`exit_now`]. If it returned, it would do the parent's remaining work.
///
/// # Errors
/// If the process has more than one thread, or the system refuses.
pub fn fork() -> io::Result<Fork> {
    let forked = sys::fork(&SingleThread::check()?)?;
    Ok(forked.map_or(Fork::Child, Fork::Parent))
}

/// Starts a program, and calls `run` in the new process just before it executes the program.
///
/// # Errors
/// Those of [`fork`], the error of `run`, or the reason why the program cannot be executed. Only
/// the first has no error number.
pub fn spawn_calling(
    command: &mut Command,
    run: impl FnMut() -> io::Result<()> + Send + Sync + 'static,
) -> io::Result<Child> {
    sys::before_exec(&SingleThread::check()?, command, run);
    command.spawn()
}

/// Takes the free pieces between the memory in use, until the result is dropped.
///
/// For a process that forks many children that live long. A child allocates its memory in one place then, and not
/// in gaps of many pages, each of which it would have to copy.
#[must_use]
pub fn fill_memory_gaps() -> Vec<Vec<u8>> {
    let mut gaps = Vec::with_capacity(MOST_GAPS);
    // The last of these comes from the end of the memory, and so does every block behind it.
    gaps.extend(iter::repeat_with(|| Vec::with_capacity(LARGE)).take(LARGE_BLOCKS));
    let address = |block: &Vec<u8>| block.as_ptr().addr();
    let end = gaps.iter().map(address).max().unwrap_or_default();
    // The largest first, so that small ones fill what these leave.
    for size in (16..=LARGEST_GAP).rev().step_by(16) {
        let blocks = iter::repeat_with(|| Vec::with_capacity(size - MALLOC_HEADER));
        let is_gap = |block: &Vec<u8>| address(block) < end;
        gaps.extend(blocks.take(MOST_GAPS - gaps.len()).take_while(is_gap));
    }
    gaps
}

/// Sets all signals to their defaults and unblocks them, as a program should find them.
///
/// # Errors
/// If the system refuses.
pub fn reset_signals() -> io::Result<()> {
    for signal in 1..=libc::SIGRTMAX() {
        // KILL and STOP cannot be changed, and the C library reserves some.
        let _ = sys::set_disposition(signal, Disposition::Default);
    }
    SigSet::empty().thread_set_mask()?;
    Ok(())
}

/// How a process ended that may be no child of ours, by its pidfd; `None` until its parent has reaped it.
/// Linux tells it from 6.15 on.
///
/// # Errors
/// If the system does not tell it.
pub fn exit_status(pidfd: BorrowedFd<'_>) -> io::Result<Option<ExitStatus>> {
    Ok(sys::exit_status(pidfd)?.map(ExitStatus::from_raw))
}

/// Ends this process by that signal, so that its parent sees the reason. For a program that caught
/// the signal and has cleaned up.
pub fn end_by(signal: Signal) -> ! {
    let _ = sys::set_disposition(signal as i32, Disposition::Default);
    let _ = SigSet::from_iter([signal]).thread_unblock();
    let _ = nix::sys::signal::raise(signal);
    // The default action of this signal ends no process.
    exit_now(1)
}
