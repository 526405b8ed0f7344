//! The limits of a service, and what holds them: a cgroup for all of its processes together, or the
//! limits of each single process (`setrlimit`).

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::Path;
use std::str::FromStr;

use rustix::process::{Resource, Rlimit, setrlimit};
use serde::{Deserialize, Serialize};

use crate::cgroup::Cgroup;
use crate::define::Size;
use crate::name::Name;

/// What can be limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Limited {
    /// Memory, in bytes.
    Memory,
    /// The number of processes and threads.
    Processes,
    /// The number of open files of a process.
    Files,
    /// The share of one CPU, in percent.
    Cpu,
    /// The CPU time of a process, in seconds.
    CpuTime,
}

impl Limited {
    const ALL: [Self; 5] = [
        Self::Memory,
        Self::Processes,
        Self::Files,
        Self::Cpu,
        Self::CpuTime,
    ];

    /// The controller and its file for the limit, if a cgroup can hold it.
    fn file(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Memory => Some(("memory", "memory.max")),
            Self::Processes => Some(("pids", "pids.max")),
            Self::Cpu => Some(("cpu", "cpu.max")),
            Self::Files | Self::CpuTime => None,
        }
    }

    /// The limit of a process. No such limit holds for root's number of processes, or is a share.
    fn resource(self, is_root: bool) -> Option<Resource> {
        match self {
            Self::Memory => Some(Resource::As),
            Self::Processes => Some(Resource::Nproc).filter(|_| !is_root),
            Self::Files => Some(Resource::Nofile),
            Self::CpuTime => Some(Resource::Cpu),
            Self::Cpu => None,
        }
    }
}

impl fmt::Display for Limited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Memory => "memory",
            Self::Processes => "processes",
            Self::Files => "files",
            Self::Cpu => "cpu",
            Self::CpuTime => "cpu-time",
        })
    }
}

impl FromStr for Limited {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|one| one.to_string() == text);
        found.ok_or("it is `memory`, `processes`, `files`, `cpu` or `cpu-time`")
    }
}

/// One limit, as in `memory=512M`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// What is limited.
    pub what: Limited,
    /// How much there may be.
    pub most: u64,
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, most } = self;
        match what {
            Limited::Memory => write!(f, "{what}={}", Size::of(*most)),
            Limited::Cpu => write!(f, "{what}={most}%"),
            Limited::CpuTime => write!(f, "{what}={most}s"),
            Limited::Processes | Limited::Files => write!(f, "{what}={most}"),
        }
    }
}

impl FromStr for Limit {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (what, most) = text
            .split_once('=')
            .ok_or("a limit is written `memory=512M`")?;
        let what = what.parse()?;
        let number = |text: &str| text.parse().ok().filter(|most| *most > 0);
        let most = match what {
            Limited::Memory => Some(most.parse::<Size>()?.bytes()),
            Limited::Cpu => most.strip_suffix('%').and_then(number),
            Limited::CpuTime => number(most.strip_suffix('s').unwrap_or(most)),
            Limited::Processes | Limited::Files => number(most),
        };
        let most = most.filter(|most| i64::try_from(*most).is_ok());
        let most = most.ok_or(match what {
            Limited::Cpu => "a share of a CPU is written `cpu=50%`",
            Limited::CpuTime => "a CPU time is written `cpu-time=60s`",
            _ => "it is a number from 1 on",
        })?;
        Ok(Self { what, most })
    }
}

/// The limits of a service.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Limits(BTreeMap<Limited, u64>);

impl Limits {
    /// Sets one of them.
    pub fn set(&mut self, limit: Limit) {
        self.0.insert(limit.what, limit.most);
    }

    /// Removes one of them.
    pub fn unset(&mut self, what: Limited) {
        self.0.remove(&what);
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = Limit> + '_ {
        let limit = |(what, most): (&Limited, &u64)| Limit {
            what: *what,
            most: *most,
        };
        self.0.iter().map(limit)
    }

    /// Prepares to hold them: with a cgroup where that is possible, else for each process.
    /// `is_root` is whether the service runs as root.
    #[must_use]
    pub fn prepare(&self, name: &Name, state: &Path, is_root: bool) -> Bounds {
        let files = self.iter().filter_map(|limit| limit.what.file());
        let controllers: Vec<_> = files.map(|(controller, _)| controller).collect();
        let cgroup = match controllers[..] {
            [] => None,
            _ => Cgroup::make(name, state, &controllers),
        };
        let mut bounds = Bounds::default();
        for limit in self.iter() {
            let hold = if cgroup.as_ref().is_some_and(|cgroup| holds(cgroup, limit)) {
                Hold::Cgroup
            } else if let Some(resource) = limit.what.resource(is_root) {
                bounds.each.push((resource, limit));
                Hold::Rlimit
            } else {
                Hold::Nothing
            };
            bounds.held.insert(limit.what, hold);
        }
        let is_used = bounds.held.values().any(|hold| *hold == Hold::Cgroup);
        match cgroup {
            Some(cgroup) if is_used => bounds.cgroup = Some(cgroup),
            Some(cgroup) => cgroup.remove(),
            None => {}
        }
        bounds
    }
}

/// Makes a cgroup hold a limit. Returns whether it does.
fn holds(cgroup: &Cgroup, limit: Limit) -> bool {
    /// In microseconds, the kernel's default.
    const PERIOD: u64 = 100_000;
    let Some((_, file)) = limit.what.file() else {
        return false;
    };
    match limit.what {
        Limited::Cpu => {
            let share = limit.most.saturating_mul(PERIOD) / 100;
            cgroup.set(file, &format!("{share} {PERIOD}"))
        }
        _ => cgroup.set(file, &limit.most.to_string()),
    }
}

/// What holds a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hold {
    /// A cgroup, for all processes of the service together.
    Cgroup,
    /// The system, for each single process; for the number of processes, all of the user count.
    Rlimit,
    /// Nothing: there is no cgroup, and no such limit for a process.
    Nothing,
}

impl fmt::Display for Hold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cgroup => "held by a cgroup",
            Self::Rlimit => "held for each process",
            Self::Nothing => "not held: no cgroup can be made here",
        })
    }
}

/// Which limits hold, and by what.
pub type Held = BTreeMap<Limited, Hold>;

/// Limits that are about to hold.
#[derive(Debug, Clone, Default)]
pub struct Bounds {
    /// The group of the service.
    pub cgroup: Option<Cgroup>,
    /// The limits of each process.
    each: Vec<(Resource, Limit)>,
    /// What holds each of them.
    pub held: Held,
}

impl Bounds {
    /// Binds this process.
    ///
    /// # Errors
    /// If the system refuses, with the limit.
    pub fn bind(&self) -> Result<(), (String, io::Error)> {
        if let Some(cgroup) = &self.cgroup {
            cgroup
                .join()
                .map_err(|error| ("cgroup".to_owned(), error))?;
        }
        for (resource, limit) in &self.each {
            // At its limit of CPU time a process gets `SIGXCPU`, and then `SIGKILL`.
            let grace = if limit.what == Limited::CpuTime { 5 } else { 0 };
            let both = Rlimit {
                current: Some(limit.most),
                maximum: Some(limit.most + grace),
            };
            setrlimit(*resource, both)
                .map_err(|error| (format!("limit {limit}"), io::Error::from(error)))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_written_as_it_is_read() {
        for text in [
            "memory=512M",
            "memory=1500",
            "processes=20",
            "files=1024",
            "cpu=150%",
            "cpu-time=60s",
        ] {
            assert_eq!(text.parse::<Limit>().unwrap().to_string(), text);
        }
        for text in [
            "memory",
            "memory=0",
            "memory=x",
            "files=0",
            "cpu=50",
            "disk=1",
            "files=99999999999999999999",
        ] {
            assert!(text.parse::<Limit>().is_err(), "{text}");
        }
    }
}
