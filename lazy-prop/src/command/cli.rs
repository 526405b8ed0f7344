//! A program's command line.

#[cfg(feature = "complete")]
use std::any::Any;
use std::boxed::Box;
use std::error::Error as StdError;
use std::ffi::OsString;
use std::fmt;
use std::marker::PhantomData;
use std::mem;
use std::process::ExitCode;
use std::vec;
use std::vec::Vec;

use clap::Command;

use super::call::Call;
use super::dispatch::Parsed;
use super::entry::{App, Entry, OneBlockOfCommands};
use super::error::Error;
#[cfg(doc)]
use super::error::ErrorKind;
use super::failure::FailureCode;
use super::line::{Line, Meta};
use super::stop::{Ended, Later, Stop};
use super::tree::{Arguments, Tree};
use super::{dispatch, failure, pipe, tree};

/// Commands that are listed by hand. [`commands!`](crate::commands) makes it.
#[derive(Clone, Copy)]
pub struct Commands(&'static [&'static Entry]);

impl Commands {
    #[doc(hidden)]
    #[must_use]
    pub const fn new(entries: &'static [&'static Entry]) -> Self {
        Self(entries)
    }
}

/// Shows the words of each command.
impl fmt::Debug for Commands {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(paths(self.0)).finish()
    }
}

fn paths<'e>(entries: &'e [&'static Entry]) -> impl Iterator<Item = &'static str> + 'e {
    entries.iter().map(|entry| entry.path)
}

/// The command line of a program. [`cli!`](crate::cli) makes it, or `App::cli()` for an app.
///
/// ```
/// use lazy_prop::{cli, command, commands};
///
/// /// Add a service to the list.
/// #[command]
/// fn add(service: String) -> Result<(), String> {
///     if service.is_empty() { Err("a service needs a name".into()) } else { Ok(()) }
/// }
///
/// let cli = || cli!(commands![add]);
/// assert!(cli().try_run_from(["app", "add", "db"]).is_ok());
///
/// let wrong = cli().try_run_from(["app", "add"]).unwrap_err();
/// assert!(wrong.is_usage());
/// assert_eq!(wrong.exit_code(), 2);
///
/// let failed = cli().try_run_from(["app", "add", ""]).unwrap_err();
/// assert_eq!(failed.failure().unwrap().to_string(), "a service needs a name");
/// assert_eq!(failed.exit_code(), 1);
/// ```
#[must_use = "a command line does nothing until it is run"]
pub struct Cli<A: App = ()> {
    line: Line,
    form: Form,
    app: PhantomData<fn() -> A>,
    /// The name of the configuration files.
    #[cfg(feature = "config")]
    config: Option<&'static str>,
    /// Answers `--help=json`.
    #[cfg(feature = "describe")]
    pub(super) help_formats: super::describe::HelpFormats,
    failure_code: Box<FailureCode>,
}

/// Shows the name of the program, and the words of each command.
impl<A: App> fmt::Debug for Cli<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let commands: Vec<_> = paths(&self.line.entries).collect();
        f.debug_struct("Cli")
            .field("name", &self.line.meta.name)
            .field("commands", &commands)
            .finish_non_exhaustive()
    }
}

impl<A: App> Cli<A> {
    fn new(meta: Meta, entries: Vec<&'static Entry>, form: Form) -> Self {
        let line = Line {
            meta,
            entries,
            groups: vec![],
            settings: vec![],
            options: |root| {
                Call::build_app(root, |call| {
                    let _ = A::call(call);
                })
            },
        };
        Self {
            line,
            form,
            app: PhantomData,
            #[cfg(feature = "config")]
            config: None,
            #[cfg(feature = "describe")]
            help_formats: None,
            failure_code: Box::new(|_| 1),
        }
    }

    #[doc(hidden)]
    pub fn of_app(meta: Meta) -> Self
    where
        A: OneBlockOfCommands,
    {
        Self::new(meta, A::ENTRIES.iter().collect(), Form::LISTED)
    }

    /// Describes a group in the help of the program. `path` has its words as they are typed.
    pub fn group(mut self, path: &'static str, about: &'static str) -> Self {
        self.line.groups.push((path, about));
        self
    }

    /// Changes the root command: its name, its help, `infer_subcommands` and everything else that clap's
    /// builder has.
    ///
    /// ```
    /// # use lazy_prop::{cli, command, commands};
    /// #[command]
    /// fn status() {}
    ///
    /// let cli = cli!(commands![status]).configure(|root| root.infer_subcommands(true));
    /// assert!(cli.try_run_from(["app", "stat"]).is_ok());
    /// ```
    pub fn configure(mut self, settings: impl Fn(Command) -> Command + 'static) -> Self {
        self.line.settings.push(Box::new(settings));
        self
    }

    /// Adds the command `completions install`, which makes a shell ask the program at each press of
    /// the tab key. It writes the file where the shell looks for it, or prints it with `--print`.
    ///
    /// [`run`](Self::run) answers the shell, with what the functions of `#[arg(complete = ...)]` say.
    #[cfg(feature = "complete")]
    pub fn completions(mut self) -> Self {
        self.line.entries.push(&super::install::INSTALL);
        let about = "Complete the command line in a shell";
        self.group("completions", about)
    }

    /// Reads options that are not on the line from configuration files, and adds the commands
    /// `config show`, which lists each value with its source, and `config path`.
    ///
    /// The order is: the line, the environment, the project's file, the user's file, the default. The
    /// first file is `name.toml` in the current directory or the nearest above it, the second
    /// `name/config.toml` in `$XDG_CONFIG_HOME` or `~/.config` (on Windows in `%APPDATA%`). They are
    /// TOML: the keys are the long names of the options, and the options of a command stand in a
    /// table of its words.
    ///
    /// ```toml
    /// db = "svc.db"        # --db of the app
    ///
    /// [remote.add]         # app remote add
    /// tag = ["a", "b"]     # --tag a --tag b
    /// ```
    ///
    /// Values are read as on the line. An unknown key or a wrong value is wrong usage, with its file
    /// and line, whichever command is chosen.
    #[cfg(feature = "config")]
    pub fn config(mut self, name: &'static str) -> Self {
        self.config = Some(name);
        if self.form.has_many {
            self.line
                .entries
                .extend([&super::config::SHOW, &super::config::PATH]);
            return self.group("config", "Look into the configuration");
        }
        self
    }

    /// Reads the configuration files.
    #[cfg(feature = "config")]
    fn read_config(&self) -> Result<(), Error> {
        super::config::set(None);
        if let Some(name) = self.config {
            let tree = (self.form.tree)(&self.line, Arguments::Now)?;
            let layers = super::config::Layers::read(name, tree, !self.form.has_many);
            super::config::set(Some(layers.map_err(Error::usage_of)?));
        }
        Ok(())
    }

    /// Gives the errors of one type their own exit codes. All others keep 1.
    ///
    /// The search begins at the returned error and follows its chain of causes. The error may be in a `Box`,
    /// an `Arc`, a `Box<dyn Error>` or an `anyhow::Error`. A later call adds another type, which comes first.
    ///
    /// ```
    /// # use lazy_prop::{cli, command, commands};
    /// #[derive(Debug)]
    /// enum Error { Unknown, Broken }
    ///
    /// impl Error {
    ///     fn code(&self) -> u8 {
    ///         match self { Self::Unknown => 4, Self::Broken => 6 }
    ///     }
    /// }
    /// # impl std::fmt::Display for Error {
    /// #     fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str("no") }
    /// # }
    /// # impl std::error::Error for Error {}
    ///
    /// #[command]
    /// fn find(word: String) -> Result<(), Error> {
    ///     Err(if word.is_empty() { Error::Broken } else { Error::Unknown })
    /// }
    ///
    /// let cli = cli!(commands![find]).failure_code(Error::code);
    /// assert_eq!(cli.try_run_from(["app", "find", "x"]).unwrap_err().exit_code(), 4);
    /// ```
    pub fn failure_code<E: StdError + 'static>(mut self, code: fn(&E) -> u8) -> Self {
        let others = self.failure_code;
        self.failure_code = Box::new(move |error| match failure::find(error) {
            Some(error) => code(error),
            None => others(error),
        });
        self
    }

    /// Runs the command that the program's command line names, prints errors, and returns the exit code.
    ///
    /// That is the code of the function. A returned error is printed with its chain of causes, and gives 1
    /// or the code of [`failure_code`](Self::failure_code). A wrong line gives 2, help and version give 0.
    ///
    /// A closed pipe on standard output, as in `app list | head -1`, ends the program silently with the code
    /// 141, as `SIGPIPE` would.
    #[must_use = "the exit code is for `main` to return"]
    pub fn run(self) -> ExitCode {
        pipe::watch();
        #[cfg(feature = "complete")]
        if let Some(code) = self.completed() {
            return code;
        }
        self.try_run_from(std::env::args_os())
            .unwrap_or_else(|error| error.report())
    }

    /// Runs the command that `args` name, and prints nothing by itself. The first of `args` is the name of
    /// the program.
    ///
    /// # Errors
    /// An [`Error`] of the [kind](ErrorKind) `Usage` if `args` are wrong, `Help` if they ask for it,
    /// `Failure` if the command returned an error, `Mistake` if the program itself is wrong.
    pub fn try_run_from<I>(self, args: I) -> Result<ExitCode, Error>
    where
        I: IntoIterator<Item: Into<OsString>>,
    {
        match self.start(args)? {
            Started::Ended(code) => Ok(code),
            Started::Later(later, end) => end(Err(Stop::Later(later))),
        }
    }

    /// Answers a shell that asks for completions; what the program exits with then.
    #[cfg(feature = "complete")]
    pub(super) fn completed(&self) -> Option<ExitCode> {
        let app = |matches| {
            let app = A::call(&mut Call::make_app(matches)).ok();
            app.map(|app| Box::new(app) as Box<dyn Any>)
        };
        match super::dynamic::answer(|| self.clap(), app) {
            Ok(false) => None,
            Ok(true) => Some(ExitCode::SUCCESS),
            Err(error) => Some(Error::usage_of(error).report()),
        }
    }

    /// Runs the command up to its end, or to where it waits for an executor.
    pub(super) fn start<I>(self, args: I) -> Result<Started, Error>
    where
        I: IntoIterator<Item: Into<OsString>>,
    {
        let args: Vec<OsString> = args.into_iter().map(Into::into).collect();
        #[cfg(feature = "describe")]
        super::describe::asked(&self, self.help_formats, &args).map_err(|error| *error)?;
        #[cfg(feature = "config")]
        self.read_config()?;
        let mut parsed = (self.form.parse)(&self.line, self.form.tree, &args)?;
        let of_app = mem::take(&mut parsed.of_app);
        let of_command = mem::take(&mut parsed.of_command);
        let reply = A::call(&mut Call::make_app(of_app)).and_then(|app| match parsed.chosen {
            Some(entry) => {
                let app = Box::new(app);
                (entry.call)(&mut Call::run(of_command, parsed.command(), app))
            }
            // A command that `configure` added has no function. Its author handles it.
            None => Ok(ExitCode::SUCCESS),
        });
        let code = self.failure_code;
        match reply {
            Ok(code) => Ok(Started::Ended(code)),
            Err(Stop::Later(later)) => {
                let end = move |ended: Ended| ended.map_err(|stop| parsed.explain(stop, &code));
                Ok(Started::Later(later, Box::new(end)))
            }
            Err(stop) => Err(parsed.explain(stop, &code)),
        }
    }

    /// The finished [`clap::Command`], with all arguments of all commands: for tools that read it,
    /// and for the test that every program should have:
    ///
    /// ```
    /// # use lazy_prop::{cli, command, commands};
    /// # #[command] fn status() {}
    /// cli!(commands![status]).clap().debug_assert();
    /// ```
    ///
    /// # Panics
    /// With the [`Mistake`](super::Mistake) if the program has one.
    #[must_use]
    pub fn clap(&self) -> Command {
        match (self.form.tree)(&self.line, Arguments::Now) {
            Ok(command) => command,
            Err(mistake) => panic!("{mistake}"),
        }
    }
}

impl Cli {
    #[doc(hidden)]
    pub fn listed(meta: Meta, commands: Commands) -> Self {
        Self::new(meta, commands.0.to_vec(), Form::LISTED)
    }

    #[doc(hidden)]
    pub fn one(meta: Meta, entry: &'static Entry) -> Self {
        Self::new(meta, vec![entry], Form::ONE)
    }

    #[doc(hidden)]
    #[cfg(feature = "registry")]
    pub fn registered(meta: Meta) -> Self {
        Self::new(meta, super::registry::entries(), Form::SORTED)
    }
}

/// A command that was called.
pub(super) enum Started {
    /// It is through.
    Ended(ExitCode),
    /// It goes on later; with what makes an outcome of its end.
    Later(Later, Box<dyn FnOnce(Ended) -> Result<ExitCode, Error>>),
}

/// How a program treats its commands. These are functions, so that a program of one command does not
/// link the code for several.
#[derive(Clone, Copy)]
struct Form {
    parse: fn(&Line, Tree, &[OsString]) -> Result<Parsed, Error>,
    tree: Tree,
    /// Whether the line names a command.
    #[cfg_attr(not(feature = "config"), allow(dead_code))]
    has_many: bool,
}

impl Form {
    /// The program is one command, which no word on the line names.
    const ONE: Self = Self {
        parse: dispatch::parse_one,
        tree: tree::one,
        has_many: false,
    };

    /// It shows them in the order in which they are listed.
    const LISTED: Self = Self {
        parse: dispatch::parse,
        tree: tree::listed,
        has_many: true,
    };

    /// It shows them by name.
    #[cfg(feature = "registry")]
    const SORTED: Self = Self {
        parse: dispatch::parse,
        tree: tree::sorted,
        has_many: true,
    };
}
