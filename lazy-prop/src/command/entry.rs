//! The facts about a command before it is chosen.

use std::any::Any;
use std::boxed::Box;

use clap::Command;

use super::call::Call;
use super::description::Description;
use super::stop::{Ended, Stop};

/// A command as `#[command]` declares it: its name, and the function for everything else.
///
/// A program can have thousands, and the loader relocates each pointer in them before the program starts.
/// So an entry has only two pointers, and the function has everything else.
pub struct Entry {
    /// The words that choose it, as they are typed: `add`, or `remote add` in a group.
    pub(super) path: &'static str,
    /// The function, which a [`Call`] tells what to do.
    pub(super) call: fn(&mut Call) -> Ended,
    /// Which lines it runs for.
    pub(super) role: Role,
}

/// Which lines a command runs for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// For those that name it.
    Named,
    /// Also for those that name none.
    Default,
    /// For those whose first word is no command.
    External,
}

impl Entry {
    /// The command that `D` declares under the name `N`.
    #[must_use]
    pub const fn of<D: Declared<N>, N: 'static>() -> Self {
        Self {
            path: D::PATH,
            call: call::<D, N>,
            role: D::ROLE,
        }
    }

    /// The words of the groups that the command is in, and its own name.
    pub(super) fn split(&self) -> (impl Iterator<Item = &'static str> + use<>, &'static str) {
        let (groups, name) = self.path.rsplit_once(' ').unwrap_or(("", self.path));
        (groups.split_whitespace(), name)
    }

    /// The words of the groups that the command is in.
    pub(super) fn group(&self) -> &'static str {
        self.path.rsplit_once(' ').map_or("", |(group, _)| group)
    }

    /// What the list of commands needs; the arguments come when the command is chosen.
    pub(super) fn describe(&self) -> Description {
        Call::describe(self.split().1, self.call)
    }
}

fn call<D: Declared<N>, N: 'static>(call: &mut Call) -> Ended {
    call.builds_by(build::<D, N>);
    D::call(call)
}

/// Adds the arguments. clap takes only a plain function to call later.
fn build<D: Declared<N>, N: 'static>(command: Command) -> Command {
    Call::build(command, D::PATH, call::<D, N>)
}

/// The type that stands for a command's function in `commands![...]`, or an app for its method `N`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a command",
    label = "expected a function with `#[command]`"
)]
pub trait Declared<N = ()> {
    /// The words that choose it.
    const PATH: &'static str;

    /// Which lines it runs for.
    const ROLE: Role = Role::Named;

    /// Does what the call asks for.
    ///
    /// # Errors
    /// The reason why it gives no exit code.
    fn call(call: &mut Call) -> Ended;
}

/// An app: the struct whose fields are the options of all commands, and whose methods the commands are.
///
/// `#[command]` on a struct implements it. `()` is the app of commands that are functions. The trait is
/// sealed: the types in its method are not public.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an app: write `#[command]` on the struct too",
    label = "the fields of this struct are the options of all commands",
    note = "`#[command] struct {Self} {{ ... }}`"
)]
pub trait App: Sized + 'static {
    /// Adds the options of the app, or makes it from the command line.
    ///
    /// # Errors
    /// When a required option is missing.
    #[doc(hidden)]
    fn call(call: &mut Call) -> Result<Self, Stop>;

    /// The same for a program, which does not know the type.
    #[doc(hidden)]
    const MAKE: Option<MakeApp> = Some(|call| match Self::call(call) {
        Ok(app) => Ok(Box::new(app)),
        Err(stop) => Err(stop),
    });
}

impl App for () {
    fn call(_: &mut Call) -> Result<Self, Stop> {
        Ok(())
    }

    const MAKE: Option<MakeApp> = None;
}

/// Adds the options of an app, or makes it from the command line.
pub type MakeApp = fn(&mut Call) -> Result<Box<dyn Any>, Stop>;

/// The commands of an app. rustc names this trait where a second block has it again.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no commands",
    label = "this app needs a block of commands",
    note = "write `#[command] impl {Self} {{ ... }}`, and `#[command]` on the methods in it"
)]
pub trait OneBlockOfCommands: App {
    /// In the order of the source.
    const ENTRIES: &'static [Entry];
}
