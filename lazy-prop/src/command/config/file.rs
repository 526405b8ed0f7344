//! The files, and what stands in them.

use std::borrow::ToOwned;
use std::path::{Path, PathBuf};
use std::string::{String, ToString};
use std::vec::Vec;
use std::{env, fmt, format, fs, io, vec};

use clap::error::ErrorKind;
use toml::de::{DeTable, DeValue};

use super::kebab;

/// The tables and settings of one file, or of several.
#[derive(Debug, Default)]
pub(super) struct Contents {
    pub(super) tables: Vec<Table>,
    pub(super) settings: Vec<Setting>,
}

impl Contents {
    pub(super) fn append(&mut self, other: Self) {
        self.tables.extend(other.tables);
        self.settings.extend(other.settings);
    }
}

/// A table, which holds the settings of a command.
#[derive(Debug)]
pub(super) struct Table {
    /// The words of the command.
    pub(super) words: String,
    pub(super) place: Place,
}

/// A key with its value.
#[derive(Debug)]
pub(super) struct Setting {
    /// The words of the command that the table is for; none for the app.
    pub(super) table: String,
    pub(super) key: String,
    /// As they would be typed.
    pub(super) values: Vec<String>,
    pub(super) place: Place,
}

/// A line of a file.
#[derive(Debug)]
pub(super) struct Place {
    file: PathBuf,
    line: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file.display(), self.line)
    }
}

/// Where the files of a program may be, the nearest first: in the directory or the nearest above it,
/// and the user's.
pub(super) fn places(name: &str) -> Vec<PathBuf> {
    let own = format!("{name}.toml");
    let here = env::current_dir().unwrap_or_default();
    let nearest = here.ancestors().map(|directory| directory.join(&own));
    let project = nearest.clone().find(|file| file.is_file());
    let project = project.unwrap_or_else(|| here.join(&own));
    let user = user_directory().map(|directory| directory.join(name).join("config.toml"));
    vec![project].into_iter().chain(user).collect()
}

fn user_directory() -> Option<PathBuf> {
    let variable = |name| {
        env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    let of_home = || variable("HOME").map(|home| home.join(".config"));
    let set = if cfg!(windows) {
        variable("APPDATA")
    } else {
        variable("XDG_CONFIG_HOME")
    };
    set.or_else(of_home)
}

/// Reads a file. One that does not exist is empty.
pub(super) fn read(file: &Path) -> Result<Contents, clap::Error> {
    let text = match fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Contents::default()),
        Err(error) => return Err(wrong(format!("{}: {error}", file.display()))),
    };
    parse(&text, file)
}

fn parse(text: &str, file: &Path) -> Result<Contents, clap::Error> {
    let table = DeTable::parse(text).map_err(|error| {
        let line = line(text, error.span().map_or(0, |span| span.start));
        wrong(format!("{}:{line}: {}", file.display(), error.message()))
    })?;
    let mut contents = Contents::default();
    let reader = Reader { text, file };
    reader.read(table.get_ref(), "", &mut contents)?;
    Ok(contents)
}

struct Reader<'t> {
    text: &'t str,
    file: &'t Path,
}

impl Reader<'_> {
    fn read(
        &self,
        table: &DeTable<'_>,
        words: &str,
        contents: &mut Contents,
    ) -> Result<(), clap::Error> {
        for (key, value) in table {
            let place = self.place(key.span().start);
            let key = kebab(key.get_ref());
            if let DeValue::Table(inner) = value.get_ref() {
                let words = format!("{words} {key}").trim_start().to_owned();
                self.read(inner, &words, contents)?;
                contents.tables.push(Table { words, place });
                continue;
            }
            let Some(values) = values(value.get_ref()) else {
                let text = format!("{place}: `{key}` is a value, or a list of values");
                return Err(wrong(text));
            };
            contents.settings.push(Setting {
                table: words.to_owned(),
                key,
                values,
                place,
            });
        }
        Ok(())
    }

    fn place(&self, at: usize) -> Place {
        Place {
            file: self.file.to_owned(),
            line: line(self.text, at),
        }
    }
}

/// The values as they would be typed.
fn values(value: &DeValue<'_>) -> Option<Vec<String>> {
    match value {
        DeValue::Array(list) => list.iter().map(|value| text(value.get_ref())).collect(),
        value => Some(vec![text(value)?]),
    }
}

fn text(value: &DeValue<'_>) -> Option<String> {
    Some(match value {
        DeValue::String(text) => text.to_string(),
        DeValue::Boolean(yes) => yes.to_string(),
        DeValue::Datetime(time) => time.to_string(),
        DeValue::Float(number) => number.as_str().to_owned(),
        DeValue::Integer(number) => {
            let radix = number.radix();
            match i128::from_str_radix(number.as_str(), radix) {
                Ok(number) => number.to_string(),
                Err(_) => number.as_str().to_owned(),
            }
        }
        _ => return None,
    })
}

fn line(text: &str, at: usize) -> usize {
    1 + text.bytes().take(at).filter(|byte| *byte == b'\n').count()
}

/// An error of a file, which is the user's.
pub(super) fn wrong(text: String) -> clap::Error {
    clap::Error::raw(ErrorKind::ValueValidation, text + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_commands_and_lists_are_values() {
        let text = "level = 0x10\nname = \"x\"\n[remote.add]\nsome_tag = [\"a\", 1_000, true]\n";
        let read = parse(text, Path::new("f")).unwrap();
        let said = read
            .settings
            .iter()
            .map(|s| (&*s.table, &*s.key, s.values.join(","), s.place.line));
        assert_eq!(
            said.collect::<Vec<_>>(),
            [
                ("", "level", "16".into(), 1),
                ("", "name", "x".into(), 2),
                ("remote add", "some-tag", "a,1000,true".into(), 4),
            ]
        );
    }

    #[test]
    fn what_is_no_toml_is_told_with_its_line() {
        let error = parse("a = 1\nb = \n", Path::new("f")).unwrap_err();
        assert!(error.to_string().starts_with("error: f:2: "), "{error}");
        let error = parse("a = [[1]]\n", Path::new("f")).unwrap_err();
        assert_eq!(
            error.to_string(),
            "error: f:1: `a` is a value, or a list of values\n"
        );
    }
}
