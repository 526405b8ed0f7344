//! Files of variables, such as `.env`: a `KEY=VALUE` on each line, with quotes and comments.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::error::Error;

/// What is said of a line that is none.
pub const FORM: &str = "it is not `KEY=VALUE`";

/// The variables of a file.
///
/// # Errors
/// If it can't be read, or a line is none.
pub fn read(file: &Path) -> Result<BTreeMap<String, String>, Error> {
    let text = fs::read_to_string(file).map_err(|error| Error::file(file, error))?;
    let (variables, strange) = parse(&text);
    match strange.first() {
        None => Ok(variables),
        Some(line) => Err(Error::Import(
            file.to_owned(),
            format!("line {line}: {FORM}"),
        )),
    }
}

/// The variables in a text, and the numbers of the lines that can't be understood.
#[must_use]
pub fn parse(text: &str) -> (BTreeMap<String, String>, Vec<usize>) {
    let mut found = BTreeMap::new();
    let mut strange = vec![];
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        let line = line.strip_prefix("export ").unwrap_or(line);
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        match line.split_once('=') {
            Some((key, value)) if !key.trim().is_empty() => {
                found.insert(key.trim().to_owned(), unquoted(value.trim()));
            }
            _ => strange.push(number + 1),
        }
    }
    (found, strange)
}

fn unquoted(value: &str) -> String {
    let inside = |quote: char| value.strip_prefix(quote)?.strip_suffix(quote);
    match (inside('"'), inside('\'')) {
        (Some(text), _) => text.replace("\\n", "\n").replace("\\\"", "\""),
        (_, Some(text)) => text.to_owned(),
        // What comes after a blank and `#` is a comment.
        _ => value
            .split(" #")
            .next()
            .unwrap_or_default()
            .trim_end()
            .to_owned(),
    }
}
