//! Converts a configuration of Diamond.

mod diamond;
mod words;

use std::fmt;
use std::str::FromStr;

use diamond::Entry;
use toml::{Table, Value};
use words::{Form, Word};

/// A converted configuration, and the lines that could not be converted.
#[derive(Debug, Default)]
pub struct Imported {
    /// The text of the new file.
    pub table: Table,
    /// The lines that could not be converted.
    pub notes: Vec<Note>,
}

/// A line that could not be converted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The line, from 1.
    pub line: usize,
    /// The entry, and why it could not be converted.
    pub text: String,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.line, self.text)
    }
}

/// Converts the text of a `diamond.conf`.
#[must_use]
pub fn import(text: &str) -> Imported {
    let mut imported = Imported::default();
    for entry in diamond::entries(text) {
        let place: Vec<&str> = entry.section.iter().map(String::as_str).collect();
        let result = match place[..] {
            ["server"] => imported.server(&entry),
            ["collectors", name] => imported.collector(name, &entry),
            ["handlers", name] => imported.handler(name, &entry),
            _ => Err(Reason::Section("is not known here")),
        };
        if let Err(reason) = result {
            let place = place.join(" ");
            let text = match reason {
                Reason::Section(text) => format!("[{place}] {text}"),
                Reason::Key(text) => format!("`{}` of [{place}] {text}", entry.key),
            };
            let is_new = imported.notes.iter().all(|note| note.text != text);
            if is_new && !entry.value.is_empty() {
                imported.notes.push(Note {
                    line: entry.line,
                    text,
                });
            }
        }
    }
    imported
}

/// Why an entry could not be converted.
enum Reason {
    /// Because of its section.
    Section(&'static str),
    /// Because of its key or value.
    Key(String),
}

impl<T: Into<String>> From<T> for Reason {
    fn from(text: T) -> Self {
        Self::Key(text.into())
    }
}

impl Imported {
    fn server(&mut self, entry: &Entry) -> Result<(), Reason> {
        match entry.key.as_str() {
            "handlers" => {
                let mut kinds = vec![];
                for class in entry.list() {
                    let class = class.rsplit('.').next().unwrap_or_default().to_owned();
                    match words::handler(&class) {
                        Some(kind) => kinds.push(Value::from(kind)),
                        None => self.note(entry, format!("there is no handler like `{class}`")),
                    }
                }
                self.put(&["server"], "handlers", kinds.into());
                Ok(())
            }
            "pid_file" => Err("is an option of `run`, `-p`".into()),
            "user" => Err("is an option of `run`, `-u`".into()),
            "group" => Err("is an option of `run`, `-g`".into()),
            "collectors_config_path" | "handlers_config_path" => Err(
                "has files that are to be imported one by one, as the sections of their names"
                    .into(),
            ),
            _ => Err("is not known here".into()),
        }
    }

    fn collector(&mut self, name: &str, entry: &Entry) -> Result<(), Reason> {
        // `CPUCollector one` is another collector of the same kind.
        let (class, rest) = name
            .split_once(' ')
            .map_or((name, None), |(class, rest)| (class, Some(rest)));
        let kind = words::collector(class)
            .ok_or(Reason::Section("is a collector that is not known here"))?;
        let name = rest.map_or_else(|| kind.to_owned(), |rest| format!("{kind} {rest}"));
        let word = words::of_collector(kind, &entry.key);
        self.convert("collectors", &name, word, entry)
    }

    fn handler(&mut self, class: &str, entry: &Entry) -> Result<(), Reason> {
        let kind =
            words::handler(class).ok_or(Reason::Section("is a handler that is not known here"))?;
        self.convert("handlers", kind, words::of_handler(kind, &entry.key), entry)
    }

    fn convert(
        &mut self,
        group: &str,
        name: &str,
        word: Option<Word>,
        entry: &Entry,
    ) -> Result<(), Reason> {
        let Word { key, form } = word.ok_or_else(|| Reason::from("is not known here"))?;
        if entry.value.is_empty() && form != Form::Bool {
            // Diamond treats this as unset.
            return Ok(());
        }
        let value = match form {
            Form::Text => entry.value.clone().into(),
            Form::Number => number::<i64>(&entry.value).or_else(|_| number::<f64>(&entry.value))?,
            Form::Bool => truth(&entry.value)?.into(),
            Form::Not => (!truth(&entry.value)?).into(),
            Form::List => entry.list().into(),
            Form::Prefixes => {
                let names: Vec<_> = entry
                    .list()
                    .iter()
                    .map(|name| regex::escape(name))
                    .collect();
                format!("^(?:{})", names.join("|")).into()
            }
            Form::Patterns => entry.list().join("|").into(),
            Form::Urls => {
                let urls = entry.list().into_iter().enumerate();
                Value::Table(
                    urls.map(|(number, url)| (format!("url{}", number + 1), url.into()))
                        .collect(),
                )
            }
        };
        self.put(&[group, name], key, value);
        Ok(())
    }

    fn put(&mut self, section: &[&str], key: &str, value: Value) {
        let mut table = &mut self.table;
        for name in section {
            let entry = table.entry(*name).or_insert_with(|| Table::new().into());
            let Value::Table(inner) = entry else { return };
            table = inner;
        }
        table.insert(key.into(), value);
    }

    fn note(&mut self, entry: &Entry, text: String) {
        self.notes.push(Note {
            line: entry.line,
            text,
        });
    }
}

fn number<T: FromStr + Into<Value>>(text: &str) -> Result<Value, String> {
    text.parse::<T>()
        .map(Into::into)
        .map_err(|_| format!("is no number: `{text}`"))
}

/// Diamond's words for true and false.
fn truth(text: &str) -> Result<bool, String> {
    match text.to_lowercase().as_str() {
        "true" | "t" | "yes" | "y" => Ok(true),
        "false" | "f" | "no" | "n" | "" => Ok(false),
        _ => Err(format!("is neither true nor false: `{text}`")),
    }
}
