//! A table of the last values, in a terminal.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use comfy_table::{CellAlignment, Table, presets};
use crossterm::event::{Event, KeyCode, KeyEventKind, KeyModifiers, poll, read};
use crossterm::{cursor, execute, queue, terminal};

use crate::collector::{Machine, Moment};
use crate::metric::Batch;
use crate::source::Source;

/// A shown metric: its value, and the value before.
type Values = BTreeMap<String, (String, String)>;

/// Shows the table until `q`, Esc or Ctrl-C, or for a number of rounds.
///
/// # Errors
/// If the terminal cannot be used.
pub fn run(
    sources: &mut [Source],
    machine: &Machine,
    interval: Duration,
    count: Option<usize>,
) -> io::Result<()> {
    if !io::stdout().is_terminal() {
        return print(sources, machine, interval, count.unwrap_or(usize::MAX));
    }
    let screen = Screen::enter()?;
    let mut values = Values::new();
    for _ in 0..count.unwrap_or(usize::MAX) {
        let next = Instant::now() + interval;
        let notes = look(sources, machine, &mut values);
        screen.show(&values, &notes)?;
        if wants_to_leave(next, || screen.show(&values, &notes))? {
            break;
        }
    }
    Ok(())
}

/// One table after the other, if there is no terminal.
fn print(
    sources: &mut [Source],
    machine: &Machine,
    interval: Duration,
    count: usize,
) -> io::Result<()> {
    let mut values = Values::new();
    for number in 0..count {
        if number > 0 {
            std::thread::sleep(interval);
        }
        look(sources, machine, &mut values);
        writeln!(io::stdout(), "{}\n", table(&values, usize::MAX))?;
    }
    Ok(())
}

/// Runs all collectors, and gives their complaints.
fn look(sources: &mut [Source], machine: &Machine, values: &mut Values) -> Vec<String> {
    let mut all_notes = vec![];
    for source in sources {
        let mut notes = vec![];
        match source.run(machine, Moment::now(), &mut notes) {
            Ok(batch) => keep(values, &batch),
            Err(problem) => notes.push(problem.to_string()),
        }
        all_notes.extend(
            notes
                .into_iter()
                .map(|note| format!("{}: {note}", source.name())),
        );
    }
    all_notes
}

fn keep(values: &mut Values, batch: &Batch) {
    for sample in &batch.samples {
        let shown = format!("{:.*}", usize::from(sample.precision), sample.value);
        let value = values.entry(sample.name.to_string()).or_default();
        let before = std::mem::replace(&mut value.0, shown);
        value.1 = before;
    }
}

fn table(values: &Values, rows: usize) -> Table {
    let mut table = Table::new();
    table
        .load_preset(presets::NOTHING)
        .set_header(["metric", "value", "before"]);
    for (name, (value, before)) in values.iter().take(rows) {
        table.add_row([name, value, before]);
    }
    for number in [1, 2] {
        if let Some(column) = table.column_mut(number) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

/// Waits until then. Returns whether the user quits before. A terminal of another size is redrawn.
fn wants_to_leave(until: Instant, draw: impl Fn() -> io::Result<()>) -> io::Result<bool> {
    while poll(until.saturating_duration_since(Instant::now()))? {
        match read()? {
            Event::Key(key) if key.kind != KeyEventKind::Release => {
                let is_break =
                    key.code == KeyCode::Char('c') && key.modifiers.contains(KeyModifiers::CONTROL);
                if is_break || matches!(key.code, KeyCode::Char('q') | KeyCode::Esc) {
                    return Ok(true);
                }
            }
            Event::Resize(..) => draw()?,
            _ => {}
        }
    }
    Ok(false)
}

/// The terminal, which is restored when this is dropped.
struct Screen {
    out: io::Stdout,
}

impl Screen {
    fn enter() -> io::Result<Self> {
        terminal::enable_raw_mode()?;
        let screen = Self { out: io::stdout() };
        execute!(&screen.out, terminal::EnterAlternateScreen, cursor::Hide)?;
        Ok(screen)
    }

    fn show(&self, values: &Values, notes: &[String]) -> io::Result<()> {
        let (width, height) = match terminal::size()? {
            // The terminal does not report its size.
            (0, _) | (_, 0) => (80, 24),
            size => size,
        };
        let room = usize::from(height).saturating_sub(2);
        let text = table(values, room.saturating_sub(notes.len()));
        let last = format!(" {} metrics; q ends", values.len());
        let mut out = self.out.lock();
        queue!(
            out,
            cursor::MoveTo(0, 0),
            terminal::Clear(terminal::ClearType::All)
        )?;
        let lines = text
            .lines()
            .chain(notes.iter().cloned())
            .take(room + 1)
            .chain([last]);
        for (number, line) in lines.enumerate() {
            let line: String = line.chars().take(width.into()).collect();
            queue!(
                out,
                cursor::MoveTo(0, u16::try_from(number).unwrap_or(u16::MAX))
            )?;
            write!(out, "{line}")?;
        }
        out.flush()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = execute!(&self.out, terminal::LeaveAlternateScreen, cursor::Show);
        let _ = terminal::disable_raw_mode();
    }
}
