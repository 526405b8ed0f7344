//! Files of variables, such as `.env`: a `KEY=VALUE` on each line, with quotes and comments.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::error::Error;

/// The message about a line that is not a variable.
pub const FORM: &str = "it is not `KEY=VALUE`";

/// The variables of a file.
///
/// # Errors
/// If it cannot be read, or a line is not a variable.
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

/// The variables in a text, and the numbers of the lines that are wrong.
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
        let variable = line.split_once('=').and_then(|(key, value)| {
            let key = key.trim();
            let is_name = !key.is_empty() && !key.contains(char::is_whitespace);
            Some((key, value_of(value)?)).filter(|_| is_name)
        });
        match variable {
            Some((key, value)) => {
                found.insert(key.to_owned(), value);
            }
            None => strange.push(number + 1),
        }
    }
    (found, strange)
}

/// The value, or `None` if its quotes are not closed or text follows them.
fn value_of(text: &str) -> Option<String> {
    let trimmed = text.trim_start();
    match trimmed.chars().next() {
        Some(quote @ ('"' | '\'')) => quoted(&trimmed[1..], quote),
        _ => Some(without_comment(text).trim().to_owned()),
    }
}

/// The text up to the quote. Double quotes have escapes, single ones have none.
fn quoted(text: &str, quote: char) -> Option<String> {
    let mut value = String::new();
    let mut rest = text.chars();
    loop {
        match rest.next()? {
            end if end == quote => break,
            '\\' if quote == '"' => match rest.next()? {
                'n' => value.push('\n'),
                same @ ('"' | '\\' | '$') => value.push(same),
                other => value.extend(['\\', other]),
            },
            other => value.push(other),
        }
    }
    without_comment(rest.as_str())
        .trim()
        .is_empty()
        .then_some(value)
}

/// The text before a `#` that follows a blank: `#fff` is a value.
fn without_comment(text: &str) -> &str {
    let comment = text.match_indices('#').find(|(at, _)| {
        let before = text[..*at].chars().next_back();
        before.is_some_and(char::is_whitespace)
    });
    comment.map_or(text, |(at, _)| &text[..at])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(line: &str) -> Option<String> {
        parse(line).0.into_values().next()
    }

    #[test]
    fn a_comment_follows_a_value_and_a_blank() {
        assert_eq!(value("A=\"b c\" # two").unwrap(), "b c");
        assert_eq!(value("A='b # c'\t# two").unwrap(), "b # c");
        assert_eq!(value("A= # nothing").unwrap(), "");
        assert_eq!(value("A=#fff").unwrap(), "#fff");
        assert_eq!(value("A=it's # one").unwrap(), "it's");
    }

    #[test]
    fn only_double_quotes_have_escapes() {
        assert_eq!(value(r#"A="a\nb\\n\"c\d""#).unwrap(), "a\nb\\n\"c\\d");
        assert_eq!(value(r"A='a\nb'").unwrap(), r"a\nb");
    }

    #[test]
    fn strange_lines_are_told_by_their_numbers() {
        let text = "A=\"open\nB='one' two\nC D=3\n=4\nE=\"\\\"\nF=6\n";
        let (found, strange) = parse(text);
        assert_eq!(strange, [1, 2, 3, 4, 5]);
        assert_eq!(found.len(), 1);
    }
}
