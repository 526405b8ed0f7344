//! Whom a file is trusted to come from: the user, or root, and nobody else.

use std::fs::{self, DirBuilder, Metadata};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::Path;

use rustix::process::{getegid, geteuid, getgid, getuid};

use crate::error::Error;

const OTHERS_WRITE: u32 = 0o022;
const STICKY: u32 = 0o1000;

/// Checks that nobody but the user and root can change what is at the path, or put something else
/// there: neither the file, nor its directory, nor what a symbolic link leads to. That there is
/// nothing yet is fine.
///
/// A sticky directory that all may write, such as `/tmp`, is fine too: files stay their owners'.
///
/// # Errors
/// [`Error::Untrusted`], also in a program with the rights of another user (setuid);
/// [`Error::File`] if the path can't be followed.
pub fn check(path: &Path) -> Result<(), Error> {
    if getuid() != geteuid() || getgid() != getegid() {
        return Err(Error::Untrusted(
            path.to_owned(),
            "svc must not run setuid or setgid",
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
            // A device such as /dev/null is everybody's, and root's all the same.
            let owned = file.is_file() || file.is_dir();
            refuse_if(
                owned && file.mode() & OTHERS_WRITE != 0,
                path,
                "others can write it",
            )
        }
    }
}

/// Makes a directory, and those above it, for the user alone, where it is missing, and checks it.
///
/// # Errors
/// As [`check`], and if it can't be made.
pub fn directory(path: &Path) -> Result<(), Error> {
    let mut builder = DirBuilder::new();
    let made = builder.recursive(true).mode(0o700).create(path);
    made.map_err(|error| Error::file(path, error))?;
    check(path)
}

fn check_parent(path: &Path) -> Result<(), Error> {
    let Some(parent) = path.parent() else {
        return Ok(());
    };
    let Some(directory) = look(parent, fs::metadata(parent))? else {
        return Ok(());
    };
    check_owner(parent, &directory)?;
    let open = directory.mode() & OTHERS_WRITE != 0 && directory.mode() & STICKY == 0;
    refuse_if(open, parent, "others can write into it")
}

fn check_owner(path: &Path, metadata: &Metadata) -> Result<(), Error> {
    let owner = metadata.uid();
    let stranger = owner != geteuid().as_raw() && owner != 0;
    refuse_if(stranger, path, "it belongs to another user")
}

fn refuse_if(refused: bool, path: &Path, why: &'static str) -> Result<(), Error> {
    if refused {
        return Err(Error::Untrusted(path.to_owned(), why));
    }
    Ok(())
}

/// What is at the path, if anything.
fn look(path: &Path, metadata: io::Result<Metadata>) -> Result<Option<Metadata>, Error> {
    match metadata {
        Ok(metadata) => Ok(Some(metadata)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::file(path, error)),
    }
}
