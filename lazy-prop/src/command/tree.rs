//! The tree of commands, for clap.

use std::ffi::OsString;
use std::string::String;
use std::vec;
use std::vec::Vec;

use clap::{Arg, Command};

use super::description::Description;
use super::entry::{Entry, Role};
use super::line::Line;
use super::mistake::{self, Mistake};
use super::{flags, headings};

/// When the arguments of a command are built.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Arguments {
    /// When it is chosen: for parsing, with the headings of the commands in help.
    Deferred,
    /// At once, for code that reads the tree.
    Now,
}

/// The whole tree of a program, in the order that its form has.
pub(super) type Tree = fn(&Line, Arguments) -> Result<Command, Mistake>;

/// A group, or a command.
struct Node {
    name: &'static str,
    /// The first command in a group, or the command itself.
    entry: &'static Entry,
    children: Vec<Self>,
}

/// The tree of a program that is one command.
pub(super) fn one(line: &Line, _: Arguments) -> Result<Command, Mistake> {
    let root = line.one();
    mistake::noted()?;
    Ok(root)
}

/// The whole tree, in the order in which the commands are listed.
pub(super) fn listed(line: &Line, arguments: Arguments) -> Result<Command, Mistake> {
    of(line, &line.entries, arguments)
}

/// The whole tree, by name.
#[cfg(feature = "registry")]
pub(super) fn sorted(line: &Line, arguments: Arguments) -> Result<Command, Mistake> {
    of(line, &by_name(&line.entries), arguments)
}

fn by_name(entries: &[&'static Entry]) -> Vec<&'static Entry> {
    let mut sorted = entries.to_vec();
    sorted.sort_unstable_by_key(|entry| entry.path);
    sorted
}

/// The tree of only `entries`.
pub(super) fn of(
    line: &Line,
    entries: &[&'static Entry],
    arguments: Arguments,
) -> Result<Command, Mistake> {
    let mut entries = entries.to_vec();
    roles_are_different(&entries)?;
    // clap learns of it when the line has a word that is not a command.
    if entries.len() > 1 {
        entries.retain(|entry| entry.role != Role::External);
    }
    names_are_different(&entries)?;
    let mut nodes = vec![];
    for entry in entries {
        insert(&mut nodes, entry);
    }
    let root = line.root();
    let globals = root.get_arguments().filter(|arg| arg.is_global_set());
    let growth = Growth {
        line,
        arguments,
        globals: globals.cloned().collect(),
    };
    let root = growth.grow(root, &nodes, "")?;
    mistake::noted()?;
    Ok(root)
}

/// Looks for two commands of one name, and for a command with the name of a group.
fn names_are_different(entries: &[&'static Entry]) -> Result<(), Mistake> {
    let sorted = by_name(entries);
    // A space sorts before every character of a name, so a group's commands follow the group's name.
    let same = |pair: &&[&'static Entry]| {
        let rest = pair[1].path.strip_prefix(pair[0].path);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    match sorted.windows(2).find(same) {
        Some(pair) => {
            let text = std::format!("two commands are named `{}`", pair[0].path);
            Err(both(text, [pair[0], pair[1]]))
        }
        None => Ok(()),
    }
}

/// Looks for two commands that both run when the line names none.
fn roles_are_different(entries: &[&'static Entry]) -> Result<(), Mistake> {
    for (at, entry) in entries.iter().enumerate() {
        let is_same =
            |other: &&&'static Entry| other.role == entry.role && other.group() == entry.group();
        if entry.role == Role::Named {
            continue;
        }
        if let Some(other) = entries[..at].iter().find(is_same) {
            let word = match entry.role {
                Role::External => "external",
                _ => "default",
            };
            let text = std::format!("two commands are `{word}` beside each other");
            return Err(both(text, [other, entry]));
        }
    }
    Ok(())
}

/// A mistake of two commands. It must not depend on the order of linking.
fn both(text: String, entries: [&'static Entry; 2]) -> Mistake {
    let mut places = entries.map(|entry| entry.describe().place);
    if places[1] < places[0] {
        places.swap(0, 1);
    }
    Mistake::new(text, places)
}

/// Looks for an alias that is another command's name or alias too.
fn aliases_are_different(parent: &Command, nodes: &[Node]) -> Result<(), Mistake> {
    let mut seen: Vec<(&str, &Node)> = nodes.iter().map(|node| (node.name, node)).collect();
    for node in nodes {
        let command = parent.find_subcommand(node.name);
        for alias in command.into_iter().flat_map(Command::get_all_aliases) {
            if let Some((_, other)) = seen.iter().find(|(name, _)| *name == alias) {
                let text = std::format!("two commands have the name `{alias}`");
                return Err(both(text, [other.entry, node.entry]));
            }
            seen.push((alias, node));
        }
    }
    Ok(())
}

/// Puts `entry` among `nodes`, under its groups.
fn insert(mut nodes: &mut Vec<Node>, entry: &'static Entry) {
    let (groups, name) = entry.split();
    for group in groups {
        // Commands are sorted most of the time, so the group is likely the last node.
        let at = nodes.iter().rposition(|node| node.name == group);
        let at = at.unwrap_or_else(|| {
            nodes.push(Node {
                name: group,
                entry,
                children: vec![],
            });
            nodes.len() - 1
        });
        nodes = &mut nodes[at].children;
    }
    nodes.push(Node {
        name,
        entry,
        children: vec![],
    });
}

/// The root of the tree.
struct Growth<'l> {
    line: &'l Line,
    arguments: Arguments,
    /// The options of the app that stand in each command too.
    globals: Vec<Arg>,
}

impl Growth<'_> {
    /// Adds `nodes` to `parent`, whose own words are `path`.
    fn grow(&self, mut parent: Command, nodes: &[Node], path: &str) -> Result<Command, Mistake> {
        for node in nodes {
            let command = if node.children.is_empty() {
                self.leaf(node.entry)
            } else {
                self.group(node, path)?
            };
            parent = parent.subcommand(command);
        }
        aliases_are_different(&parent, nodes)?;
        let parent = with_own_help(self.with_roles(parent, path));
        if self.arguments == Arguments::Now {
            return Ok(parent);
        }
        let leaves = nodes.iter().filter(|node| node.children.is_empty());
        let typed = match path {
            "" => String::from(parent.get_name()),
            path => [self.line.meta.name, " ", path].concat(),
        };
        Ok(headings::apply(
            parent,
            &typed,
            leaves.map(|node| node.entry),
        ))
    }

    /// A group, whose parent's words are `path`.
    fn group(&self, node: &Node, path: &str) -> Result<Command, Mistake> {
        let path = match path {
            "" => String::from(node.name),
            path => [path, " ", node.name].concat(),
        };
        let group = Command::new(node.name)
            .subcommand_required(true)
            .arg_required_else_help(true)
            .defer(flags::give_way);
        let mut described = self.line.groups.iter().filter(|(name, _)| *name == path);
        let group = match described.next() {
            Some((_, about)) => group.about(*about),
            None => group,
        };
        self.grow(group, &node.children, &path)
    }

    fn leaf(&self, entry: &Entry) -> Command {
        let Description {
            command,
            build,
            about,
            ..
        } = entry.describe();
        let command = match entry.role {
            Role::Default => {
                command.about(String::from(std::format!("{about} [default]").trim_start()))
            }
            _ => command,
        };
        match self.arguments {
            Arguments::Deferred => command.defer(build),
            // clap calls this when it needs the arguments.
            Arguments::Now => build(command.args(&self.globals)),
        }
    }

    /// Lets clap accept lines for commands that need no name.
    fn with_roles(&self, parent: Command, path: &str) -> Command {
        let parent = match self.line.unnamed(path, Role::Default) {
            Some(_) => parent
                .subcommand_required(false)
                .arg_required_else_help(false),
            None => parent,
        };
        match self.line.unnamed(path, Role::External) {
            Some(_) => parent
                .allow_external_subcommands(true)
                .external_subcommand_value_parser(clap::value_parser!(OsString)),
            None => parent,
        }
    }
}

/// Lets the program's own command `help` run, because clap's would win.
fn with_own_help(parent: Command) -> Command {
    if parent.find_subcommand("help").is_some() {
        return parent.disable_help_subcommand(true);
    }
    parent
}
