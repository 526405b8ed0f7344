//! A program's command line.

use std::boxed::Box;
use std::error::Error as StdError;
use std::ffi::OsString;
use std::marker::PhantomData;
use std::mem;
use std::process::ExitCode;
use std::sync::Arc;
use std::vec;
use std::vec::Vec;

use clap::Command;

use super::call::Call;
use super::dispatch::Parsed;
use super::entry::{App, Description, Entry, Methods};
use super::error::{Duplicate, Error};
use super::tree::Arguments;
use super::{dispatch, pipe, tree};

/// What the calling crate says of itself; made by [`cli!`](crate::cli).
#[derive(Debug, Clone, Copy)]
pub struct Meta {
    /// The name of the program.
    pub name: &'static str,
    /// The version of its crate.
    pub version: &'static str,
    /// The description of its crate; may be empty.
    pub about: &'static str,
}

/// Commands that are listed by hand; made by [`commands!`](crate::commands).
#[derive(Clone, Copy)]
pub struct Commands(&'static [&'static Entry]);

impl Commands {
    #[doc(hidden)]
    #[must_use]
    pub const fn new(entries: &'static [&'static Entry]) -> Self {
        Self(entries)
    }
}

/// The command line of a program; made by [`cli!`](crate::cli), or by `App::cli()` for an app.
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
    app: PhantomData<fn() -> A>,
    failure_code: Box<FailureCode>,
}

/// The error of the type that `error` is, or has in its box.
fn unboxed<'e, E: StdError + 'static>(error: &'e (dyn StdError + 'static)) -> Option<&'e E> {
    let boxed = || error.downcast_ref::<Box<E>>().map(Box::as_ref);
    let shared = || error.downcast_ref::<Arc<E>>().map(Arc::as_ref);
    error.downcast_ref().or_else(boxed).or_else(shared)
}

/// The exit code of what a command returned.
pub(super) type FailureCode = dyn Fn(&(dyn StdError + 'static)) -> u8;

impl<A: App> Cli<A> {
    fn new(meta: Meta, entries: Vec<&'static Entry>, form: Form) -> Self {
        let line = Line {
            meta,
            entries,
            form,
            groups: vec![],
            settings: vec![],
            options: Call::build_app::<A>,
        };
        Self {
            line,
            app: PhantomData,
            failure_code: Box::new(|_| 1),
        }
    }

    #[doc(hidden)]
    pub fn of_app(meta: Meta) -> Self
    where
        A: Methods,
    {
        Self::new(meta, A::ENTRIES.iter().collect(), Form::LISTED)
    }

    /// Says what a group is for, in the help of the program; `path` are its words, as they are typed.
    pub fn group(mut self, path: &'static str, about: &'static str) -> Self {
        self.line.groups.push((path, about));
        self
    }

    /// Changes the root command: its name, its help, `infer_subcommands` and whatever else clap's
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

    /// Gives the errors of one type exit codes of their own; all others keep 1.
    ///
    /// It is the error that the command returned, not one of its causes, which has to be of that
    /// type; it may be in a `Box` or an `Arc`, and the box may be a `Box<dyn Error>`. An
    /// `anyhow::Error` doesn't show what is in it, so its code stays 1: the command returns the type
    /// itself, or a `Box<dyn Error>`. Each further call adds another type.
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
        self.failure_code = Box::new(move |error| match unboxed(error) {
            Some(error) => code(error),
            None => others(error),
        });
        self
    }

    /// Runs the command that stands on the program's command line, prints what went wrong, and
    /// gives the exit code: what the function says; 1, or what [`failure_code`](Self::failure_code)
    /// says, when it returned an error, which is printed with its chain of causes; 2 when the line
    /// was wrong; 0 for help and version.
    ///
    /// A pipe that is closed on standard output, as in `app list | head -1`, ends the program
    /// silently with the code 141, as `SIGPIPE` would.
    #[must_use = "the exit code is for `main` to return"]
    pub fn run(self) -> ExitCode {
        pipe::watch();
        self.try_run_from(std::env::args_os())
            .unwrap_or_else(|error| error.report())
    }

    /// Runs the command that `args` name, and prints nothing by itself; the first of `args` is the
    /// name of the program.
    ///
    /// # Errors
    /// [`Error::Usage`] if `args` are wrong or ask for help, [`Error::Failure`] if the command
    /// returned an error, [`Error::Duplicate`] if two commands have one name.
    pub fn try_run_from<I>(self, args: I) -> Result<ExitCode, Error>
    where
        I: IntoIterator<Item: Into<OsString>>,
    {
        let args: Vec<OsString> = args.into_iter().map(Into::into).collect();
        let mut parsed = (self.line.form.parse)(&self.line, &args)?;
        let of_app = mem::take(&mut parsed.of_app);
        let reply = A::call(&mut Call::make_app(of_app)).and_then(|app| {
            match parsed.chosen {
                Some(entry) => (entry.call)(&mut Call::run(
                    mem::take(&mut parsed.of_command),
                    Box::new(app),
                )),
                // A command that `configure` added has no function; that is for its author to handle.
                None => Ok(ExitCode::SUCCESS),
            }
        });
        reply.map_err(|stop| parsed.explain(stop, &self.failure_code))
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
    /// If two commands have one name.
    #[must_use]
    pub fn clap(&self) -> Command {
        match (self.line.form.tree)(&self.line, Arguments::Now) {
            Ok(command) => command,
            Err(duplicate) => panic!("{duplicate}"),
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

/// What a program does with its commands; as functions, for then a program of one command is not
/// linked with what it takes to have several.
#[derive(Clone, Copy)]
pub(super) struct Form {
    parse: fn(&Line, &[OsString]) -> Result<Parsed, Error>,
    pub(super) tree: fn(&Line, Arguments) -> Result<Command, Duplicate>,
}

impl Form {
    /// It is one command, without a word for it on the line.
    const ONE: Self = Self {
        parse: dispatch::parse_one,
        tree: |line, _| Ok(line.one()),
    };

    /// It shows them in the order in which they are listed.
    const LISTED: Self = Self {
        parse: dispatch::parse,
        tree: tree::listed,
    };

    /// It shows them by name.
    #[cfg(feature = "registry")]
    const SORTED: Self = Self {
        parse: dispatch::parse,
        tree: tree::sorted,
    };
}

/// A command line without what its commands do: all that the parser needs, compiled once for all
/// kinds of apps.
pub(super) struct Line {
    pub(super) meta: Meta,
    pub(super) entries: Vec<&'static Entry>,
    pub(super) form: Form,
    pub(super) groups: Vec<(&'static str, &'static str)>,
    settings: Vec<Box<dyn Fn(Command) -> Command>>,
    /// Adds the options of the app.
    options: fn(Command) -> Command,
}

impl Line {
    /// The root without its commands.
    pub(super) fn root(&self) -> Command {
        let root = Command::new(self.meta.name)
            .subcommand_required(true)
            .arg_required_else_help(true);
        self.named(root)
    }

    /// The root of a program that is one command.
    pub(super) fn one(&self) -> Command {
        let root = match self.entries[..] {
            [one, ..] => {
                let Description { command, build, .. } = one.describe();
                build(command.name(self.meta.name))
            }
            [] => Command::new(self.meta.name),
        };
        self.named(root)
    }

    /// What all roots have: the version, the description, the options of the app, the settings.
    fn named(&self, root: Command) -> Command {
        let root = root.version(self.meta.version);
        let root = match self.meta.about {
            about if !about.is_empty() && root.get_about().is_none() => root.about(about),
            _ => root,
        };
        let root = (self.options)(root);
        self.settings.iter().fold(root, |root, set| set(root))
    }
}
