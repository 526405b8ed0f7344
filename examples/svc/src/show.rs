//! Output: tables for people, JSON for programs.

use std::env;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::path::Path;

use comfy_table::{Cell, Color, ContentArrangement, Table, presets};
use indicatif::{ProgressBar, ProgressStyle};
use unicode_width::UnicodeWidthStr;

use crate::error::Error;
use crate::health::Failing;
use crate::look::{Condition, Seen};
use crate::name::Name;
use crate::registry::{Initialized, Recovered};
use crate::service::{Output, Service};
use crate::state;

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

    /// One line for each service, cut to the width of the terminal.
    #[must_use]
    pub fn table(self, seen: &[Seen]) -> String {
        let mut rows: Vec<[String; 5]> = seen.iter().map(row).collect();
        if let Some(width) = self.width {
            fit(&mut rows, width);
        }
        let mut table = Table::new();
        table
            .load_preset(presets::NOTHING)
            .set_content_arrangement(ContentArrangement::Disabled)
            .set_header(HEADER);
        if !self.color {
            table.force_no_tty();
        }
        for (one, row) in seen.iter().zip(rows) {
            let mut cells = row.map(Cell::new);
            if let Some(color) = color(&one.condition).filter(|_| self.color) {
                cells[STATE] = cells[STATE].clone().fg(color);
            }
            table.add_row(cells);
        }
        table
            .lines()
            .map(|line| line.trim().to_owned() + "\n")
            .collect()
    }
}

const HEADER: [&str; 5] = ["NAME", "STATE", "PID", "SINCE", "COMMAND"];
const STATE: usize = 1;
const COMMAND: usize = 4;

fn row(seen: &Seen) -> [String; 5] {
    [
        seen.service.name.to_string(),
        one_line(&seen.condition.to_string()),
        seen.pid.map(|pid| pid.to_string()).unwrap_or_default(),
        seen.since.map(ago).unwrap_or_default(),
        one_line(&shell_words::join(running(seen))),
    ]
}

/// Shortens the longest parts: the command, and then the state, which may contain a reason.
fn fit(rows: &mut [[String; 5]], width: usize) {
    for (column, least) in [(COMMAND, 10), (STATE, 20)] {
        let widths = (0..HEADER.len()).map(|column| {
            let texts = rows.iter().map(|row| row[column].width());
            texts.max().unwrap_or(0).max(HEADER[column].width())
        });
        let widths: Vec<_> = widths.collect();
        // Two blanks between columns.
        let all = widths.iter().map(|width| width + 2).sum::<usize>() - 2;
        let room = widths[column].saturating_sub(all.saturating_sub(width));
        for row in rows.iter_mut() {
            cut(&mut row[column], room.max(least));
        }
    }
}

/// Cuts a text to this many columns, and marks the cut.
fn cut(text: &mut String, room: usize) {
    if text.width() <= room {
        return;
    }
    while text.width() >= room.max(1) {
        text.pop();
    }
    text.push('…');
}

/// The width of our terminal.
fn columns() -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(rustix::stdio::stdout()).ok()?;
    Some(usize::from(size.ws_col)).filter(|columns| *columns > 0)
}

/// The command that runs, or would run.
fn running(seen: &Seen) -> &[String] {
    let running = seen.running_command.as_ref();
    running.unwrap_or(&seen.service.command)
}

fn color(condition: &Condition) -> Option<Color> {
    if condition.is_trouble() {
        Some(Color::Red)
    } else if condition.is_running() {
        Some(Color::Green)
    } else {
        None
    }
}

/// The facts about one service, one a line. JSON has the rest.
#[must_use]
pub fn details(seen: &Seen) -> String {
    let Service {
        name,
        command,
        working_directory,
        stdin,
        stdout,
        stderr,
        env,
        restart,
        after,
        ..
    } = &seen.service;
    let names = |names: &[Name]| {
        names
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(", ")
    };
    let mut lines = vec![
        ("state", seen.condition.to_string()),
        ("command", shell_words::join(command)),
        ("directory", working_directory.display().to_string()),
        ("restart", restart.to_string()),
    ];
    let mut also = |name, value: Option<String>| lines.extend(value.map(|value| (name, value)));
    also("pid", seen.pid.map(|pid| pid.to_string()));
    also("since", seen.since.map(ago));
    also(
        "restarts",
        (seen.restarts > 0).then(|| seen.restarts.to_string()),
    );
    also("last exit", seen.last_exit.map(|exit| exit.to_string()));
    also("stdin", given(stdin));
    also("stdout", given(stdout.as_path()));
    also("stderr", given(stderr.as_path()));
    let lost = seen.log_lost.as_ref();
    also(
        "log",
        lost.map(|lost| format!("{} bytes could not be written: {}", lost.bytes, lost.why)),
    );
    let user = seen.service.user.as_ref();
    also("user", user.map(ToString::to_string));
    let umask = seen.service.umask;
    also("umask", umask.map(|umask| format!("{umask:03o}")));
    also("nice", seen.service.nice.map(|nice| nice.to_string()));
    for limit in seen.service.limits.iter() {
        let held = seen.limits_held.get(&limit.what);
        let held = held.map(|held| format!(", {held}")).unwrap_or_default();
        also("limit", Some(format!("{limit}{held}")));
    }
    for (what, value) in care(seen) {
        also(what, Some(value));
    }
    also("after", (!after.is_empty()).then(|| names(after)));
    let running = seen.running_command.as_deref();
    also("running", running.map(shell_words::join));
    also(
        "note",
        seen.is_changed
            .then(|| "it was changed since: `svc restart` applies that".into()),
    );
    for (variable, value) in env {
        also("env", Some(format!("{variable}={value}")));
    }
    let lines = lines
        .iter()
        .map(|(what, value)| format!("{what:>10}  {}\n", one_line(value)));
    format!("{name}\n{}", lines.collect::<String>())
}

/// What starts a service, or starts it again, without a command.
fn care(seen: &Seen) -> Vec<(&'static str, String)> {
    let mut lines = vec![];
    let Service {
        health,
        reload,
        schedule,
        watch,
        ..
    } = &seen.service;
    if let Some(check) = &health.check {
        let failing = seen.failing.as_ref();
        let failing = failing.map(|failing| {
            let Failing { count, why } = failing;
            format!(", failing {count} of {}: {why}", health.retries)
        });
        lines.push(("health", format!("{check}{}", failing.unwrap_or_default())));
    }
    let reload = reload.as_ref();
    lines.extend(reload.map(|reload| ("reload", reload.to_string())));
    let schedule = schedule.as_ref();
    lines.extend(schedule.map(|schedule| ("schedule", schedule.to_string())));
    let paths = watch.paths.iter();
    lines.extend(paths.map(|path| ("watch", path.display().to_string())));
    let because = seen.restarted_because.as_ref();
    lines.extend(because.map(|why| ("restarted", format!("because {why}"))));
    lines
}

/// A text without characters that move the cursor.
fn one_line(text: &str) -> String {
    let mut line = String::new();
    for c in text.chars() {
        if c.is_control() {
            line.extend(c.escape_default());
        } else {
            line.push(c);
        }
    }
    line
}

/// A stream that does not go to /dev/null.
fn given(file: &Path) -> Option<String> {
    (file != Path::new("/dev/null") && file != Output::Log.as_path())
        .then(|| file.display().to_string())
}

/// The outcome of `initialize`.
#[must_use]
pub fn initialized(registry: &Path, done: &Initialized) -> String {
    let what = match (done.created, done.applied.is_empty()) {
        (true, _) => "made",
        (_, true) => "is there already",
        _ => "brought to the form of today",
    };
    let mut lines = vec![format!("{}: {what}", registry.display())];
    let unknown = done.kept.iter();
    lines.extend(unknown.map(|kept| format!("kept, though nothing is known of it: {kept}")));
    let backup = done.backup.iter();
    lines.extend(backup.map(|backup| format!("as it was before: {}", backup.display())));
    lines.join("\n") + "\n"
}

/// The findings of a recovery.
#[must_use]
pub fn recovered(registry: &Path, found: &Recovered) -> String {
    let what = match &found.damage {
        None => "is whole".to_owned(),
        Some(damage) => format!("was damaged ({damage}), and is made anew"),
    };
    let mut lines = vec![format!("{}: {what}", registry.display())];
    let aside = found.aside.iter();
    lines.extend(aside.map(|aside| format!("the damaged one: {}", aside.display())));
    let hidden = found.hidden.iter();
    lines.extend(hidden.map(|name| format!("{name}: runs, and has its row again")));
    let copies = found.from_mirrors.iter();
    lines.extend(copies.map(|name| format!("{name}: from its copy")));
    lines.extend(found.lost.iter().map(|lost| format!("lost: {lost}")));
    lines.join("\n") + "\n"
}

/// How long ago that was, in its largest unit.
#[must_use]
pub fn ago(since: u64) -> String {
    let seconds = state::now().saturating_sub(since);
    match seconds {
        0..60 => format!("{seconds} s ago"),
        60..3600 => format!("{} min ago", seconds / 60),
        3600..86400 => format!("{} h ago", seconds / 3600),
        _ => format!("{} d ago", seconds / 86400),
    }
}
