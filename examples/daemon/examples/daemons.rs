//! Daemons that a program starts, and then goes on: what becomes of each, said as it is known.
//!
//! ```text
//! $ cargo run -p daemon --example daemons -- work fail panic
//! work: ready as 4711
//! fail: exec /no/such: No such file or directory
//! panic: body: it panicked before it reported
//! ```

use std::ffi::OsStr;
use std::io::{self, PipeReader, Read};
use std::os::fd::AsFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::CommandExt;
use std::process::{self, Command};
use std::thread;
use std::time::Duration;

use clap::{Parser, ValueEnum};
use daemon::process::exit_now;
use daemon::{DaemonContext, DaemonError, Failure, Pending, Reporter};
use rustix::event::{PollFd, PollFlags, poll};
use rustix::process::{Signal, getpid, kill_process};

/// Starts daemons, waits for them all at once, and ends them.
#[derive(Parser)]
struct Options {
    /// What each daemon does.
    deeds: Vec<Deed>,
    /// How many milliseconds each may take.
    #[arg(long, default_value_t = 10_000)]
    deadline: u64,
    /// The directory they work in.
    #[arg(long, default_value = "/")]
    working_directory: String,
    /// Start a thread before, which is not allowed.
    #[arg(long)]
    thread: bool,
    /// The most processes the user may have.
    #[arg(long)]
    processes: Option<u64>,
}

/// What a daemon does.
#[derive(Clone, Copy, ValueEnum)]
enum Deed {
    /// Says that it is ready, and lives as long as this program.
    Work,
    /// Says it at length.
    Talk,
    /// Reports a failure.
    Fail,
    /// Reports one with a strange path and lines.
    Strange,
    /// Panics.
    Panic,
    /// Says nothing, and ends with an exit code.
    Quiet,
    /// Is killed.
    Die,
    /// Is killed, but has a child that lives on, with all that it has open.
    Orphan,
    /// Ends, and forgets to report.
    Exit,
    /// Becomes another program, and so can't report.
    Become,
    /// Never reports.
    Hang,
}

impl Deed {
    fn run(self, reporter: &mut Reporter, mut end: &PipeReader) -> Result<u8, Failure> {
        match self {
            Self::Work => drop(reporter.ready(&format!("as {}", process::id()))),
            Self::Talk => drop(reporter.ready(&"blah\n".repeat(100_000))),
            Self::Fail => {
                Command::new("/no/such")
                    .spawn()
                    .map_err(|error| Failure::new("exec", &error).at("/no/such").exit_code(127))?;
            }
            Self::Strange => {
                let path = OsStr::from_bytes(b"/\xff\n/x");
                return Err(Failure::because("stage", "two\nlines: \"\0\u{1b}").at(path));
            }
            Self::Panic => panic!("as told"),
            Self::Quiet => return Ok(3),
            Self::Die => drop(kill_process(getpid(), Signal::KILL)),
            Self::Orphan => {
                let report = reporter
                    .descriptor()
                    .ok_or(Failure::because("body", "too late"))?;
                let context = DaemonContext::new().files_preserve(report);
                let child = context.files_preserve(end.as_fd()).spawn(|own| {
                    own.ready("");
                    let _ = end.read(&mut [0]);
                    Ok(0)
                });
                let up = child.and_then(|child| child.wait(Duration::MAX));
                drop((up, kill_process(getpid(), Signal::KILL)));
            }
            Self::Exit => exit_now(3),
            Self::Become => {
                let error = Command::new("sleep").arg("1000").exec();
                return Err(Failure::new("exec", &error));
            }
            Self::Hang => {
                let _ = end.read(&mut [0]);
                let heard = reporter.ready("late");
                return Ok(u8::from(heard));
            }
        }
        // The other end closes when the program that has started us ends.
        let _ = end.read(&mut [0]);
        Ok(0)
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let options = Options::parse();
    let (end, started_by) = io::pipe()?;
    if options.thread {
        thread::spawn(|| thread::sleep(Duration::MAX));
    }
    if let Some(most) = options.processes {
        let most = rustix::process::Rlimit {
            current: Some(most),
            maximum: Some(most),
        };
        rustix::process::setrlimit(rustix::process::Resource::Nproc, most)?;
    }
    let context = DaemonContext::new()
        .working_directory(options.working_directory)
        .files_preserve(end.as_fd());

    let mut pending: Vec<(Deed, Pending)> = Vec::new();
    for deed in options.deeds {
        match context.spawn(|reporter| deed.run(reporter, &end)) {
            Ok(daemon) => pending.push((deed, daemon)),
            Err(error) => say(deed, Err(error)),
        }
    }
    while !pending.is_empty() {
        let deadline = Duration::from_millis(options.deadline);
        let timeout = deadline.try_into()?;
        let mut ready: Vec<_> = pending
            .iter()
            .map(|(_, daemon)| PollFd::new(daemon, PollFlags::IN))
            .collect();
        poll(&mut ready, Some(&timeout))?;
        let first = ready.iter().position(|one| !one.revents().is_empty());
        let left = first.map_or(Duration::ZERO, |_| deadline);
        let (deed, daemon) = pending.swap_remove(first.unwrap_or(0));
        say(deed, daemon.wait(left));
    }
    drop(started_by);
    Ok(())
}

fn say(deed: Deed, outcome: Result<String, DaemonError>) {
    let name = deed.to_possible_value();
    let name = name.as_ref().map_or("", |value| value.get_name());
    match outcome {
        Ok(text) if text.len() > 100 => println!("{name}: ready with {} bytes", text.len()),
        Ok(text) => println!("{name}: ready {text}"),
        Err(DaemonError::Failed(failure)) => println!("{name}: {failure}"),
        Err(error) => println!("{name}: {error}"),
    }
}
