//! The commands of the program of 2008, which were lines for a shell.

use rusqlite::Connection;

use super::schema::SERVICES;
use super::{migrate, values};

/// The statements that turn the shell lines of form 1 into JSON.
pub(super) fn commands(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    if migrate::columns(connection, SERVICES.name)?.is_empty() {
        return Ok(Vec::new());
    }
    let sql = "SELECT rowid, coalesce(command, '') FROM services";
    let mut statement = connection.prepare(sql)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    rows.map(|row| {
        let (id, line): (i64, String) = row?;
        let command = values::json_of(&words(&line)).replace('\'', "''");
        Ok(format!(
            "UPDATE services SET command = '{command}' WHERE rowid = {id}"
        ))
    })
    .collect()
}

/// A line of form 1 as a program and its arguments. A line that needs a shell still runs in one.
pub(super) fn words(line: &str) -> Vec<String> {
    let plain = !line.contains(|c| "|&;<>()$`\\*?[]#~{}!\n".contains(c));
    match shell_words::split(line) {
        Ok(words) if plain && words.first().is_some_and(|word| !word.contains('=')) => words,
        _ => ["/bin/sh", "-c", line].map(str::to_owned).to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_split_unless_only_a_shell_knows_what_it_means() {
        for (line, expected) in [
            ("sleep 60", &["sleep", "60"][..]),
            (r#"echo "a b" 'c "d"'"#, &["echo", "a b", "c \"d\""]),
            ("", &["/bin/sh", "-c", ""]),
            ("A=1 x", &["/bin/sh", "-c", "A=1 x"]),
            ("x --a=1", &["x", "--a=1"]),
            ("x > y", &["/bin/sh", "-c", "x > y"]),
            ("it's", &["/bin/sh", "-c", "it's"]),
        ] {
            assert_eq!(words(line), expected);
        }
    }
}
