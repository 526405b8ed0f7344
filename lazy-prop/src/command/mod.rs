//! The command line of a program, made from functions.
//!
//! `#[command]` on a function makes it a command: its parameters are the arguments, their types
//! say how each is read, its doc comments are the help. [`cli!`](crate::cli) gathers the commands
//! of the program in a [`Cli`], and [`Cli::run`] runs the one that the command line names.
//!
//! ```
//! use lazy_prop::{cli, command, commands};
//! use std::path::PathBuf;
//!
//! /// Add a service to the list.
//! #[command]
//! fn add(
//!     /// Name of the service.
//!     service: String,
//!     /// Directory to run in.
//!     #[arg(short = 'w', long, default_value = ".")] working_directory: PathBuf,
//!     /// Say nothing.
//!     #[arg(short)] quiet: bool,
//! ) -> Result<(), std::io::Error> {
//!     if !quiet {
//!         println!("{service} runs in {}", working_directory.display());
//!     }
//!     Ok(())
//! }
//!
//! # fn main() {
//! let cli = cli!(commands![add]);           // or `cli!()`, which finds them all
//! assert!(cli.try_run_from(["app", "add", "db", "-w", "/srv"]).is_ok());
//! add("db".into(), "/srv".into(), true).unwrap(); // the function stays what it was
//! # }
//! ```
//!
//! [`command`](macro@crate::command) describes the attributes, and [`options!`](crate::options) the options
//! that many commands share. The guide begins with [one function](crate::guide::commands).
//!
//! # Running
//! - A command returns `()`, an [`ExitCode`](std::process::ExitCode), or a `Result` of these; or it
//!   never returns, `-> !`. An error may be any `std::error::Error`, a `Box<dyn Error>`, an
//!   `anyhow::Error`, a `String`, and whatever else has `Display` or `Debug`. It is printed with its
//!   chain of causes, and the program exits with 1.
//! - A wrong line exits with 2, help and version exit with 0.
//! - A command may be an `async fn`. The program says who runs it: [`Cli::run_with`] takes an
//!   executor, [`Cli::run_async`] is for a `main` that is one already, `run_tokio` and `run_smol` are
//!   the short ways.
//! - [`Cli::try_run_from`] is for tests. Its [`Error`] tells wrong usage from a failure.
//!
//! # Features
//! | feature | adds |
//! |---|---|
//! | `command` | all of this module but the following |
//! | `tokio`, `smol` | `Cli::run_tokio` and `Cli::run_smol`, for commands that are `async fn`s |
//! | `config` | `Cli::config`: options from configuration files, `app config show` and `app config path` |
//! | `duration` | `std::time::Duration` as a parameter: `1h 30m` |
//! | `size` | [`ByteSize`], the type of the crate bytesize: `10MiB` |
//! | `prompt` | `#[arg(prompt)]`, `#[command(confirm = "...")]` and [`Secret`] |
//! | `completions` | `completions`, scripts for the shells |
//! | `complete` | `#[arg(complete = function)]`: the program completes while someone types; `Cli::completions` adds `app completions install` |
//! | `describe` | `Cli::describe`, `Cli::help_formats` for `--help=json`, and `markdown` |
//! | `man` | `man` and `man_pages` |
//! | `command-core` | `command` without the registry that `cli!()` finds its commands in: they are listed by hand |
//!
//! Every linked command is found. A crate that nothing in the program names is not linked; `use tools as _;`
//! names it.

mod builder;
mod call;
#[cfg(feature = "complete")]
mod candidate;
mod cli;
#[cfg(feature = "completions")]
mod complete;
#[cfg(feature = "config")]
mod config;
#[cfg(feature = "describe")]
mod describe;
mod description;
mod dispatch;
#[cfg(feature = "complete")]
mod dynamic;
mod entry;
mod error;
mod exclusive;
mod executor;
pub(crate) mod face;
mod failed;
mod failure;
mod faults;
mod flags;
mod flat;
mod given;
mod headings;
#[cfg(feature = "complete")]
mod install;
#[doc(hidden)]
pub mod ladders;
mod line;
mod listed;
#[cfg(feature = "man")]
mod manual;
mod map;
mod mistake;
mod order;
mod param;
mod pipe;
mod positional;
mod probe;
mod program;
#[cfg(feature = "prompt")]
mod prompt;
#[cfg(feature = "registry")]
mod registry;
mod reply;
mod scalar;
mod several;
mod shape;
mod stop;
mod stream;
mod switch;
mod taken;
mod tree;
mod unknown;
mod unnamed;
mod usual;
mod value;
mod written;

pub use clap;

#[cfg(feature = "size")]
pub use bytesize::ByteSize;
#[cfg(feature = "complete")]
pub use candidate::Candidate;
pub use cli::Cli;
#[cfg(feature = "completions")]
pub use complete::{Shell, completions};
#[cfg(feature = "describe")]
pub use describe::{ArgInfo, ArgKind, CommandInfo, PossibleInfo, markdown};
pub use description::Place;
pub use entry::App;
pub use error::{Error, ErrorKind};
pub use exclusive::Exclusive;
pub use executor::{Finished, Running};
pub use given::{Given, Source};
pub use listed::Commands;
#[cfg(feature = "man")]
pub use manual::{man, man_pages};
pub use mistake::Mistake;
#[cfg(feature = "prompt")]
pub use prompt::Secret;
pub use stream::{Input, Output};

/// The items that generated code uses.
pub(crate) mod generated {
    pub use super::call::Call;
    pub use super::entry::{App, Declared, Entry, MakeApp, OneBlockOfCommands, Role};
    pub use super::exclusive::Exclusive;
    pub use super::line::Meta;
    pub use super::param::{Value, Values};
    pub use super::reply::Returned;
    pub use super::shape::verbatim;
    pub use super::stop::{Ended, Stop, given, later};
    pub use super::switch::Switch;
    pub use super::usual::Door;
    pub use super::written::Written;
    #[cfg(feature = "registry")]
    pub use inventory;
}

/// The command line of the program.
///
/// - `cli!()` has every function with [`#[command]`](macro@crate::command) in the program, from any
///   module and any crate that is linked in, sorted by name. It needs the registry, which is part
///   of the feature `command`.
/// - `cli!(commands![add, tools::list])` has only the listed ones, in this order.
/// - `cli!(add)` is a program of one command, which no word on the command line names.
///
/// The name is that of the binary, or of the package; version and description are those of the
/// calling crate. The value is a [`Cli`](crate::command::Cli).
///
/// ```no_run
/// use std::process::ExitCode;
/// use lazy_prop::command;
///
/// /// Greet someone.
/// #[command]
/// fn greet(name: String) {
///     println!("Hello, {name}!");
/// }
///
/// fn main() -> ExitCode {
///     lazy_prop::cli!(greet).run()
/// }
/// ```
#[macro_export]
macro_rules! cli {
    () => {
        $crate::__cli_registered!()
    };
    ($($list:ident)::+ ! $commands:tt) => {
        $crate::command::Cli::listed($crate::__meta!(), $($list)::+! $commands)
    };
    (:: $($list:ident)::+ ! $commands:tt) => {
        $crate::command::Cli::listed($crate::__meta!(), ::$($list)::+! $commands)
    };
    ($($function:tt)+) => {
        $crate::command::Cli::one($crate::__meta!(), $crate::__private::entry!(crate = $crate, $($function)+))
    };
}

/// The name, the version and the description of the calling crate.
#[doc(hidden)]
#[macro_export]
macro_rules! __meta {
    () => {
        $crate::__private::command::Meta {
            name: match $crate::__private::core::option_env!("CARGO_BIN_NAME") {
                $crate::__private::core::option::Option::Some(name) => name,
                $crate::__private::core::option::Option::None => {
                    $crate::__private::core::env!("CARGO_PKG_NAME")
                }
            },
            version: $crate::__private::core::env!("CARGO_PKG_VERSION"),
            about: $crate::__private::core::env!("CARGO_PKG_DESCRIPTION"),
        }
    };
}

#[cfg(feature = "registry")]
#[doc(hidden)]
#[macro_export]
macro_rules! __cli_registered {
    () => {
        $crate::command::Cli::registered($crate::__meta!())
    };
}

#[cfg(not(feature = "registry"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __cli_registered {
    () => {
        $crate::__private::core::compile_error!(
            "`cli!()` finds its commands through the feature `registry` of lazy-prop: turn it on, or list them, `cli!(commands![add, list])`"
        )
    };
}

#[cfg(feature = "registry")]
#[doc(hidden)]
#[macro_export]
macro_rules! __submit {
    ($entry:expr) => {
        $crate::__private::command::inventory::submit! { $entry }
    };
}

#[cfg(not(feature = "registry"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __submit {
    ($entry:expr) => {};
}
