//! Points at which a test can kill the program, to check that the next command recovers.
//!
//! In builds with debug assertions, `SVC_KILL_AT=StartForked` kills the process that reaches that
//! point, as `kill -9` would. Release builds ignore it. `SVC_KILL_MARK=FILE` creates that file
//! first, so that a test knows that the point was reached. If the file exists, no process is killed.

use std::fs::File;

/// A point between two steps, at which a kill must not damage the state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KillPoint {
    /// `start` holds the lock, and nothing else happened.
    StartLocked,
    /// `start` has forked, and waits for the report.
    StartForked,
    /// The shim is a daemon, and has started nothing.
    ShimReady,
    /// The service's process has recorded itself, and has not yet executed the program.
    ServiceRecorded,
    /// The service runs, and nothing was reported.
    ShimStarted,
    /// The shim was told to stop, and has sent no signal.
    ShimStopping,
    /// The service is gone, and the state does not say so yet.
    ShimReaped,
    /// `stop` has told the shim, and waits.
    StopSent,
    /// `rename` has renamed the log, and nothing else.
    LogRenamed,
    /// A row was changed, within the transaction.
    RowChanged,
    /// The transaction is committed, and the mirror is not yet written.
    RowCommitted,
    /// A migration has made its backup.
    MigrationBackedUp,
    /// A migration has changed the tables, within its transaction.
    MigrationApplied,
}

impl KillPoint {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::StartLocked,
        Self::StartForked,
        Self::ShimReady,
        Self::ServiceRecorded,
        Self::ShimStarted,
        Self::ShimStopping,
        Self::ShimReaped,
        Self::StopSent,
        Self::LogRenamed,
        Self::RowChanged,
        Self::RowCommitted,
        Self::MigrationBackedUp,
        Self::MigrationApplied,
    ];

    /// Its name in `SVC_KILL_AT`.
    #[must_use]
    pub fn name(self) -> String {
        format!("{self:?}")
    }

    /// Ends the process here, if `SVC_KILL_AT` says so.
    pub fn pass(self) {
        if cfg!(debug_assertions) && std::env::var("SVC_KILL_AT").is_ok_and(|at| at == self.name())
        {
            if let Some(mark) = std::env::var_os("SVC_KILL_MARK")
                && File::create_new(mark).is_err()
            {
                return;
            }
            let me = rustix::process::getpid();
            let _ = rustix::process::kill_process(me, rustix::process::Signal::KILL);
        }
    }
}
