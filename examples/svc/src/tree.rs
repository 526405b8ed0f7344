//! All processes of a service: those it started, and those that these started, wherever they have
//! gone since.
//!
//! A service may be started from within another one. Then its shim is left to the shim of that one,
//! but it is no part of it, nor is what the shim looks after, nor what is left of that when the shim
//! is killed.

use std::collections::BTreeSet;
use std::ffi::{CStr, OsString};
use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

use rustix::process::{Pid, getpid};

use crate::identity::{Host, Identity, Process, seen};

/// What a shim in the background is called in lists of processes: so all others know it for one. The
/// name of its program would not do, which is that of every command, and stays with whom it forks.
pub const SHIM: &CStr = c"svc shim";

/// What a logger is called. It is no part of the service whose output it reads: that may end before it.
pub const LOGGER: &CStr = c"svc log";

/// What it is called in the foreground, where it belongs to whoever runs it there.
pub const FOREGROUND_SHIM: &CStr = c"svc run";

/// What `/proc` says of a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stat {
    /// Whether it is the shim of some service, or a logger, by its name.
    pub(crate) is_shim: bool,
    /// Whether it is one in the foreground.
    pub(crate) is_foreground_shim: bool,
    /// Whether it has ended, and its parent has not asked how.
    pub(crate) is_zombie: bool,
    pub(crate) parent: i32,
    pub(crate) session: i32,
    /// In ticks since the machine was started.
    pub(crate) started: u64,
    /// The wait status of a zombie; 0 to whom it is none of their business.
    pub(crate) exit: i32,
}

impl Stat {
    pub(crate) fn of(pid: Pid) -> io::Result<Self> {
        // A program may be named by bytes that are no text.
        let bytes = fs::read(format!("/proc/{pid}/stat"))?;
        Self::parse(&String::from_utf8_lossy(&bytes))
            .ok_or_else(|| io::Error::other(format!("/proc/{pid}/stat is unreadable")))
    }

    /// The fields after the name of the program, which may hold anything, parentheses too.
    fn parse(text: &str) -> Option<Self> {
        let (start, fields) = text.rsplit_once(") ")?;
        let (_, name) = start.split_once(" (")?;
        let field = |number: usize| fields.split(' ').nth(number - 3);
        Some(Self {
            is_shim: [SHIM, LOGGER]
                .iter()
                .any(|own| own.to_bytes() == name.as_bytes()),
            is_foreground_shim: name.as_bytes() == FOREGROUND_SHIM.to_bytes(),
            is_zombie: field(3)? == "Z",
            parent: field(4)?.parse().ok()?,
            session: field(6)?.parse().ok()?,
            started: field(22)?.parse().ok()?,
            exit: field(52)
                .and_then(|exit| exit.trim_end().parse().ok())
                .unwrap_or(0),
        })
    }
}

/// All processes of the service that this shim looks after, and that has this mark. A daemon that
/// left its parents behind is found too, since the shim is the subreaper.
///
/// # Errors
/// Here and below: if we lack what it takes to look.
pub fn looked_after(shim: Pid, mark: &Mark, host: &Host) -> io::Result<Vec<Identity>> {
    descendants(shim, host, |child| mark.is_of_another_on(child))
}

/// Whether a shim has a child that is of its service; without one, nothing of the service is left.
///
/// # Errors
/// As above.
pub fn has_own_child(shim: Pid, mark: &Mark) -> io::Result<bool> {
    for child in children(shim)? {
        // It can't have ended unseen.
        if !Stat::of(child)?.is_shim && !mark.is_of_another_on(child)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// All that descend from a process, which is not among them, but for other services and those of
/// its own children that are strangers to it.
fn descendants(
    root: Pid,
    host: &Host,
    is_strange: impl Fn(Pid) -> io::Result<bool>,
) -> io::Result<Vec<Identity>> {
    let mut known = BTreeSet::from([number(root)]);
    let mut found = vec![];
    let mut unseen = vec![root];
    while let Some(parent) = unseen.pop() {
        for child in children(parent)? {
            let is_ours = |stat: &Stat| {
                let is_near = known.contains(&stat.parent) && !stat.is_shim;
                Ok(is_near && !(parent == root && is_strange(child)?))
            };
            let Some(process) = living(child, host, is_ours)? else {
                continue;
            };
            if known.insert(process.pid) {
                unseen.push(child);
                found.push(process);
            }
        }
    }
    Ok(found)
}

/// Who has that number, if it lives and this is so of it. No handle of it is kept: a service may
/// have more processes than we may have descriptors.
fn living(
    pid: Pid,
    host: &Host,
    is_so: impl FnOnce(&Stat) -> io::Result<bool>,
) -> io::Result<Option<Identity>> {
    // Opened first, and then looked at: so a stranger who was given the number of one that just
    // ended is not taken for it.
    let Some(process) = Process::open(pid)? else {
        return Ok(None);
    };
    match seen(Stat::of(pid))? {
        Some(stat) if is_so(&stat)? && process.lives() => {
            process.identity(stat.started, host).map(Some)
        }
        _ => Ok(None),
    }
}

/// What is left of a service whose shim is gone: its process, all of the session that this leads,
/// all that have `mark` in their environment, and what descends from them; but not us.
///
/// # Errors
/// As above.
pub fn left_behind(
    leader: Option<&Identity>,
    mark: &Mark,
    host: &Host,
) -> io::Result<Vec<Identity>> {
    let mut found = vec![];
    let mut session = None;
    if let Some(leader) = leader {
        let lives = leader.find(host)?.is_some();
        found.extend(lives.then(|| leader.clone()));
        session = (lives || is_free(leader.pid)?).then_some(leader.pid);
    }
    // A shim has the environment of whoever started it.
    let is_member = |pid: Pid, stat: &Stat| {
        Ok(!stat.is_shim && (Some(stat.session) == session || mark.is_on(pid)?))
    };
    for pid in all()? {
        found.extend(living(pid, host, |stat| is_member(pid, stat))?);
    }
    for member in found.clone() {
        if let Some(pid) = Pid::from_raw(member.pid) {
            found.extend(descendants(pid, host, |_| Ok(false))?);
        }
    }
    let mut known = BTreeSet::from([number(getpid())]);
    found.retain(|process| known.insert(process.pid));
    Ok(found)
}

/// Whether nobody has that number. If somebody has, and is not who led the session, the session
/// has ended as well: the system gives no number away of which there is a session.
fn is_free(pid: i32) -> io::Result<bool> {
    let holder = Pid::from_raw(pid).map(Process::open).transpose()?.flatten();
    Ok(!holder.is_some_and(|holder| holder.lives()))
}

/// What a service has in its environment, and so has all that it starts: where its state is.
#[derive(Clone)]
pub struct Mark(Vec<u8>);

impl Mark {
    /// The name of the variable.
    pub const NAME: &str = "SVC_STATE";

    /// That of the service whose state is in this file.
    #[must_use]
    pub fn of(state: &Path) -> Self {
        Self(
            [
                Self::NAME.as_bytes(),
                b"=",
                state.as_os_str().as_encoded_bytes(),
            ]
            .concat(),
        )
    }

    fn is_on(&self, pid: Pid) -> io::Result<bool> {
        Ok(marks(pid)?.contains(&self.0))
    }

    /// Whether a process is of another service, which left it to us.
    fn is_of_another_on(&self, pid: Pid) -> io::Result<bool> {
        let marks = marks(pid)?;
        Ok(!marks.is_empty() && !marks.contains(&self.0))
    }
}

/// What stands in the environment of a process with the name of a [`Mark`].
fn marks(pid: Pid) -> io::Result<Vec<Vec<u8>>> {
    // Read in one piece, if it is not large: between two the process may become another program.
    let mut environment = Vec::with_capacity(8 << 10);
    if let Some(mut file) = seen(File::open(format!("/proc/{pid}/environ")))? {
        seen(file.read_to_end(&mut environment))?;
    }
    Ok(marks_in(&environment))
}

/// Where the states are that a process has marks of.
pub(crate) fn marked_states(pid: Pid) -> io::Result<Vec<PathBuf>> {
    let values = marks(pid)?.into_iter().map(|mut mark| {
        let value = mark.split_off(Mark::NAME.len() + 1);
        PathBuf::from(OsString::from_vec(value))
    });
    Ok(values.collect())
}

/// The marks in an environment. Without its end it is none: the rest was not there any more.
fn marks_in(environment: &[u8]) -> Vec<Vec<u8>> {
    let variables = environment.split_inclusive(|byte| *byte == 0);
    let whole = variables.filter_map(|variable| variable.strip_suffix(&[0]));
    let is_mark = |variable: &&[u8]| {
        let value = variable.strip_prefix(Mark::NAME.as_bytes());
        value.is_some_and(|value| value.starts_with(b"="))
    };
    whole.filter(is_mark).map(<[u8]>::to_vec).collect()
}

/// The children of a process, whichever of its threads they are from.
fn children(parent: Pid) -> io::Result<Vec<Pid>> {
    let tasks = format!("/proc/{parent}/task");
    let Some(tasks) = seen(fs::read_dir(tasks))? else {
        return Ok(vec![]);
    };
    let lists = tasks
        .flatten()
        .map(|task| fs::read_to_string(task.path().join("children")));
    let lists: io::Result<Vec<String>> = lists.collect();
    match lists {
        Ok(lists) => Ok(lists
            .iter()
            .flat_map(|list| pids(list.split(' ')))
            .collect()),
        // Some kernels have no such lists, and a thread may have ended while we looked.
        Err(_) => children_by_search(parent),
    }
}

fn children_by_search(parent: Pid) -> io::Result<Vec<Pid>> {
    let mut found = vec![];
    for pid in all()? {
        let stat = seen(Stat::of(pid))?;
        found.extend(
            stat.filter(|stat| stat.parent == number(parent))
                .map(|_| pid),
        );
    }
    Ok(found)
}

/// All processes there are.
pub(crate) fn all() -> io::Result<Vec<Pid>> {
    let entries = fs::read_dir(Path::new("/proc"))?;
    let names = entries.flatten().map(|entry| entry.file_name());
    let names: Vec<_> = names.filter_map(|name| name.into_string().ok()).collect();
    Ok(pids(names.iter().map(String::as_str)).collect())
}

fn number(pid: Pid) -> i32 {
    pid.as_raw_nonzero().get()
}

fn pids<'a>(words: impl Iterator<Item = &'a str>) -> impl Iterator<Item = Pid> {
    words.filter_map(|word| Pid::from_raw(word.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::{Stat, marks_in};

    #[test]
    fn a_program_may_be_named_like_the_fields_after_its_name() {
        let text = "7 (a) b (c) R 3 7 5 0 -1 4 0 0 0 0 0 0 0 0 20 0 1 0 991 0";
        let stat = Stat::parse(text).unwrap();
        assert_eq!((stat.parent, stat.session, stat.started), (3, 5, 991));
        assert!(!stat.is_shim);
    }

    #[test]
    fn a_shim_is_known_by_its_whole_name() {
        let is_shim = |name: &str| {
            let text = format!("7 ({name}) R 3 7 5 0 -1 4 0 0 0 0 0 0 0 0 20 0 1 0 991 0");
            Stat::parse(&text).unwrap().is_shim
        };
        assert!(is_shim("svc shim"));
        assert!(!is_shim("svc") && !is_shim("svc shims") && !is_shim(") (svc shim"));
    }

    #[test]
    fn a_mark_that_was_cut_is_none() {
        let environment = b"A=1\0SVC_STATE=/a\0SVC_STATES=/b\0SVC_STATE=/a/wh";
        assert_eq!(marks_in(environment), [b"SVC_STATE=/a"]);
    }
}
