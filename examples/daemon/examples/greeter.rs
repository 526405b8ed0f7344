//! A daemon that greets whoever connects: it binds its port as root, and then is somebody else's.
//!
//! ```text
//! $ sudo greeter --bind 127.0.0.1:70 --user nobody --log-file /var/log/greeter.log
//! $ sudo greeter --bind 127.0.0.1:70
//! error: bind 127.0.0.1:70: Address already in use
//! $ greeter --no-daemon --bind 127.0.0.1:7000
//! ```

use std::io::Write;
use std::net::TcpListener;
use std::os::fd::AsFd;
use std::path::PathBuf;
use std::process::{self, ExitCode};

use clap::Parser;
use daemon::{
    DaemonContext, Detach, Failure, LogFile, Owner, PidLockFile, Reporter, Signal, Syslog,
    group_id, user_id,
};

#[derive(Parser)]
struct Options {
    /// Stay in the foreground
    #[arg(short, long)]
    no_daemon: bool,
    /// Where to listen
    #[arg(long)]
    bind: String,
    /// User to become, by name or number
    #[arg(long, value_parser = user_id)]
    user: Option<u32>,
    /// Group to become, by name or number
    #[arg(long, value_parser = group_id)]
    group: Option<u32>,
    /// File to write to; it is opened again after it was moved, and at SIGUSR1
    #[arg(long)]
    log_file: Option<PathBuf>,
    /// Socket of a syslogd to write to
    #[arg(long)]
    syslog: Option<PathBuf>,
    /// File with the id of the daemon
    #[arg(long)]
    pid_file: Option<PathBuf>,
    /// Directory that becomes the root
    #[arg(long)]
    chroot: Option<PathBuf>,
}

fn main() -> ExitCode {
    start(&Options::parse()).unwrap_or_else(|failure| {
        eprintln!("error: {failure}");
        ExitCode::from(failure.exit_code)
    })
}

/// Looks up and opens what may be out of reach later, and then becomes the daemon.
fn start(options: &Options) -> Result<ExitCode, Failure> {
    let owner = Owner::new(options.user, options.group, true).map_err(Failure::stage("owner"))?;
    let log = options.log_file.as_ref().map(|path| {
        let log = LogFile::open(path).and_then(|log| log.owned_by(&owner));
        let log = log.and_then(|log| log.reopen_on(Signal::SIGUSR1).map(|_| log));
        log.map_err(|error| Failure::new("log", &error).at(path))
    });
    let log = log.transpose()?;
    let syslog = options.syslog.as_ref().map(|path| {
        let syslog = Syslog::at(path, "greeter");
        syslog.map_err(|error| Failure::new("syslog", &error).at(path))
    });
    let syslog = syslog.transpose()?;

    let mut context = DaemonContext::new();
    if options.no_daemon {
        context = context.detach(Detach::Never);
    } else {
        context = context.detach(Detach::Always);
    }
    if let Some(log) = &log {
        context = context.log(log);
    }
    if let Some(syslog) = &syslog {
        context = context.files_preserve(syslog.as_fd());
    }
    if let Some(path) = &options.pid_file {
        context = context.pidfile(PidLockFile::new(path).map_err(Failure::stage("pidfile"))?);
    }
    if let Some(path) = &options.chroot {
        context = context.chroot_directory(path);
    }
    Ok(context.run(|reporter| greet(options, &owner, reporter, log.as_ref(), syslog.as_ref())))
}

fn greet(
    options: &Options,
    owner: &Owner,
    reporter: &mut Reporter,
    mut log: Option<&LogFile>,
    mut syslog: Option<&Syslog>,
) -> Result<u8, Failure> {
    let listener = TcpListener::bind(&options.bind);
    let listener = listener.map_err(|error| Failure::new("bind", &error).at(&options.bind))?;
    owner.drop_privileges().map_err(Failure::stage("owner"))?;
    reporter.ready("");
    for guest in listener.incoming() {
        let mut guest = guest.map_err(Failure::stage("accept"))?;
        let from = guest.peer_addr().map_err(Failure::stage("accept"))?;
        let _ = writeln!(guest, "hello from {}", process::id());
        if let Some(log) = &mut log {
            let _ = log.write_all(format!("greeted {from}\n").as_bytes());
        }
        if let Some(syslog) = &mut syslog {
            let _ = writeln!(syslog, "greeted {from}");
        }
        // Goes to the log as well.
        println!("printed {from}");
    }
    Ok(0)
}
