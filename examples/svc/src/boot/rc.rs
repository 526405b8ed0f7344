//! A script of `/etc/init.d`, which root has where neither systemd nor cron runs.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{Boot, program};
use crate::error::Error;

const DIRECTORY: &str = "/etc/init.d";

/// A program that links a script into the run levels, with its words before and after the name of the script.
struct Linker {
    program: &'static str,
    add: [&'static [&'static str]; 2],
    remove: [&'static [&'static str]; 2],
}

/// That of Debian, and that of Red Hat.
const LINKERS: [Linker; 2] = [
    Linker {
        program: "update-rc.d",
        add: [&[], &["defaults"]],
        remove: [&["-f"], &["remove"]],
    },
    Linker {
        program: "chkconfig",
        add: [&["--add"], &[]],
        remove: [&["--del"], &[]],
    },
];

/// Whether there are such scripts, and we may add one.
pub(super) fn is_ours() -> bool {
    rustix::process::geteuid().is_root() && Path::new(DIRECTORY).is_dir()
}

/// Writes the script, and links it into the run levels.
pub(super) fn install(boot: &Boot) -> Result<PathBuf, Error> {
    let file = file(boot);
    // A running shell may read the old one.
    let new = file.with_extension("new");
    let mut options = OpenOptions::new();
    let options = options.write(true).create(true).truncate(true).mode(0o755);
    let written = options.open(&new);
    let written = written.and_then(|mut new| new.write_all(script(boot).as_bytes()));
    let written = written.and_then(|()| fs::rename(&new, &file));
    written.map_err(|error| Error::file(&file, error))?;
    link(boot, |linker| linker.add)?;
    Ok(file)
}

/// Removes the script, if there is one.
pub(super) fn remove(boot: &Boot) -> Result<Option<PathBuf>, Error> {
    let file = file(boot);
    if !file.exists() {
        return Ok(None);
    }
    // Before the script goes, because `chkconfig` reads it.
    link(boot, |linker| linker.remove)?;
    fs::remove_file(&file).map_err(|error| Error::file(&file, error))?;
    Ok(Some(file))
}

/// Runs the linker that the machine has.
fn link(boot: &Boot, words: impl Fn(&Linker) -> [&'static [&'static str]; 2]) -> Result<(), Error> {
    let name = boot.name();
    for linker in &LINKERS {
        let [before, after] = words(linker);
        let mut command = Command::new(linker.program);
        command.args(before).arg(&name).args(after);
        match command.stdin(Stdio::null()).output() {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            output => return program::output(linker.program, output).map(drop),
        }
    }
    let programs = LINKERS.map(|linker| linker.program).join(" or ");
    Err(Error::Boot(format!("there is no {programs}")))
}

pub(super) fn file(boot: &Boot) -> PathBuf {
    Path::new(DIRECTORY).join(boot.name())
}

pub(super) fn script(boot: &Boot) -> String {
    let (name, line) = (boot.name(), boot.line());
    format!(
        "\
#!/bin/sh
### BEGIN INIT INFO
# Provides:          {name}
# Required-Start:    $remote_fs $network
# Required-Stop:     $remote_fs $network
# Default-Start:     2 3 4 5
# Default-Stop:      0 1 6
# Short-Description: The services of svc
### END INIT INFO

case $1 in
start) exec {line} start --wanted ;;
stop) exec {line} stop --all --keep-wanted ;;
restart | force-reload) \"$0\" stop; exec \"$0\" start ;;
status) exec {line} list ;;
*)
    echo \"usage: $0 {{start|stop|restart|status}}\" >&2
    exit 2
    ;;
esac
"
    )
}
