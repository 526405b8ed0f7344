//! Counting instructions: the same on every run, whatever else the machine does.

use std::env;
use std::process::Command;

use crate::subject::Work;

/// The work runs this often, and then this often. The difference does not contain the start-up.
const TIMES: [u32; 2] = [1_000, 6_000];

/// The hidden word that makes this program run one piece of work and nothing else.
pub(crate) const WORK: &str = "--work";

/// The reason why nothing can be counted, if there is one.
pub(crate) fn missing() -> Option<String> {
    let found = Command::new("valgrind").arg("--version").output();
    let error = found.err()?;
    Some(format!(
        "instructions are counted by valgrind, which does not run: {error} (on Debian, apt-get install valgrind)"
    ))
}

/// The instructions that the work with this id takes, without those around it.
pub(crate) fn instructions(id: &str) -> Result<f64, String> {
    Ok(each(id, "run")? - each(id, "rest")?)
}

/// The function of `work` that an argument names.
pub(crate) fn part(work: &Work, name: &str) -> fn(u32) {
    if name == "rest" { work.rest } else { work.run }
}

fn each(id: &str, part: &str) -> Result<f64, String> {
    let [few, many] = TIMES.map(|times| total(id, part, times));
    let difference = many?.saturating_sub(few?);
    let difference = u32::try_from(difference).map_err(|error| error.to_string())?;
    Ok(f64::from(difference) / f64::from(TIMES[1] - TIMES[0]))
}

/// All instructions that this program executes when it does the work this often.
fn total(id: &str, part: &str, times: u32) -> Result<u64, String> {
    let own = env::current_exe().map_err(|error| error.to_string())?;
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(own)
        .args([WORK, id, part, &times.to_string()])
        .output()
        .map_err(|error| error.to_string())?;
    let log = String::from_utf8_lossy(&output.stderr);
    let count = log
        .lines()
        .find_map(|line| line.split("Collected : ").nth(1));
    let count = count.and_then(|count| count.trim().parse().ok());
    count.ok_or_else(|| format!("valgrind gives no count for {id}:\n{log}"))
}
