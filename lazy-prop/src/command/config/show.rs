//! `app config show` and `app config path`.

use std::env;
use std::format;
use std::process::ExitCode;
use std::string::{String, ToString};
use std::vec::Vec;

use clap::{Arg, ArgAction, Command};

use super::check::options;
use super::{LAYERS, Layers};
use crate::command::call::Call;
use crate::command::description::Place;
use crate::command::entry::{Declared, Entry};
use crate::command::stop::Ended;

/// `config show`
pub(in crate::command) static SHOW: Entry = Entry::of::<Show, ()>();

/// `config path`
pub(in crate::command) static PATH: Entry = Entry::of::<Paths, ()>();

enum Show {}

impl Declared for Show {
    const PATH: &'static str = "config show";

    fn call(call: &mut Call) -> Ended {
        let place = Place::new(file!(), line!());
        call.describe_as(
            "Show each option's value, and where it comes from",
            "",
            place,
        );
        call.done()?;
        LAYERS.with_borrow(|layers| layers.iter().for_each(show));
        Ok(ExitCode::SUCCESS)
    }
}

enum Paths {}

impl Declared for Paths {
    const PATH: &'static str = "config path";

    fn call(call: &mut Call) -> Ended {
        let place = Place::new(file!(), line!());
        call.describe_as("Show where the configuration files are", "", place);
        call.done()?;
        LAYERS.with_borrow(|layers| {
            for file in layers.iter().flat_map(|layers| &layers.files) {
                let is_there = if file.is_file() { "" } else { " (not there)" };
                std::println!("{}{is_there}", file.display());
            }
        });
        Ok(ExitCode::SUCCESS)
    }
}

fn show(layers: &Layers) {
    let mut lines = Vec::new();
    collect(layers, &layers.tree, "", &mut lines);
    let width = lines
        .iter()
        .map(|(said, _)| said.chars().count())
        .max()
        .unwrap_or(0);
    for (said, source) in lines {
        std::println!("{said:width$}  # {source}");
    }
}

fn collect(layers: &Layers, command: &Command, words: &str, lines: &mut Vec<(String, String)>) {
    let of_app = !words.is_empty();
    // `--no-color` is another way to write `color = false`.
    let is_negation = |arg: &&Arg| arg.get_id().as_str().starts_with("no-");
    let own = options(command).filter(|arg| !is_negation(arg));
    for arg in own.filter(|arg| !(of_app && arg.is_global_set())) {
        lines.push(line(layers, words, arg));
    }
    let own = command.get_subcommands().filter(|command| {
        !command.is_hide_set() && !matches!(command.get_name(), "config" | "completions")
    });
    for inner in own {
        let words = format!("{words} {}", inner.get_name());
        collect(layers, inner, words.trim_start(), lines);
    }
}

/// An option with its value, and where the value comes from.
fn line(layers: &Layers, words: &str, arg: &Arg) -> (String, String) {
    let name = arg.get_long().unwrap_or_default();
    let full = match words {
        "" => name.to_string(),
        words => format!("{}.{name}", words.replace(' ', ".")),
    };
    let variable = arg.get_env().and_then(|variable| {
        let value = env::var_os(variable)?;
        Some((variable.to_string_lossy(), value))
    });
    if let Some((variable, value)) = variable {
        let value = if arg.is_hide_env_values_set() {
            "(hidden)".into()
        } else {
            value.to_string_lossy().into_owned()
        };
        return (
            format!("{full} = {value}"),
            format!("environment: {variable}"),
        );
    }
    if let Some(setting) = layers.of(words, name) {
        return (
            format!("{full} = {}", setting.values.join(", ")),
            setting.place.to_string(),
        );
    }
    let defaults: Vec<_> = arg
        .get_default_values()
        .iter()
        .map(|value| value.to_string_lossy())
        .collect();
    match &defaults[..] {
        [] if arg.get_action().takes_values() => (format!("{full} ="), "not set".into()),
        [] if matches!(arg.get_action(), ArgAction::Count) => {
            (format!("{full} = 0"), "default".into())
        }
        [] => (format!("{full} = false"), "default".into()),
        values => (format!("{full} = {}", values.join(", ")), "default".into()),
    }
}
