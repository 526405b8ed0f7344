//! The user whose rights a service has.

use std::ffi::{CString, OsString};
use std::fmt;
use std::io;
use std::str::FromStr;

use nix::unistd::{self, Gid, Uid, User};
use serde::{Deserialize, Serialize};

/// A user and perhaps a group, by name or number, as in `www-data:adm`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct RunAs {
    user: String,
    group: Option<String>,
}

impl fmt::Display for RunAs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.user)?;
        match &self.group {
            Some(group) => write!(f, ":{group}"),
            None => Ok(()),
        }
    }
}

impl From<RunAs> for String {
    fn from(user: RunAs) -> Self {
        user.to_string()
    }
}

impl TryFrom<String> for RunAs {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl FromStr for RunAs {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (user, group) = match text.split_once(':') {
            Some((user, group)) => (user, Some(group)),
            None => (text, None),
        };
        if user.is_empty() || group == Some("") || text.contains(['\0', '\n']) {
            return Err("it is a user, or a user and a group as in `www-data:adm`");
        }
        Ok(Self {
            user: user.to_owned(),
            group: group.map(str::to_owned),
        })
    }
}

impl RunAs {
    /// The user without the group.
    #[must_use]
    pub fn user(&self) -> &str {
        &self.user
    }

    /// The group, if it is not the user's own.
    #[must_use]
    pub fn group(&self) -> Option<&str> {
        self.group.as_deref()
    }

    /// Looks it up in the system.
    ///
    /// # Errors
    /// If there is no such user or group. A user without an entry needs a group.
    pub fn find(&self) -> io::Result<Account> {
        let unknown = |error: daemon::UnknownOwner| io::Error::other(error.to_string());
        let uid = Uid::from_raw(daemon::user_id(&self.user).map_err(unknown)?);
        let entry = User::from_uid(uid)?;
        let group = self.group.as_deref().map(daemon::group_id).transpose();
        let group = group.map_err(unknown)?.map(Gid::from_raw);
        let own = entry.as_ref().map(|entry| entry.gid);
        let Some(gid) = group.or(own) else {
            let text = format!("user {uid} has no entry: give a group too, as in `{uid}:100`");
            return Err(io::Error::other(text));
        };
        let groups = match &entry {
            Some(entry) => unistd::getgrouplist(&CString::new(entry.name.as_str())?, gid)?,
            None => vec![gid],
        };
        Ok(Account {
            uid,
            gid,
            groups,
            entry,
        })
    }
}

/// A user and groups, as the system knows them.
#[derive(Debug, Clone)]
pub struct Account {
    uid: Uid,
    gid: Gid,
    groups: Vec<Gid>,
    entry: Option<User>,
}

impl Account {
    /// The number of the user.
    #[must_use]
    pub fn uid(&self) -> u32 {
        self.uid.as_raw()
    }

    /// The number of the group.
    #[must_use]
    pub fn gid(&self) -> u32 {
        self.gid.as_raw()
    }

    /// Whether it is another user or group than ours.
    #[must_use]
    pub fn is_another(&self) -> bool {
        (self.uid, self.gid) != (unistd::geteuid(), unistd::getegid())
    }

    /// Whether we may become it.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        unistd::geteuid().is_root() || !self.is_another()
    }

    /// The variables of a login.
    #[must_use]
    pub fn environment(&self) -> Vec<(OsString, OsString)> {
        let Some(entry) = &self.entry else {
            return vec![("HOME".into(), "/".into())];
        };
        let name = OsString::from(&entry.name);
        vec![
            ("HOME".into(), entry.dir.clone().into()),
            ("SHELL".into(), entry.shell.clone().into()),
            ("USER".into(), name.clone()),
            ("LOGNAME".into(), name),
        ]
    }

    /// Gives this process to it for good. Unlike a daemon that gives up its rights, a service may
    /// still use setuid programs.
    ///
    /// # Errors
    /// If the system refuses.
    pub fn take_on(&self) -> io::Result<()> {
        if !self.is_another() {
            return Ok(());
        }
        // Groups first, because only root can change them.
        unistd::setgroups(&self.groups)?;
        unistd::setresgid(self.gid, self.gid, self.gid)?;
        unistd::setresuid(self.uid, self.uid, self.uid)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_written_as_it_is_read() {
        for text in ["nobody", "1000", "www-data:adm", "0:0"] {
            assert_eq!(text.parse::<RunAs>().unwrap().to_string(), text);
        }
        for text in ["", ":adm", "root:", "a\nb"] {
            assert!(text.parse::<RunAs>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn an_unknown_user_is_refused() {
        let unknown = "no-such-user".parse::<RunAs>().unwrap().find();
        assert!(unknown.unwrap_err().to_string().contains("no-such-user"));
    }
}
