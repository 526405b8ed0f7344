//! INI files, as Python reads them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A section: its name, its place, its keys with their places, and the directory of its file.
pub(super) struct Section {
    pub(super) name: String,
    pub(super) place: String,
    pub(super) keys: BTreeMap<String, (String, String)>,
    pub(super) here: PathBuf,
}

impl Section {
    pub(super) fn value(&self, key: &str) -> Option<&str> {
        self.keys.get(key).map(|(_, value)| &**value)
    }
}

/// The sections of a file in a directory. Its name stands before the numbers of lines. A line that begins with a
/// blank continues the one before.
pub(super) fn sections(text: &str, file: &str, here: &Path) -> Result<Vec<Section>, String> {
    let mut sections: Vec<Section> = vec![];
    let mut last: Option<String> = None;
    for (number, raw) in text.lines().enumerate() {
        let place = format!("{file}line {}", number + 1);
        let line = raw.find(" ;").map_or(raw, |comment| &raw[..comment]);
        if line.trim().is_empty() || line.starts_with(['#', ';']) {
            continue;
        }
        if line.starts_with([' ', '\t'])
            && let (Some(section), Some(key)) = (sections.last_mut(), &last)
        {
            if let Some((_, value)) = section.keys.get_mut(key) {
                value.push('\n');
                value.push_str(line.trim());
            }
            continue;
        }
        let title = line.trim().strip_prefix('[');
        if let Some(name) = title.and_then(|line| line.strip_suffix(']')) {
            sections.push(Section {
                name: name.to_owned(),
                place,
                keys: BTreeMap::new(),
                here: here.to_owned(),
            });
            last = None;
            continue;
        }
        let (Some((key, value)), Some(section)) =
            (line.split_once(['=', ':']), sections.last_mut())
        else {
            return Err(format!("{place}: it is neither a section nor `key=value`"));
        };
        let key = key.trim().to_lowercase();
        let value = value.trim().to_owned();
        section.keys.insert(key.clone(), (place, value));
        last = Some(key);
    }
    Ok(sections)
}
