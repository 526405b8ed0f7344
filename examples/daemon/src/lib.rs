//! Turning a process into a daemon, after PEP 3143.
//!
//! A daemon has no terminal, no waiting parent, and keeps nothing of the place where it was
//! started: not its directory, its open files, or its signals. [`DaemonContext`] has the settings
//! of PEP 3143, with the names and the order of steps of python-daemon. One idea is from twistd:
//! the original process stays until the daemon works, and prints the reason if it does not.
//!
//! ```no_run
//! use std::time::Duration;
//! use daemon::{DaemonContext, PidLockFile};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let pidfile = PidLockFile::new("/run/heartbeat.pid")?;
//! let _daemon = DaemonContext::new().pidfile(pidfile).open()?;
//! loop {
//!     std::thread::sleep(Duration::from_secs(1));
//! }
//! # }
//! ```
//!
//! That is PEP 3143's way. A program whose start does more, such as binding a port or dropping
//! privileges, uses [`DaemonContext::run`], which can also stay in the foreground. A program that
//! goes on after it has started a daemon uses [`DaemonContext::spawn`]. All of them fork, so they
//! refuse a process with more than one thread.
//!
//! The rest: [`PidLockFile`] allows one daemon at a time, [`Owner`] is the user and groups,
//! [`LogFile`] and [`Syslog`] are logs, and [`process`] is for programs that fork more.

mod close;
mod context;
mod failure;
mod log;
mod open;
mod owner;
mod pidfile;
mod pidfile_error;
pub mod process;
mod report;
mod signals;
mod steps;
mod sys;
mod syslog;

pub use context::{DaemonContext, Detach};
pub use failure::{DaemonError, Failure};
pub use log::LogFile;
pub use open::Daemon;
pub use owner::{Owner, UnknownOwner, group_id, user_id};
pub use pidfile::{PidLock, PidLockFile};
pub use pidfile_error::PidLockError;
pub use report::{Pending, Reporter};
pub use signals::{Action, Handler, Signal, UnknownSignal, signal_named};
pub use syslog::{Severity, Syslog};

/// The README's program must compile.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
