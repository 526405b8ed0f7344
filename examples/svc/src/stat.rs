//! The facts about one process in `/proc`, and the names of our own processes there.

use std::ffi::CStr;
use std::{fs, io};

use rustix::process::Pid;

/// The name of a background shim in process lists, by which all other programs recognize it. The
/// program's own name would not do, because every command and every fork has it.
pub const SHIM: &CStr = c"svc shim";

/// The name of a logger. It does not belong to the service whose output it reads, because that may
/// end before it.
pub const LOGGER: &CStr = c"svc log";

/// The name of a foreground shim, which belongs to its caller.
pub const FOREGROUND_SHIM: &CStr = c"svc run";

/// The facts about a process in `/proc`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stat {
    /// Whether it is a shim or a logger, by its name.
    pub(crate) is_shim: bool,
    /// Whether it is a foreground shim.
    pub(crate) is_foreground_shim: bool,
    /// Whether it is a zombie.
    pub(crate) is_zombie: bool,
    pub(crate) parent: i32,
    pub(crate) session: i32,
    /// The start time, in ticks since boot.
    pub(crate) started: u64,
    /// The wait status of a zombie, or 0 if we may not see it.
    pub(crate) exit: i32,
}

impl Stat {
    pub(crate) fn of(pid: Pid) -> io::Result<Self> {
        // A program's name may not be text.
        let bytes = fs::read(format!("/proc/{pid}/stat"))?;
        Self::parse(&String::from_utf8_lossy(&bytes))
            .ok_or_else(|| io::Error::other(format!("/proc/{pid}/stat is unreadable")))
    }

    /// The fields after the name of the program, which may contain anything, even parentheses.
    fn parse(text: &str) -> Option<Self> {
        let (start, fields) = text.rsplit_once(") ")?;
        let (_, name) = start.split_once(" (")?;
        let field = |number: usize| fields.split(' ').nth(number - 3);
        Some(Self {
            is_shim: [SHIM, LOGGER]
                .iter()
                .any(|own| own.to_bytes() == name.as_bytes()),
            is_foreground_shim: name.as_bytes() == FOREGROUND_SHIM.to_bytes(),
            is_zombie: field(3)? == "Z",
            parent: field(4)?.parse().ok()?,
            session: field(6)?.parse().ok()?,
            started: field(22)?.parse().ok()?,
            exit: field(52)
                .and_then(|exit| exit.trim_end().parse().ok())
                .unwrap_or(0),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Stat;

    #[test]
    fn a_program_may_be_named_like_the_fields_after_its_name() {
        let text = "7 (a) b (c) R 3 7 5 0 -1 4 0 0 0 0 0 0 0 0 20 0 1 0 991 0";
        let stat = Stat::parse(text).unwrap();
        assert_eq!((stat.parent, stat.session, stat.started), (3, 5, 991));
        assert!(!stat.is_shim);
    }

    #[test]
    fn a_shim_is_known_by_its_whole_name() {
        let is_shim = |name: &str| {
            let text = format!("7 ({name}) R 3 7 5 0 -1 4 0 0 0 0 0 0 0 0 20 0 1 0 991 0");
            Stat::parse(&text).unwrap().is_shim
        };
        assert!(is_shim("svc shim"));
        assert!(!is_shim("svc") && !is_shim("svc shims") && !is_shim(") (svc shim"));
    }
}
