//! A line of the user's crontab.

use std::io::Write;
use std::process::{Command, Stdio};

use super::{Boot, program};
use crate::error::Error;

/// The start of the line before ours, followed by the registry.
const MARK: &str = "# svc: ";

/// Adds the line.
pub(super) fn install(boot: &Boot) -> Result<(), Error> {
    let mut lines = without_ours(boot, &crontab()?);
    lines += &[&mark(boot), "\n", &line(boot), "\n"].concat();
    set_crontab(&lines)
}

/// Removes the line. Returns whether there was one.
pub(super) fn remove(boot: &Boot) -> Result<bool, Error> {
    let Ok(before) = crontab() else {
        return Ok(false);
    };
    let after = without_ours(boot, &before);
    if after == before {
        return Ok(false);
    }
    set_crontab(&after)?;
    Ok(true)
}

pub(super) fn line(boot: &Boot) -> String {
    // `%` has a special meaning there.
    format!("@reboot {} start --wanted", boot.line().replace('%', r"\%"))
}

fn mark(boot: &Boot) -> String {
    format!("{MARK}{}", boot.registry.display())
}

/// The lines of a crontab, without those that we added for this registry.
fn without_ours(boot: &Boot, crontab: &str) -> String {
    let mark = mark(boot);
    let mut kept = String::new();
    let mut lines = crontab.lines();
    while let Some(line) = lines.next() {
        if line == mark {
            lines.next();
        } else {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

/// The user's crontab, which is empty if there is none.
fn crontab() -> Result<String, Error> {
    let mut command = Command::new("crontab");
    let output = command.arg("-l").stdin(Stdio::null()).output();
    let output = output.map_err(|error| program::missing("crontab", &error))?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn set_crontab(lines: &str) -> Result<(), Error> {
    let child = Command::new("crontab")
        .arg("-")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let output = child.and_then(|mut child| {
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(lines.as_bytes())?;
        }
        child.wait_with_output()
    });
    program::output("crontab", output).map(drop)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn only_our_lines_of_this_registry_go() {
        let boot = Boot::of("/bin/svc".into(), Path::new("/a/r.db"));
        let theirs = "MAILTO=x\n# svc: /other.db\n@reboot other\n";
        let both = format!("{theirs}# svc: /a/r.db\n{}\n", line(&boot));
        assert_eq!(without_ours(&boot, &both), theirs);
        assert_eq!(boot.name(), "svc-a-r");
    }
}
