//! The files of a configuration, and what line of which file something stands in.

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use toml::de::DeTable;

/// A mistake, and where it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mistake {
    /// The file.
    pub file: PathBuf,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file.display(), self.line, self.message)
    }
}

/// A mistake, by its place in all files together.
#[derive(Debug, Clone)]
pub struct Fault {
    /// The bytes that are wrong.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
}

impl Fault {
    /// A fault at this place.
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

/// All files, as if they were one text.
#[derive(Debug, Default)]
pub struct Files {
    files: Vec<(PathBuf, String)>,
}

impl Files {
    /// Reads a file and keeps it. Faults are added; as much as can be read is.
    ///
    /// # Errors
    /// If the file can't be opened, or is not UTF-8.
    pub fn read(
        &mut self,
        path: &Path,
        faults: &mut Vec<Fault>,
    ) -> std::io::Result<DeTable<'static>> {
        let text = fs::read_to_string(path)?;
        // Behind as much white space as all files before are long, so that a place alone tells the
        // file.
        let padded = kept(" ".repeat(self.len()) + &text);
        let (table, errors) = DeTable::parse_recoverable(padded);
        let whole = self.len()..self.len();
        faults.extend(errors.iter().map(|error| Fault::of(error, &whole)));
        self.files.push((path.to_owned(), text));
        Ok(table.into_inner())
    }

    /// A place at the end of the last file.
    pub(super) fn end(&self) -> usize {
        self.len().saturating_sub(1)
    }

    fn len(&self) -> usize {
        // One more for each, so that the end of a file is not the start of the next.
        self.files.iter().map(|(_, text)| text.len() + 1).sum()
    }

    /// Says where a fault is.
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

/// The same text, for ever. What toml parses borrows from its text, and lives in collectors and
/// handlers. So each text is kept, but once: reading the same files again takes no more memory.
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
