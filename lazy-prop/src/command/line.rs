//! A command line without what its commands do: all that the parser needs, compiled once for all
//! kinds of apps.

use std::boxed::Box;
use std::vec::Vec;

use clap::Command;

use super::description::Description;
use super::entry::{Entry, Role};

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
    /// Adds the options of the app.
    pub(super) options: fn(Command) -> Command,
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

    /// The root without its commands.
    pub(super) fn root(&self) -> Command {
        let root = Command::new(self.meta.name)
            .subcommand_required(true)
            .arg_required_else_help(true);
        self.rooted(root)
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
        self.rooted(root)
    }

    /// What all roots have: the version, the description, the options of the app, the settings.
    fn rooted(&self, root: Command) -> Command {
        let root = root.version(self.meta.version);
        let root = match self.meta.about {
            about if !about.is_empty() && root.get_about().is_none() => root.about(about),
            _ => root,
        };
        let root = (self.options)(root);
        self.settings.iter().fold(root, |root, set| set(root))
    }
}
