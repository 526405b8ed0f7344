//! Control groups of version 2, where the system lets us make them.
//!
//! The kernel does not let a group that has processes of its own give its controllers to groups
//! below. So ours may be no place for new groups, and a group above it may.

use std::fs::{self, OpenOptions};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::name::Name;

/// A group for the processes of one service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cgroup(PathBuf);

impl Cgroup {
    /// Makes a group for a service with at least one of these controllers, such as `memory`, or
    /// gives `None` if that is impossible. `state` is the file of the service's state.
    #[must_use]
    pub fn make(name: &Name, state: &Path, controllers: &[&str]) -> Option<Self> {
        let mut hash = DefaultHasher::new();
        state.hash(&mut hash);
        // The same name for each start, so that a group which was left behind is found.
        let name = format!("svc-{name}-{:08x}", hash.finish() & 0xffff_ffff);
        let (mount, ours) = place()?;
        let parents = ours.ancestors().take_while(|path| path.starts_with(&mount));
        parents
            .into_iter()
            .find_map(|parent| make_in(parent, &name, controllers))
    }

    /// The group in this directory.
    #[must_use]
    pub fn at(path: PathBuf) -> Self {
        Self(path)
    }

    /// Its directory.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Sets one of its files. Returns whether the kernel accepts that.
    #[must_use]
    pub fn set(&self, file: &str, value: &str) -> bool {
        put(&self.0.join(file), value).is_ok()
    }

    /// Puts this process into it.
    ///
    /// # Errors
    /// If the system refuses.
    pub fn join(&self) -> io::Result<()> {
        put(&self.0.join("cgroup.procs"), "0")
    }

    /// The number of its processes that the kernel has killed because they had too much memory.
    #[must_use]
    pub fn out_of_memory_kills(&self) -> u64 {
        let events = fs::read_to_string(self.0.join("memory.events")).unwrap_or_default();
        let count = |line: &str| line.strip_prefix("oom_kill ")?.parse().ok();
        events.lines().find_map(count).unwrap_or(0)
    }

    /// Removes it, if no process is left in it.
    pub fn remove(&self) {
        let _ = fs::remove_dir(&self.0);
    }
}

/// Makes a group below another.
fn make_in(parent: &Path, name: &str, controllers: &[&str]) -> Option<Cgroup> {
    // Each is asked for, whether or not the others are given.
    let given = controllers.iter().filter(|one| gives(parent, one));
    if given.count() == 0 {
        return None;
    }
    let group = Cgroup(parent.join(name));
    group.remove();
    match fs::create_dir(&group.0) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return None,
        _ => {}
    }
    if can_be_joined(&group) {
        return Some(group);
    }
    group.remove();
    None
}

/// Whether a group gives a controller to the groups below, perhaps because we ask it to.
fn gives(group: &Path, controller: &str) -> bool {
    let file = group.join("cgroup.subtree_control");
    let given = || {
        let given = fs::read_to_string(&file).unwrap_or_default();
        given.split_whitespace().any(|one| one == controller)
    };
    given() || put(&file, &format!("+{controller}")).is_ok() && given()
}

/// Writes to a file of a group, which exists if the kernel has that control.
fn put(file: &Path, value: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).open(file)?;
    file.write_all(value.as_bytes())
}

/// Whether a process of ours may go there. A child tries, because it need not come back.
fn can_be_joined(group: &Cgroup) -> bool {
    match daemon::process::fork() {
        Ok(daemon::process::Fork::Child) => {
            daemon::process::exit_now(u8::from(group.join().is_err()))
        }
        Ok(daemon::process::Fork::Parent(child)) => {
            let options = rustix::process::WaitOptions::empty();
            let ended = rustix::process::waitpid(Some(child), options);
            matches!(ended, Ok(Some((_, status))) if status.exit_status() == Some(0))
        }
        Err(_) => false,
    }
}

/// Where the groups are mounted, and our own one.
fn place() -> Option<(PathBuf, PathBuf)> {
    let mounts = fs::read_to_string("/proc/self/mountinfo").ok()?;
    let ours = fs::read_to_string("/proc/self/cgroup").ok()?;
    place_in(&mounts, &ours)
}

fn place_in(mounts: &str, ours: &str) -> Option<(PathBuf, PathBuf)> {
    let (root, mount) = mounts.lines().find_map(|line| {
        let (before, after) = line.split_once(" - ")?;
        let mut fields = before.split(' ').skip(3);
        let place = (fields.next()?, fields.next()?);
        after.starts_with("cgroup2 ").then_some(place)
    })?;
    let ours = ours.lines().find_map(|line| line.strip_prefix("0::"))?;
    let below = Path::new(ours).strip_prefix(root).ok()?;
    let mount = PathBuf::from(mount);
    let ours = mount.join(below);
    Some((mount, ours))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_group_is_found_below_the_mount() {
        let mounts = "24 1 0:22 / /proc rw shared:5 - proc proc rw\n\
            30 24 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw\n";
        let ours = "1:name=systemd:/x\n0::/user.slice/a\n";
        let found = place_in(mounts, ours).unwrap();
        let mount = PathBuf::from("/sys/fs/cgroup");
        assert_eq!(found, (mount.clone(), mount.join("user.slice/a")));
        assert_eq!(place_in("", ours), None);
        assert_eq!(place_in(mounts, "1:memory:/\n"), None);
    }

    #[test]
    fn the_kernel_tells_how_many_it_has_killed() {
        let directory = tempfile::tempdir().unwrap();
        let group = Cgroup::at(directory.path().to_owned());
        assert_eq!(group.out_of_memory_kills(), 0);
        let events = "low 0\nhigh 0\nmax 12\noom 3\noom_kill 2\noom_group_kill 7\n";
        fs::write(directory.path().join("memory.events"), events).unwrap();
        assert_eq!(group.out_of_memory_kills(), 2);
    }

    #[test]
    fn a_directory_that_gives_no_controller_gets_no_group() {
        let directory = tempfile::tempdir().unwrap();
        assert_eq!(make_in(directory.path(), "svc-x", &["memory"]), None);
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
    }
}
