//! The tree as pages of Markdown.

use std::fmt::Write;
use std::format;
use std::string::String;
use std::vec;
use std::vec::Vec;

use super::super::cli::Cli;
use super::super::entry::App;
use super::{ArgInfo, ArgKind, CommandInfo};

/// The pages of the program and of each of its commands: the name of a file, such as `app-add.md`, and its
/// text. The page of the program links to the others. Hidden commands and options are left out.
///
/// ```
/// use lazy_prop::{cli, command, commands};
///
/// /// Add a service.
/// #[command]
/// fn add(service: String) {}
///
/// let pages = lazy_prop::command::markdown(&cli!(commands![add]).configure(|root| root.name("app")));
/// assert_eq!(pages[1].0, "app-add.md");
/// assert!(pages[1].1.starts_with("# app add\n\nAdd a service\n"));
/// ```
///
/// # Panics
/// With the [`Mistake`](crate::command::Mistake) if the program has one.
#[must_use]
pub fn markdown<A: App>(cli: &Cli<A>) -> Vec<(String, String)> {
    let mut pages = vec![];
    collect(&cli.describe(), &mut pages);
    pages
}

fn collect(command: &CommandInfo, pages: &mut Vec<(String, String)>) {
    let mut page = String::new();
    section(&mut page, command, 1, file);
    pages.push((file(command), page));
    for inner in shown(command) {
        collect(inner, pages);
    }
}

/// All of a command on one page.
pub(super) fn page(command: &CommandInfo) -> String {
    let mut page = String::new();
    sections(&mut page, command, 1);
    page
}

fn sections(page: &mut String, command: &CommandInfo, level: usize) {
    section(page, command, level, |inner| {
        format!("#{}", inner.path.replace(' ', "-"))
    });
    for inner in shown(command) {
        page.push('\n');
        // Markdown has six levels of headings.
        sections(page, inner, (level + 1).min(6));
    }
}

/// A command with its arguments, and links to the commands in it.
fn section(
    page: &mut String,
    command: &CommandInfo,
    level: usize,
    link: impl Fn(&CommandInfo) -> String,
) {
    let _ = writeln!(page, "{} {}", "#".repeat(level), command.path);
    let about = command.long_about.as_ref().or(command.about.as_ref());
    if let Some(about) = about {
        let _ = writeln!(page, "\n{}", about.trim_end());
    }
    let _ = writeln!(page, "\n```text\n{}\n```", command.usage);
    if !command.aliases.is_empty() {
        let _ = writeln!(page, "\nAlso: `{}`", command.aliases.join("`, `"));
    }
    for (title, is_positional) in [("Arguments", true), ("Options", false)] {
        let args: Vec<&ArgInfo> = command
            .args
            .iter()
            .filter(|arg| !arg.hidden && (arg.kind == ArgKind::Positional) == is_positional)
            .collect();
        if args.is_empty() {
            continue;
        }
        let _ = writeln!(page, "\n**{title}**\n");
        for arg in args {
            let _ = writeln!(page, "- `{}`{}", arg.spelled(), told(arg));
        }
    }
    let commands: Vec<&CommandInfo> = shown(command).collect();
    if !commands.is_empty() {
        let _ = writeln!(page, "\n**Commands**\n");
        for inner in commands {
            let about = inner.about.as_deref().unwrap_or_default();
            let entry = format!("- [`{}`]({}) {about}", inner.name, link(inner));
            let _ = writeln!(page, "{}", entry.trim_end());
        }
    }
}

/// The help of an argument, with its aliases, variable, defaults and possible values.
fn told(arg: &ArgInfo) -> String {
    let help = arg.long_help.as_ref().or(arg.help.as_ref());
    let mut told = help.map_or_else(String::new, |help| {
        format!(": {}", help.trim_end().replace('\n', "\n  "))
    });
    let names = |names: Vec<&String>| {
        let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        names.join(", ")
    };
    let values = arg
        .possible_values
        .iter()
        .map(|value| &value.name)
        .collect::<Vec<_>>();
    for (word, list) in [
        ("aliases", arg.aliases.iter().collect()),
        ("env", arg.env.iter().collect()),
        ("default", arg.defaults.iter().collect()),
        ("possible values", values),
    ] {
        if !list.is_empty() {
            let _ = write!(told, " [{word}: {}]", names(list));
        }
    }
    told
}

fn shown(command: &CommandInfo) -> impl Iterator<Item = &CommandInfo> {
    command.commands.iter().filter(|inner| !inner.hidden)
}

fn file(command: &CommandInfo) -> String {
    command.path.replace(' ', "-") + ".md"
}
