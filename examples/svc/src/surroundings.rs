//! What a service has of the place where it is started.

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;

use rustix::fs::Mode;
use rustix::process;
use serde::{Deserialize, Serialize};

/// What every service gets of the environment it is started from; all else is asked for.
const BASE: [&str; 8] = [
    "PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "TZ", "TMPDIR",
];

/// The part of a shell's environment that its services get, and its umask. They are kept with the state, so that a
/// service which comes back with the machine, started by cron, has them too.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Surroundings {
    /// The variables.
    pub environment: BTreeMap<String, OsString>,
    /// The permissions that files don't get.
    pub umask: u32,
}

impl Surroundings {
    /// Ours.
    #[must_use]
    pub fn ours() -> Self {
        let variable = |name: &str| Some((name.to_owned(), env::var_os(name)?));
        Self {
            environment: BASE.into_iter().filter_map(variable).collect(),
            umask: umask(),
        }
    }
}

/// Ours, which the service gets as it gets our environment.
fn umask() -> u32 {
    // It can't be read without being set.
    let ours = process::umask(Mode::RWXG | Mode::RWXO);
    process::umask(ours);
    ours.bits()
}
