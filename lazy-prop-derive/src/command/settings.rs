//! The words of `#[command(...)]` on a command, a block or an app.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::{Expr, ExprPath, LitStr, Path};

use super::forms;
use super::names::local;
use super::references::Groups;
use super::words::{Said, Word};
use crate::errors::{Errors, nearest};
use crate::runtime;

/// Where `#[command(...)]` stands.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Place {
    Command,
    Block,
    App,
}

/// The words that are not clap's, or mean more than clap's, and where each may stand.
const OWN: [(&str, &[Place]); 9] = [
    ("env_prefix", &[Place::Command, Place::Block, Place::App]),
    ("confirm", &[Place::Command]),
    ("default", &[Place::Command]),
    ("external", &[Place::Command]),
    ("group", &[Place::Command, Place::Block]),
    ("help_heading", &[Place::Command, Place::Block]),
    ("options", &[Place::Command, Place::Block, Place::App]),
    ("strict", &[Place::Command, Place::Block]),
    ("verbatim_doc_comment", &[Place::Command, Place::App]),
];

/// Words that stand alone for `true`.
const SWITCHES: [&str; 20] = [
    "allow_missing_positional",
    "arg_required_else_help",
    "args_conflicts_with_subcommands",
    "args_override_self",
    "disable_colored_help",
    "disable_help_flag",
    "disable_help_subcommand",
    "disable_version_flag",
    "dont_delimit_trailing_values",
    "flatten_help",
    "hide",
    "hide_possible_values",
    "ignore_errors",
    "infer_long_args",
    "infer_subcommands",
    "multicall",
    "next_line_help",
    "propagate_version",
    "subcommand_negates_reqs",
    "subcommand_precedence_over_arg",
];

/// clap's words that the parent of a command needs before the command is chosen.
const SHOWN: [&str; 19] = [
    "about",
    "alias",
    "aliases",
    "visible_alias",
    "visible_aliases",
    "hide",
    "display_order",
    "short_flag",
    "long_flag",
    "short_flag_alias",
    "short_flag_aliases",
    "long_flag_alias",
    "long_flag_aliases",
    "visible_short_flag_alias",
    "visible_short_flag_aliases",
    "visible_long_flag_alias",
    "visible_long_flag_aliases",
    "subcommand_value_name",
    "subcommand_help_heading",
];

/// The words with their meaning.
#[derive(Default)]
pub(super) struct Settings {
    pub(super) name: Option<LitStr>,
    pub(super) group: Option<LitStr>,
    pub(super) heading: Option<Expr>,
    pub(super) options: Option<Path>,
    pub(super) strict: Option<Ident>,
    pub(super) verbatim_docs: bool,
    /// What the variables begin with that give the options.
    pub(super) env_prefix: Option<String>,
    /// The lines that the command runs for, if not those that name it: `Default`, `External`.
    pub(super) role: Option<Ident>,
    /// The question before it runs.
    pub(super) confirm: Option<LitStr>,
    /// The groups of arguments.
    pub(super) groups: Groups,
    /// Calls on clap's command for the list of commands: `.alias("a")`.
    pub(super) shown: Vec<TokenStream>,
    /// Calls when the command is chosen, before its arguments are added.
    pub(super) chosen: Vec<TokenStream>,
    /// Calls after its arguments are added.
    pub(super) last: Vec<TokenStream>,
}

impl Settings {
    /// Gives `words` their meaning.
    pub(super) fn new(words: &[Word], place: Place, errors: &mut Errors) -> Self {
        let mut settings = Self::default();
        for word in words {
            let result = settings.say(word, place);
            errors.take(result);
        }
        settings
    }

    /// Takes the words of the block that the command itself lacks.
    pub(super) fn inherit(&mut self, block: &Self) {
        self.group = self.group.take().or_else(|| block.group.clone());
        self.heading = self.heading.take().or_else(|| block.heading.clone());
        let prefix = || block.env_prefix.clone();
        self.env_prefix = self.env_prefix.take().or_else(prefix);
        self.options = self.options.take().or_else(|| block.options.clone());
        self.strict = self.strict.take().or_else(|| block.strict.clone());
    }

    fn say(&mut self, word: &Word, place: Place) -> syn::Result<()> {
        let key = &word.key;
        let name = word.name();
        check(key, &name, &word.said, place)?;
        forms::check(word, &SWITCHES)?;
        match (&*name, &word.said) {
            ("name", _) if place == Place::Command => self.name = Some(words(word, 1)?),
            ("group" | "groups", Said::List(list)) => {
                self.groups.read(list.clone());
                self.pass(key, &name, list);
            }
            ("group", _) => self.group = Some(words(word, usize::MAX)?),
            ("default", Said::Bare) => self.role = Some(Ident::new("Default", key.span())),
            ("external", Said::Bare) => self.role = Some(Ident::new("External", key.span())),
            ("confirm", _) => match word.literal() {
                Some(question) => self.confirm = Some(question.clone()),
                None => {
                    return Err(error(
                        key,
                        "`confirm` takes a question: `confirm = \"Delete everything?\"`",
                    ));
                }
            },
            ("env_prefix", _) => match word.literal() {
                Some(prefix) => self.env_prefix = Some(prefix.value()),
                None => {
                    return Err(error(
                        key,
                        "`env_prefix` takes a text: `env_prefix = \"APP_\"`",
                    ));
                }
            },
            ("default" | "external", _) => {
                return Err(error(
                    key,
                    &format!("`{name}` takes no value: write `#[command({name})]`"),
                ));
            }
            ("allow_external_subcommands", _) => {
                return Err(error(
                    key,
                    "write a function for them: `#[command(external)] fn other(words: Vec<OsString>)`",
                ));
            }
            ("groups", Said::Value(value)) => {
                self.groups.read(quote!(#value));
                self.pass(key, &name, &quote!(#value));
            }
            ("help_heading", Said::Value(value)) => self.heading = Some(value.clone()),
            (
                "options",
                Said::Value(Expr::Path(ExprPath {
                    qself: None, path, ..
                })),
            ) => self.options = Some(path.clone()),
            ("options", _) => {
                return Err(error(
                    key,
                    "`options` takes the name of a dictionary: `options = shared`",
                ));
            }
            ("strict", Said::Bare) => self.strict = Some(key.clone()),
            ("verbatim_doc_comment", Said::Bare) => self.verbatim_docs = true,
            ("version", Said::Bare) => self.pass(key, &name, &from_cargo("CARGO_PKG_VERSION")),
            ("author", Said::Bare) => self.pass(key, &name, &from_cargo("CARGO_PKG_AUTHORS")),
            (_, Said::Bare) if SWITCHES.contains(&&*name) => self.pass(key, &name, &quote!(true)),
            (_, Said::Bare) => return Err(unknown(key, &name, place)),
            (_, Said::Value(value)) => self.pass(key, &name, &quote!(#value)),
            (_, Said::List(list)) => self.pass(key, &name, list),
        }
        Ok(())
    }

    fn pass(&mut self, key: &Ident, name: &str, values: &TokenStream) {
        let calls = match name {
            name if SHOWN.contains(&name) => &mut self.shown,
            "mut_arg" | "mut_args" => &mut self.last,
            _ => &mut self.chosen,
        };
        calls.push(quote!(.#key(#values)));
    }

    /// The words that choose the command.
    pub(super) fn path(&self, name: &str) -> String {
        let name = self
            .name
            .as_ref()
            .map_or_else(|| name.to_owned(), LitStr::value);
        match &self.group {
            Some(group) => format!(
                "{} {name}",
                group
                    .value()
                    .split_whitespace()
                    .collect::<Vec<_>>()
                    .join(" ")
            ),
            None => name,
        }
    }
}

/// A function from clap's command to itself, that makes `calls`.
pub(super) fn closure(calls: &[TokenStream]) -> TokenStream {
    let command = local("command");
    quote!(|#command| #command #(#calls)*)
}

fn from_cargo(variable: &str) -> TokenStream {
    let runtime = runtime::path(Span::call_site());
    quote!(#runtime::core::env!(#variable))
}

/// A string of up to `count` words, each fit for a command line.
fn words(word: &Word, count: usize) -> syn::Result<LitStr> {
    let key = &word.key;
    let Some(text) = word.literal() else {
        return Err(error(
            key,
            &format!("`{key}` takes a string: `{key} = \"remote\"`"),
        ));
    };
    let value = text.value();
    let found = value.split_whitespace().count();
    if found == 0 || found > count || value.split_whitespace().any(|word| word.starts_with('-')) {
        let message = match count {
            1 => "a command's name is one word that does not begin with `-`",
            _ => "a group is one word, or several for nested groups: `group = \"remote\"`",
        };
        return Err(syn::Error::new(text.span(), message));
    }
    Ok(text.clone())
}

/// One of our own words in the wrong place, or misspelled.
fn check(key: &Ident, name: &str, said: &Said, place: Place) -> syn::Result<()> {
    if let Some((_, places)) = OWN.iter().find(|(own, _)| *own == name) {
        if places.contains(&place) {
            return Ok(());
        }
        return Err(error(
            key,
            &format!("`{name}` belongs on a command: on its function or method"),
        ));
    }
    if place == Place::Block {
        return Err(error(
            key,
            "a block takes `options`, `strict`, `group` and `help_heading`; write the rest on a method",
        ));
    }
    // A method of clap's that looks like a typo of ours.
    if name == "groups" {
        return Ok(());
    }
    let own: Vec<&str> = OWN.iter().map(|(own, _)| *own).collect();
    match nearest(name, &own).filter(|near| is_typo(name, near)) {
        Some(near) if !matches!(said, Said::Bare) => Err(error(
            key,
            &format!("there is no option `{name}`; did you mean `{near}`?"),
        )),
        _ => Ok(()),
    }
}

/// Whether the two have the same letters in another order, or differ by one.
fn is_typo(word: &str, near: &str) -> bool {
    let letters = |text: &str| text.chars().collect::<Vec<_>>();
    let (a, b) = (letters(word), letters(near));
    let longer = if a.len() > b.len() { &a } else { &b };
    let shorter = if a.len() > b.len() { &b } else { &a };
    let missing = shorter.iter().filter(|c| !longer.contains(c)).count();
    longer.len() - shorter.len() + missing <= 1
}

fn unknown(key: &Ident, name: &str, place: Place) -> syn::Error {
    let own = OWN
        .iter()
        .filter(|(_, places)| places.contains(&place))
        .map(|(own, _)| *own);
    let known: Vec<&str> = SWITCHES.iter().copied().chain(own).collect();
    let message = match nearest(name, &known).filter(|near| near.len().abs_diff(name.len()) < 3) {
        Some(near) => format!("there is no option `{name}`; did you mean `{near}`?"),
        None => format!("`{name}` needs a value for clap's `Command::{name}`: `{name} = ...`"),
    };
    syn::Error::new(key.span(), message)
}

fn error(key: &Ident, message: &str) -> syn::Error {
    syn::Error::new(key.span(), message)
}
