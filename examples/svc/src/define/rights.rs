//! The options for what a service may do: its user, its priority, its limits.

use clap::Args;

use super::change;
use crate::account::RunAs;
use crate::limits::{Limit, Limited};
use crate::service::Service;

/// These options.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Rights and limits")]
pub(super) struct Rights {
    /// User to run as, or user and group as in `www-data:adm`; only root may give another user
    #[arg(long, value_name = "USER", value_parser = user)]
    user: Option<RunAs>,
    /// Run it as the user who starts it
    #[arg(long, conflicts_with = "user")]
    unset_user: bool,
    /// Permissions that its new files do not get, such as 027 [default: those of `start`]
    #[arg(long, value_name = "OCTAL", value_parser = umask)]
    umask: Option<u32>,
    /// Give it the umask of `start`
    #[arg(long, conflicts_with = "umask")]
    unset_umask: bool,
    /// Its niceness, from -20 to 19: a higher one yields to other processes [default: that of `start`]
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = clap::value_parser!(i32).range(-20..=19))]
    nice: Option<i32>,
    /// Give it the niceness of `start`
    #[arg(long, conflicts_with = "nice")]
    unset_nice: bool,
    /// Its limit: `memory=512M`, `processes=20`, `files=1024`, `cpu=50%` or `cpu-time=60s`
    #[arg(long, value_name = "WHAT=MOST")]
    limit: Vec<Limit>,
    /// Limit to remove, such as `memory`
    #[arg(long, value_name = "WHAT")]
    unset_limit: Vec<Limited>,
}

impl Rights {
    /// Changes a service.
    pub(super) fn apply(self, service: &mut Service) {
        change(&mut service.user, self.user, self.unset_user);
        change(&mut service.umask, self.umask, self.unset_umask);
        change(&mut service.nice, self.nice, self.unset_nice);
        for what in self.unset_limit {
            service.limits.unset(what);
        }
        for limit in self.limit {
            service.limits.set(limit);
        }
    }
}

/// A user that exists.
fn user(text: &str) -> Result<RunAs, String> {
    let user: RunAs = text.parse()?;
    user.find().map_err(|error| error.to_string())?;
    Ok(user)
}

/// A umask, as octal digits.
///
/// # Errors
/// If it is none.
pub(crate) fn umask(text: &str) -> Result<u32, &'static str> {
    let umask = u32::from_str_radix(text, 8).ok();
    umask
        .filter(|umask| *umask <= 0o777)
        .ok_or("a umask is an octal number such as 027")
}
