//! A command line without what its commands do: all that the parser needs, compiled once for all
//! kinds of apps.

use std::any::Any;
use std::boxed::Box;
use std::vec::Vec;

use clap::{ArgMatches, Command};

use super::call::Call;
use super::description::Description;
use super::entry::{Entry, MakeApp, Role};
use super::stop::Stop;

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

/// The commands of a program, and what is said of its root.
pub(super) struct Line {
    pub(super) meta: Meta,
    pub(super) entries: Vec<&'static Entry>,
    pub(super) groups: Vec<(&'static str, &'static str)>,
    pub(super) settings: Vec<Box<dyn Fn(Command) -> Command>>,
    /// Adds the options of the app, and makes it. Commands that are functions have none.
    pub(super) app: Option<MakeApp>,
}

impl Line {
    /// The command that these words choose.
    pub(super) fn named(&self, words: &str) -> Option<&'static Entry> {
        let is_named =
            |entry: &&&'static Entry| entry.path == words && entry.role != Role::External;
        self.entries.iter().find(is_named).copied()
    }

    /// The command that runs in the group of these words where none is named.
    pub(super) fn unnamed(&self, group: &str, role: Role) -> Option<&'static Entry> {
        let is_it = |entry: &&&'static Entry| entry.role == role && entry.group() == group;
        self.entries.iter().find(is_it).copied()
    }

    /// The app of a line.
    pub(super) fn make_app(&self, matches: ArgMatches) -> Result<Box<dyn Any>, Stop> {
        match self.app {
            Some(app) => Call::make_app(matches, app),
            None => Ok(Box::new(())),
        }
    }

    /// The root without its commands.
    pub(super) fn root(&self) -> Command {
        let root = self
            .bare()
            .subcommand_required(true)
            .arg_required_else_help(true);
        self.rooted(root)
    }

    /// The root of a program that is one command.
    #[inline]
    pub(super) fn one(&self) -> Command {
        let root = match self.entries[..] {
            [one, ..] => {
                let Description { command, build, .. } = one.describe();
                // The version comes first, because an option of the command may take its flag away.
                build(command.name(self.meta.name).version(self.meta.version))
            }
            [] => self.bare(),
        };
        self.rooted(root)
    }

    fn bare(&self) -> Command {
        Command::new(self.meta.name).version(self.meta.version)
    }

    /// What all roots have: the description, the options of the app, the settings.
    #[inline]
    fn rooted(&self, root: Command) -> Command {
        let root = match self.meta.about {
            about if !about.is_empty() && root.get_about().is_none() => root.about(about),
            _ => root,
        };
        let root = match self.app {
            Some(app) => Call::build_app(root, app),
            None => root,
        };
        self.settings.iter().fold(root, |root, set| set(root))
    }
}
