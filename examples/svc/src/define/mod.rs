//! How a service is defined and changed on the command line.

mod care;
mod rights;
mod values;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{env, path};

use clap::{Args, ValueHint};

use crate::error::Error;
use crate::name::Name;
use crate::ready::Ready;
use crate::service::{Output, Restart, Service};
use crate::{env_file, instances};
use care::Care;
use rights::Rights;
pub(crate) use rights::umask;
pub use values::{Seconds, Size, StopSignal, Variable};

/// The options of `add` and `edit`.
#[derive(Debug, Clone, Args)]
pub struct Changes {
    /// Directory to run in [default: this one]
    #[arg(short, long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    working_directory: Option<PathBuf>,
    /// File for standard input [default: /dev/null]
    #[arg(short = 'i', long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    stdin: Option<PathBuf>,
    /// File to which standard output is appended [default: its log]
    #[arg(short = 'o', long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    stdout: Option<PathBuf>,
    /// File for standard error [default: that of standard output]
    #[arg(short = 'e', long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    stderr: Option<PathBuf>,
    /// Write to its log again, and not to files
    #[arg(long, conflicts_with_all = ["stdout", "stderr"], help_heading = "Its log")]
    log: bool,
    /// Largest size of a log file, such as 500K, 10M or 1G [default: 10M]
    #[arg(long, value_name = "SIZE", help_heading = "Its log")]
    log_size: Option<Size>,
    /// Number of old log files to keep [default: 5]
    #[arg(long, value_name = "N", help_heading = "Its log")]
    log_keep: Option<u32>,
    /// Largest age of a log file in seconds; 0 means any age [default: 0]
    #[arg(long, value_name = "SECONDS", help_heading = "Its log")]
    log_age: Option<Seconds>,
    /// Variable for its environment, besides PATH, HOME, USER, LOGNAME, SHELL, LANG, TZ and TMPDIR
    #[arg(long, value_name = "KEY=VALUE")]
    env: Vec<Variable>,
    /// File of such variables, a KEY=VALUE on each line; it is read now, and `--env` goes before it
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    env_file: Vec<PathBuf>,
    /// Variable to remove from its environment
    #[arg(long, value_name = "KEY")]
    unset_env: Vec<String>,
    /// Give it the whole environment of this command
    #[arg(long)]
    capture_env: bool,
    /// Number of copies: NAME@1, NAME@2 and so on, each with its number in SVC_INSTANCE
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    instances: Option<u32>,
    /// Service that starts before it and stops after it
    #[arg(long, value_name = "NAME")]
    after: Vec<Name>,
    /// Service that no longer has to start before it
    #[arg(long, value_name = "NAME")]
    unset_after: Vec<Name>,
    /// How many seconds it has to run to count as started [default: 1 if it comes back when it ends, else 0]
    #[arg(long, value_name = "SECONDS", help_heading = "Starting")]
    start_seconds: Option<Seconds>,
    /// What shows that it is ready: `notify`, `fd:N`, `port:N`, `http://…`, `log:TEXT` or `command:LINE`
    #[arg(long, value_name = "WHAT", help_heading = "Starting")]
    ready: Option<Ready>,
    /// Nothing has to show that it is ready
    #[arg(long, conflicts_with = "ready", help_heading = "Starting")]
    unset_ready: bool,
    /// How many seconds a start waits until it is ready [default: 60]
    #[arg(long, value_name = "SECONDS", help_heading = "Starting")]
    ready_timeout: Option<Seconds>,
    /// When to start it again after its end [default: no]
    #[arg(long, help_heading = "Coming back")]
    restart: Option<Restart>,
    /// Pause before the first restart in seconds; each later one doubles [default: 0.1]
    #[arg(long, value_name = "SECONDS", help_heading = "Coming back")]
    restart_pause: Option<Seconds>,
    /// Longest pause; a service that ran this long starts with the first pause again [default: 30]
    #[arg(long, value_name = "SECONDS", help_heading = "Coming back")]
    restart_longest: Option<Seconds>,
    /// Starts within the window after which it is given up [default: 8]
    #[arg(long, value_name = "N", help_heading = "Coming back")]
    restart_starts: Option<u32>,
    /// The window in seconds [default: 60]
    #[arg(long, value_name = "SECONDS", help_heading = "Coming back")]
    restart_window: Option<Seconds>,
    /// Signal that asks it to stop [default: TERM]
    #[arg(long, value_name = "SIGNAL", help_heading = "Stopping")]
    stop_signal: Option<StopSignal>,
    /// Number of signals before KILL [default: 1]
    #[arg(long, value_name = "N", help_heading = "Stopping")]
    stop_repeat: Option<u32>,
    /// Pause after each signal in seconds [default: 10]
    #[arg(long, value_name = "SECONDS", help_heading = "Stopping")]
    stop_pause: Option<Seconds>,
    #[command(flatten)]
    care: Care,
    #[command(flatten)]
    rights: Rights,
    /// The command line in one word, split as a shell does it; no shell runs
    #[arg(value_name = "COMMAND")]
    line: Option<String>,
    /// The command line word for word, after `--`
    #[arg(last = true, value_name = "WORD", conflicts_with = "line")]
    words: Vec<String>,
}

impl Changes {
    /// A new service of that name, or its instances.
    ///
    /// # Errors
    /// If there is no command line, or it cannot be parsed.
    pub fn define(self, name: Name) -> Result<Vec<Service>, Error> {
        let mut service = Service {
            working_directory: absolute(Path::new("."))?,
            ..Service::new(name, vec![])
        };
        let instances = self.instances;
        self.apply(&mut service)?;
        if service.command.is_empty() {
            return Err(Error::NoCommand(service.name));
        }
        match instances {
            Some(count) => instances::all(&service, count),
            None => Ok(vec![service]),
        }
    }

    /// The number of instances.
    #[must_use]
    pub fn instances(&self) -> Option<u32> {
        self.instances
    }

    /// Changes a service. Options that are not given stay unchanged.
    ///
    /// # Errors
    /// If the command line can't be understood, or we are in a directory that is gone.
    pub fn apply(self, service: &mut Service) -> Result<(), Error> {
        if let Some(command) = command(self.line, self.words)? {
            service.command = command;
        }
        set_path(
            &mut service.working_directory,
            self.working_directory.as_deref(),
        )?;
        set_path(&mut service.stdin, self.stdin.as_deref())?;
        // A user who redirects only the output means the errors too, unless these go elsewhere.
        let both = self.stdout.as_deref();
        let both = both.filter(|_| service.stderr == service.stdout);
        set_output(&mut service.stderr, self.stderr.as_deref().or(both))?;
        set_output(&mut service.stdout, self.stdout.as_deref())?;
        if self.log {
            (service.stdout, service.stderr) = (Output::Log, Output::Log);
        }
        set(&mut service.log.size, self.log_size.map(Size::bytes));
        set(&mut service.log.keep, self.log_keep);
        set(&mut service.log.age, self.log_age.map(Duration::from));
        if self.capture_env {
            service.env.extend(environment(&service.name)?);
        }
        for file in &self.env_file {
            service.env.extend(env_file::read(file)?);
        }
        service.env.retain(|key, _| !self.unset_env.contains(key));
        service.env.extend(self.env.into_iter().map(Variable::pair));
        if !self.after.is_empty() {
            service.after = self.after;
        }
        service
            .after
            .retain(|name| !self.unset_after.contains(name));
        set(
            &mut service.start,
            self.start_seconds.map(|time| Some(time.into())),
        );
        set(&mut service.ready, self.ready.map(Some));
        if self.unset_ready {
            service.ready = None;
        }
        set(
            &mut service.ready_timeout,
            self.ready_timeout.map(Duration::from),
        );
        let logs = [&service.stdout, &service.stderr].contains(&&Output::Log);
        if matches!(service.ready, Some(Ready::Log(_))) && !logs {
            return Err(Error::Invalid(
                service.name.clone(),
                "`--ready log:…` needs its log",
            ));
        }
        set(&mut service.restart, self.restart);
        set(
            &mut service.backoff.first,
            self.restart_pause.map(Duration::from),
        );
        set(
            &mut service.backoff.longest,
            self.restart_longest.map(Duration::from),
        );
        set(&mut service.backoff.starts, self.restart_starts);
        set(
            &mut service.backoff.window,
            self.restart_window.map(Duration::from),
        );
        set(
            &mut service.stop.signal,
            self.stop_signal.map(StopSignal::number),
        );
        set(&mut service.stop.repeat, self.stop_repeat);
        set(&mut service.stop.pause, self.stop_pause.map(Duration::from));
        self.rights.apply(service);
        self.care.apply(service)?;
        Ok(())
    }
}

/// Sets or removes an optional value, if that is asked for.
fn change<T>(field: &mut Option<T>, value: Option<T>, unset: bool) {
    if unset || value.is_some() {
        *field = value;
    }
}

fn set<T>(field: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *field = value;
    }
}

fn set_path(field: &mut PathBuf, value: Option<&Path>) -> Result<(), Error> {
    set(field, value.map(absolute).transpose()?);
    Ok(())
}

fn set_output(field: &mut Output, value: Option<&Path>) -> Result<(), Error> {
    set(field, value.map(absolute).transpose()?.map(Output::File));
    Ok(())
}

/// Our own variables, as text.
fn environment(name: &Name) -> Result<BTreeMap<String, String>, Error> {
    let text = |(key, value): (OsString, OsString)| {
        Some((key.into_string().ok()?, value.into_string().ok()?))
    };
    let variables: Option<_> = env::vars_os().map(text).collect();
    variables.ok_or_else(|| Error::Invalid(name.clone(), "its environment must be UTF-8"))
}

/// A path made absolute, because later commands run in other directories.
fn absolute(path: &Path) -> Result<PathBuf, Error> {
    let absolute = path::absolute(path).map_err(|error| Error::file(path, error))?;
    Ok(absolute.components().collect())
}

fn command(line: Option<String>, words: Vec<String>) -> Result<Option<Vec<String>>, Error> {
    let words = match line {
        Some(line) => shell_words::split(&line).map_err(Error::Words)?,
        None if words.is_empty() => return Ok(None),
        None => words,
    };
    let names_a_program = words.first().is_some_and(|word| !word.is_empty());
    if names_a_program && !words.iter().any(|word| word.contains('\0')) {
        Ok(Some(words))
    } else {
        Err(Error::EmptyCommand)
    }
}
