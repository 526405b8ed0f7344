//! Where options come from: the command line, then the environment, then files, then defaults.
//!
//! Values from files become the defaults of the options. So clap decides which value wins, and
//! parses all values in the same way.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Args as _, Command};
use lazy_prop::command::Cli;
use toml::{Table, Value};

use crate::Error;
use crate::server::Options;

/// Options that select an action. Only the command line has these.
const DEEDS: [&str; 4] = ["help_runtimes", "test_config", "show_config", "config"];

/// The command line of the program, completed by files and the environment.
///
/// # Errors
/// If a file cannot be read, or is invalid.
pub fn cli() -> Result<Cli, Error> {
    let files = Files::read(path(&plain().clap()).as_deref())?;
    files.check(&plain().clap())?;
    Ok(with_options(move |arg| files.make_default(arg)))
}

/// The command line without files.
fn plain() -> Cli {
    with_options(|arg| arg)
}

fn with_options(change: impl Fn(Arg) -> Arg + 'static) -> Cli {
    lazy_prop::cli!().configure(move |root| {
        let about = root.get_about().cloned().unwrap_or_default();
        let options = Options::augment_args(root).about(about);
        options.mut_args(|arg| {
            let id = arg.get_id().as_str();
            let variable = format!("SERVE_{}", id.to_uppercase());
            let is_deed = DEEDS.contains(&id) && id != "config";
            let arg = change(arg.global(true));
            if is_deed {
                arg
            } else {
                arg.env(variable).hide_env(true)
            }
        })
    })
}

/// The path of the files, if the line has one. Other mistakes in the line are reported later.
fn path(command: &Command) -> Option<PathBuf> {
    let matches = matches(command)?;
    matches.try_get_one::<PathBuf>("config").ok()?.cloned()
}

fn matches(command: &Command) -> Option<ArgMatches> {
    let lenient = command.clone().ignore_errors(true);
    let root = lenient.try_get_matches_from(env::args_os()).ok()?;
    let chosen = root.subcommand().map(|(_, matches)| matches.clone());
    Some(chosen.unwrap_or(root))
}

/// The values from the files, each with the last file that set it.
#[derive(Debug, Default, Clone)]
struct Files(BTreeMap<String, (PathBuf, Value)>);

impl Files {
    fn read(path: Option<&Path>) -> Result<Self, Error> {
        let mut said = Self::default();
        for file in path.map(files).transpose()?.unwrap_or_default() {
            let text = fs::read_to_string(&file).map_err(|error| Error::file(&file, error))?;
            let table: Table = text.parse().map_err(|error: toml::de::Error| {
                let line = error
                    .span()
                    .map_or(1, |span| 1 + text[..span.start].matches('\n').count());
                Error::Config(file.clone(), format!("line {line}: {}", error.message()))
            })?;
            let values = table
                .into_iter()
                .map(|(key, value)| (key, (file.clone(), value)));
            said.0.extend(values);
        }
        Ok(said)
    }

    /// Unknown keys, and values that an option refuses, are errors.
    fn check(&self, command: &Command) -> Result<(), Error> {
        for (key, (file, value)) in &self.0 {
            let wrong = |why: String| Error::Config(file.clone(), why);
            let Some(arg) = command.get_arguments().find(|arg| is(arg, key)) else {
                let names = command.get_arguments().filter(|arg| !is_deed(arg));
                let nearest = crate::nearest(key, names.filter_map(Arg::get_long));
                let hint =
                    nearest.map_or_else(String::new, |name| format!(", did you mean `{name}`?"));
                return Err(wrong(format!("there is no option `{key}`{hint}")));
            };
            let Some(text) = text(value) else {
                return Err(wrong(format!("`{key}` is neither a text nor a number")));
            };
            let alone = Command::new("")
                .no_binary_name(true)
                .arg(arg.clone().env(None::<&str>));
            let word = if arg.get_action().takes_values() {
                Some(OsString::from(format!("--{key}={text}")))
            } else {
                matches!(value, Value::Boolean(_)).then(|| format!("--{key}").into())
            };
            let word = word.ok_or_else(|| wrong(format!("`{key}` is neither true nor false")))?;
            let parsed = alone.try_get_matches_from([word]);
            parsed.map_err(|error| wrong(format!("`{key}` {}", cause(&error))))?;
        }
        Ok(())
    }

    fn make_default(&self, arg: Arg) -> Arg {
        let said = self.0.iter().find(|(key, _)| is(&arg, key));
        match said.and_then(|(_, (_, value))| text(value)) {
            Some(text) => arg.default_value(text),
            None => arg,
        }
    }
}

/// The file, or the visible files of a directory, sorted by name.
fn files(path: &Path) -> Result<Vec<PathBuf>, Error> {
    let failed = |error| Error::file(path, error);
    if !fs::metadata(path).map_err(failed)?.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let entries: Result<Vec<_>, _> = fs::read_dir(path).map_err(failed)?.collect();
    let mut files: Vec<_> = entries
        .map_err(failed)?
        .iter()
        .map(fs::DirEntry::path)
        .collect();
    let is_meant = |file: &PathBuf| {
        let is_hidden = file
            .file_name()
            .is_some_and(|name| name.as_encoded_bytes()[0] == b'.');
        !is_hidden
            && file
                .extension()
                .is_some_and(|extension| extension == "toml")
    };
    files.retain(is_meant);
    files.sort();
    Ok(files)
}

fn is(arg: &Arg, key: &str) -> bool {
    arg.get_long() == Some(key) && !is_deed(arg)
}

fn is_deed(arg: &Arg) -> bool {
    DEEDS.contains(&arg.get_id().as_str())
}

/// A value as a user would type it.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Float(number) => Some(number.to_string()),
        Value::Boolean(is) => Some(is.to_string()),
        _ => None,
    }
}

/// The part of clap's message with the reason.
fn cause(error: &clap::Error) -> String {
    let text = error.to_string();
    let line = text.lines().next().unwrap_or_default();
    let line = line.strip_prefix("error: ").unwrap_or(line);
    match line.split_once("': ") {
        Some((_, why)) => format!("can't be that: {why}"),
        None => format!("can't be that: {line}"),
    }
}

/// Prints each option, its value, and its source.
pub(crate) fn show() -> Result<ExitCode, Error> {
    let files = Files::read(path(&plain().clap()).as_deref())?;
    let said = files.clone();
    let command = with_options(move |arg| said.make_default(arg)).clap();
    let Some(matches) = matches(&command) else {
        return Ok(ExitCode::FAILURE);
    };
    for arg in command.get_arguments().filter(|arg| !is_deed(arg)) {
        let Some(name) = arg
            .get_long()
            .filter(|name| !matches!(*name, "help" | "version"))
        else {
            continue;
        };
        let id = arg.get_id().as_str();
        let raw = matches.get_raw(id).into_iter().flatten();
        let values: Vec<_> = raw.map(|value| value.to_string_lossy()).collect();
        let source = match matches.value_source(id) {
            Some(ValueSource::CommandLine) => "command line".to_owned(),
            Some(ValueSource::EnvVariable) => format!("SERVE_{}", id.to_uppercase()),
            _ => files.0.get(name).map_or_else(
                || "default".to_owned(),
                |(file, _)| file.display().to_string(),
            ),
        };
        println!("{name:20} {:24} {source}", values.join(" "));
    }
    Ok(ExitCode::SUCCESS)
}
