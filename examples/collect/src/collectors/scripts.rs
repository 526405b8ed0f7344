//! The output of user scripts: lines of `name value [time]`.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use serde::Deserialize;

use crate::child::{self, End};
use crate::collector::{Collector, Problem, Run};
use crate::metric::Sample;

crate::collector!(Scripts);

struct Scripts {
    settings: Settings,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    /// Their directory. They may be at any depth.
    scripts: PathBuf,
    /// The largest output of one script in a run, in bytes.
    #[serde(default = "million")]
    output_limit: usize,
}

fn million() -> usize {
    1_000_000
}

impl Collector for Scripts {
    const NAME: &'static str = "scripts";
    const ABOUT: &'static str =
        "What the programs of a directory write: lines of `name value [time]`.";
    type Settings = Settings;

    fn new(settings: Settings) -> Self {
        Self { settings }
    }

    fn collect(&mut self, run: &mut Run<'_>) -> Result<(), Problem> {
        let mut scripts = vec![];
        find(&self.settings.scripts, &mut scripts, &mut run.notes)
            .map_err(|error| format!("{}: {error}", self.settings.scripts.display()))?;
        let (deadline, limit) = (run.deadline, self.settings.output_limit);
        // All at once, so that a hanging one takes no time from the others.
        let outputs: Vec<_> = thread::scope(|scope| {
            let all = scripts.iter().map(|script| {
                scope.spawn(move || child::run(Command::new(script), deadline, limit))
            });
            let all: Vec<_> = all.collect();
            all.into_iter()
                .map(|one| {
                    one.join()
                        .unwrap_or_else(|_| Err(io::Error::other("panicked")))
                })
                .collect()
        });
        for (script, output) in scripts.iter().zip(outputs) {
            let mut note = |note: String| run.notes.push(format!("{}: {note}", script.display()));
            match output {
                Err(error) => note(error.to_string()),
                Ok((text, end)) => {
                    match end {
                        End::Exited(status) if status.success() => {}
                        End::Exited(status) => note(status.to_string()),
                        End::TooLate => note("killed, for its time was over".into()),
                        End::TooMuch => {
                            note(format!("killed, for it wrote more than {limit} bytes"));
                        }
                    }
                    let (samples, junk) = parse(&text, run.now.time);
                    if let Some(first) = junk.first() {
                        note(format!("{} lines are no metrics: {first}", junk.len()));
                    }
                    run.samples.extend(samples);
                }
            }
        }
        Ok(())
    }
}

/// The metrics, and why other lines are not metrics.
fn parse(text: &[u8], now: u64) -> (Vec<Sample>, Vec<String>) {
    let mut junk = vec![];
    // A line without an end may contain half a number.
    let whole = text
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |end| end + 1);
    if whole < text.len() {
        junk.push("the last one has no end".into());
    }
    let text = String::from_utf8_lossy(&text[..whole]);
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let samples = lines.filter_map(|line| {
        Sample::parse(line, now)
            .map_err(|error| junk.push(error.to_string()))
            .ok()
    });
    (samples.collect(), junk)
}

/// The programs below a directory, without hidden ones and tests. A program that everybody can
/// write is not run.
fn find(directory: &Path, scripts: &mut Vec<PathBuf>, notes: &mut Vec<String>) -> io::Result<()> {
    let mut entries = fs::read_dir(directory)?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let (path, name) = (entry.path(), entry.file_name());
        let name = name.to_string_lossy();
        if name.starts_with('.')
            || name.starts_with("test")
            || name.ends_with("tests")
            || name.ends_with("fixtures")
        {
            continue;
        }
        // A link to a directory may form a cycle.
        if entry.file_type()?.is_dir() {
            find(&path, scripts, notes)?;
            continue;
        }
        let Ok(metadata) = fs::metadata(&path) else {
            continue;
        };
        let mode = metadata.permissions().mode();
        if !metadata.is_file() || mode & 0o111 == 0 {
            continue;
        }
        if mode & 0o002 != 0 {
            notes.push(format!(
                "{}: not run, for everybody can write it",
                path.display()
            ));
        } else {
            scripts.push(path);
        }
    }
    Ok(())
}
