//! How to start services after a reboot: the user's own systemd or cron runs `svc start --wanted`.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs, io};

use clap::ValueEnum;

use crate::error::{Error, reason};

/// The start of our lines in a crontab, followed by the registry.
const MARK: &str = "# svc: ";

/// The action for reboots.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Step {
    /// Start services after a reboot
    Install,
    /// Undo that
    Remove,
}

/// The command that runs at boot for a registry.
#[derive(Debug)]
pub struct Boot {
    program: PathBuf,
    registry: PathBuf,
}

/// What was done.
#[derive(Debug, PartialEq, Eq)]
pub enum Done {
    /// By a unit of the user's systemd, in this file.
    Unit(PathBuf),
    /// By a line of the user's crontab.
    Cron,
    /// There was nothing.
    Nothing,
}

impl Done {
    /// A line for the user, with the verb for what was done.
    #[must_use]
    pub fn told(&self, verb: &str) -> String {
        match self {
            Self::Unit(file) => format!("{verb}: the unit {} of your systemd\n", file.display()),
            Self::Cron => format!("{verb}: a line of your crontab\n"),
            Self::Nothing => "there was nothing to remove\n".to_owned(),
        }
    }
}

impl Boot {
    /// The command of this program for a registry.
    #[must_use]
    pub fn of(program: PathBuf, registry: &Path) -> Self {
        let registry = registry.to_owned();
        Self { program, registry }
    }

    /// Instructions for users who do it themselves.
    #[must_use]
    pub fn instructions(&self) -> String {
        format!(
            "\
# `svc boot install` does one of these.
# With cron: `crontab -e`, and this line.
{}

# With systemd: this as ~/.config/systemd/user/{}, then
#   systemctl --user enable {1}
#   loginctl enable-linger
{}",
            self.cron(),
            self.unit_name(),
            self.unit()
        )
    }

    /// Starts services after a reboot: by the user's systemd if it runs, or else by cron.
    ///
    /// # Errors
    /// If there is neither, or it refuses.
    pub fn install(&self) -> Result<Done, Error> {
        if systemctl(&["show-environment"]).is_ok() {
            let file = self.unit_file()?;
            let written = file.parent().map_or(Ok(()), fs::create_dir_all);
            let written = written.and_then(|()| fs::write(&file, self.unit()));
            written.map_err(|error| Error::file(&file, error))?;
            systemctl(&["daemon-reload"])?;
            systemctl(&["enable", &self.unit_name()])?;
            return Ok(Done::Unit(file));
        }
        let mut lines = self.without_ours(&crontab()?);
        let registry = self.registry.display().to_string();
        lines += &[MARK, &registry, "\n", &self.cron(), "\n"].concat();
        set_crontab(&lines)?;
        Ok(Done::Cron)
    }

    /// Undoes [`install`](Self::install).
    ///
    /// # Errors
    /// If systemd or cron refuses.
    pub fn remove(&self) -> Result<Done, Error> {
        let file = self.unit_file()?;
        if file.exists() {
            // If no systemd runs, only the link has to go.
            let _ = systemctl(&["disable", &self.unit_name()]);
            let link = file
                .with_file_name("default.target.wants")
                .join(self.unit_name());
            let _ = fs::remove_file(link);
            fs::remove_file(&file).map_err(|error| Error::file(&file, error))?;
            return Ok(Done::Unit(file));
        }
        let Ok(before) = crontab() else {
            return Ok(Done::Nothing);
        };
        let after = self.without_ours(&before);
        if after == before {
            return Ok(Done::Nothing);
        }
        set_crontab(&after)?;
        Ok(Done::Cron)
    }

    /// The lines of a crontab, without those that we added for this registry.
    fn without_ours(&self, crontab: &str) -> String {
        let mark = format!("{MARK}{}", self.registry.display());
        let mut kept = String::new();
        let mut lines = crontab.lines();
        while let Some(line) = lines.next() {
            if line == mark {
                lines.next();
            } else {
                kept.push_str(line);
                kept.push('\n');
            }
        }
        kept
    }

    fn line(&self) -> String {
        format!("{} --db {}", quote(&self.program), quote(&self.registry))
    }

    fn cron(&self) -> String {
        // `%` has a special meaning there.
        format!("@reboot {} start --wanted", self.line().replace('%', r"\%"))
    }

    /// One name for each registry.
    fn unit_name(&self) -> String {
        let registry = self.registry.display().to_string();
        let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
        format!(
            "svc{}.service",
            registry
                .trim_end_matches(".db")
                .chars()
                .map(plain)
                .collect::<String>()
        )
    }

    fn unit_file(&self) -> Result<PathBuf, Error> {
        let config = env::var_os("XDG_CONFIG_HOME").map(PathBuf::from);
        let config = config.filter(|path| path.is_absolute());
        let config = config.or_else(|| Some(env::home_dir()?.join(".config")));
        let config = config.ok_or(Error::NoHome)?;
        Ok(config.join("systemd/user").join(self.unit_name()))
    }

    fn unit(&self) -> String {
        let line = self.line().replace('%', "%%");
        format!(
            "\
[Unit]
Description=The services of svc

[Service]
Type=oneshot
RemainAfterExit=yes
# What svc started is for svc to stop.
KillMode=none
ExecStart={line} start --wanted
ExecStop={line} stop --all --keep-wanted

[Install]
WantedBy=default.target
"
        )
    }
}

fn quote(path: &Path) -> String {
    shell_words::quote(&path.to_string_lossy()).into_owned()
}

fn systemctl(arguments: &[&str]) -> Result<(), Error> {
    let mut command = Command::new("systemctl");
    command.arg("--user").args(arguments).stdin(Stdio::null());
    run("systemctl --user", command.output()).map(drop)
}

/// The user's crontab, which is empty if there is none.
fn crontab() -> Result<String, Error> {
    let output = Command::new("crontab")
        .arg("-l")
        .stdin(Stdio::null())
        .output();
    let output = output.map_err(|error| Error::Boot(format!("crontab: {}", reason(&error))))?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn set_crontab(lines: &str) -> Result<(), Error> {
    let child = Command::new("crontab")
        .arg("-")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let output = child.and_then(|mut child| {
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(lines.as_bytes())?;
        }
        child.wait_with_output()
    });
    run("crontab", output).map(drop)
}

/// The output of a program, or why it failed.
fn run(name: &str, output: io::Result<std::process::Output>) -> Result<Vec<u8>, Error> {
    let output = output.map_err(|error| Error::Boot(format!("{name}: {}", reason(&error))))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr)
        .trim()
        .replace('\n', "; ");
    Err(Error::Boot(format!("{name}: {said}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_lines_of_this_registry_go() {
        let boot = Boot::of("/bin/svc".into(), Path::new("/a/r.db"));
        let theirs = "MAILTO=x\n# svc: /other.db\n@reboot other\n";
        let both = format!("{theirs}# svc: /a/r.db\n{}\n", boot.cron());
        assert_eq!(boot.without_ours(&both), theirs);
        assert_eq!(boot.unit_name(), "svc-a-r.service");
    }
}
