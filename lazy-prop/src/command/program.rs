//! A program without the type of its app, so that it is compiled here, once, and not in each program's crate.

use std::boxed::Box;
use std::ffi::OsString;
use std::mem;
use std::process::ExitCode;
use std::vec;
use std::vec::Vec;

use clap::Command;

use super::call::Call;
use super::dispatch::{self, Parsed};
use super::entry::{Entry, MakeApp};
use super::error::Error;
use super::executor::{Finished, Running};
use super::failure::FailureCode;
use super::line::{Line, Meta};
use super::stop::{Ended, Later, Stop};
use super::tree::{Arguments, Tree};
use super::{pipe, tree};

/// What a [`Cli`](super::Cli) holds.
pub(super) struct Program {
    pub(super) line: Line,
    pub(super) form: Form,
    /// Reads the configuration files. It is set by `config`, so that no other program links it.
    #[cfg(feature = "config")]
    pub(super) config: Option<super::config::Config>,
    /// Answers `--help=json`.
    #[cfg(feature = "describe")]
    pub(super) help_formats: Option<super::describe::Answer>,
    pub(super) failure_code: Box<FailureCode>,
}

impl Program {
    pub(super) fn new(
        meta: Meta,
        entries: Vec<&'static Entry>,
        form: Form,
        app: Option<MakeApp>,
    ) -> Self {
        let line = Line {
            meta,
            entries,
            groups: vec![],
            settings: vec![],
            app,
        };
        Self {
            line,
            form,
            #[cfg(feature = "config")]
            config: None,
            #[cfg(feature = "describe")]
            help_formats: None,
            failure_code: Box::new(|_| 1),
        }
    }

    /// Runs the command of the program's own line, prints errors, and returns the exit code.
    pub(super) fn run(self, block_on: &mut dyn FnMut(Running) -> Finished) -> ExitCode {
        pipe::watch();
        #[cfg(feature = "complete")]
        if let Some(code) = self.completed() {
            return code;
        }
        let args: Vec<OsString> = std::env::args_os().collect();
        self.try_run(&args, block_on)
            .unwrap_or_else(|error| error.report())
    }

    /// Runs the command that `args` name.
    pub(super) fn try_run(
        self,
        args: &[OsString],
        block_on: &mut dyn FnMut(Running) -> Finished,
    ) -> Result<ExitCode, Error> {
        match self.start(args)? {
            Started::Ended(code) => Ok(code),
            Started::Later(later, end) => end(block_on(Running(later)).0),
        }
    }

    /// Answers a shell that asks for completions, and returns the exit code.
    #[cfg(feature = "complete")]
    pub(super) fn completed(&self) -> Option<ExitCode> {
        match super::dynamic::answer(|| self.clap(), |matches| self.line.make_app(matches).ok()) {
            Ok(false) => None,
            Ok(true) => Some(ExitCode::SUCCESS),
            Err(error) => Some(Error::usage_of(error).report()),
        }
    }

    /// Runs the command up to its end, or to where it waits for an executor.
    pub(super) fn start(self, args: &[OsString]) -> Result<Started, Error> {
        #[cfg(feature = "describe")]
        super::describe::asked(&self, args)?;
        #[cfg(feature = "config")]
        super::config::start(&self)?;
        let mut parsed = (self.form.parse)(&self.line, self.form.tree, args)?;
        let of_app = mem::take(&mut parsed.of_app);
        let of_command = mem::take(&mut parsed.of_command);
        let reply = self
            .line
            .make_app(of_app)
            .and_then(|app| match parsed.chosen {
                Some(entry) => (entry.call)(&mut Call::run(of_command, parsed.command(), app)),
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

    /// The finished command, with all arguments of all commands.
    pub(super) fn clap(&self) -> Command {
        match (self.form.tree)(&self.line, Arguments::Now) {
            Ok(command) => command,
            Err(mistake) => panic!("{mistake}"),
        }
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
pub(super) struct Form {
    pub(super) parse: fn(&Line, Tree, &[OsString]) -> Result<Parsed, Error>,
    pub(super) tree: Tree,
    /// Whether the line names a command.
    #[cfg_attr(not(feature = "config"), allow(dead_code))]
    pub(super) has_many: bool,
}

impl Form {
    /// The program is one command, which no word on the line names.
    pub(super) const ONE: Self = Self {
        parse: dispatch::parse_one,
        tree: tree::one,
        has_many: false,
    };

    /// It shows them in the order in which they are listed.
    pub(super) const LISTED: Self = Self {
        parse: dispatch::parse,
        tree: tree::listed,
        has_many: true,
    };

    /// It shows them by name.
    #[cfg(feature = "registry")]
    pub(super) const SORTED: Self = Self {
        parse: dispatch::parse,
        tree: tree::sorted,
        has_many: true,
    };
}
