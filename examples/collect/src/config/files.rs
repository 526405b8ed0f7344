//! The files of a configuration, and the line of each position.

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use toml::de::DeTable;

/// A mistake and its place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mistake {
    /// The file.
    pub file: PathBuf,
    /// The line, from 1.
    pub line: usize,
    /// The message.
    pub message: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file.display(), self.line, self.message)
    }
}

/// A mistake, with its position in the joined text of all files.
#[derive(Debug, Clone)]
pub struct Fault {
    /// The range of bytes.
    pub span: Range<usize>,
    /// The message.
    pub message: String,
}

impl Fault {
    /// A fault at this position.
    pub fn new(span: Range<usize>, message: impl Into<String>) -> Self {
        Self {
            span,
            message: message.into(),
        }
    }

    pub(crate) fn of(error: &toml::de::Error, otherwise: &Range<usize>) -> Self {
        let span = error.span().unwrap_or_else(|| otherwise.clone());
        Self::new(span, error.message())
    }
}

/// All files, joined into one text.
#[derive(Debug, Default)]
pub struct Files {
    files: Vec<(PathBuf, String)>,
}

impl Files {
    /// Reads a file and keeps it. Faults are added, and everything that can be read is kept.
    ///
    /// # Errors
    /// If the file cannot be opened, or is not UTF-8.
    pub fn read(
        &mut self,
        path: &Path,
        faults: &mut Vec<Fault>,
    ) -> std::io::Result<DeTable<'static>> {
        let text = fs::read_to_string(path)?;
        // The text follows as much white space as all files before it are long. So a position alone
        // identifies the file.
        let padded = kept(" ".repeat(self.len()) + &text);
        let (table, errors) = DeTable::parse_recoverable(padded);
        let whole = self.len()..self.len();
        faults.extend(errors.iter().map(|error| Fault::of(error, &whole)));
        self.files.push((path.to_owned(), text));
        Ok(table.into_inner())
    }

    /// The position at the end of the last file.
    pub(super) fn end(&self) -> usize {
        self.len().saturating_sub(1)
    }

    fn len(&self) -> usize {
        // One more for each file, so that the end of one is not the start of the next.
        self.files.iter().map(|(_, text)| text.len() + 1).sum()
    }

    /// Finds the place of a fault.
    #[must_use]
    pub fn locate(&self, fault: &Fault) -> Mistake {
        let mut start = fault.span.start;
        let mut found = (Path::new("?"), 1);
        for (path, text) in &self.files {
            if start <= text.len() {
                let before = String::from_utf8_lossy(&text.as_bytes()[..start]);
                let line = before.matches('\n').count() + 1;
                found = (path, line);
                break;
            }
            start -= text.len() + 1;
        }
        Mistake {
            file: found.0.to_owned(),
            line: found.1,
            message: fault.message.clone(),
        }
    }
}

/// A `'static` copy of the text. Values from toml borrow from their text and live in collectors and
/// handlers. Each text is kept once, so reading the same files again takes no more memory.
fn kept(text: String) -> &'static str {
    static TEXTS: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut texts = TEXTS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(kept) = texts.get(text.as_str()) {
        return kept;
    }
    let text = text.leak();
    texts.insert(text);
    text
}
