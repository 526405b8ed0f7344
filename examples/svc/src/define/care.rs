//! The options for when a service starts, and starts again, without anybody's command.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueHint};

use super::{Seconds, absolute, change, set};
use crate::check::Check;
use crate::error::Error;
use crate::reload::Reload;
use crate::schedule::Schedule;
use crate::service::{Restart, Service};

/// These options.
#[derive(Debug, Clone, Args)]
#[allow(clippy::struct_excessive_bools, reason = "they are options")]
pub(super) struct Care {
    /// Check while it runs: `port:N`, `http://…` or `command:LINE`; it starts again if that fails too often
    #[arg(long, value_name = "CHECK", help_heading = "Health")]
    health: Option<Check>,
    /// No longer check it
    #[arg(long, conflicts_with = "health", help_heading = "Health")]
    unset_health: bool,
    /// Pause before each check in seconds [default: 10]
    #[arg(long, value_name = "SECONDS", help_heading = "Health")]
    health_interval: Option<Seconds>,
    /// How many seconds an answer may take [default: 5]
    #[arg(long, value_name = "SECONDS", help_heading = "Health")]
    health_timeout: Option<Seconds>,
    /// Number of failures in a row after which it starts again [default: 3]
    #[arg(long, value_name = "N", help_heading = "Health", value_parser = clap::value_parser!(u32).range(1..))]
    health_retries: Option<u32>,
    /// How `svc reload` asks it to read its configuration again: a signal such as HUP, or `command:LINE`
    #[arg(long, value_name = "WAY", help_heading = "Changes")]
    reload: Option<Reload>,
    /// Nothing asks it to read its configuration again
    #[arg(long, conflicts_with = "reload", help_heading = "Changes")]
    unset_reload: bool,
    /// File, or directory with everything in it, whose change restarts it
    #[arg(long, value_name = "PATH", value_hint = ValueHint::AnyPath, help_heading = "Changes")]
    watch: Vec<PathBuf>,
    /// No longer watch any file
    #[arg(long, conflicts_with = "watch", help_heading = "Changes")]
    unset_watch: bool,
    /// Pattern of file names that do not count, besides `.*`, `*~`, `*.pyc`, `__pycache__` and `node_modules`
    #[arg(long, value_name = "PATTERN", value_parser = pattern, help_heading = "Changes")]
    watch_ignore: Vec<String>,
    /// How many seconds nothing may change before it restarts [default: 0.5]
    #[arg(long, value_name = "SECONDS", help_heading = "Changes")]
    watch_pause: Option<Seconds>,
    /// When to start it, as a cron expression in local time, such as `*/5 * * * *` or `@daily`
    #[arg(long, value_name = "CRON", help_heading = "Starting")]
    schedule: Option<Schedule>,
    /// Start it at once, and not by a schedule
    #[arg(long, conflicts_with = "schedule", help_heading = "Starting")]
    unset_schedule: bool,
}

impl Care {
    /// Changes a service.
    pub(super) fn apply(self, service: &mut Service) -> Result<(), Error> {
        let health = &mut service.health;
        change(&mut health.check, self.health, self.unset_health);
        set(
            &mut health.interval,
            self.health_interval.map(Duration::from),
        );
        set(&mut health.timeout, self.health_timeout.map(Duration::from));
        set(&mut health.retries, self.health_retries);
        change(&mut service.reload, self.reload, self.unset_reload);
        if self.unset_watch {
            service.watch.paths.clear();
        }
        if !self.watch.is_empty() {
            let paths = self.watch.iter().map(|path| absolute(path));
            service.watch.paths = paths.collect::<Result<_, _>>()?;
        }
        if !self.watch_ignore.is_empty() {
            service.watch.ignore = self.watch_ignore;
        }
        set(
            &mut service.watch.pause,
            self.watch_pause.map(Duration::from),
        );
        change(&mut service.schedule, self.schedule, self.unset_schedule);
        if service.schedule.is_some() && service.restart == Restart::Always {
            return Err(Error::Invalid(
                service.name.clone(),
                "a service with `--schedule` ends, so it can't have `--restart always`",
            ));
        }
        Ok(())
    }
}

fn pattern(text: &str) -> Result<String, String> {
    let pattern = glob::Pattern::new(text);
    pattern
        .map(|_| text.to_owned())
        .map_err(|error| error.msg.to_owned())
}
