//! Layers of configuration: what the line and the environment leave open, files say.
//!
//! A value from a file becomes the default of its argument. So clap keeps the order, the line before
//! the environment before the files, and reads the value with the parser of the parameter.

mod check;
mod file;
mod show;

use std::borrow::ToOwned;
use std::cell::{Cell, RefCell};
use std::ffi::OsString;
use std::path::PathBuf;
use std::string::String;
use std::thread_local;
use std::vec::Vec;

use clap::{Arg, Command};

use super::error::Error;
use super::program::Program;
use super::tree::Arguments;
use file::{Contents, Setting};
pub(super) use show::{PATH, SHOW};

/// The configuration of a program, with the functions that read it. A program without `Cli::config` links
/// none of them.
pub(super) struct Config {
    name: &'static str,
    read: fn(&Program, &'static str) -> Result<(), Error>,
}

impl Config {
    pub(super) fn new(name: &'static str) -> Self {
        Self { name, read }
    }
}

/// Reads the configuration files of a program that has any, before its line is read.
pub(super) fn start(program: &Program) -> Result<(), Error> {
    APPLY.set(None);
    match &program.config {
        Some(config) => (config.read)(program, config.name),
        None => Ok(()),
    }
}

fn read(program: &Program, name: &'static str) -> Result<(), Error> {
    let tree = (program.form.tree)(&program.line, Arguments::Now)?;
    let layers = Layers::read(name, tree, !program.form.has_many);
    LAYERS.set(Some(layers.map_err(Error::usage_of)?));
    APPLY.set(Some(apply_layers));
    Ok(())
}

/// What the files say, as long as a line is read.
pub(super) struct Layers {
    /// Where a file may be, the nearest first.
    files: Vec<PathBuf>,
    /// What those that are there say, the nearest first.
    settings: Vec<Setting>,
    /// The program's own tree, to be shown.
    tree: Command,
    /// Whether the program is one command, whose options stand outside of any table.
    is_one: bool,
}

impl Layers {
    /// Reads the files of a program of this name, and compares them with its tree.
    ///
    /// # Errors
    /// The first that is wrong, with its file and line.
    pub(super) fn read(name: &str, tree: Command, is_one: bool) -> Result<Self, clap::Error> {
        let files = file::places(name);
        let mut contents = Contents::default();
        for file in &files {
            contents.append(file::read(file)?);
        }
        check::all(&tree, &contents)?;
        Ok(Self {
            files,
            settings: contents.settings,
            tree,
            is_one,
        })
    }

    /// What the nearest file says of an option of the command that these words choose.
    fn of(&self, words: &str, option: &str) -> Option<&Setting> {
        let words = if self.is_one { "" } else { words };
        let is_it = |setting: &&Setting| setting.table == words && setting.key == option;
        self.settings.iter().find(is_it)
    }
}

/// Makes defaults of what the files say of the command that these words choose.
type Apply = fn(Command, &str) -> Command;

// Arguments are added by a function that takes a command and nothing else; see `mistake`.
thread_local! {
    static LAYERS: RefCell<Option<Layers>> = const { RefCell::new(None) };
    static APPLY: Cell<Option<Apply>> = const { Cell::new(None) };
}

/// Makes defaults of what the files say, in a program that has any.
pub(super) fn apply(command: Command, words: &str) -> Command {
    match APPLY.get() {
        Some(apply) => apply(command, words),
        None => command,
    }
}

fn apply_layers(command: Command, words: &str) -> Command {
    LAYERS.with_borrow(|layers| match layers {
        Some(layers) => command.mut_args(|arg| layers.apply(words, arg)),
        None => command,
    })
}

impl Layers {
    fn apply(&self, words: &str, arg: Arg) -> Arg {
        // Those of the app have their values already.
        if arg.is_global_set() && !words.is_empty() {
            return arg;
        }
        let setting = arg.get_long().and_then(|long| self.of(words, long));
        match setting {
            Some(setting) => {
                let values = setting.values.iter().map(OsString::from);
                arg.required(false).default_values(values)
            }
            None => arg,
        }
    }
}

/// The name of a key, which may have underscores.
fn kebab(key: &str) -> String {
    key.to_owned().replace('_', "-")
}
