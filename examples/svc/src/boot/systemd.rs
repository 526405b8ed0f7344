//! A unit of the user's systemd.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::{env, fs};

use super::{Boot, program};
use crate::error::Error;

/// Whether it runs.
pub(super) fn runs() -> bool {
    systemctl(&["show-environment"]).is_ok()
}

/// Writes the unit, and enables it.
pub(super) fn install(boot: &Boot) -> Result<PathBuf, Error> {
    let file = file(boot)?;
    let written = file.parent().map_or(Ok(()), fs::create_dir_all);
    let written = written.and_then(|()| fs::write(&file, unit(boot)));
    written.map_err(|error| Error::file(&file, error))?;
    systemctl(&["daemon-reload"])?;
    systemctl(&["enable", &unit_name(boot)])?;
    Ok(file)
}

/// Removes the unit, if there is one.
pub(super) fn remove(boot: &Boot) -> Result<Option<PathBuf>, Error> {
    let file = file(boot)?;
    if !file.exists() {
        return Ok(None);
    }
    // If no systemd runs, only the link has to go.
    let _ = systemctl(&["disable", &unit_name(boot)]);
    let wants = file.with_file_name("default.target.wants");
    let _ = fs::remove_file(wants.join(unit_name(boot)));
    fs::remove_file(&file).map_err(|error| Error::file(&file, error))?;
    Ok(Some(file))
}

pub(super) fn file(boot: &Boot) -> Result<PathBuf, Error> {
    let config = env::var_os("XDG_CONFIG_HOME").map(PathBuf::from);
    let config = config.filter(|path| path.is_absolute());
    let config = config.or_else(|| Some(env::home_dir()?.join(".config")));
    let config = config.ok_or(Error::NoHome)?;
    Ok(config.join("systemd/user").join(unit_name(boot)))
}

fn unit_name(boot: &Boot) -> String {
    format!("{}.service", boot.name())
}

pub(super) fn unit(boot: &Boot) -> String {
    let line = boot.line().replace('%', "%%");
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

fn systemctl(arguments: &[&str]) -> Result<(), Error> {
    let mut command = Command::new("systemctl");
    command.arg("--user").args(arguments).stdin(Stdio::null());
    program::output("systemctl --user", command.output()).map(drop)
}
