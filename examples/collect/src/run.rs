//! The daemon, from its options to its end.

use std::io::{self, Write};
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use daemon::{
    Action, DaemonContext, Detach, Failure, LogFile, Owner, PidLockFile, Signal, group_id, user_id,
};
use log::LevelFilter;
use nix::sys::signal::SigSet;
use nix::sys::signalfd::{SfdFlags, SignalFd};
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::child;
use crate::config::Section;
use crate::delivery::Prepared;
use crate::error::Error;
use crate::pipeline::Pipeline;
use crate::plan::Plan;

/// The options of `run`.
#[derive(Debug, Args)]
pub struct Options {
    /// Stay in the foreground
    #[arg(short, long)]
    foreground: bool,
    /// Log to this file [default: standard error in the foreground, else nowhere]
    #[arg(short, long, value_name = "FILE")]
    log: Option<PathBuf>,
    /// Note the process there, and refuse to run a second time
    #[arg(short, long, value_name = "FILE")]
    pidfile: Option<PathBuf>,
    /// Become this user
    #[arg(short, long, value_parser = user_id)]
    user: Option<u32>,
    /// Become this group
    #[arg(short, long, value_parser = group_id)]
    group: Option<u32>,
    /// Print what would be sent, in the foreground, and send nothing
    #[arg(long)]
    dry_run: bool,
    /// Log more
    #[arg(short, long)]
    verbose: bool,
}

/// The orders that signals give.
enum Word {
    Reload,
    Stop,
}

/// Runs until it is told to stop.
///
/// # Errors
/// If it cannot start.
pub fn run(options: &Options, config: &Path) -> Result<ExitCode, Error> {
    // From here on a signal waits until the daemon can handle it.
    let signals = signals();
    signals.thread_block().map_err(io::Error::from)?;
    let config = std::path::absolute(config)?;
    let plan = load(options, &config)?;
    let owner = Owner::new(options.user, options.group, true)?;
    let log = options.log.as_ref().map(|path| {
        let opened = LogFile::open(path).and_then(|log| log.owned_by(&owner));
        opened
            .map(Arc::new)
            .map_err(|error| Error::Other(format!("{}: {error}", path.display())))
    });
    let log = log.transpose()?;
    let is_here = options.foreground || options.dry_run;
    let mut context =
        DaemonContext::new().detach(if is_here { Detach::Never } else { Detach::Auto });
    if let Some(path) = &options.pidfile {
        context = context.pidfile(PidLockFile::new(path)?);
    }
    if let Some(log) = &log {
        context = context.log(log);
    }
    // The start is not complete, so there is nothing to read again.
    context = context.signal_map(Signal::SIGHUP, Action::Ignore);
    Ok(context.run(|reporter| {
        signals.thread_block().map_err(Failure::stage("signals"))?;
        owner.drop_privileges().map_err(Failure::stage("owner"))?;
        start_log(log.clone(), options.verbose);
        child::adopt_orphans();
        let mut limit = plan.stop_limit();
        let mut pipeline = Pipeline::default();
        let told = SignalFd::with_flags(&signals, SfdFlags::SFD_CLOEXEC | SfdFlags::SFD_NONBLOCK);
        let told = told.map_err(Failure::stage("signals"))?;
        pipeline.set(plan).map_err(Failure::stage("start"))?;
        log::info!("started as process {}", std::process::id());
        reporter.ready("");
        while let Word::Reload = wait(&told, &pipeline) {
            if let Some(Err(error)) = log.as_ref().map(|log| log.reopen()) {
                log::error!("the log can't be opened again: {error}");
            }
            match load(options, &config) {
                Ok(plan) => {
                    limit = plan.stop_limit();
                    pipeline.set(plan).map_err(Failure::stage("reload"))?;
                    log::info!("the configuration is read again");
                }
                Err(error) => {
                    log::error!("all goes on as it was, for the configuration is wrong:\n{error}");
                }
            }
        }
        log::info!("stopping");
        pipeline.stop(limit);
        log::info!("stopped");
        Ok(0)
    }))
}

fn load(options: &Options, config: &Path) -> Result<Plan, Error> {
    let mut plan = Plan::load(config)?;
    if options.dry_run {
        let stdout = Prepared::new(&Section::empty("stdout"));
        plan.handlers = stdout.into_iter().collect();
    }
    Ok(plan)
}

fn signals() -> SigSet {
    let mut signals = SigSet::empty();
    for signal in [Signal::SIGHUP, Signal::SIGTERM, Signal::SIGINT] {
        signals.add(signal);
    }
    signals
}

/// Waits for an order, and watches the collectors meanwhile.
fn wait(signals: &SignalFd, pipeline: &Pipeline) -> Word {
    const SECOND: Timespec = Timespec {
        tv_sec: 1,
        tv_nsec: 0,
    };
    let mut word = None;
    loop {
        // Several orders become one: a stop, if there is one among them.
        while let Ok(Some(signal)) = signals.read_signal() {
            if signal.ssi_signo != Signal::SIGHUP as u32 {
                return Word::Stop;
            }
            word = Some(Word::Reload);
        }
        if let Some(word) = word {
            return word;
        }
        let _ = poll(
            &mut [PollFd::new(&signals.as_fd(), PollFlags::IN)],
            Some(&SECOND),
        );
        pipeline.watch();
    }
}

/// Logs to the file, or to standard error.
fn start_log(file: Option<Arc<LogFile>>, verbose: bool) {
    let level = if verbose {
        LevelFilter::Debug
    } else {
        LevelFilter::Info
    };
    let mut logger = env_logger::Builder::new();
    logger
        .filter_level(level)
        .filter_module("ureq", LevelFilter::Error);
    if let Some(file) = file {
        logger.target(env_logger::Target::Pipe(Box::new(Log(file))));
    }
    // A test may have installed one already.
    let _ = logger.try_init();
}

/// A file that is opened again when it was moved away.
struct Log(Arc<LogFile>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        (&*self.0).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        (&*self.0).flush()
    }
}
