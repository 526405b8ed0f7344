//! Whether the tests run as root, and what that is worth.

use std::fs;

use rustix::process::geteuid;

/// Whether the system lets us be somebody else.
pub(crate) fn is_root() -> bool {
    geteuid().is_root() && !is_alone()
}

/// Whether we are root of a user namespace in which there is nobody else.
pub(crate) fn is_lonely_root() -> bool {
    geteuid().is_root() && is_alone()
}

fn is_alone() -> bool {
    let map = fs::read_to_string("/proc/self/uid_map").unwrap();
    let mut counts = map.split_whitespace().skip(2).step_by(3);
    counts.all(|count| count == "1")
}
