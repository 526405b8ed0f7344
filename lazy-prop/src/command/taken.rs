//! The values of a line.

use std::vec;
use std::vec::Vec;

use clap::{Arg, ArgMatches, Command, Id};

use super::flat::is_given;
use super::param::Texts;
use super::stop::Stop;
use super::value::Kept;

/// The values of a line, from which each parameter takes its own.
///
/// A missing argument is noted and reported at the end, so that generated code has one exit.
pub(super) struct Taken {
    pub(super) matches: ArgMatches,
    pub(super) of_app: bool,
    /// The arguments with an id of their own, because their name is taken.
    own: Vec<Id>,
    pub(super) stop: Option<Stop>,
}

impl Taken {
    /// The values of the line of `command`.
    pub(super) fn of_command(matches: ArgMatches, command: &Command) -> Self {
        let ids = command.get_arguments().map(Arg::get_id);
        let own = ids
            .filter(|id| Texts::is_own(id.as_str()))
            .cloned()
            .collect();
        Self {
            matches,
            of_app: false,
            own,
            stop: None,
        }
    }

    /// The values of the app.
    pub(super) fn of_app(matches: ArgMatches) -> Self {
        Self {
            matches,
            of_app: true,
            own: vec![],
            stop: None,
        }
    }

    /// The only value of an argument. It is cloned, because taking it out of the matches is much more code
    /// for each type.
    pub(super) fn one<T: Kept>(&self, id: &str) -> Option<T> {
        self.matches.get_one::<T>(id).cloned()
    }

    /// All values of an argument, if there are any.
    pub(super) fn many<T: Kept>(&self, id: &str) -> Option<Vec<T>> {
        let values = self.matches.get_many::<T>(id)?;
        Some(values.cloned().collect())
    }

    /// The id of the argument that these texts are of.
    pub(super) fn id(&self, texts: Texts) -> &'static str {
        let is_own = self.own.iter().any(|id| id.as_str() == texts.own_id());
        if is_own { texts.own_id() } else { texts.id() }
    }

    /// Looks for the options that `of` requires, because clap does not do so for global ones.
    pub(super) fn require(&mut self, of: &Command) {
        let is_missing = |arg: &&Arg| {
            arg.is_required_set() && !arg.is_positional() && !is_given(&self.matches, arg)
        };
        let mut missing = of.get_arguments().filter(is_missing);
        if let Some(arg) = missing.next() {
            self.stop(Stop::Missing(arg.get_id().clone()));
        }
    }

    /// Notes that the argument `id` is missing.
    #[inline(never)]
    pub(super) fn miss(&mut self, id: &'static str) {
        self.stop(Stop::Missing(id.into()));
    }

    /// Notes why the command cannot run.
    pub(super) fn stop(&mut self, stop: Stop) {
        self.stop.get_or_insert(stop);
    }
}
