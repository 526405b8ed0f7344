//! Runs a program, and leaves nothing of it behind.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::os::fd::OwnedFd;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::process::{Pid, PidfdFlags, Signal, WaitId, WaitIdOptions, WaitOptions};

/// How a program has ended.
#[derive(Debug)]
pub enum End {
    /// By itself.
    Exited(ExitStatus),
    /// We killed it, for its time was over.
    TooLate,
    /// We killed it, for it wrote too much.
    TooMuch,
}

/// The programs that run here, so that what one of them leaves behind is told from another one.
static RUNNING: Mutex<Option<HashSet<i32>>> = Mutex::new(None);

/// What adopts the processes that programs leave behind, so that they can be found.
pub fn adopt_orphans() {
    // Without it, only those in the process group of a program are found.
    let _ = rustix::process::set_child_subreaper(Some(rustix::process::getpid()));
}

/// Kills all programs that still run, at the end of our own.
pub fn kill_all() {
    let running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
    for pid in running
        .iter()
        .flatten()
        .filter_map(|pid| Pid::from_raw(*pid))
    {
        let _ = rustix::process::kill_process_group(pid, Signal::KILL);
    }
}

/// Runs a program until the deadline, and gives the first bytes that it writes, up to the limit.
///
/// # Errors
/// If it can't be started.
pub fn run(mut command: Command, deadline: Instant, limit: usize) -> io::Result<(Vec<u8>, End)> {
    // A group of its own, to be killed with all that is in it.
    command
        .process_group(0)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut child = {
        let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        let child = command.spawn()?;
        running
            .get_or_insert_default()
            .insert(child.id().cast_signed());
        child
    };
    let read = read(&mut child, deadline, limit);
    let status = bury(&mut child);
    let (text, end) = read?;
    Ok((text, end.unwrap_or(End::Exited(status?))))
}

/// Reads until the program has ended, or is to be ended: then it says why.
fn read(child: &mut Child, deadline: Instant, limit: usize) -> io::Result<(Vec<u8>, Option<End>)> {
    let Some(stdout) = child.stdout.take() else {
        return Ok((vec![], None));
    };
    let mut pipe = File::from(OwnedFd::from(stdout));
    rustix::io::ioctl_fionbio(&pipe, true)?;
    let process = rustix::process::pidfd_open(Pid::from_child(child), PidfdFlags::empty())?;
    let mut text = vec![];
    let mut is_open = true;
    loop {
        let Some(left) = deadline.checked_duration_since(Instant::now()) else {
            return Ok((text, Some(End::TooLate)));
        };
        // The process, for a child of it may keep the pipe open.
        let mut waits = vec![PollFd::new(&process, PollFlags::IN)];
        if is_open {
            waits.push(PollFd::new(&pipe, PollFlags::IN));
        }
        match poll(&mut waits, Some(&timespec(left))) {
            Err(Errno::INTR) => continue,
            polled => drop(polled?),
        }
        let has_ended = !waits[0].revents().is_empty();
        is_open = is_open && take(&mut pipe, &mut text, limit)?;
        if text.len() > limit {
            text.truncate(limit);
            return Ok((text, Some(End::TooMuch)));
        }
        if has_ended {
            return Ok((text, None));
        }
    }
}

/// Takes what is there, up to the limit; says whether there may be more.
fn take(pipe: &mut File, text: &mut Vec<u8>, limit: usize) -> io::Result<bool> {
    let mut buffer = [0; 1 << 14];
    while text.len() <= limit {
        match pipe.read(&mut buffer) {
            Ok(0) => return Ok(false),
            Ok(length) => text.extend_from_slice(&buffer[..length]),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(true),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(true)
}

fn timespec(time: Duration) -> Timespec {
    Timespec::try_from(time).unwrap_or_default()
}

/// Kills what is left of a program, and waits for it.
fn bury(child: &mut Child) -> io::Result<ExitStatus> {
    // The number is the program's until it is waited for, so no stranger is killed.
    let _ = rustix::process::kill_process_group(Pid::from_child(child), Signal::KILL);
    let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
    let status = child.wait();
    let running = running.get_or_insert_default();
    running.remove(&child.id().cast_signed());
    if rustix::process::child_subreaper().is_ok_and(|reaper| reaper.is_some()) {
        kill_orphans(running);
    }
    status
}

/// Kills what programs have left behind in other groups and sessions: we have become its parent.
fn kill_orphans(running: &HashSet<i32>) {
    loop {
        // What is in the group of a program that still runs is that program's.
        let group = |pid: Pid| rustix::process::getpgid(Some(pid)).map_or(0, Pid::as_raw_pid);
        let orphans = children().into_iter().filter_map(Pid::from_raw);
        let orphans: Vec<_> = orphans
            .filter(|pid| !running.contains(&group(*pid)))
            .collect();
        for orphan in &orphans {
            let _ = rustix::process::kill_process(*orphan, Signal::KILL);
            let _ = rustix::process::waitpid(Some(*orphan), WaitOptions::empty());
        }
        // Those that these have started are ours now. And the list of the kernel may lack some that
        // stand behind one which ends meanwhile; whether there are any, it tells for sure.
        if orphans.is_empty() && (!running.is_empty() || !has_children()) {
            return;
        }
    }
}

fn has_children() -> bool {
    let look = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    rustix::process::waitid(WaitId::All, look).is_ok()
}

fn children() -> Vec<i32> {
    let tasks = fs::read_dir("/proc/self/task")
        .into_iter()
        .flatten()
        .flatten();
    let lists = tasks.filter_map(|task| fs::read_to_string(task.path().join("children")).ok());
    lists
        .flat_map(|list| {
            list.split_whitespace()
                .filter_map(|pid| pid.parse().ok())
                .collect::<Vec<_>>()
        })
        .collect()
}
