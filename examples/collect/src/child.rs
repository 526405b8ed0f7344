//! Runs a program, and leaves none of its processes behind.

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

/// How a program ended.
#[derive(Debug)]
pub enum End {
    /// By itself.
    Exited(ExitStatus),
    /// It was killed because its time was over.
    TooLate,
    /// It was killed because it wrote too much.
    TooMuch,
}

/// The running programs, so that processes left by one are told from those of another.
static RUNNING: Mutex<Option<HashSet<i32>>> = Mutex::new(None);

/// Makes this process the parent of orphans, so that they can be found.
pub fn adopt_orphans() {
    // Without it, only those in the program's process group are found.
    let _ = rustix::process::set_child_subreaper(Some(rustix::process::getpid()));
}

/// Kills all running programs, at the end of this one.
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

/// Runs a program until the deadline, and gives the first bytes of its output, up to the limit.
///
/// # Errors
/// If it cannot be started.
pub fn run(mut command: Command, deadline: Instant, limit: usize) -> io::Result<(Vec<u8>, End)> {
    // Its own group, so that the whole group can be killed.
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

/// Reads until the program has ended or must be ended, and gives the reason.
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
        // The process, because its child may keep the pipe open.
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

/// Reads the available bytes, up to the limit. Returns whether there may be more.
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

/// Kills the rest of a program, and waits for it.
fn bury(child: &mut Child) -> io::Result<ExitStatus> {
    // The id belongs to the program until it is reaped, so no other process is killed.
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

/// Kills processes that programs left in other groups and sessions. This process has become their
/// parent.
fn kill_orphans(running: &HashSet<i32>) {
    loop {
        // Members of the group of a running program belong to that program.
        let group = |pid: Pid| rustix::process::getpgid(Some(pid)).map_or(0, Pid::as_raw_pid);
        let orphans = children().into_iter().filter_map(Pid::from_raw);
        let orphans: Vec<_> = orphans
            .filter(|pid| !running.contains(&group(*pid)))
            .collect();
        for orphan in &orphans {
            let _ = rustix::process::kill_process(*orphan, Signal::KILL);
            let _ = rustix::process::waitpid(Some(*orphan), WaitOptions::empty());
        }
        // Their children are ours now. The kernel's list may lack some if an entry before them ends
        // meanwhile, but it is reliable about whether there are any.
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
