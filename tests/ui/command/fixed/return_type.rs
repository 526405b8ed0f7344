// Rule: a command returns `()`, an `ExitCode`, or a `Result` of either.
// Why: nothing says what any other value means to the one who typed the command.
// Instead: print it, or make an exit code of it.
use lazy_prop::command;

use std::process::ExitCode;

#[command]
fn count(of: Vec<String>) {
    println!("{}", of.len());
}

#[command]
fn double(n: u8) -> Result<ExitCode, String> {
    Ok(ExitCode::from(n * 2))
}

fn main() {
    let _ = lazy_prop::cli!(lazy_prop::commands![count, double]);
}
