//! What is known of a command before it is chosen.

use std::fmt;
use std::process::ExitCode;

use clap::Command;

use super::stop::{Stop, Taken};

/// A command as `#[command]` declares it: what the parser needs of it, and the function.
pub struct Entry<A: 'static = ()> {
    /// What the parser needs.
    pub stub: Stub,
    /// Reads the arguments and calls the function.
    pub run: fn(&mut Taken, &mut A) -> Result<ExitCode, Stop>,
}

/// What the parser needs of a command: its name, and what to call when it is chosen.
///
/// There may be thousands in a program, so it holds no more than a start has to look at; the rest
/// is behind functions. It knows no app, so all that is done with it is compiled once.
pub struct Stub {
    /// The words that choose it, as they are typed: `add`, or `remote add` in a group.
    pub path: &'static str,
    /// What the list of commands shows.
    pub describe: fn() -> Description,
    /// Adds the arguments.
    pub build: fn(Command) -> Command,
}

impl Stub {
    /// The words of the groups that the command is in, and its own name.
    pub(super) fn split(&self) -> (impl Iterator<Item = &'static str> + use<>, &'static str) {
        let (groups, name) = self.path.rsplit_once(' ').unwrap_or(("", self.path));
        (groups.split_whitespace(), name)
    }

    /// What the list of commands needs; the arguments come when the command is chosen.
    pub(super) fn stub(&self) -> Command {
        let description = (self.describe)();
        let stub = Command::new(self.split().1);
        let stub = if description.about.is_empty() {
            stub
        } else {
            stub.about(description.about)
        };
        (description.more)(stub)
    }
}

/// The part of a command that its parents show.
pub struct Description {
    /// The first paragraph of the doc comment.
    pub about: &'static str,
    /// The heading that it is listed under; empty for the usual one.
    pub heading: &'static str,
    /// Aliases and whatever else belongs to the stub.
    pub more: fn(Command) -> Command,
    /// Where it is declared.
    pub place: Place,
}

/// What is done to a command of which nothing is said.
#[must_use]
pub fn as_it_is(command: Command) -> Command {
    command
}

/// A place in the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    file: &'static str,
    line: u32,
}

impl Place {
    #[doc(hidden)]
    #[must_use]
    pub const fn new(file: &'static str, line: u32) -> Self {
        Self { file, line }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// The type that stands for a command's function in `commands![...]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no command",
    label = "a function with `#[command]` is expected here"
)]
pub trait Declared {
    /// Its entry.
    const ENTRY: Entry;
}

/// What the commands of a program share: for functions nothing, for methods their app.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no app: write `#[command]` on the struct too",
    label = "the fields of this struct are the options of all commands",
    note = "`#[command] struct {Self} {{ ... }}`"
)]
pub trait App: Sized + 'static {
    /// Adds the options of the app.
    fn build(command: Command) -> Command;

    /// Makes the app of what stood on the command line.
    ///
    /// # Errors
    /// When a required option is missing.
    fn read(matches: &mut Taken) -> Result<Self, Stop>;
}

impl App for () {
    fn build(command: Command) -> Command {
        command
    }

    fn read(_: &mut Taken) -> Result<Self, Stop> {
        Ok(())
    }
}

/// The commands of an app.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no commands",
    label = "this app needs a block of commands",
    note = "write `#[command] impl {Self} {{ ... }}`, and `#[command]` on the methods in it"
)]
pub trait Methods: App {
    /// In the order of the source.
    const ENTRIES: &'static [Entry<Self>];
}
