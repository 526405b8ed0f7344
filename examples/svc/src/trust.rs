//! Files must come from the user or root, and nobody else.

use std::fs::{self, DirBuilder, Metadata};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::Path;

use rustix::process::{getegid, geteuid, getgid, getuid};

use crate::error::Error;

const GROUP_WRITES: u32 = 0o020;
const ALL_WRITE: u32 = 0o002;
const STICKY: u32 = 0o1000;

/// Checks that only the user and root can change the file at the path, or replace it: neither the
/// file, nor its directory, nor the target of a symbolic link may be writable for others. A missing
/// file is fine.
///
/// A sticky directory that everybody can write, such as `/tmp`, is fine, because files stay with
/// their owners. So is anything that only a group can write whose single member is the user.
///
/// # Errors
/// [`Error::Untrusted`], also in a program with the rights of another user (setuid);
/// [`Error::File`] if the path can't be followed.
pub fn check(path: &Path) -> Result<(), Error> {
    if getuid() != geteuid() || getgid() != getegid() {
        return Err(Error::Untrusted(
            path.to_owned(),
            "svc must not run setuid or setgid".into(),
        ));
    }
    check_parent(path)?;
    match look(path, fs::symlink_metadata(path))? {
        None => Ok(()),
        Some(link) if link.is_symlink() => {
            check_owner(path, &link)?;
            let target = fs::canonicalize(path).map_err(|error| Error::file(path, error))?;
            check(&target)
        }
        Some(file) => {
            check_owner(path, &file)?;
            // A device such as /dev/null is writable for everybody, but belongs to root.
            let owned = file.is_file() || file.is_dir();
            refuse_if(
                owned && others_write(&file),
                path,
                &by_mode("others can write it", &file),
            )
        }
    }
}

/// Creates a missing directory and its parents, for the user alone, and checks them.
///
/// # Errors
/// As [`check`], and if it can't be made.
pub fn directory(path: &Path) -> Result<(), Error> {
    make(path)?;
    check(path)
}

/// Creates the directory of a file as [`directory`] does, but accepts a sticky one.
///
/// # Errors
/// As [`directory`].
pub fn parent(path: &Path) -> Result<(), Error> {
    let parent = path.parent().unwrap_or(Path::new("/"));
    make(parent)?;
    check_parent(parent)?;
    check_parent(path)
}

fn make(directory: &Path) -> Result<(), Error> {
    let mut builder = DirBuilder::new();
    let made = builder.recursive(true).mode(0o700).create(directory);
    made.map_err(|error| Error::file(directory, error))
}

fn check_parent(path: &Path) -> Result<(), Error> {
    let Some(parent) = path.parent() else {
        return Ok(());
    };
    let Some(directory) = look(parent, fs::metadata(parent))? else {
        return Ok(());
    };
    check_owner(parent, &directory)?;
    let open = others_write(&directory) && directory.mode() & STICKY == 0;
    refuse_if(
        open,
        parent,
        &by_mode("others can write into it", &directory),
    )
}

/// Whether the mode lets others than the owner write.
fn others_write(file: &Metadata) -> bool {
    let group = file.mode() & GROUP_WRITES != 0 && !is_private(file.gid());
    group || file.mode() & ALL_WRITE != 0
}

fn by_mode(what: &str, file: &Metadata) -> String {
    let mode = file.mode() & 0o7777;
    format!("{what} (mode {mode:o}): `chmod go-w` mends that")
}

/// Whether the user is the only member of a group, by the files of users and groups. Many systems
/// give each user such a group.
fn is_private(group: u32) -> bool {
    let read = |file| fs::read_to_string(file).unwrap_or_default();
    group == getegid().as_raw()
        && is_alone(
            geteuid().as_raw(),
            group,
            &read("/etc/passwd"),
            &read("/etc/group"),
        )
}

fn is_alone(user: u32, group: u32, users: &str, groups: &str) -> bool {
    // name:password:user:group:… and name:password:group:member,member
    let (ours, others): (Vec<_>, Vec<_>) =
        fields(users).partition(|line| number(line, 2) == Some(user));
    let is_ours = |name: &str| name.is_empty() || ours.iter().any(|line| line[0] == name);
    let mut groups = fields(groups).filter(|line| number(line, 2) == Some(group));
    let members = |line: &[&str]| {
        line.get(3)
            .is_none_or(|members| members.split(',').all(is_ours))
    };
    groups
        .next()
        .is_some_and(|line| is_ours(line[0]) && members(&line))
        && groups.next().is_none()
        && !others.iter().any(|line| number(line, 3) == Some(group))
}

fn fields(lines: &str) -> impl Iterator<Item = Vec<&str>> {
    lines.lines().map(|line| line.split(':').collect())
}

fn number(fields: &[&str], index: usize) -> Option<u32> {
    fields.get(index)?.parse().ok()
}

fn check_owner(path: &Path, metadata: &Metadata) -> Result<(), Error> {
    let owner = metadata.uid();
    let stranger = owner != geteuid().as_raw() && owner != 0;
    refuse_if(stranger, path, "it belongs to another user")
}

fn refuse_if(refused: bool, path: &Path, why: &str) -> Result<(), Error> {
    if refused {
        return Err(Error::Untrusted(path.to_owned(), why.to_owned()));
    }
    Ok(())
}

/// The metadata of the path, if it exists.
fn look(path: &Path, metadata: io::Result<Metadata>) -> Result<Option<Metadata>, Error> {
    match metadata {
        Ok(metadata) => Ok(Some(metadata)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::file(path, error)),
    }
}

#[cfg(test)]
mod tests {
    use super::is_alone;

    const USERS: &str = "root:x:0:0:root:/root:/bin/sh\nmax:x:1000:1000::/home/max:/bin/sh\n";

    #[test]
    fn a_group_is_private_if_it_has_the_name_of_its_only_user() {
        for (groups, alone) in [
            ("max:x:1000:", true),
            ("max:x:1000:max", true),
            ("max:x:1000:max,root", false),
            ("max:x:1000:eve", false),
            ("staff:x:1000:", false),
            ("max:x:1001:", false),
            ("max:x:1000:\nstaff:x:1000:", false),
            ("", false),
        ] {
            assert_eq!(is_alone(1000, 1000, USERS, groups), alone, "{groups}");
        }
    }

    #[test]
    fn a_group_is_not_private_if_it_is_that_of_somebody_else() {
        let groups = "max:x:1000:";
        let users = |line: &str| format!("{USERS}{line}\n");
        let other = users("eve:x:1001:1000::/:/bin/sh");
        assert!(!is_alone(1000, 1000, &other, groups));
        // The same user under another name.
        let same = users("admin:x:1000:1000::/:/bin/sh");
        assert!(is_alone(1000, 1000, &same, groups));
        assert!(!is_alone(1000, 1000, "", groups));
    }
}
