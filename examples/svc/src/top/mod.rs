//! A live view of the services in the terminal, with keys to start, stop and follow them.

mod screen;
mod usage;

use std::io::{self, IsTerminal};
use std::time::{Duration, Instant};

use crossterm::event::{Event, KeyCode, KeyEventKind, KeyModifiers, poll, read};

use self::screen::Screen;
use self::usage::Meter;
use crate::error::Error;
use crate::look::Seen;

/// The interval between two looks.
const INTERVAL: Duration = Duration::from_secs(1);

/// A service with what its processes use.
pub(crate) struct Row {
    seen: Seen,
    /// In percent of one CPU.
    cpu: f64,
    /// In bytes.
    memory: u64,
}

/// What a key asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    Up,
    Down,
    /// Runs this command on the chosen service.
    Act(&'static str),
    Log,
    Leave,
}

impl Key {
    fn of(code: KeyCode, modifiers: KeyModifiers) -> Option<Self> {
        Some(match code {
            KeyCode::Up | KeyCode::Char('k') => Self::Up,
            KeyCode::Down | KeyCode::Char('j') => Self::Down,
            KeyCode::Char('s') => Self::Act("start"),
            KeyCode::Char('t') => Self::Act("stop"),
            KeyCode::Char('r') => Self::Act("restart"),
            KeyCode::Char('l') | KeyCode::Enter => Self::Log,
            KeyCode::Char('c') if modifiers.contains(KeyModifiers::CONTROL) => Self::Leave,
            KeyCode::Char('q') | KeyCode::Esc => Self::Leave,
            _ => return None,
        })
    }
}

/// Shows the services until the user leaves. `look` gives their states, `act` runs a command of this
/// program on one of them and gives its message, and `follow` shows a log until Ctrl-C.
///
/// # Errors
/// If the terminal cannot be used, or the services cannot be read at the beginning.
pub fn run(
    look: impl Fn() -> Result<Vec<Seen>, Error>,
    act: impl Fn(&str, &str) -> String,
    follow: impl Fn(&str),
) -> Result<(), Error> {
    let mut meter = Meter::new();
    let mut rows = meter.rows(look()?);
    if !io::stdout().is_terminal() {
        return crate::show::print(screen::table(&rows, None).join("\n") + "\n");
    }
    let mut screen = Screen::enter().map_err(Error::Output)?;
    let (mut chosen, mut message) = (0_usize, String::new());
    loop {
        chosen = chosen.min(rows.len().saturating_sub(1));
        screen
            .show(&rows, chosen, &message)
            .map_err(Error::Output)?;
        let name = rows
            .get(chosen)
            .map(|row| row.seen.service.name.to_string());
        match (key(INTERVAL).map_err(Error::Output)?, name) {
            (Some(Key::Leave), _) => return Ok(()),
            (Some(Key::Up), _) => chosen = chosen.saturating_sub(1),
            (Some(Key::Down), _) => chosen += 1,
            (Some(Key::Act(action)), Some(name)) => {
                let doing = format!("{action} {name} …");
                screen.show(&rows, chosen, &doing).map_err(Error::Output)?;
                message = act(action, &name);
            }
            (Some(Key::Log), Some(name)) => {
                drop(screen);
                follow(&name);
                screen = Screen::enter().map_err(Error::Output)?;
            }
            (_, _) => {}
        }
        match look() {
            Ok(all) => rows = meter.rows(all),
            Err(error) => message = format!("error: {error}"),
        }
    }
}

/// The next key with a meaning, if there is one in time. A terminal of another size is drawn again.
fn key(time: Duration) -> io::Result<Option<Key>> {
    let until = Instant::now() + time;
    while poll(until.saturating_duration_since(Instant::now()))? {
        match read()? {
            Event::Key(key) if key.kind != KeyEventKind::Release => {
                if let Some(key) = Key::of(key.code, key.modifiers) {
                    return Ok(Some(key));
                }
            }
            Event::Resize(..) => return Ok(None),
            _ => {}
        }
    }
    Ok(None)
}
