//! The syntax of Diamond's files: sections in nested brackets, and `key = value`.

/// An entry.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// Its section, the outermost name first.
    pub(super) section: Vec<String>,
    pub(super) key: String,
    /// Without quotation marks, unless it is a list.
    pub(super) value: String,
    /// From 1.
    pub(super) line: usize,
}

impl Entry {
    /// The value as a list.
    pub(super) fn list(&self) -> Vec<String> {
        let words = self.value.split(',').map(|word| unquoted(word).to_owned());
        words.filter(|word| !word.is_empty()).collect()
    }
}

/// The entries of a text. Other lines are skipped.
pub(super) fn entries(text: &str) -> Vec<Entry> {
    let mut section: Vec<String> = vec![];
    let mut entries = vec![];
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') || line.starts_with(';') {
            continue;
        }
        let depth = line.chars().take_while(|c| *c == '[').count();
        if depth > 0 {
            let name = line
                .trim_start_matches('[')
                .split(']')
                .next()
                .unwrap_or_default();
            section.truncate(depth - 1);
            section.push(unquoted(name).to_owned());
        } else if let Some((key, value)) = line.split_once('=') {
            let key = key.trim().to_owned();
            let value = without_comment(value).trim();
            let value = if value.contains(',') {
                value
            } else {
                unquoted(value)
            };
            entries.push(Entry {
                section: section.clone(),
                key,
                value: value.to_owned(),
                line: number + 1,
            });
        }
    }
    entries
}

/// The text before a `#` outside of quotation marks.
fn without_comment(text: &str) -> &str {
    let mut quote = None;
    for (place, c) in text.char_indices() {
        match (quote, c) {
            (None, '#') => return &text[..place],
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), _) if open == c => quote = None,
            _ => {}
        }
    }
    text
}

fn unquoted(text: &str) -> &str {
    let text = text.trim();
    let within = |mark| text.strip_prefix(mark)?.strip_suffix(mark);
    within('"').or_else(|| within('\'')).unwrap_or(text)
}
