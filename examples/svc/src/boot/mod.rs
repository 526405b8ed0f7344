//! How services start after a reboot: something of the machine runs `svc start --wanted`. That is a unit of the
//! user's systemd, a line of the user's crontab, or a script of `/etc/init.d`.

mod cron;
mod program;
mod rc;
mod systemd;

use std::fmt;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use serde::Serialize;

use crate::error::Error;

/// The action for reboots.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Step {
    /// Start services after a reboot
    Install,
    /// Undo that
    Remove,
}

/// What runs the command at boot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Way {
    /// A unit of the user's systemd.
    Systemd,
    /// A line of the user's crontab.
    Cron,
    /// A script of `/etc/init.d`.
    Rc,
}

/// What was done, or could be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Done {
    way: Option<Way>,
    outcome: &'static str,
    file: Option<PathBuf>,
    text: Option<String>,
}

impl Done {
    fn by(way: Way, outcome: &'static str, file: Option<PathBuf>) -> Self {
        let (way, text) = (Some(way), None);
        Self {
            way,
            outcome,
            file,
            text,
        }
    }

    /// What runs the command at boot, if anything does.
    #[must_use]
    pub fn way(&self) -> Option<Way> {
        self.way
    }
}

impl fmt::Display for Done {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = self.file.as_deref().unwrap_or(Path::new("")).display();
        match self.way {
            Some(Way::Systemd) => writeln!(f, "{}: the unit {file} of your systemd", self.outcome),
            Some(Way::Cron) => writeln!(f, "{}: a line of your crontab", self.outcome),
            Some(Way::Rc) => writeln!(f, "{}: the script {file}", self.outcome),
            None => f.write_str("there was nothing to remove\n"),
        }
    }
}

/// The command that runs at boot for a registry.
#[derive(Debug)]
pub struct Boot {
    program: PathBuf,
    registry: PathBuf,
}

impl Boot {
    /// The command of this program for a registry.
    #[must_use]
    pub fn of(program: PathBuf, registry: &Path) -> Self {
        let registry = registry.to_owned();
        Self { program, registry }
    }

    /// Each way, with the text of its file, for users who do it themselves.
    #[must_use]
    pub fn ways(&self) -> Vec<Done> {
        let possible = |way, file, text| Done {
            text: Some(text),
            ..Done::by(way, "possible", file)
        };
        vec![
            possible(Way::Systemd, systemd::file(self).ok(), systemd::unit(self)),
            possible(Way::Cron, None, cron::line(self)),
            possible(Way::Rc, Some(rc::file(self)), rc::script(self)),
        ]
    }

    /// The same for people.
    #[must_use]
    pub fn instructions(&self) -> String {
        format!(
            "\
# `svc boot install` does the first of these that the machine has.
# With systemd: this as ~/.config/systemd/user/{name}.service, then
#   systemctl --user enable {name}.service
#   loginctl enable-linger
{}
# With cron: `crontab -e`, and this line.
{}

# As root, with scripts of /etc/init.d: this as an executable {}, then
#   update-rc.d {name} defaults
{}",
            systemd::unit(self),
            cron::line(self),
            rc::file(self).display(),
            rc::script(self),
            name = self.name(),
        )
    }

    /// Starts services after a reboot, by the first way that works here.
    ///
    /// # Errors
    /// If there is none, or it refuses.
    pub fn install(&self) -> Result<Done, Error> {
        if systemd::runs() {
            let file = systemd::install(self)?;
            return Ok(Done::by(Way::Systemd, "installed", Some(file)));
        }
        let no_cron = match cron::install(self) {
            Ok(()) => return Ok(Done::by(Way::Cron, "installed", None)),
            Err(error) => error,
        };
        if rc::is_ours() {
            let file = rc::install(self)?;
            return Ok(Done::by(Way::Rc, "installed", Some(file)));
        }
        Err(no_cron)
    }

    /// Undoes [`install`](Self::install).
    ///
    /// # Errors
    /// If systemd, cron or the system refuses.
    pub fn remove(&self) -> Result<Done, Error> {
        if let Some(file) = systemd::remove(self)? {
            return Ok(Done::by(Way::Systemd, "removed", Some(file)));
        }
        if let Some(file) = rc::remove(self)? {
            return Ok(Done::by(Way::Rc, "removed", Some(file)));
        }
        if cron::remove(self)? {
            return Ok(Done::by(Way::Cron, "removed", None));
        }
        Ok(Done {
            way: None,
            outcome: "nothing",
            file: None,
            text: None,
        })
    }

    /// This program with its registry, as words of a shell.
    fn line(&self) -> String {
        let quote = |path: &Path| shell_words::quote(&path.to_string_lossy()).into_owned();
        format!("{} --db {}", quote(&self.program), quote(&self.registry))
    }

    /// One name for each registry.
    fn name(&self) -> String {
        let registry = self.registry.display().to_string();
        let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
        let registry = registry.trim_end_matches(".db").chars().map(plain);
        format!("svc{}", registry.collect::<String>())
    }
}
