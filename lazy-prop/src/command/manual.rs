//! Manual pages.

use std::io;
use std::path::Path;

use super::cli::Cli;
use super::entry::App;

/// Writes the manual page of the program.
///
/// ```
/// use lazy_prop::{cli, command, commands};
///
/// /// Show what runs.
/// #[command]
/// fn status() {}
///
/// let mut page = Vec::new();
/// lazy_prop::command::man(&cli!(commands![status]), &mut page).unwrap();
/// assert!(String::from_utf8(page).unwrap().contains("Show what runs"));
/// ```
///
/// # Errors
/// The error of `out`.
pub fn man<A: App>(cli: &Cli<A>, out: &mut dyn io::Write) -> io::Result<()> {
    clap_mangen::Man::new(cli.clap()).render(out)
}

/// Writes the manual pages of the program and of each of its commands into a directory, as
/// `app.1`, `app-add.1`, …
///
/// # Errors
/// The error of the file system.
pub fn man_pages<A: App>(cli: &Cli<A>, directory: &Path) -> io::Result<()> {
    clap_mangen::generate_to(cli.clap(), directory)
}
