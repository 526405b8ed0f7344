//! A command while its arguments are added.

use std::mem;
use std::vec::Vec;

use clap::builder::Resettable;
use clap::{Command, Id};

#[cfg(feature = "config")]
use super::config;
use super::description::Place;
use super::faults::{self, Spoken};
use super::param::Texts;
use super::{flags, mistake, positional};

/// A command that gets its arguments.
pub(super) struct Builder {
    pub(super) command: Command,
    /// The words that choose it; none for an app.
    #[cfg_attr(not(feature = "config"), allow(dead_code))]
    path: &'static str,
    pub(super) of_app: bool,
    pub(super) place: Place,
    pub(super) spoken: Spoken,
}

impl Builder {
    pub(super) fn new(command: Command, path: &'static str, of_app: bool) -> Self {
        Self {
            command,
            path,
            of_app,
            place: Place::new("", 0),
            spoken: Spoken::default(),
        }
    }

    /// The finished command. The questions about it are asked elsewhere, and all changes are here, because
    /// rustc repeats the code that drops a command in each part of a crate that owns one.
    #[inline]
    pub(super) fn finish(self) -> Command {
        let mut command = flags::give_way(self.command);
        if flags::has_digit(&command) {
            command = command.mut_args(|arg| arg.allow_negative_numbers(false));
        }
        faults::find(&command, self.place, &self.spoken);
        if mistake::is_noted() {
            // clap's own checks would panic.
            return Command::new("");
        }
        if !self.of_app && positional::is_missing_allowed(&command) {
            command = command.allow_missing_positional(true);
        }
        #[cfg(feature = "config")]
        let command = config::apply(command, self.path);
        command
    }

    /// The id of the argument with these texts: its name, unless the app or clap has that already.
    pub(super) fn id(&self, texts: Texts) -> &'static str {
        let id = texts.id();
        let is_taken = || self.command.get_arguments().any(|arg| arg.get_id() == id);
        if !self.of_app && (flags::is_claps(id) || is_taken()) {
            return texts.own_id();
        }
        id
    }

    /// Adds the arguments of a struct, and nothing else.
    pub(super) fn flatten(&mut self, augment: fn(Command) -> Command, is_optional: bool) {
        let command = mem::take(&mut self.command);
        let about = command.get_about().cloned();
        let long_about = command.get_long_about().cloned();
        let ids = command.get_arguments().map(|arg| arg.get_id().clone());
        let own: Vec<Id> = ids.collect();
        let command = augment(command)
            .about(Resettable::from(about))
            .long_about(Resettable::from(long_about));
        let of_app = self.of_app;
        self.command = command.mut_args(|arg| {
            if own.contains(arg.get_id()) {
                return arg;
            }
            // clap has no option that is both required and global; see `require`.
            let is_global = of_app && !arg.is_positional();
            let is_required = arg.is_required_set() && !is_global && !is_optional;
            let is_global = is_global || arg.is_global_set();
            arg.required(is_required).global(is_global)
        });
    }
}
