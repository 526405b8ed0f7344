//! The state of a service, for people and programs.

use std::fmt;

use serde::Serialize;

use crate::exit::Exit;
use crate::hand::Hand;
use crate::identity::Host;
use crate::state::{Phase, State};
use crate::time;

/// The state of a service, for people and programs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "state", content = "detail")]
pub enum Condition {
    /// It is being started.
    Starting,
    /// It runs.
    Running,
    /// It runs in another process than its first.
    Forked,
    /// It runs without a shim.
    Unsupervised,
    /// It runs, and its state is gone or damaged.
    Lost,
    /// It is being stopped.
    Stopping,
    /// It ended, and will start again.
    Waiting,
    /// It starts at this time.
    Scheduled(String),
    /// It was stopped, or never started.
    Stopped,
    /// It was stopped, by `SIGKILL` in the end.
    Killed,
    /// It ended by itself, and well.
    Ended,
    /// It ended by itself, in this way.
    Dead(String),
    /// It ended too often, and was given up.
    Parked,
    /// It could not be started: the step that failed.
    Failed(String),
}

impl Condition {
    pub(crate) fn of(hand: &Hand, host: &Host) -> Self {
        match hand {
            Hand::Somebody => Self::Starting,
            // A shim that has not started the service yet, or waits to start it again.
            Hand::Lost(stray) if stray.marked.is_empty() => Self::Starting,
            Hand::Lost(_) => Self::Lost,
            Hand::Nobody(None) => Self::Stopped,
            Hand::Orphan(..) => Self::Unsupervised,
            Hand::Leftovers(_, process) => {
                Self::Dead(format!("its shim is gone, process {} is left", process.pid))
            }
            Hand::Shim(state, _) => Self::in_phase(state),
            Hand::Nobody(Some(state)) if state.phase.is_final() => Self::in_phase(state),
            Hand::Nobody(Some(state)) if state.shim.is_of_previous_boot(host) => {
                Self::Dead("previous boot".into())
            }
            Hand::Nobody(Some(_)) => Self::Dead("its shim is gone".into()),
        }
    }

    fn in_phase(state: &State) -> Self {
        match &state.phase {
            Phase::Starting => Self::Starting,
            Phase::Running => Self::Running,
            Phase::Forked => Self::Forked,
            Phase::Stopping | Phase::Refused(_) => Self::Stopping,
            Phase::Waiting => Self::Waiting,
            Phase::Scheduled(next) => Self::Scheduled(time::text(next.saturating_mul(1000))),
            Phase::Stopped(false) => Self::Stopped,
            Phase::Stopped(true) => Self::Killed,
            Phase::Parked => Self::Parked,
            Phase::Failed(why) => Self::Failed(why.clone()),
            Phase::Ended if state.last_exit.is_none_or(Exit::is_success) => Self::Ended,
            Phase::Ended => Self::Dead(state.last_end().unwrap_or_default()),
        }
    }

    /// Whether there is a process.
    #[must_use]
    pub fn is_running(&self) -> bool {
        matches!(
            self,
            Self::Running | Self::Forked | Self::Unsupervised | Self::Lost | Self::Stopping
        )
    }

    /// Whether there is a process, or there soon will be.
    #[must_use]
    pub fn is_in_hand(&self) -> bool {
        self.is_running() || matches!(self, Self::Starting | Self::Waiting | Self::Scheduled(_))
    }

    /// Whether all is as it was ordered: there is a process, or it is not time for one yet.
    #[must_use]
    pub fn is_up(&self) -> bool {
        self.is_running() || matches!(self, Self::Scheduled(_))
    }

    /// Whether the state needs attention.
    #[must_use]
    pub fn is_trouble(&self) -> bool {
        matches!(
            self,
            Self::Dead(_) | Self::Parked | Self::Failed(_) | Self::Unsupervised | Self::Lost
        )
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Starting => "starting",
            Self::Running => "running",
            Self::Forked => "running (forked)",
            Self::Unsupervised => "running (without its shim)",
            Self::Lost => "running (its state is lost)",
            Self::Stopping => "stopping",
            Self::Waiting => "waiting to start again",
            Self::Stopped => "stopped",
            Self::Killed => "stopped (killed)",
            Self::Ended => "ended",
            Self::Parked => "parked",
            Self::Scheduled(next) => return write!(f, "scheduled ({next})"),
            Self::Dead(how) => return write!(f, "dead ({how})"),
            Self::Failed(why) => return write!(f, "failed ({why})"),
        })
    }
}
