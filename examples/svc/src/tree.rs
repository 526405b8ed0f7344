//! All processes of a service: those it started, and those that these started, wherever they have
//! gone since.

use std::collections::BTreeSet;
use std::path::Path;
use std::{fs, io};

use rustix::process::Pid;

use crate::identity::{Host, Identity, Process};

/// What `/proc` says of a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stat {
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
        let (_, fields) = text.rsplit_once(") ")?;
        let field = |number: usize| fields.split(' ').nth(number - 3);
        Some(Self {
            parent: field(4)?.parse().ok()?,
            session: field(6)?.parse().ok()?,
            started: field(22)?.parse().ok()?,
        })
    }
}

/// All that descend from a process, which is not among them. A daemon that left its parents behind
/// is found too, if `root` is the subreaper.
#[must_use]
pub fn descendants(root: Pid) -> Vec<Process> {
    let mut known = BTreeSet::from([root.as_raw_nonzero().get()]);
    let mut found = vec![];
    let mut unseen = vec![root];
    while let Some(parent) = unseen.pop() {
        for child in children(parent) {
            // Opened first, and then asked for its parent: so a stranger who was given the number
            // of one that just ended is not taken for it.
            let Some(process) = Process::open(child) else {
                continue;
            };
            let is_ours = Stat::of(child).is_ok_and(|stat| known.contains(&stat.parent));
            if is_ours && known.insert(child.as_raw_nonzero().get()) {
                unseen.push(child);
                found.push(process);
            }
        }
    }
    found
}

/// A process, all of the session that it leads, if it does, and what descends from them: what is
/// left of a service whose shim is gone. Nobody, if a stranger has the number of the process now:
/// then it, and its session, have ended.
#[must_use]
pub fn session(leader: &Identity, host: &Host) -> Vec<Process> {
    let mut found = Vec::from_iter(leader.find(host));
    let holder = Pid::from_raw(leader.pid).and_then(Process::open);
    if found.is_empty() && holder.is_some_and(|holder| holder.lives()) {
        return vec![];
    }
    let is_member = |pid: Pid| Stat::of(pid).is_ok_and(|stat| stat.session == leader.pid);
    let members = all().into_iter().filter_map(|pid| {
        let process = Process::open(pid)?;
        is_member(pid).then_some(process)
    });
    found.extend(members.filter(|member| member.pid.as_raw_nonzero().get() != leader.pid));
    let below: Vec<_> = found
        .iter()
        .flat_map(|member| descendants(member.pid))
        .collect();
    for process in below {
        if !found.iter().any(|other| other.pid == process.pid) {
            found.push(process);
        }
    }
    found.retain(Process::lives);
    found
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
    let is_child =
        |pid: &Pid| Stat::of(*pid).is_ok_and(|stat| stat.parent == parent.as_raw_nonzero().get());
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
    }
}
