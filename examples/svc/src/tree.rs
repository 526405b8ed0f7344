//! All processes of a service: its children and their descendants, wherever they went.
//!
//! A service may be started from inside another one. Then its shim becomes a child of the other's
//! shim, but it does not belong to that service. Neither do the processes of the inner shim, nor
//! those that it leaves when it is killed.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

use rustix::process::{Pid, getpid};

use crate::identity::{Host, Identity, Process, seen};
use crate::mark::Mark;
use crate::stat::Stat;

/// All processes of this shim's service, which has this mark. Daemons that left their parents are
/// included, because the shim is the subreaper.
///
/// # Errors
/// Here and below: if we lack what it takes to look.
pub fn looked_after(shim: Pid, mark: &Mark, host: &Host) -> io::Result<Vec<Identity>> {
    descendants(shim, host, |child| mark.is_of_another_on(child))
}

/// Whether a shim has a child that belongs to its service. Without one, nothing of the service is
/// left.
///
/// # Errors
/// As above.
pub fn has_own_child(shim: Pid, mark: &Mark) -> io::Result<bool> {
    for child in children(shim)? {
        // It cannot have ended unseen.
        if !Stat::of(child)?.is_shim && !mark.is_of_another_on(child)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// All descendants of a process, without itself, other services, and its own children that are
/// strangers to it.
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

/// The process with that number, if it lives and the condition holds. It gets no handle, because a
/// service may have more processes than we may have descriptors.
fn living(
    pid: Pid,
    host: &Host,
    is_so: impl FnOnce(&Stat) -> io::Result<bool>,
) -> io::Result<Option<Identity>> {
    // Opened first and then checked, so that a new process with the number of an old one is not
    // taken for it.
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

/// The processes of a service whose shim is gone: the main process, its whole session, all
/// processes with `mark` in their environment, and their descendants. We are not among them.
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
    // A shim has the environment of its starter.
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

/// Whether nobody has that number. If another process has it, the session has ended as well,
/// because the system does not reuse the number of a live session.
fn is_free(pid: i32) -> io::Result<bool> {
    let holder = Pid::from_raw(pid).map(Process::open).transpose()?.flatten();
    Ok(!holder.is_some_and(|holder| holder.lives()))
}

/// The children of a process, from all of its threads.
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
        // Some kernels lack these lists, and a thread may have ended meanwhile.
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

/// All processes.
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
