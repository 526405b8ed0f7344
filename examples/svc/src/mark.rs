//! The mark of a service in the environment of its processes.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read};
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

use rustix::process::Pid;

use crate::identity::seen;

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

    pub(crate) fn is_on(&self, pid: Pid) -> io::Result<bool> {
        Ok(marks(pid)?.contains(&self.0))
    }

    /// Whether a process belongs to another service, which left it to us.
    pub(crate) fn is_of_another_on(&self, pid: Pid) -> io::Result<bool> {
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

#[cfg(test)]
mod tests {
    use super::marks_in;

    #[test]
    fn a_mark_that_was_cut_is_none() {
        let environment = b"A=1\0SVC_STATE=/a\0SVC_STATES=/b\0SVC_STATE=/a/wh";
        assert_eq!(marks_in(environment), [b"SVC_STATE=/a"]);
    }
}
