//! What stands in the files against what the program knows.

use std::format;
use std::string::{String, ToString};
use std::vec::Vec;

use clap::{Arg, ArgAction, Command};

use super::file::{Contents, Setting, wrong};

/// Checks each table and each setting.
pub(super) fn all(tree: &Command, contents: &Contents) -> Result<(), clap::Error> {
    for table in &contents.tables {
        let found = find(tree, &table.words);
        found.map_err(|text| wrong(format!("{}: {text}", table.place)))?;
    }
    for setting in &contents.settings {
        check(tree, setting).map_err(|text| wrong(format!("{}: {text}", setting.place)))?;
    }
    Ok(())
}

/// Finds the command of a table by its words. Aliases are for the command line alone.
fn find<'c>(tree: &'c Command, words: &str) -> Result<&'c Command, String> {
    words.split_whitespace().try_fold(tree, |command, word| {
        let mut inner = command.get_subcommands();
        let names = command.get_subcommands().map(Command::get_name);
        inner
            .find(|inner| inner.get_name() == word)
            .ok_or_else(|| unknown("table", word, names))
    })
}

fn check(tree: &Command, setting: &Setting) -> Result<(), String> {
    let command = find(tree, &setting.table)?;
    let is_inner = !setting.table.is_empty();
    let options = || options(command).filter(|arg| !(is_inner && arg.is_global_set()));
    let mut found = options().filter(|arg| arg.get_long() == Some(&setting.key));
    let Some(arg) = found.next() else {
        return Err(unknown(
            "key",
            &setting.key,
            options().filter_map(Arg::get_long),
        ));
    };
    let takes_many = matches!(arg.get_action(), ArgAction::Append)
        || arg.get_num_args().is_some_and(|num| num.max_values() > 1);
    if setting.values.len() != 1 && !takes_many {
        return Err(format!("`{}` takes one value", setting.key));
    }
    setting.values.iter().try_for_each(|value| read(arg, value))
}

/// The options of a command that a file may give.
pub(super) fn options(command: &Command) -> impl Iterator<Item = &Arg> {
    let is_flag = |arg: &&Arg| {
        matches!(
            arg.get_action(),
            ArgAction::Help | ArgAction::HelpShort | ArgAction::HelpLong | ArgAction::Version
        )
    };
    let is_given = move |arg: &&Arg| arg.get_long().is_some() && !is_flag(arg);
    command.get_arguments().filter(is_given)
}

/// Reads a value as the line would.
fn read(arg: &Arg, value: &str) -> Result<(), String> {
    let action = match arg.get_action() {
        ArgAction::Append => ArgAction::Append,
        _ => ArgAction::Set,
    };
    let parser = match arg.get_action() {
        ArgAction::Count => clap::value_parser!(u8).into(),
        ArgAction::SetTrue | ArgAction::SetFalse => clap::value_parser!(bool),
        _ => arg.get_value_parser().clone(),
    };
    let alone = Arg::new("value")
        .long("value")
        .action(action)
        .value_parser(parser)
        .allow_hyphen_values(true);
    let line = [String::new(), format!("--value={value}")];
    let Err(error) = Command::new("").arg(alone).try_get_matches_from(line) else {
        return Ok(());
    };
    let text = error.to_string();
    let first = text.lines().next().unwrap_or_default();
    let reason = first
        .split_once("'--value <value>'")
        .map_or("", |(_, reason)| reason);
    let key = arg.get_long().unwrap_or_default();
    let text = format!("invalid value '{value}' for `{key}`{reason}");
    let known: Vec<String> = arg
        .get_possible_values()
        .iter()
        .filter(|value| !value.is_hide_set())
        .map(|value| value.get_name().to_string())
        .collect();
    if known.is_empty() {
        return Err(text);
    }
    Err(format!("{text}; it is one of {}", known.join(", ")))
}

/// Says that there is no such name, with the nearest.
fn unknown<'k>(what: &str, name: &str, known: impl Iterator<Item = &'k str>) -> String {
    let near = known
        .map(|known| (strsim::jaro_winkler(known, name), known))
        .filter(|(nearness, _)| *nearness > 0.7)
        .max_by(|(a, _), (b, _)| a.total_cmp(b));
    match near {
        Some((_, near)) => format!("unknown {what} `{name}`; did you mean `{near}`?"),
        None => format!("unknown {what} `{name}`"),
    }
}
