//! The table of `list`.

use comfy_table::{Cell, Color, ContentArrangement, Table, presets};
use unicode_width::UnicodeWidthStr;

use super::Screen;
use super::text::{ago, one_line};
use crate::condition::Condition;
use crate::look::Seen;

impl Screen {
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
