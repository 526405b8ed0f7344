//! A program's command line.

use std::boxed::Box;
use std::error::Error as StdError;
use std::ffi::OsString;
use std::fmt;
use std::marker::PhantomData;
use std::process::ExitCode;
use std::vec;
use std::vec::Vec;

use clap::Command;

use super::entry::{App, Entry, OneBlockOfCommands};
use super::error::Error;
#[cfg(doc)]
use super::error::ErrorKind;
use super::line::Meta;
use super::listed::{Commands, paths};
use super::program::{Form, Program};
use super::{executor, failure};

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
    pub(super) program: Program,
    app: PhantomData<fn() -> A>,
}

/// Shows the name of the program, and the words of each command.
impl<A: App> fmt::Debug for Cli<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let commands: Vec<_> = paths(&self.program.line.entries).collect();
        f.debug_struct("Cli")
            .field("name", &self.program.line.meta.name)
            .field("commands", &commands)
            .finish_non_exhaustive()
    }
}

impl<A: App> Cli<A> {
    fn new(meta: Meta, entries: Vec<&'static Entry>, form: Form) -> Self {
        Self {
            program: Program::new(meta, entries, form, A::MAKE),
            app: PhantomData,
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
        self.program.line.groups.push((path, about));
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
        self.program.line.settings.push(Box::new(settings));
        self
    }

    /// Adds the command `completions install`, which makes a shell ask the program at each press of
    /// the tab key. It writes the file where the shell looks for it, or prints it with `--print`.
    ///
    /// [`run`](Self::run) answers the shell, with what the functions of `#[arg(complete = ...)]` say.
    #[cfg(feature = "complete")]
    pub fn completions(mut self) -> Self {
        self.program.line.entries.push(&super::install::INSTALL);
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
        self.program.config = Some(super::config::Config::new(name));
        if self.program.form.has_many {
            let own = [&super::config::SHOW, &super::config::PATH];
            self.program.line.entries.extend(own);
            return self.group("config", "Look into the configuration");
        }
        self
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
        let others = self.program.failure_code;
        self.program.failure_code = Box::new(move |error| match failure::find(error) {
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
        self.program.run(&mut executor::none)
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
        let args: Vec<OsString> = args.into_iter().map(Into::into).collect();
        self.program.try_run(&args, &mut executor::none)
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
        self.program.clap()
    }
}

impl Cli {
    #[doc(hidden)]
    pub fn listed(meta: Meta, commands: Commands) -> Self {
        Self::new(meta, commands.entries().to_vec(), Form::LISTED)
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
