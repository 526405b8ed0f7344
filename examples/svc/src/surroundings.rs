//! What a service takes over from the place where it is started.

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;

use rustix::fs::Mode;
use rustix::process;
use serde::{Deserialize, Serialize};

/// The variables that every service gets from the environment of its start. All others must be
/// named.
const BASE: [&str; 8] = [
    "PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "TZ", "TMPDIR",
];

/// The part of a shell's environment that its services get, and its umask. They are kept with the
/// state, so that a service gets them too when cron starts it after a reboot.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Surroundings {
    /// The variables.
    pub environment: BTreeMap<String, OsString>,
    /// The umask.
    pub umask: u32,
}

impl Surroundings {
    /// Those of this process.
    #[must_use]
    pub fn ours() -> Self {
        let variable = |name: &str| Some((name.to_owned(), env::var_os(name)?));
        Self {
            environment: BASE.into_iter().filter_map(variable).collect(),
            umask: umask(),
        }
    }
}

/// The umask of this process, which the service gets with its environment.
fn umask() -> u32 {
    // It cannot be read without being set.
    let ours = process::umask(Mode::RWXG | Mode::RWXO);
    process::umask(ours);
    ours.bits()
}
