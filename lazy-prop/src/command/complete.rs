//! Completion scripts.

use std::borrow::ToOwned;
use std::{io, vec};

pub use clap_complete::Shell;

use super::cli::Cli;
use super::entry::App;

/// Writes the script that teaches `shell` to complete the program's command line.
///
/// ```
/// use std::io::{self, Write};
/// use lazy_prop::command::{Shell, completions};
/// use lazy_prop::{cli, command, commands};
///
/// /// Print the completion script of a shell.
/// #[command(name = "completions")]
/// fn print_completions(shell: Shell) -> io::Result<()> {
///     completions(shell, &cli!(commands![print_completions]), &mut io::stdout())
/// }
///
/// let mut script = Vec::new();
/// completions(Shell::Bash, &cli!(commands![print_completions]), &mut script).unwrap();
/// assert!(String::from_utf8(script).unwrap().contains("complete -F"));
/// ```
///
/// # Errors
/// The error of `out`.
pub fn completions<A: App>(shell: Shell, cli: &Cli<A>, out: &mut dyn io::Write) -> io::Result<()> {
    let mut command = cli.clap();
    let name = command
        .get_bin_name()
        .unwrap_or(command.get_name())
        .to_owned();
    // The generators panic when they cannot write, so they write to memory.
    let mut script = vec![];
    clap_complete::generate(shell, &mut command, name, &mut script);
    out.write_all(&script)?;
    out.flush()
}
