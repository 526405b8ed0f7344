//! A command that runs beside a service: to check it, or to reload it.

use std::io::{self, ErrorKind};
use std::os::unix::process::CommandExt;
use std::process::Command;

use crate::service::Service;

/// A command line in the directory of a service, with its variables and as its user.
///
/// # Errors
/// If it cannot be parsed, or there is no such user.
pub fn command(service: &Service, line: &str) -> io::Result<Command> {
    let wrong = |error| io::Error::new(ErrorKind::InvalidInput, error);
    let words = shell_words::split(line).map_err(wrong)?;
    let (program, arguments) = words.split_first().ok_or(ErrorKind::InvalidInput)?;
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir(&service.working_directory)
        .envs(&service.env)
        .env("SVC_NAME", service.name.as_str());
    if let Some(user) = &service.user {
        let account = user.find()?;
        command.envs(account.environment()).envs(&service.env);
        if account.is_another() {
            command.uid(account.uid()).gid(account.gid());
        }
    }
    Ok(command)
}
