//! A daemon by itself: it writes its id to its standard output, and lives until `SIGTERM`.
//!
//! ```text
//! $ cargo run -p daemon --example daemon -- --pidfile /tmp/d.pid --stdout /tmp/d.log
//! $ cargo run -p daemon --example daemon -- --pidfile /tmp/d.pid
//! error: pidfile /tmp/d.pid: it runs already as process 4711
//! $ kill $(cat /tmp/d.pid)
//! ```

use std::error::Error;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use clap::Parser;
use daemon::{Action, DaemonContext, Detach, PidLockFile, Signal, signal_named};

/// Becomes a daemon.
#[derive(Parser)]
struct Options {
    /// The directory that becomes the root.
    #[arg(long)]
    chroot: Option<PathBuf>,
    /// Where the daemon works.
    #[arg(long, default_value = "/")]
    working_directory: PathBuf,
    /// The permissions that files don't get, in octal.
    #[arg(long, value_parser = octal)]
    umask: Option<u32>,
    /// The id of the user.
    #[arg(long)]
    uid: Option<u32>,
    /// The id of the group.
    #[arg(long)]
    gid: Option<u32>,
    /// Take all groups of the user.
    #[arg(long)]
    initgroups: bool,
    /// Allow core dumps.
    #[arg(long)]
    core: bool,
    /// Whether to leave whoever has started it: `auto`, `always` or `never`.
    #[arg(long, default_value = "auto", value_parser = detach)]
    detach: Detach,
    /// The file with the id of the daemon.
    #[arg(long)]
    pidfile: Option<PathBuf>,
    /// How many milliseconds to wait for another daemon to leave that file.
    #[arg(long, default_value_t = 0)]
    patience: u64,
    /// Where the standard input comes from.
    #[arg(long)]
    stdin: Option<PathBuf>,
    /// Where the standard output goes.
    #[arg(long)]
    stdout: Option<PathBuf>,
    /// Where the standard error goes.
    #[arg(long)]
    stderr: Option<PathBuf>,
    /// A file that stays open.
    #[arg(long)]
    preserve: Option<PathBuf>,
    /// A signal to ignore.
    #[arg(long, value_parser = signal_named)]
    ignore: Vec<Signal>,
    /// A signal that does what it does by default.
    #[arg(long, value_parser = signal_named)]
    default: Vec<Signal>,
    /// End after the milliseconds, in good order.
    #[arg(long)]
    end_after: Option<u64>,
}

fn octal(text: &str) -> Result<u32, std::num::ParseIntError> {
    u32::from_str_radix(text, 8)
}

fn detach(text: &str) -> Result<Detach, &'static str> {
    match text {
        "auto" => Ok(Detach::Auto),
        "always" => Ok(Detach::Always),
        "never" => Ok(Detach::Never),
        _ => Err("it is `auto`, `always` or `never`"),
    }
}

fn append(path: &Path) -> io::Result<File> {
    OpenOptions::new().append(true).create(true).open(path)
}

fn main() -> ExitCode {
    run().map_or_else(
        |error| {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        },
        |()| ExitCode::SUCCESS,
    )
}

fn run() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();
    // Opened before, so that the one who starts the daemon learns at once what can't be.
    let stdin = options.stdin.as_deref().map(File::open).transpose()?;
    let stdout = options.stdout.as_deref().map(append).transpose()?;
    let stderr = options.stderr.as_deref().map(append).transpose()?;
    let preserve = options.preserve.as_deref().map(File::open).transpose()?;

    let mut context = DaemonContext::new()
        .working_directory(&options.working_directory)
        .initgroups(options.initgroups)
        .prevent_core(!options.core)
        .detach(options.detach);
    if let Some(path) = &options.chroot {
        context = context.chroot_directory(path);
    }
    if let Some(umask) = options.umask {
        context = context.umask(umask);
    }
    if let Some(uid) = options.uid {
        context = context.uid(uid);
    }
    if let Some(gid) = options.gid {
        context = context.gid(gid);
    }
    if let Some(path) = &options.pidfile {
        let patience = Duration::from_millis(options.patience);
        context = context.pidfile(PidLockFile::new(path)?.timeout(patience));
    }
    if let Some(file) = &stdin {
        context = context.stdin(file.as_fd());
    }
    if let Some(file) = &stdout {
        context = context.stdout(file.as_fd());
    }
    if let Some(file) = &stderr {
        context = context.stderr(file.as_fd());
    }
    if let Some(file) = &preserve {
        context = context.files_preserve(file.as_fd());
    }
    for signal in options.ignore {
        context = context.signal_map(signal, Action::Ignore);
    }
    for signal in options.default {
        context = context.signal_map(signal, Action::Default);
    }

    let mut daemon = context.open()?;
    // From here on this is the daemon.
    println!("{}", std::process::id());
    io::stdout().flush()?;
    let end = options.end_after.map(Duration::from_millis);
    thread::sleep(end.unwrap_or(Duration::MAX));
    daemon.close();
    daemon.close();
    println!("{}", if daemon.is_open() { "open" } else { "closed" });
    Ok(())
}
