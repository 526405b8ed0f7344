//! All processes of a service: its children and their descendants, wherever they went.
//!
//! A service may be started from inside another one. Then its shim becomes a child of the other's
//! shim, but it does not belong to that service. Neither do the processes of the inner shim, nor
//! those that it leaves when it is killed.

use std::collections::BTreeSet;
use std::ffi::{CStr, OsString};
use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

use rustix::process::{Pid, getpid};

use crate::identity::{Host, Identity, Process, seen};

/// The name of a background shim in process lists, by which all other programs recognize it. The
/// program's own name would not do, because every command and every fork has it.
pub const SHIM: &CStr = c"svc shim";

/// The name of a logger. It does not belong to the service whose output it reads, because that may
/// end before it.
pub const LOGGER: &CStr = c"svc log";

/// The name of a foreground shim, which belongs to its caller.
pub const FOREGROUND_SHIM: &CStr = c"svc run";

/// The facts about a process in `/proc`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stat {
    /// Whether it is a shim or a logger, by its name.
    pub(crate) is_shim: bool,
    /// Whether it is a foreground shim.
    pub(crate) is_foreground_shim: bool,
    /// Whether it is a zombie.
    pub(crate) is_zombie: bool,
    pub(crate) parent: i32,
    pub(crate) session: i32,
    /// The start time, in ticks since boot.
    pub(crate) started: u64,
    /// The wait status of a zombie, or 0 if we may not see it.
    pub(crate) exit: i32,
}

impl Stat {
    pub(crate) fn of(pid: Pid) -> io::Result<Self> {
        // A program's name may not be text.
        let bytes = fs::read(format!("/proc/{pid}/stat"))?;
        Self::parse(&String::from_utf8_lossy(&bytes))
            .ok_or_else(|| io::Error::other(format!("/proc/{pid}/stat is unreadable")))
    }

    /// The fields after the name of the program, which may contain anything, even parentheses.
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

/// The variable in the environment of a service, and of everything that it starts, with the path of
/// its state.
#[derive(Clone)]
pub struct Mark(Vec<u8>);

impl Mark {
    /// The name of the variable.
    pub const NAME: &str = "SVC_STATE";

    /// The mark of the service whose state is in this file.
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

    /// Whether a process belongs to another service, which left it to us.
    fn is_of_another_on(&self, pid: Pid) -> io::Result<bool> {
        let marks = marks(pid)?;
        Ok(!marks.is_empty() && !marks.contains(&self.0))
    }
}

/// The values of a [`Mark`]'s variable in the environment of a process.
fn marks(pid: Pid) -> io::Result<Vec<Vec<u8>>> {
    // Read at once if it is not large, because the process may execute another program between two
    // reads.
    let mut environment = Vec::with_capacity(8 << 10);
    if let Some(mut file) = seen(File::open(format!("/proc/{pid}/environ")))? {
        seen(file.read_to_end(&mut environment))?;
    }
    Ok(marks_in(&environment))
}

/// The states that a process has marks of.
pub(crate) fn marked_states(pid: Pid) -> io::Result<Vec<PathBuf>> {
    let values = marks(pid)?.into_iter().map(|mut mark| {
        let value = mark.split_off(Mark::NAME.len() + 1);
        PathBuf::from(OsString::from_vec(value))
    });
    Ok(values.collect())
}

/// The marks in an environment. One that is cut off does not count.
fn marks_in(environment: &[u8]) -> Vec<Vec<u8>> {
    let variables = environment.split_inclusive(|byte| *byte == 0);
    let whole = variables.filter_map(|variable| variable.strip_suffix(&[0]));
    let is_mark = |variable: &&[u8]| {
        let value = variable.strip_prefix(Mark::NAME.as_bytes());
        value.is_some_and(|value| value.starts_with(b"="))
    };
    whole.filter(is_mark).map(<[u8]>::to_vec).collect()
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
