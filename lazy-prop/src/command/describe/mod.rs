//! A program described: its commands as a tree of data, and this tree as JSON, KDL and Markdown.

mod kdl;
mod markdown;

use std::borrow::ToOwned;
use std::ffi::OsString;
use std::format;
use std::string::{String, ToString};
use std::vec::Vec;

use clap::{Arg, ArgAction, Command};
use serde::Serialize;

use super::cli::Cli;
use super::entry::App;
use super::error::Error;
use super::program::Program;
pub use markdown::markdown;

/// A command with its arguments and its own commands. [`Cli::describe`] gives that of the program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CommandInfo {
    /// The word that chooses it, or the name of the program.
    pub name: String,
    /// All words up to it, with the name of the program.
    pub path: String,
    /// How it is called: `app add [OPTIONS] <SERVICE>`.
    pub usage: String,
    /// The first paragraph of its documentation.
    pub about: Option<String>,
    /// All paragraphs, if there are more.
    pub long_about: Option<String>,
    /// The version of the program.
    pub version: Option<String>,
    /// Other words that choose it and that help shows.
    pub aliases: Vec<String>,
    /// Whether help leaves it out.
    pub hidden: bool,
    /// Its arguments, without `--help`, `--version` and the global options of its parents.
    pub args: Vec<ArgInfo>,
    /// The commands in it.
    pub commands: Vec<CommandInfo>,
}

/// An argument of a command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
// Each is a fact of its own.
#[allow(clippy::struct_excessive_bools)]
pub struct ArgInfo {
    /// The name of the parameter.
    pub name: String,
    /// What it is.
    pub kind: ArgKind,
    /// Its letter: `w` of `-w`.
    pub short: Option<char>,
    /// Its word: `all` of `--all`.
    pub long: Option<String>,
    /// Other words that help shows.
    pub aliases: Vec<String>,
    /// The placeholders of its values in help.
    pub value_names: Vec<String>,
    /// The first paragraph of its documentation.
    pub help: Option<String>,
    /// All paragraphs, if there are more.
    pub long_help: Option<String>,
    /// The heading that it stands under.
    pub heading: Option<String>,
    /// Whether the line must have it.
    pub required: bool,
    /// Whether it may stand on the line more than once.
    pub repeatable: bool,
    /// Whether it may stand after each command in its own.
    pub global: bool,
    /// Whether help leaves it out.
    pub hidden: bool,
    /// The variable of the environment that gives it.
    pub env: Option<String>,
    /// Its default values.
    pub defaults: Vec<String>,
    /// The only values that it takes.
    pub possible_values: Vec<PossibleInfo>,
}

/// The kind of an argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum ArgKind {
    /// A value without a name.
    Positional,
    /// A named value.
    Option,
    /// A name without a value.
    Flag,
}

/// One of the values that an argument takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PossibleInfo {
    /// As it is typed.
    pub name: String,
    /// Its documentation.
    pub help: Option<String>,
}

impl<A: App> Cli<A> {
    /// The program as data: for web pages, for other tools, and for tests.
    ///
    /// ```
    /// use lazy_prop::{cli, command, commands};
    ///
    /// /// Add a service.
    /// #[command]
    /// fn add(service: String) {}
    ///
    /// let program = cli!(commands![add]).describe();
    /// let add = &program.commands[0];
    /// assert_eq!(add.about.as_deref(), Some("Add a service"));
    /// assert!(add.args[0].required);
    /// assert!(program.to_json().contains(r#""name": "service""#));
    /// ```
    ///
    /// # Panics
    /// With the [`Mistake`](super::Mistake) if the program has one.
    #[must_use]
    pub fn describe(&self) -> CommandInfo {
        describe(&self.program)
    }

    /// Adds `--help=json`, `--help=kdl` and `--help=markdown`, which print the description of the
    /// program, or of the command that the line names before it.
    pub fn help_formats(mut self) -> Self {
        self.program.help_formats = Some(answer);
        self
    }
}

/// The answer to a line that asks for a description.
pub(super) type Answer = fn(&Program, &[OsString]) -> Option<Error>;

fn describe(program: &Program) -> CommandInfo {
    let own = program.clap();
    let mut built = own.clone();
    built.build();
    CommandInfo::new(&own, &mut built, true)
}

/// Finds the format and the command in `args`. The line ends at `--`.
fn answer(program: &Program, args: &[OsString]) -> Option<Error> {
    let words = args.iter().skip(1).map_while(|word| word.to_str());
    let words: Vec<&str> = words.take_while(|word| *word != "--").collect();
    let at = words.iter().position(|word| word.starts_with("--help="))?;
    let mut command = describe(program);
    for word in &words[..at] {
        let is_it = |inner: &CommandInfo| {
            inner.name == *word || inner.aliases.iter().any(|alias| alias == word)
        };
        if let Some(at) = command.commands.iter().position(is_it) {
            command = command.commands.swap_remove(at);
        }
    }
    let text = match &words[at]["--help=".len()..] {
        "json" => command.to_json(),
        "kdl" => command.to_kdl(),
        "markdown" => command.to_markdown(),
        other => {
            let text = format!("help has no format `{other}`; it has json, kdl and markdown\n");
            let kind = clap::error::ErrorKind::InvalidValue;
            return Some(Error::usage_of(clap::Error::raw(kind, text)));
        }
    };
    // clap prints requested help as it is.
    let helped = Command::new("").override_help(text);
    let error = helped.try_get_matches_from(["", "--help"]).err();
    error.map(Error::usage_of)
}

impl CommandInfo {
    /// `own` is the command without clap's additions, `built` the same with them.
    fn new(own: &Command, built: &mut Command, is_root: bool) -> Self {
        let usage = built.render_usage().to_string();
        let about = own.get_about().map(ToString::to_string);
        let long = own.get_long_about().map(ToString::to_string);
        let args = own.get_arguments();
        let args = args.filter(|arg| is_root || !arg.is_global_set());
        let args = args.map(ArgInfo::new).collect();
        let commands = own.get_subcommands().filter_map(|inner| {
            let built = built.find_subcommand_mut(inner.get_name())?;
            Some(Self::new(inner, built, false))
        });
        let commands = commands.collect();
        Self {
            name: own.get_name().to_owned(),
            path: built.get_bin_name().unwrap_or(own.get_name()).to_owned(),
            usage: usage.trim_start_matches("Usage: ").to_owned(),
            long_about: long.filter(|long| Some(long) != about.as_ref()),
            about,
            version: own.get_version().map(ToOwned::to_owned),
            aliases: own.get_visible_aliases().map(ToOwned::to_owned).collect(),
            hidden: own.is_hide_set(),
            args,
            commands,
        }
    }

    /// The tree as JSON.
    ///
    /// # Panics
    /// Never: the tree has only texts and lists.
    #[must_use]
    pub fn to_json(&self) -> String {
        match serde_json::to_string_pretty(self) {
            Ok(text) => text,
            Err(error) => unreachable!("{error}"),
        }
    }

    /// The tree as a [usage specification](https://usage.jdx.dev/spec/), in KDL.
    #[must_use]
    pub fn to_kdl(&self) -> String {
        kdl::write(self)
    }

    /// The command and all in it as one page of Markdown.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        markdown::page(self)
    }
}

impl ArgInfo {
    fn new(arg: &Arg) -> Self {
        let id = arg.get_id().as_str();
        let takes_values = arg.get_action().takes_values();
        let kind = match (arg.is_positional(), takes_values) {
            (true, _) => ArgKind::Positional,
            (false, true) => ArgKind::Option,
            (false, false) => ArgKind::Flag,
        };
        let many = arg
            .get_num_args()
            .is_some_and(|count| count.max_values() == usize::MAX);
        let names = arg.get_value_names().filter(|_| takes_values);
        let help = arg.get_help().map(ToString::to_string);
        let long = arg.get_long_help().map(ToString::to_string);
        let text = |value: &clap::builder::OsStr| value.to_string_lossy().into_owned();
        let possible = takes_values.then(|| arg.get_possible_values());
        let possible = possible
            .into_iter()
            .flatten()
            .filter(|value| !value.is_hide_set());
        Self {
            name: id.split('\u{1f}').next().unwrap_or(id).to_owned(),
            kind,
            short: arg.get_short(),
            long: arg.get_long().map(ToOwned::to_owned),
            aliases: arg
                .get_visible_aliases()
                .into_iter()
                .flatten()
                .map(ToString::to_string)
                .collect(),
            value_names: names
                .into_iter()
                .flatten()
                .map(ToString::to_string)
                .collect(),
            long_help: long.filter(|long| Some(long) != help.as_ref()),
            help,
            heading: arg.get_help_heading().map(ToOwned::to_owned),
            required: arg.is_required_set(),
            repeatable: matches!(arg.get_action(), ArgAction::Append | ArgAction::Count) || many,
            global: arg.is_global_set(),
            hidden: arg.is_hide_set(),
            env: arg.get_env().map(|env| env.to_string_lossy().into_owned()),
            defaults: arg
                .get_default_values()
                .iter()
                .filter(|_| takes_values)
                .map(text)
                .collect(),
            possible_values: possible
                .map(|value| PossibleInfo {
                    name: value.get_name().to_owned(),
                    help: value.get_help().map(ToString::to_string),
                })
                .collect(),
        }
    }

    /// The names as they are typed: `-w, --working-directory <DIR>`, or `<SERVICE>`.
    fn spelled(&self) -> String {
        let short = self.short.map(|short| format!("-{short}"));
        let long = self.long.as_ref().map(|long| format!("--{long}"));
        let names: Vec<String> = short.into_iter().chain(long).collect();
        let values: Vec<String> = self
            .value_names
            .iter()
            .map(|name| format!("<{name}>"))
            .collect();
        let dots = if self.repeatable && self.kind == ArgKind::Positional {
            "..."
        } else {
            ""
        };
        format!("{} {}{dots}", names.join(", "), values.join(" "))
            .trim()
            .to_owned()
    }
}

/// Prints a description if the line asks for one, and the program was told to.
pub(super) fn asked(program: &Program, args: &[OsString]) -> Result<(), Error> {
    let is_asked = |word: &OsString| {
        word.to_str()
            .is_some_and(|word| word.starts_with("--help="))
    };
    match program.help_formats {
        Some(answer) if args.iter().any(is_asked) => answer(program, args).map_or(Ok(()), Err),
        _ => Ok(()),
    }
}
