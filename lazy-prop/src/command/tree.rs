//! The tree of commands, for clap.

use std::string::String;
use std::vec;
use std::vec::Vec;

use clap::Command;

use super::cli::Line;
use super::entry::{Description, Entry};
use super::error::Duplicate;
use super::headings;

/// When the arguments of a command are built.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Arguments {
    /// When it is chosen: for parsing, with the headings of the commands in help.
    Deferred,
    /// At once: for whoever reads the tree.
    Now,
}

/// A group, or a command.
struct Node {
    name: &'static str,
    /// The first command in a group, or the command itself.
    entry: &'static Entry,
    children: Vec<Self>,
}

/// The whole tree, in the order in which the commands are listed.
pub(super) fn listed(line: &Line, arguments: Arguments) -> Result<Command, Duplicate> {
    of(line, &line.entries, arguments)
}

/// The whole tree, by name.
#[cfg(feature = "registry")]
pub(super) fn sorted(line: &Line, arguments: Arguments) -> Result<Command, Duplicate> {
    let mut entries = line.entries.clone();
    entries.sort_unstable_by_key(|entry| entry.path);
    of(line, &entries, arguments)
}

/// The tree of `entries` alone.
pub(super) fn of(
    line: &Line,
    entries: &[&'static Entry],
    arguments: Arguments,
) -> Result<Command, Duplicate> {
    names_are_different(entries)?;
    let mut nodes = vec![];
    for entry in entries {
        insert(&mut nodes, entry);
    }
    Ok(grow(line.root(), &nodes, line, "", arguments))
}

/// Looks for two commands of one name, and for a command with the name of a group.
fn names_are_different(entries: &[&'static Entry]) -> Result<(), Duplicate> {
    let mut sorted = entries.to_vec();
    sorted.sort_unstable_by_key(|entry| entry.path);
    // A space comes before all that a name may hold, so a group's commands follow its own name.
    let same = |pair: &&[&'static Entry]| {
        let rest = pair[1].path.strip_prefix(pair[0].path);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    match sorted.windows(2).find(same) {
        Some(pair) => {
            // The order in which they are linked must not show.
            let mut places = [pair[0], pair[1]].map(|entry| entry.describe().place);
            places.sort_unstable();
            let [first, second] = places;
            let name = pair[0].path.into();
            Err(Duplicate {
                name,
                first,
                second,
            })
        }
        None => Ok(()),
    }
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

/// Adds `nodes` to `parent`, whose own words are `path`.
fn grow(parent: Command, nodes: &[Node], line: &Line, path: &str, arguments: Arguments) -> Command {
    let commands = nodes.iter().map(|node| {
        if node.children.is_empty() {
            return leaf(node.entry, arguments);
        }
        let path = [path, node.name].join(" ");
        let group = Command::new(node.name)
            .subcommand_required(true)
            .arg_required_else_help(true);
        let about = line
            .groups
            .iter()
            .find(|(name, _)| *name == path.trim_start());
        let group = match about {
            Some((_, about)) => group.about(*about),
            None => group,
        };
        grow(group, &node.children, line, &path, arguments)
    });
    let parent = with_own_help(parent.subcommands(commands));
    if arguments == Arguments::Now {
        return parent;
    }
    let leaves = nodes.iter().filter(|node| node.children.is_empty());
    let typed = match path {
        "" => String::from(parent.get_name()),
        path => [line.meta.name, path].concat(),
    };
    headings::apply(parent, &typed, leaves.map(|node| node.entry))
}

/// Lets a command of the program's own that is called `help` run: clap's would win.
fn with_own_help(parent: Command) -> Command {
    if parent.find_subcommand("help").is_some() {
        return parent.disable_help_subcommand(true);
    }
    parent
}

fn leaf(entry: &Entry, arguments: Arguments) -> Command {
    let Description { command, build, .. } = entry.describe();
    match arguments {
        Arguments::Deferred => command.defer(build),
        Arguments::Now => build(command),
    }
}
