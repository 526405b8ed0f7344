//! Mistakes in the arguments of one command, of which clap panics in a debug build and says
//! nothing in another.

use std::any::TypeId;
use std::format;
use std::string::String;
use std::vec::Vec;

use clap::{Arg, ArgAction, Command};

use super::description::Place;
use super::flags;
use super::mistake::{self, Mistake};

/// An argument that speaks of another, as in `conflicts_with = "other"`.
pub(super) struct Reference {
    pub(super) from: &'static str,
    pub(super) to: &'static str,
}

/// The names that the arguments of a command speak of.
#[derive(Default)]
pub(super) struct Spoken {
    pub(super) of: Vec<Reference>,
    /// Groups that arguments are in; clap makes those that are not described.
    pub(super) groups: Vec<&'static str>,
}

/// Notes a mistake in the arguments of a command that is declared at `place`.
pub(super) fn find(command: &Command, place: Place, spoken: &Spoken) {
    let unknown = || {
        spoken
            .of
            .iter()
            .find_map(|of| unknown(command, of, &spoken.groups))
    };
    let text = same_name(command).or_else(unknown);
    if let Some(text) = text {
        note(text, place);
    }
}

fn note(text: String, place: Place) {
    mistake::note(Mistake::new(text, [place]));
}

/// Two arguments of one name.
fn same_name(command: &Command) -> Option<String> {
    let args = || command.get_arguments();
    for (at, arg) in args().enumerate() {
        for other in args().take(at) {
            if let Some(name) = shared(arg, other) {
                return Some(format!(
                    "two options of `{}` are named `{name}`: {} and {}",
                    command.get_name(),
                    described(other),
                    described(arg),
                ));
            }
        }
    }
    None
}

fn shared(a: &Arg, b: &Arg) -> Option<String> {
    if a.get_id() == b.get_id() {
        return Some(a.get_id().as_str().into());
    }
    let has_long = |name: &&str| names_long(b, name);
    let has_short = |name: &char| names_short(b, *name);
    let longs = a.get_all_aliases().unwrap_or_default();
    let long = a.get_long().into_iter().chain(longs).find(has_long);
    if let Some(name) = long {
        return Some(format!("--{name}"));
    }
    let shorts = a.get_all_short_aliases().unwrap_or_default();
    let mut shorts = a.get_short().into_iter().chain(shorts);
    shorts.find(has_short).map(|name| format!("-{name}"))
}

#[inline(never)]
fn names_long(arg: &Arg, name: &str) -> bool {
    let is_alias = || arg.get_all_aliases().unwrap_or_default().contains(&name);
    arg.get_long() == Some(name) || is_alias()
}

#[inline(never)]
fn names_short(arg: &Arg, name: char) -> bool {
    let aliases = || arg.get_all_short_aliases().unwrap_or_default();
    arg.get_short() == Some(name) || aliases().contains(&name)
}

/// Whose it is: an option of the app goes to every command.
fn described(arg: &Arg) -> String {
    let id = arg.get_id().as_str();
    let name = id.split('\u{1f}').next().unwrap_or(id);
    if arg.is_global_set() {
        return format!("`{name}` of the app");
    }
    format!("`{name}`")
}

/// A name that no argument and no group has.
fn unknown(command: &Command, reference: &Reference, groups: &[&str]) -> Option<String> {
    let Reference { from, to } = *reference;
    let mut ids = command.get_arguments().map(Arg::get_id);
    let mut described = command.get_groups();
    let is_there = flags::is_claps(to)
        || ids.any(|id| id == to)
        || described.any(|group| group.get_id() == to)
        || groups.contains(&to);
    (!is_there).then(|| {
        format!(
            "`{from}` of `{}` names `{to}`, and no argument has that name",
            command.get_name()
        )
    })
}

/// Notes that the parser of an argument makes values of another type than its parameter is.
pub(super) fn types(arg: &Arg, of: TypeId, name: &str, place: Place) {
    let reads = match arg.get_action() {
        ArgAction::Count => TypeId::of::<u8>() == of,
        ArgAction::SetTrue | ArgAction::SetFalse | ArgAction::Set | ArgAction::Append => {
            arg.get_value_parser().type_id() == of
        }
        _ => true,
    };
    if !reads {
        let text = match arg.get_action() {
            ArgAction::Count => format!("`{name}` is counted, so its type is `u8`"),
            _ => format!("the `value_parser` of `{name}` makes values of another type"),
        };
        note(text, place);
    }
}
