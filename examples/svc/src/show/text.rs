//! Pieces of text that tables and details share.

use crate::state;

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

/// A text without characters that move the cursor.
pub(super) fn one_line(text: &str) -> String {
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
