//! The table, and the terminal that shows it.

use std::io::{self, Write};

use comfy_table::{CellAlignment, Table, presets};
use crossterm::style::{Attribute, SetAttribute};
use crossterm::{cursor, execute, queue, terminal};

use super::Row;
use crate::state;

const KEYS: &str = "↑↓ choose   s start   t stop   r restart   l log   q end";

/// The terminal, which is restored when this is dropped.
pub(super) struct Screen {
    out: io::Stdout,
}

impl Screen {
    pub(super) fn enter() -> io::Result<Self> {
        terminal::enable_raw_mode()?;
        let screen = Self { out: io::stdout() };
        execute!(&screen.out, terminal::EnterAlternateScreen, cursor::Hide)?;
        Ok(screen)
    }

    /// Draws the table, with the chosen line and a message.
    pub(super) fn show(&self, rows: &[Row], chosen: usize, message: &str) -> io::Result<()> {
        let (width, height) = match terminal::size()? {
            // The terminal does not report its size.
            (0, _) | (_, 0) => (80, 24),
            size => size,
        };
        let room = usize::from(height).saturating_sub(3);
        // The chosen line stays in view.
        let first = (chosen + 1).saturating_sub(room);
        let mut lines = table(rows, Some(width.into()));
        let head = lines.remove(0);
        let mut out = self.out.lock();
        queue!(out, terminal::Clear(terminal::ClearType::All))?;
        let mut put = |line: usize, text: &str, is_chosen: bool| -> io::Result<()> {
            let line = u16::try_from(line).unwrap_or(u16::MAX);
            let text: String = text.chars().take(width.into()).collect();
            queue!(out, cursor::MoveTo(0, line))?;
            if is_chosen {
                queue!(out, SetAttribute(Attribute::Reverse))?;
            }
            write!(out, "{text}")?;
            queue!(out, SetAttribute(Attribute::Reset))
        };
        put(0, &head, false)?;
        for (number, line) in lines.iter().enumerate().skip(first).take(room) {
            put(number - first + 1, line, number == chosen)?;
        }
        put(usize::from(height).saturating_sub(2), message, false)?;
        put(usize::from(height).saturating_sub(1), KEYS, false)?;
        out.flush()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = execute!(&self.out, terminal::LeaveAlternateScreen, cursor::Show);
        let _ = terminal::disable_raw_mode();
    }
}

/// The lines of the table: its head, and one for each service.
pub(super) fn table(rows: &[Row], width: Option<usize>) -> Vec<String> {
    let mut table = Table::new();
    table
        .load_preset(presets::NOTHING)
        .force_no_tty()
        .set_header(["NAME", "STATE", "PID", "UP", "CPU %", "MEMORY", "RESTARTS"]);
    for row in rows {
        let seen = &row.seen;
        let is_running = seen.condition.is_running();
        let used = |text: String| if is_running { text } else { String::new() };
        let since = seen
            .since
            .map(|since| up(state::now().saturating_sub(since)));
        table.add_row([
            seen.service.name.to_string(),
            short(&seen.condition.to_string()),
            seen.pid.map(|pid| pid.to_string()).unwrap_or_default(),
            used(since.unwrap_or_default()),
            used(format!("{:.1}", row.cpu)),
            used(format!("{:.1} MB", megabytes(row.memory))),
            seen.restarts.to_string(),
        ]);
    }
    for number in [2, 3, 4, 5, 6] {
        if let Some(column) = table.column_mut(number) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let cut = |line: String| line.chars().take(width.unwrap_or(usize::MAX)).collect();
    table.lines().map(cut).collect()
}

/// A state on one line. It may have a reason of any length.
fn short(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(40).collect()
}

#[allow(clippy::cast_precision_loss, reason = "it is rounded anyway")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

/// A duration in its two largest units.
fn up(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds}s"),
        60..3600 => format!("{}m{:02}s", seconds / 60, seconds % 60),
        3600..86400 => format!("{}h{:02}m", seconds / 3600, seconds / 60 % 60),
        _ => format!("{}d{:02}h", seconds / 86400, seconds / 3600 % 24),
    }
}
