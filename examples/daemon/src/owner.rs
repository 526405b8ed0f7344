//! The user and groups of a daemon.

use std::ffi::{CString, OsString};
use std::os::fd::AsFd;
use std::str::FromStr;
use std::{error, fmt, io};

use nix::unistd::{self, Gid, Group, ResGid, ResUid, Uid, User};

use crate::sys::{self, SingleThread};

/// The user and the groups that a process is to have. They are looked up while their files can
/// still be read: before the root changes, and before a fork.
///
/// ```no_run
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let owner = daemon::Owner::new(Some(daemon::user_id("www-data")?), None, false)?;
/// let listener = std::net::TcpListener::bind("0.0.0.0:80")?;
/// owner.drop_privileges()?;
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    uid: Uid,
    gid: Gid,
    /// The supplementary groups, if they change.
    groups: Option<Vec<Gid>>,
    /// The variables for the environment, if the user changes.
    environment: Option<[(&'static str, Option<OsString>); 3]>,
}

impl Owner {
    /// The owner with these ids. `None` is the real id of this process. A user without a given
    /// group gets its primary group. With `initgroups` the owner is in all groups of the user, else
    /// only in that one.
    ///
    /// # Errors
    /// If the system cannot look it up. If a user other than root would keep group 0, because no
    /// entry names another group or because it was asked for.
    pub fn new(uid: Option<u32>, gid: Option<u32>, initgroups: bool) -> io::Result<Self> {
        let real = (unistd::getuid(), unistd::getgid());
        let wanted = uid.map_or(real.0, Uid::from_raw);
        let user = if uid.is_some() || initgroups {
            User::from_uid(wanted)?
        } else {
            None
        };
        let primary = user.as_ref().filter(|_| uid.is_some()).map(|user| user.gid);
        let group = gid.map(Gid::from_raw).or(primary).unwrap_or(real.1);
        let leaves_root = real.0.is_root() && !wanted.is_root();
        if leaves_root && group.as_raw() == 0 {
            let text = format!("user {wanted} would keep group 0: give it another group");
            return Err(io::Error::other(text));
        }
        let environment = uid
            .filter(|_| wanted != real.0)
            .map(|_| environment(user.as_ref()));
        let groups = match user.filter(|_| initgroups) {
            Some(user) => {
                let mut all = unistd::getgrouplist(&CString::new(user.name)?, group)?;
                all.retain(|gid| !leaves_root || gid.as_raw() != 0);
                Some(all)
            }
            // A daemon for another user does not get the groups of its starter.
            None => ((wanted, group) != real).then(|| vec![group]),
        };
        Ok(Self {
            uid: wanted,
            gid: group,
            groups,
            environment,
        })
    }

    /// The id of the user.
    #[must_use]
    pub fn uid(&self) -> u32 {
        self.uid.as_raw()
    }

    /// The id of the group.
    #[must_use]
    pub fn gid(&self) -> u32 {
        self.gid.as_raw()
    }

    /// Gives a file to the owner, such as a log that root opened and the user opens again.
    ///
    /// # Errors
    /// If the system refuses.
    pub fn give(&self, file: impl AsFd) -> io::Result<()> {
        rustix::fs::fchown(
            file,
            Some(rustix::fs::Uid::from_raw(self.uid())),
            Some(rustix::fs::Gid::from_raw(self.gid())),
        )
        .map_err(io::Error::from)
    }

    /// Gives this process to the owner for good: the groups, the group, then the user. If that
    /// gives up any right, setuid programs have no effect any more either. `HOME`, `USER` and
    /// `LOGNAME` become the new user's.
    ///
    /// # Errors
    /// If the process has threads, the system refuses, or a right that was given up can be taken
    /// back.
    pub fn drop_privileges(&self) -> io::Result<()> {
        let thread = SingleThread::check()?;
        // Groups first, because only root can change them.
        if let Some(groups) = &self.groups {
            unistd::setgroups(groups)?;
        }
        let (uid, gid) = (self.uid, self.gid);
        let before = unistd::getresuid()?;
        unistd::setresgid(gid, gid, gid)?;
        unistd::setresuid(uid, uid, uid)?;
        self.verify(before)?;
        for (name, value) in self.environment.iter().flatten() {
            sys::set_variable(&thread, name, value.as_deref());
        }
        Ok(())
    }

    /// Checks that there is no way back, if any right was given up.
    fn verify(&self, before: ResUid) -> io::Result<()> {
        let (uid, gid) = (self.uid, self.gid);
        let (uids, gids) = (unistd::getresuid()?, unistd::getresgid()?);
        let sorted = |mut groups: Vec<Gid>| {
            groups.sort_unstable_by_key(|gid| gid.as_raw());
            groups.dedup();
            groups
        };
        let groups = sorted(unistd::getgroups()?);
        let wanted = self.groups.clone().map_or_else(|| groups.clone(), sorted);
        let all = ResUid {
            real: uid,
            effective: uid,
            saved: uid,
        };
        let all_groups = ResGid {
            real: gid,
            effective: gid,
            saved: gid,
        };
        let changed = uids == all && gids == all_groups && groups == wanted;
        let mut back = false;
        if before != all && !uid.is_root() {
            back = unistd::seteuid(Uid::from_raw(0)).is_ok()
                || gid.as_raw() != 0 && unistd::setegid(Gid::from_raw(0)).is_ok();
            rustix::thread::set_no_new_privs(true)?;
        }
        if changed && !back {
            Ok(())
        } else {
            Err(io::Error::other("the privileges could be regained"))
        }
    }
}

/// The environment of a login. A user without an entry has no name and no home.
fn environment(user: Option<&User>) -> [(&'static str, Option<OsString>); 3] {
    let name = user.map(|user| OsString::from(&user.name));
    let home = user.map_or_else(|| "/".into(), |user| user.dir.clone().into_os_string());
    [
        ("HOME", Some(home)),
        ("USER", name.clone()),
        ("LOGNAME", name),
    ]
}

/// The id of a user, by name or number; a number may have no entry.
///
/// # Errors
/// If there is no such user.
pub fn user_id(text: &str) -> Result<u32, UnknownOwner> {
    let by_name = || {
        User::from_name(text)
            .ok()
            .flatten()
            .map(|user| user.uid.as_raw())
    };
    id("user", text, by_name)
}

/// The id of a group, by name or number; a number may have no entry.
///
/// # Errors
/// If there is no such group.
pub fn group_id(text: &str) -> Result<u32, UnknownOwner> {
    let by_name = || {
        Group::from_name(text)
            .ok()
            .flatten()
            .map(|group| group.gid.as_raw())
    };
    id("group", text, by_name)
}

fn id(
    kind: &'static str,
    text: &str,
    by_name: impl FnOnce() -> Option<u32>,
) -> Result<u32, UnknownOwner> {
    // The largest means "as it is" to the system.
    let number = u32::from_str(text).ok().filter(|id| *id != u32::MAX);
    by_name().or(number).ok_or_else(|| UnknownOwner {
        kind,
        text: text.to_owned(),
    })
}

/// A text that names no user, or no group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownOwner {
    kind: &'static str,
    text: String,
}

impl fmt::Display for UnknownOwner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no {} {:?}", self.kind, self.text)
    }
}

impl error::Error for UnknownOwner {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_and_groups_go_by_name_or_number() {
        assert_eq!(user_id("root"), Ok(0));
        assert_eq!(group_id("root"), Ok(0));
        assert_eq!(
            (user_id("54321"), group_id("54321")),
            (Ok(54321), Ok(54321))
        );
        assert_eq!(
            user_id("no such").unwrap_err().to_string(),
            "there is no user \"no such\""
        );
        assert_eq!(
            group_id("-1").unwrap_err().to_string(),
            "there is no group \"-1\""
        );
        assert!(user_id("4294967295").is_err());
    }
}
