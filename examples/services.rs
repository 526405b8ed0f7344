//! How do functions become a program with shared options and a group? A list of services in a JSON file.
//!
//! ```sh
//! cargo run --example services -- initialize
//! cargo run --example services -- add web 'httpd -p 80' -w /srv/www
//! cargo run --example services -- start web
//! cargo run --example services -- list --running
//! cargo run --example services -- restart web
//! ```

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{fmt, fs, io};

use clap::ValueEnum;
use lazy_prop::command::Shell;
use lazy_prop::{command, options};
use serde::{Deserialize, Serialize};

/// A service in the list.
#[derive(Serialize, Deserialize)]
struct Service {
    command: String,
    working_directory: PathBuf,
    stdout: PathBuf,
    nice: i8,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Serialize, Deserialize, ValueEnum)]
enum State {
    Running,
    Stopped,
}

#[derive(Debug)]
enum Error {
    Read(PathBuf, io::Error),
    Parse(PathBuf, serde_json::Error),
    Unknown(String),
    Exists(String),
    Already(String, &'static str),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(file, _) => write!(f, "can't use the list {}", file.display()),
            Self::Parse(file, _) => write!(f, "{} is no list of services", file.display()),
            Self::Unknown(service) => write!(f, "there is no service `{service}`"),
            Self::Exists(service) => write!(f, "there is a service `{service}` already"),
            Self::Already(service, state) => write!(f, "`{service}` is {state} already"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Read(_, error) => Some(error),
            Self::Parse(_, error) => Some(error),
            _ => None,
        }
    }
}

type List = BTreeMap<String, Service>;

fn read(file: &Path) -> Result<List, Error> {
    let text = fs::read_to_string(file).map_err(|error| Error::Read(file.into(), error))?;
    serde_json::from_str(&text).map_err(|error| Error::Parse(file.into(), error))
}

fn write(file: &Path, list: &List) -> Result<(), Error> {
    let text =
        serde_json::to_string_pretty(list).map_err(|error| Error::Parse(file.into(), error))?;
    fs::write(file, text).map_err(|error| Error::Read(file.into(), error))
}

/// Changes one service of the list.
fn change(
    file: &Path,
    service: &str,
    change: impl FnOnce(&mut Service) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut list = read(file)?;
    change(
        list.get_mut(service)
            .ok_or_else(|| Error::Unknown(service.into()))?,
    )?;
    write(file, &list)
}

// A parameter of one of these names is the option that is described here.
options! { shared:
    /// File that holds the list.
    registry => #[arg(short, long, env = "SERVICES", default_value = "services.json", help_heading = "List")],
    /// Directory to run in.
    working_directory => #[arg(short = 'w', long, default_value = ".")],
    /// File for standard output.
    stdout => #[arg(short = 'o', long, default_value = "/dev/null")],
    /// Name of the service.
    service => #[arg()],
}

/// Make an empty list.
#[command(options = shared, help_heading = "The list")]
fn initialize(registry: PathBuf, #[arg(long)] force: bool) -> Result<(), Error> {
    if registry.exists() && !force {
        let error = io::Error::other("it exists, and `--force` is not given");
        return Err(Error::Read(registry, error));
    }
    write(&registry, &List::new())
}

/// List the services.
#[command(options = shared, visible_alias = "ls", help_heading = "The list")]
fn list(
    registry: PathBuf,
    /// Show only services in this state.
    #[arg(long)]
    state: Option<State>,
) -> Result<(), Error> {
    for (name, service) in read(&registry)? {
        if state.is_none_or(|state| state == service.state) {
            println!("{name}\t{}", service.command);
        }
    }
    Ok(())
}

/// Add a service to the list.
///
/// It does not run until it is started.
#[command(options = shared, help_heading = "The list")]
fn add(
    registry: PathBuf,
    service: String,
    /// The command line, as one would type it.
    command: String,
    working_directory: PathBuf,
    stdout: PathBuf,
    /// Priority, from -20 to 19.
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(i8).range(-20..20))]
    nice: i8,
) -> Result<(), Error> {
    let mut list = read(&registry)?;
    if list.contains_key(&service) {
        return Err(Error::Exists(service));
    }
    let state = State::Stopped;
    list.insert(
        service,
        Service {
            command,
            working_directory,
            stdout,
            nice,
            state,
        },
    );
    write(&registry, &list)
}

/// Remove services from the list.
#[command(options = shared, help_heading = "The list")]
fn remove(
    registry: PathBuf,
    /// Names of the services.
    #[arg(required = true)]
    services: Vec<String>,
) -> Result<(), Error> {
    let mut list = read(&registry)?;
    for service in services {
        list.remove(&service).ok_or(Error::Unknown(service))?;
    }
    write(&registry, &list)
}

/// Say whether a service runs; the exit code is 3 if it does not.
#[command(options = shared, help_heading = "One service")]
fn status(registry: PathBuf, service: String) -> Result<ExitCode, Error> {
    let list = read(&registry)?;
    let found = list.get(&service).ok_or(Error::Unknown(service))?;
    Ok(match found.state {
        State::Running => {
            println!("running");
            ExitCode::SUCCESS
        }
        State::Stopped => {
            println!("stopped");
            ExitCode::from(3)
        }
    })
}

/// Start a service.
#[command(options = shared, help_heading = "One service")]
fn start(registry: PathBuf, service: String) -> Result<(), Error> {
    change(&registry, &service, |found| {
        if found.state == State::Running {
            return Err(Error::Already(service.clone(), "running"));
        }
        found.state = State::Running;
        Ok(())
    })
}

/// Stop a service.
#[command(options = shared, help_heading = "One service")]
fn stop(registry: PathBuf, service: String) -> Result<(), Error> {
    change(&registry, &service, |found| {
        if found.state == State::Stopped {
            return Err(Error::Already(service.clone(), "stopped"));
        }
        found.state = State::Stopped;
        Ok(())
    })
}

/// Stop a service and start it again.
#[command(options = shared, help_heading = "One service")]
fn restart(registry: PathBuf, service: String) -> Result<(), Error> {
    // Commands are functions.
    stop(registry.clone(), service.clone())?;
    start(registry, service)
}

/// Print the completion script of a shell.
#[command(group = "print")]
fn completions(shell: Shell) -> io::Result<()> {
    lazy_prop::command::completions(shell, &lazy_prop::cli!(), &mut io::stdout())
}

/// Print the manual page.
#[command(group = "print")]
fn manual() -> io::Result<()> {
    lazy_prop::command::man(&lazy_prop::cli!(), &mut io::stdout())
}

fn main() -> ExitCode {
    lazy_prop::cli!()
        .configure(|root| root.about("Keeps a list of services"))
        .group("print", "Print what shells and readers want")
        .run()
}
