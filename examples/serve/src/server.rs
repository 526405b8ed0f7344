//! A server. Its fields are the options of all commands, and its lazy properties the resources that
//! it opens.

use std::fmt;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::ExitCode;
use std::rc::Rc;
use std::str::FromStr;
use std::sync::Arc;

use clap::builder::{TypedValueParser, ValueParserFactory};
use clap::error::ErrorKind;
use clap::{Arg, ArgMatches, Args, Command, FromArgMatches};
use daemon::Owner;
use lazy_prop::lazy;

use crate::apps::{Answers, Application};
use crate::board::Board;
use crate::runtimes::{self, Runtime};
use crate::seconds::Seconds;
use crate::{Error, config, listener, reload, start};

/// The options of every command. Each may also be set in the environment, as `SERVE_BIND`, and in a
/// configuration file, as `bind`.
#[derive(Debug, Clone, Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct Options {
    /// Stay in the foreground
    #[arg(short, long, alias = "nodaemon", help_heading = DAEMON)]
    pub no_daemon: bool,
    /// File to log to; - is standard output [default: serve.log, standard error with -n]
    #[arg(short, long, alias = "logfile", value_name = "FILE", help_heading = DAEMON)]
    pub log_file: Option<PathBuf>,
    /// Log to the system log
    #[arg(long, conflicts_with = "log_file", help_heading = DAEMON)]
    pub syslog: bool,
    /// Prefix of each line in the system log
    #[arg(long, default_value = "serve", value_name = "TEXT", help_heading = DAEMON)]
    pub prefix: String,
    /// File for the process id [default: serve.pid, none with -n]
    #[arg(long, alias = "pidfile", value_name = "FILE", help_heading = DAEMON)]
    pub pid_file: Option<PathBuf>,
    /// Working directory; other paths are relative to it
    #[arg(short = 'd', long, alias = "rundir", value_name = "DIR", help_heading = DAEMON)]
    pub run_dir: Option<PathBuf>,
    /// Directory that becomes the root; other paths are inside it
    #[arg(long, value_name = "DIR", help_heading = DAEMON)]
    pub chroot: Option<PathBuf>,
    /// User of the workers, by name or number
    #[arg(short, long, value_name = "USER", value_parser = daemon::user_id, help_heading = DAEMON)]
    pub uid: Option<u32>,
    /// Group of the workers, by name or number [default: that of the user]
    #[arg(short, long, value_name = "GROUP", value_parser = daemon::group_id, help_heading = DAEMON)]
    pub gid: Option<u32>,
    /// Umask, in octal [default: 077, unchanged with -n]
    #[arg(long, value_name = "MODE", value_parser = octal, help_heading = DAEMON)]
    pub umask: Option<u32>,

    /// Runtime that waits for sockets and timers
    #[arg(short, long, default_value = "tokio", value_name = "NAME", value_parser = runtime, help_heading = SERVER)]
    pub runtime: Vec<String>,
    /// List the runtimes
    #[arg(long, num_args = 0, default_missing_value = "true", help_heading = SERVER)]
    pub help_runtimes: Option<RuntimesHelp>,
    /// Address to listen on
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS", help_heading = SERVER)]
    pub bind: String,
    /// Number of workers; auto is one for each processor, 0 serves in this process
    #[arg(long, default_value = "auto", value_name = "N", help_heading = SERVER)]
    pub workers: Workers,
    /// Connections that may wait to be accepted
    #[arg(long, default_value = "4096", value_name = "N", value_parser = clap::value_parser!(i32).range(1..), help_heading = SERVER)]
    pub backlog: i32,
    /// How long to retry while the address is in use
    #[arg(long, default_value = "30", value_name = "SECONDS", help_heading = SERVER)]
    pub bind_timeout: Seconds,
    /// Connections of a worker at once
    #[arg(long, default_value = "1024", value_name = "N", value_parser = clap::value_parser!(u32).range(1..), help_heading = SERVER)]
    pub max_clients: u32,
    /// How long a client may pause within a request or a response
    #[arg(long, default_value = "60", value_name = "SECONDS", help_heading = SERVER)]
    pub client_timeout: Seconds,
    /// How long a connection may be idle between requests
    #[arg(long, default_value = "5", value_name = "SECONDS", help_heading = SERVER)]
    pub keep_alive_timeout: Seconds,
    /// How long a leaving worker may take to finish its requests
    #[arg(long, default_value = "30", value_name = "SECONDS", help_heading = SERVER)]
    pub drain_timeout: Seconds,
    /// Largest body of a request
    #[arg(long, default_value = "1048576", value_name = "BYTES", help_heading = SERVER)]
    pub max_body: u64,

    /// TOML file with options, or a directory of such files
    #[arg(short, long, value_name = "PATH", help_heading = CONFIG)]
    pub config: Option<PathBuf>,
    /// Load the application, check that it can run, and exit
    #[arg(long, help_heading = CONFIG)]
    pub test_config: bool,
    /// Print each option with its value and its source, and exit
    #[arg(long, help_heading = CONFIG)]
    pub show_config: bool,
}

const DAEMON: &str = "Daemon";
const SERVER: &str = "Server";
const CONFIG: &str = "Configuration";

fn octal(text: &str) -> Result<u32, &'static str> {
    let mode = u32::from_str_radix(text, 8).map_err(|_| "it is no octal number")?;
    if mode > 0o777 {
        Err("it is more than 777")
    } else {
        Ok(mode)
    }
}

fn runtime(name: &str) -> Result<String, runtimes::Unavailable> {
    runtimes::find(name).map(|kind| kind.name.to_owned())
}

/// The number of workers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Workers {
    /// One for each processor.
    Auto,
    /// This many.
    Count(usize),
}

impl Workers {
    /// The number.
    #[must_use]
    pub fn count(self) -> usize {
        match self {
            Self::Auto => std::thread::available_parallelism().map_or(1, usize::from),
            Self::Count(count) => count,
        }
    }
}

impl FromStr for Workers {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.parse() {
            Ok(count @ 0..=1000) => Ok(Self::Count(count)),
            Ok(_) => Err("it is more than 1000"),
            Err(_) if text == "auto" => Ok(Self::Auto),
            Err(_) => Err("it is neither `auto` nor a number"),
        }
    }
}

impl fmt::Display for Workers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => f.write_str("auto"),
            Self::Count(count) => count.fmt(f),
        }
    }
}

/// A flag that prints the list of runtimes, as `--help` prints the help.
#[derive(Debug, Clone)]
pub struct RuntimesHelp;

#[derive(Clone)]
#[doc(hidden)]
pub struct PrintsRuntimes;

impl ValueParserFactory for RuntimesHelp {
    type Parser = PrintsRuntimes;

    fn value_parser() -> PrintsRuntimes {
        PrintsRuntimes
    }
}

impl TypedValueParser for PrintsRuntimes {
    type Value = RuntimesHelp;

    fn parse_ref(
        &self,
        _: &Command,
        _: Option<&Arg>,
        _: &std::ffi::OsStr,
    ) -> Result<RuntimesHelp, clap::Error> {
        // As clap says it, for which it has to be somebody's help.
        let list = Command::new("").override_help(runtimes::help());
        let shown = list.try_get_matches_from(["", "--help"]).err();
        Err(shown.unwrap_or_else(|| clap::Error::new(ErrorKind::DisplayHelp)))
    }
}

/// A server as the command line describes it. Its resources are opened on first use.
#[lazy]
#[derive(Debug, Clone)]
pub struct Server {
    /// The options.
    pub options: Options,
}

#[lazy]
impl Server {
    /// A server with these options.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self { options }
    }

    /// The user and group of the workers.
    #[lazy]
    pub(crate) fn owner(&self) -> Result<&Owner, Error> {
        let Options { uid, gid, .. } = self.options;
        Ok(Owner::new(uid, gid, true)?)
    }

    /// The listening socket: inherited, or else bound.
    #[lazy]
    pub(crate) fn listener(&self) -> Result<&TcpListener, Error> {
        listener::open(&self.options)
    }

    /// The board of the workers' counts.
    #[lazy]
    fn board(&self) -> Result<&Arc<Board>, Error> {
        Ok(Arc::new(Board::new()?))
    }

    /// The runtime. A process has one, from its first use on.
    #[lazy]
    pub(crate) fn runtime(&self) -> Result<&Rc<dyn Runtime>, Error> {
        Ok(runtimes::install(&self.options.runtime[0])?)
    }

    /// The workers' counts, for a status page.
    ///
    /// # Errors
    /// If the system has no memory for them.
    pub fn metrics(&self) -> Result<Arc<Board>, Error> {
        self.board().cloned()
    }

    /// The resources that the next server takes over.
    ///
    /// # Errors
    /// If the system has no descriptor for them.
    pub(crate) fn kept(&self) -> Result<Kept, Error> {
        let listener = self.listener()?.try_clone()?;
        let board = self.metrics()?;
        Ok(Kept { listener, board })
    }

    /// The same server, with the resources of another one.
    pub(crate) fn with(self, kept: Kept) -> Self {
        let _ = self.lazy.listener.set(kept.listener);
        let _ = self.lazy.board.set(kept.board);
        self
    }

    /// Stops accepting. The system refuses new connections when the workers have closed their
    /// copies too.
    pub(crate) fn close_listener(&mut self) {
        self.lazy.listener.take();
    }

    /// Serves an application until a signal ends it. This is the whole of a command. The
    /// application is loaded before the workers are forked, so that its mistakes are reported
    /// early. While it is loaded it must not start threads or use the runtime.
    ///
    /// # Errors
    /// If it cannot start.
    pub fn serve<A: Application>(
        &self,
        load: impl FnOnce(&Self) -> Result<A, Error>,
    ) -> Result<ExitCode, Error> {
        if self.options.show_config {
            return config::show();
        }
        let load = |server: Self| {
            let application: Rc<dyn Answers> = Rc::new(load(&server)?);
            Ok(Plan {
                server,
                application,
            })
        };
        if self.options.test_config {
            load(self.clone())?;
            println!("the configuration is right");
            Ok(ExitCode::SUCCESS)
        } else if reload::is_asked() {
            reload::answer(self.clone(), load);
            Ok(ExitCode::SUCCESS)
        } else {
            start::start(self.clone(), load)
        }
    }
}

/// The resources that survive a change of the options.
pub(crate) struct Kept {
    pub(crate) listener: TcpListener,
    pub(crate) board: Arc<Board>,
}

/// A server and its application.
pub(crate) struct Plan {
    pub(crate) server: Server,
    pub(crate) application: Rc<dyn Answers>,
}

/// The options are at the root of the command line, so commands find them there and add none.
impl Args for Server {
    fn augment_args(command: Command) -> Command {
        command
    }

    fn augment_args_for_update(command: Command) -> Command {
        command
    }
}

impl FromArgMatches for Server {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let options = Options::from_arg_matches(matches)?;
        if let [first, _, ..] = &options.runtime[..] {
            let text =
                format!("a runtime is already installed: `{first}`, by the first --runtime\n");
            return Err(clap::Error::raw(ErrorKind::ArgumentConflict, text));
        }
        Ok(Self::new(options))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
