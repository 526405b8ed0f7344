//! All processes of a service: those it started, and those that these started, wherever they have
//! gone since.
//!
//! A service may be started from within another one. Then its shim is left to the shim of that one,
//! but it is no part of it, nor is what the shim looks after, nor what is left of that when the shim
//! is killed.

use std::collections::BTreeSet;
use std::ffi::CStr;
use std::path::Path;
use std::{fs, io};

use rustix::process::{Pid, getpid};

use crate::identity::{Host, Identity, Process};

/// What a shim in the background is called in lists of processes: so all others know it for one. The
/// name of its program would not do, which is that of every command, and stays with whom it forks.
pub const SHIM: &CStr = c"svc shim";

/// What `/proc` says of a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stat {
    /// Whether it is the shim of some service, by its name.
    pub(crate) is_shim: bool,
    pub(crate) parent: i32,
    pub(crate) session: i32,
    /// In ticks since the machine was started.
    pub(crate) started: u64,
}

impl Stat {
    pub(crate) fn of(pid: Pid) -> io::Result<Self> {
        let text = fs::read_to_string(format!("/proc/{pid}/stat"))?;
        Self::parse(&text)
            .ok_or_else(|| io::Error::other(format!("/proc/{pid}/stat is unreadable")))
    }

    /// The fields after the name of the program, which may hold anything, parentheses too.
    fn parse(text: &str) -> Option<Self> {
        let (start, fields) = text.rsplit_once(") ")?;
        let (_, name) = start.split_once(" (")?;
        let field = |number: usize| fields.split(' ').nth(number - 3);
        Some(Self {
            is_shim: name.as_bytes() == SHIM.to_bytes(),
            parent: field(4)?.parse().ok()?,
            session: field(6)?.parse().ok()?,
            started: field(22)?.parse().ok()?,
        })
    }
}

/// All processes of the service that this shim looks after, and that has this mark. A daemon that
/// left its parents behind is found too, since the shim is the subreaper.
#[must_use]
pub fn looked_after(shim: Pid, mark: &Mark) -> Vec<Process> {
    descendants(shim, |child| mark.is_of_another_on(child))
}

/// Whether a shim has a child that is of its service; without one, nothing of the service is left.
#[must_use]
pub fn has_own_child(shim: Pid, mark: &Mark) -> bool {
    let is_own =
        |child| Stat::of(child).is_ok_and(|stat| !stat.is_shim) && !mark.is_of_another_on(child);
    children(shim).into_iter().any(is_own)
}

/// All that descend from a process, which is not among them, but for other services and those of
/// its own children that are strangers to it.
fn descendants(root: Pid, is_strange: impl Fn(Pid) -> bool) -> Vec<Process> {
    let mut known = BTreeSet::from([number(root)]);
    let mut found = vec![];
    let mut unseen = vec![root];
    while let Some(parent) = unseen.pop() {
        for child in children(parent) {
            // Opened first, and then asked for its parent: so a stranger who was given the number
            // of one that just ended is not taken for it.
            let Some(process) = Process::open(child) else {
                continue;
            };
            let is_ours = Stat::of(child)
                .is_ok_and(|stat| known.contains(&stat.parent) && !stat.is_shim)
                && !(parent == root && is_strange(child));
            if is_ours && known.insert(number(child)) {
                unseen.push(child);
                found.push(process);
            }
        }
    }
    found
}

/// What is left of a service whose shim is gone: its process, all of the session that this leads,
/// all that have `mark` in their environment, and what descends from them; but not us.
#[must_use]
pub fn left_behind(leader: Option<&Identity>, mark: &Mark, host: &Host) -> Vec<Process> {
    let mut found = Vec::from_iter(leader.and_then(|leader| leader.find(host)));
    let session = leader.filter(|leader| !found.is_empty() || is_free(leader.pid));
    let session = session.map(|leader| leader.pid);
    // A shim has the environment of whoever started it.
    let is_member = |pid: Pid| {
        Stat::of(pid)
            .is_ok_and(|stat| !stat.is_shim && (Some(stat.session) == session || mark.is_on(pid)))
    };
    let members = all().into_iter().filter_map(|pid| {
        let process = Process::open(pid)?;
        is_member(pid).then_some(process)
    });
    found.extend(members);
    let below: Vec<_> = found
        .iter()
        .flat_map(|member| descendants(member.pid, |_| false))
        .collect();
    found.extend(below);
    let mut seen = BTreeSet::from([number(getpid())]);
    found.retain(|process| process.lives() && seen.insert(number(process.pid)));
    found
}

/// Whether nobody has that number. If somebody has, and is not who led the session, the session
/// has ended as well: the system gives no number away of which there is a session.
fn is_free(pid: i32) -> bool {
    let holder = Pid::from_raw(pid).and_then(Process::open);
    !holder.is_some_and(|holder| holder.lives())
}

/// What a service has in its environment, and so has all that it starts: where its state is.
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

    fn is_on(&self, pid: Pid) -> bool {
        marks(pid).contains(&self.0)
    }

    /// Whether a process is of another service, which left it to us.
    fn is_of_another_on(&self, pid: Pid) -> bool {
        let marks = marks(pid);
        !marks.is_empty() && !marks.contains(&self.0)
    }
}

/// What stands in the environment of a process with the name of a [`Mark`].
fn marks(pid: Pid) -> Vec<Vec<u8>> {
    let environment = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
    let variables = environment.split(|byte| *byte == 0);
    variables
        .filter(|variable| {
            let value = variable.strip_prefix(Mark::NAME.as_bytes());
            value.is_some_and(|value| value.starts_with(b"="))
        })
        .map(<[u8]>::to_vec)
        .collect()
}

/// The children of a process, whichever of its threads they are from.
fn children(parent: Pid) -> Vec<Pid> {
    let tasks = format!("/proc/{parent}/task");
    let Ok(tasks) = fs::read_dir(tasks) else {
        return vec![];
    };
    let lists = tasks
        .flatten()
        .map(|task| fs::read_to_string(task.path().join("children")));
    let lists: io::Result<Vec<String>> = lists.collect();
    match lists {
        Ok(lists) => lists
            .iter()
            .flat_map(|list| pids(list.split(' ')))
            .collect(),
        // Some kernels have no such lists, and a thread may have ended while we looked.
        Err(_) => children_by_search(parent),
    }
}

fn children_by_search(parent: Pid) -> Vec<Pid> {
    let is_child = |pid: &Pid| Stat::of(*pid).is_ok_and(|stat| stat.parent == number(parent));
    all().into_iter().filter(is_child).collect()
}

/// All processes there are.
fn all() -> Vec<Pid> {
    let Ok(entries) = fs::read_dir(Path::new("/proc")) else {
        return vec![];
    };
    let names = entries.flatten().map(|entry| entry.file_name());
    let names: Vec<_> = names.filter_map(|name| name.into_string().ok()).collect();
    pids(names.iter().map(String::as_str)).collect()
}

fn number(pid: Pid) -> i32 {
    pid.as_raw_nonzero().get()
}

fn pids<'a>(words: impl Iterator<Item = &'a str>) -> impl Iterator<Item = Pid> {
    words.filter_map(|word| Pid::from_raw(word.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::Stat;

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
}
