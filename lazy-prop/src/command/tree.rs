//! The tree of commands, for clap.

use std::string::ToString;
use std::vec;
use std::vec::Vec;

use clap::Command;

use super::cli::{Cli, Source};
use super::entry::{App, Entry};
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
struct Node<A: 'static> {
    name: &'static str,
    /// The first entry in a group, or the command itself.
    entry: &'static Entry<A>,
    children: Vec<Self>,
}

/// The whole tree.
pub(super) fn full<A: App>(cli: &Cli<A>, arguments: Arguments) -> Result<Command, Duplicate> {
    match &cli.source {
        Source::One(_) => Ok(cli.root()),
        Source::List(entries) => of(cli, entries, arguments),
    }
}

/// The tree of `entries` alone.
pub(super) fn of<A: App>(
    cli: &Cli<A>,
    entries: &[&'static Entry<A>],
    arguments: Arguments,
) -> Result<Command, Duplicate> {
    let mut nodes = vec![];
    for entry in entries {
        insert(&mut nodes, entry)?;
    }
    Ok(grow(cli.root(), &nodes, cli, "", arguments))
}

/// Puts `entry` among `nodes`, under its groups.
fn insert<A>(mut nodes: &mut Vec<Node<A>>, entry: &'static Entry<A>) -> Result<(), Duplicate> {
    let (groups, name) = entry.split();
    for group in groups {
        // Entries are sorted most of the time, so the group is likely the last node.
        let at = nodes.iter().rposition(|node| node.name == group);
        let at = at.unwrap_or_else(|| {
            nodes.push(Node {
                name: group,
                entry,
                children: vec![],
            });
            nodes.len() - 1
        });
        if nodes[at].children.is_empty() && nodes[at].entry.path != entry.path {
            return Err(duplicate(nodes[at].entry, entry, nodes[at].entry.path));
        }
        nodes = &mut nodes[at].children;
    }
    if let Some(other) = nodes.iter().find(|node| node.name == name) {
        return Err(duplicate(other.entry, entry, entry.path));
    }
    nodes.push(Node {
        name,
        entry,
        children: vec![],
    });
    Ok(())
}

fn duplicate<A>(first: &Entry<A>, second: &Entry<A>, name: &str) -> Duplicate {
    let place = |entry: &Entry<A>| (entry.describe)().place;
    Duplicate {
        name: name.to_string(),
        first: place(first),
        second: place(second),
    }
}

/// Adds `nodes` to `parent`, whose own words are `path`.
fn grow<A: App>(
    parent: Command,
    nodes: &[Node<A>],
    cli: &Cli<A>,
    path: &str,
    arguments: Arguments,
) -> Command {
    let commands = nodes.iter().map(|node| {
        if node.children.is_empty() {
            return leaf(node.entry, arguments);
        }
        let path = [path, node.name].join(" ");
        let group = Command::new(node.name)
            .subcommand_required(true)
            .arg_required_else_help(true);
        let about = cli
            .groups
            .iter()
            .find(|(name, _)| *name == path.trim_start());
        let group = match about {
            Some((_, about)) => group.about(*about),
            None => group,
        };
        grow(group, &node.children, cli, &path, arguments)
    });
    let parent = parent.subcommands(commands);
    if arguments == Arguments::Now {
        return parent;
    }
    let leaves = nodes.iter().filter(|node| node.children.is_empty());
    headings::apply(parent, leaves.map(|node| node.entry))
}

fn leaf<A>(entry: &Entry<A>, arguments: Arguments) -> Command {
    let stub = entry.stub();
    match arguments {
        Arguments::Deferred => stub.defer(entry.build),
        Arguments::Now => (entry.build)(stub),
    }
}
