//! A text editor's buffer, with an index of its lines.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use lazy_prop::lazy;

use super::{cases, ran, subject};

#[lazy]
#[derive(Clone, Default)]
pub(super) struct TextBuffer {
    text: String,
    cursor: usize,
    selection: Option<Range<usize>>,
    path: Option<PathBuf>,
    is_dirty: bool,
    undo: Vec<(usize, String)>,
    marks: BTreeMap<char, usize>,
}

#[lazy]
impl TextBuffer {
    fn open(path: &Path, text: &str) -> Self {
        Self {
            text: text.to_owned(),
            path: Some(path.to_owned()),
            ..Self::default()
        }
    }

    /// Where each line begins.
    #[lazy]
    fn line_starts(&self) -> &[usize] {
        ran("line_starts");
        let ends = self.text.match_indices('\n').map(|(at, _)| at + 1);
        std::iter::once(0).chain(ends).collect()
    }

    #[lazy]
    fn words(&self) -> usize {
        ran("words");
        self.text.split_whitespace().count()
    }

    #[lazy]
    fn cursor_position(&self) -> (usize, usize) {
        ran("cursor_position");
        let line = self.line_of(self.cursor);
        (line, self.cursor - self.line_starts()[line])
    }

    #[lazy]
    fn selected(&self) -> Option<&str> {
        ran("selected");
        let range = self.selection.clone()?;
        self.text.get(range).map(str::to_owned)
    }

    #[lazy]
    fn title(&self) -> &str {
        ran("title");
        let name = self.path.as_deref().and_then(Path::file_name);
        let name = name.map_or("untitled".into(), |name| name.to_string_lossy());
        format!("{name}{}", if self.is_dirty { " *" } else { "" })
    }

    #[lazy]
    fn marked_lines(&self) -> &BTreeMap<char, usize> {
        ran("marked_lines");
        let marks = self.marks.iter();
        marks.map(|(name, at)| (*name, self.line_of(*at))).collect()
    }

    fn line_of(&self, at: usize) -> usize {
        self.line_starts().partition_point(|start| *start <= at) - 1
    }

    fn insert(&mut self, at: usize, text: &str) {
        self.undo.push((at, text.to_owned()));
        self.text.insert_str(at, text);
        self.is_dirty = true;
        if self.cursor >= at {
            self.cursor += text.len();
        }
    }

    fn type_char(&mut self, c: char) {
        if let Some(range) = self.selection.take() {
            self.cursor = range.start;
            self.text.replace_range(range, "");
        }
        self.text.insert(self.cursor, c);
        self.cursor += c.len_utf8();
        self.is_dirty = true;
    }

    fn go_to_line(&mut self, line: usize) -> bool {
        let Some(start) = self.line_starts().get(line).copied() else {
            return false;
        };
        self.cursor = start;
        true
    }

    fn word_right(&mut self) {
        let rest = &self.text[self.cursor..];
        let word = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let gap = rest[word..].find(|c: char| !c.is_whitespace());
        self.cursor += word + gap.unwrap_or(0);
    }

    fn select_line(&mut self) {
        let (line, _) = self.cursor_position();
        let starts = self.line_starts();
        let end = starts.get(line + 1).copied().unwrap_or(self.text.len());
        self.selection = Some(starts[line]..end);
    }

    fn undo(&mut self) -> bool {
        match self.undo.pop() {
            Some((at, text)) if self.text[at..].starts_with(&text) => {
                self.text.drain(at..at + text.len());
                self.cursor = self.cursor.min(self.text.len());
                true
            }
            _ => false,
        }
    }

    fn save_as(&mut self, path: &Path) -> usize {
        self.path = Some(path.to_path_buf());
        self.is_dirty = false;
        self.undo.clear();
        self.text.len()
    }

    fn set_mark(&mut self, name: char) {
        let at = self.cursor;
        self.marks
            .entry(name)
            .and_modify(|mark| *mark = at)
            .or_insert(at);
    }

    fn jump_to_mark(&mut self, name: char) -> Option<usize> {
        let at = *self.marks.get(&name)?;
        if at > self.text.len() {
            self.marks.remove(&name);
            return None;
        }
        self.cursor = at;
        Some(self.cursor_position().0)
    }

    fn replace_all(&mut self, from: &str, to: &str) -> usize {
        let count = self.text.matches(from).count();
        if count > 0 {
            self.text = self.text.replace(from, to);
            self.is_dirty = true;
            self.cursor = 0;
        }
        count
    }
}

subject! { TextBuffer = {
        let mut buffer = TextBuffer::open(Path::new("/tmp/notes.txt"), "one two\nthree\n\nfour");
        buffer.insert(0, "zero ");
        buffer.marks.extend([('a', 10), ('b', 2)]);
        buffer
    };
    line_starts of [text],
    words of [text],
    cursor_position of [text, cursor],
    selected of [text, selection],
    title of [path, is_dirty],
    marked_lines of [text, marks],
}

cases! { TextBuffer:
    insert writes [text, undo, is_dirty, cursor]
        in |buffer| buffer.insert(2, " new\nline ");
    type_char writes [selection, text, cursor, is_dirty] in |buffer| buffer.type_char('\n');
    go_to_line writes [cursor] in |buffer| assert!(buffer.go_to_line(2));
    go_beyond writes [] in |buffer| assert!(!buffer.go_to_line(99));
    word_right writes [cursor] in TextBuffer::word_right;
    select_line writes [selection] in TextBuffer::select_line;
    undo writes [undo, text, cursor] in |buffer| assert!(buffer.undo());
    save_as writes [path, is_dirty, undo] in |buffer| { buffer.save_as(Path::new("other.txt")); };
    set_mark writes [marks] in |buffer| buffer.set_mark('c');
    jump_to_mark writes [cursor] in |buffer| assert_eq!(buffer.jump_to_mark('a'), Some(0));
    replace_all writes [text, is_dirty, cursor]
        in |buffer| assert_eq!(buffer.replace_all("\n", " x "), 3);
    replace_none writes [] in |buffer| assert_eq!(buffer.replace_all("q", ""), 0);
}
