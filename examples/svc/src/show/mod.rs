//! Output: tables and lines for people, objects for programs.

mod details;
mod registry;
mod table;
mod text;

use std::env;
use std::io::{self, ErrorKind, IsTerminal, Write};

use indicatif::{ProgressBar, ProgressStyle};

use crate::error::Error;
use crate::name::Name;
pub use details::details;
pub use registry::{Initialization, Recovery};
pub use text::ago;

/// The number of services from which a progress bar is shown.
const MANY: usize = 8;

/// Prints to standard output. A closed pipe is not an error, because nobody is left to read one.
///
/// # Errors
/// If it can't be written.
pub fn print(text: impl AsRef<[u8]>) -> Result<(), Error> {
    let mut out = io::stdout().lock();
    let printed = out.write_all(text.as_ref()).and_then(|()| out.flush());
    match printed {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Error::Output(error)),
        _ => Ok(()),
    }
}

/// Prints a remark on standard error. Nothing depends on it.
pub fn note(text: &str) {
    let _ = writeln!(io::stderr(), "note: {text}");
}

/// The terminal that shows our output.
#[derive(Debug, Clone, Copy)]
pub struct Screen {
    /// Whether to print in colour.
    color: bool,
    /// Whether a progress bar is visible.
    watched: bool,
    /// The number of columns of a terminal.
    width: Option<usize>,
}

impl Screen {
    /// The terminal of this process: colours, unless `NO_COLOR` is set.
    #[must_use]
    pub fn of_process() -> Self {
        let no_color = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self {
            color: io::stdout().is_terminal() && !no_color,
            watched: io::stderr().is_terminal(),
            width: columns(),
        }
    }

    /// A bar for this many services, which is invisible if they are few or there is no terminal.
    #[must_use]
    pub fn progress(self, services: usize) -> ProgressBar {
        if !self.watched || services <= MANY {
            return ProgressBar::hidden();
        }
        let bar = ProgressBar::new(services.try_into().unwrap_or(u64::MAX));
        match ProgressStyle::with_template("{bar:40} {pos}/{len}") {
            Ok(style) => bar.with_style(style),
            Err(_) => bar,
        }
    }

    /// The name of a service before a line of its log, in one of a few colours.
    #[must_use]
    pub fn label(self, name: &Name, number: usize) -> String {
        let colour = 31 + (number + 1) % 6;
        if self.color {
            format!("\x1b[{colour}m{name:<12}|\x1b[0m ")
        } else {
            format!("{name:<12}| ")
        }
    }
}

/// The width of our terminal.
fn columns() -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(rustix::stdio::stdout()).ok()?;
    Some(usize::from(size.ws_col)).filter(|columns| *columns > 0)
}
