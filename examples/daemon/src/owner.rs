//! Whose process a daemon is.

use std::ffi::CString;
use std::io;

use nix::unistd::{self, Gid, ResGid, ResUid, Uid, User};

use crate::context::DaemonContext;

/// The ids that the daemon is to have, looked up while the files that say so are still there.
#[derive(Debug)]
pub(crate) struct Owner {
    uid: Uid,
    gid: Gid,
    /// The supplementary groups, if they are to change.
    groups: Option<Vec<Gid>>,
}

impl Owner {
    pub(crate) fn of(context: &DaemonContext<'_>) -> io::Result<Self> {
        let real = (unistd::getuid(), unistd::getgid());
        let uid = context.uid.map_or(real.0, Uid::from_raw);
        let user = if context.uid.is_some() || context.initgroups {
            User::from_uid(uid)?
        } else {
            None
        };
        let primary = user.as_ref().filter(|_| context.uid.is_some());
        let gid = context.gid.map(Gid::from_raw);
        let gid = gid.unwrap_or(primary.map_or(real.1, |user| user.gid));
        let groups = match user.filter(|_| context.initgroups) {
            Some(user) => Some(unistd::getgrouplist(&CString::new(user.name)?, gid)?),
            // Who starts a daemon for somebody else keeps the own groups to himself.
            None => ((uid, gid) != real).then(|| vec![gid]),
        };
        Ok(Self { uid, gid, groups })
    }

    /// Groups first: who is no longer root can't change them.
    pub(crate) fn become_it(&self) -> io::Result<()> {
        if let Some(groups) = &self.groups {
            unistd::setgroups(groups)?;
        }
        let (uid, gid) = (self.uid, self.gid);
        let before = unistd::getresuid()?;
        unistd::setresgid(gid, gid, gid)?;
        unistd::setresuid(uid, uid, uid)?;
        self.verify(before)
    }

    /// That there is no way back, if there was something to leave.
    fn verify(&self, before: ResUid) -> io::Result<()> {
        let (uid, gid) = (self.uid, self.gid);
        let (uids, gids) = (unistd::getresuid()?, unistd::getresgid()?);
        let mut groups = unistd::getgroups()?;
        let mut wanted = self.groups.clone().unwrap_or_else(|| groups.clone());
        for list in [&mut groups, &mut wanted] {
            list.sort_unstable_by_key(|gid| gid.as_raw());
            list.dedup();
        }
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
        let back = before != all && !uid.is_root() && unistd::seteuid(Uid::from_raw(0)).is_ok();
        if changed && !back {
            Ok(())
        } else {
            Err(io::Error::other("the privileges could be regained"))
        }
    }
}
