//! Headings over the commands in help, which clap has for options alone.

use std::fmt::Write as _;
use std::string::String;
use std::vec;
use std::vec::Vec;

use clap::{Arg, Command};

use super::entry::Entry;

/// A heading, with the names and short texts of the commands under it.
type Section = (&'static str, Vec<(&'static str, String)>);

/// Lists the commands of `entries` that have a heading under it, before all others; `path` is
/// what is typed for the parent.
pub(super) fn apply<'a>(
    parent: Command,
    path: &str,
    entries: impl Iterator<Item = &'a Entry>,
) -> Command {
    let sections = sections(&parent, entries);
    if sections.is_empty() {
        return parent;
    }
    let text = render(&parent, &sections);
    let listed = sections.iter().flat_map(|(_, commands)| commands);
    let parent = listed.fold(parent, |parent, (name, _)| {
        parent.mut_subcommand(*name, |command| command.hide(true))
    });
    let lists_none = parent.get_subcommands().all(Command::is_hide_set);
    let parent = if lists_none {
        with_usage(parent, path)
    } else {
        parent
    };
    parent.help_template(std::format!(
        "{{before-help}}{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\n{text}{{all-args}}{{after-help}}"
    ))
}

/// Says in the usage that there is a command to be named: clap doesn't, if it lists none itself.
fn with_usage(parent: Command, path: &str) -> Command {
    let styles = parent.get_styles();
    let (literal, placeholder) = (styles.get_literal(), styles.get_placeholder());
    let options = if parent.get_arguments().all(Arg::is_hide_set) {
        String::new()
    } else {
        std::format!("{placeholder}[OPTIONS]{placeholder:#} ")
    };
    let usage =
        std::format!("{literal}{path}{literal:#} {options}{placeholder}<COMMAND>{placeholder:#}");
    parent.override_usage(usage)
}

fn sections<'a>(parent: &Command, entries: impl Iterator<Item = &'a Entry>) -> Vec<Section> {
    let mut sections: Vec<Section> = vec![];
    for entry in entries {
        let (description, name) = (entry.describe(), entry.split().1);
        let Some(command) = parent
            .find_subcommand(name)
            .filter(|command| !command.is_hide_set())
        else {
            continue;
        };
        if description.heading.is_empty() {
            continue;
        }
        let line = (name, text(description.about, command));
        match sections
            .iter_mut()
            .find(|(heading, _)| *heading == description.heading)
        {
            Some((_, lines)) => lines.push(line),
            None => sections.push((description.heading, vec![line])),
        }
    }
    sections
}

/// The short text, with the aliases that clap shows behind it.
fn text(about: &str, command: &Command) -> String {
    let aliases: Vec<&str> = command.get_visible_aliases().collect();
    match aliases.len() {
        0 => about.into(),
        1 => std::format!("{about} [alias: {}]", aliases[0]),
        _ => std::format!("{about} [aliases: {}]", aliases.join(", ")),
    }
}

fn render(parent: &Command, sections: &[Section]) -> String {
    let styles = parent.get_styles();
    let (header, literal) = (styles.get_header(), styles.get_literal());
    let names = sections
        .iter()
        .flat_map(|(_, lines)| lines)
        .map(|(name, _)| name.len());
    let width = names.max().unwrap_or(0);
    let mut text = String::new();
    for (heading, lines) in sections {
        let _ = writeln!(text, "{header}{heading}:{header:#}");
        for (name, about) in lines {
            let line = std::format!(
                "  {literal}{name}{literal:#}{:1$}  {about}",
                "",
                width - name.len()
            );
            let _ = writeln!(text, "{}", line.trim_end());
        }
        text.push('\n');
    }
    text
}
