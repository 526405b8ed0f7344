//! The program of a service: where it is, and why it cannot be executed.

use std::ffi::OsString;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use daemon::Failure;

use crate::service::Service;

/// The default search path.
const PATH: &str = "/usr/local/bin:/usr/bin:/bin";

/// The stage of a failure to execute the program.
const EXEC: &str = "exec";

/// The exit code of a failed start, as in a shell: 127 if the program does not exist, 126 if it
/// cannot be executed, 1 for every earlier step.
#[must_use]
pub fn exit_code(failure: &Failure) -> u8 {
    match failure.errno {
        _ if failure.stage != EXEC => 1,
        libc::ENOENT => 127,
        _ => 126,
    }
}

/// The file of the program, found as a shell would find it.
pub(crate) fn find(
    service: &Service,
    environment: &[(OsString, OsString)],
) -> Result<PathBuf, Failure> {
    let program = Path::new(&service.command[0]);
    if program.components().count() > 1 || program.is_absolute() {
        return Ok(service.working_directory.join(program));
    }
    let path = environment.iter().rev().find(|(name, _)| name == "PATH");
    let path = path.map_or_else(|| PATH.into(), |(_, value)| value.clone());
    let found = env::split_paths(&path)
        .map(|directory| service.working_directory.join(directory).join(program))
        .find(|file| is_program(file));
    let nowhere = || io::Error::from_raw_os_error(libc::ENOENT);
    found.ok_or_else(|| exec_failure(program, "it is nowhere in PATH", &nowhere()))
}

fn is_program(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(file).is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}

/// Why a program could not be started. The system's error does not tell a failed fork from a failed
/// program, except by its reason.
pub(crate) fn explain(program: &Path, error: &io::Error) -> Failure {
    match error.raw_os_error() {
        // We have other threads.
        None => Failure::new("fork", error),
        // The file exists, so its interpreter is missing.
        Some(libc::ENOENT) if program.exists() => {
            let what = match interpreter(program) {
                Some(interpreter) => format!("its interpreter {interpreter}"),
                None => "its loader".to_owned(),
            };
            exec_failure(program, &what, error)
        }
        Some(libc::EACCES) if program.is_dir() => exec_failure(program, "it is a directory", error),
        // No program fails like this: the state could not be written.
        Some(libc::ENOSPC | libc::EROFS | libc::EDQUOT) => Failure::new("state", error),
        Some(libc::EAGAIN | libc::ENOMEM | libc::EMFILE | libc::ENFILE) => {
            Failure::new("fork", error)
        }
        _ => exec_failure(program, "", error),
    }
}

fn exec_failure(program: &Path, detail: &str, error: &io::Error) -> Failure {
    Failure {
        detail: detail.to_owned(),
        ..Failure::new(EXEC, error).at(program)
    }
}

/// The interpreter in the first line of a script.
fn interpreter(program: &Path) -> Option<String> {
    let mut start = [0; 256];
    let length = File::open(program).ok()?.read(&mut start).ok()?;
    let text = String::from_utf8_lossy(&start[..length]).into_owned();
    let line = text.strip_prefix("#!")?.lines().next()?;
    Some(line.split_whitespace().next()?.to_owned())
}
