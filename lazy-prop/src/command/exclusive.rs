//! An enum whose variants are options of which a line has one: `--json | --yaml | --format F`.

use std::format;
use std::mem;

use clap::error::ErrorKind;
use clap::{Arg, ArgGroup, Id};

use super::call::Call;
use super::stop::Stop;

/// An enum with `#[command(exclusive)]`: each variant is an option, and a line has one of them.
///
/// A command takes it with `#[command(flatten)]`, as itself or in an `Option`.
pub trait Exclusive: Sized {
    /// Adds the options, or takes the chosen one off the line.
    #[doc(hidden)]
    fn call(call: &mut Call, is_required: bool) -> Option<Self>;
}

/// The options of an enum while they are added.
pub struct Choice {
    /// How many arguments were there before.
    before: usize,
    is_required: bool,
}

/// From generated code.
impl Call {
    /// Begins with the options of an enum.
    #[inline(never)]
    pub fn begin_choice(&mut self, is_required: bool) -> Choice {
        let before = self
            .builder()
            .map(|builder| builder.command.get_arguments().count());
        Choice {
            before: before.unwrap_or_default(),
            is_required,
        }
    }

    /// Has clap take one of the options. Returns whether the line is to be read now.
    #[inline(never)]
    pub fn end_choice(&mut self, choice: &Choice, group: &'static str) -> bool {
        let Some(builder) = self.builder() else {
            return self.runs();
        };
        let args = builder.command.get_arguments().skip(choice.before);
        let ids = args.map(Arg::get_id).cloned();
        // clap demands a required group at the root, even if the line has it after the command.
        let is_required = choice.is_required && !builder.of_app;
        let group = ArgGroup::new(group)
            .args(ids.collect::<std::vec::Vec<Id>>())
            .required(is_required);
        builder.command = mem::take(&mut builder.command).group(group);
        false
    }

    /// The only option that is given. `names` are those of all.
    pub fn one_of<T, const N: usize>(
        &mut self,
        choice: &Choice,
        names: &'static str,
        given: [Option<T>; N],
    ) -> Option<T> {
        let mut given = given.into_iter().flatten();
        let (first, second) = (given.next(), given.next());
        if second.is_some() {
            self.refuse_choice(ErrorKind::ArgumentConflict, names, "can be given at once");
        } else if first.is_none() && choice.is_required {
            self.refuse_choice(ErrorKind::MissingRequiredArgument, names, "is required");
        }
        first
    }

    fn refuse_choice(&mut self, kind: ErrorKind, names: &str, why: &str) {
        let text = format!("one of {names} {why}");
        self.stop(Stop::Usage(clap::Error::raw(kind, text)));
    }
}
