// Rule: a command returns `()`, an `ExitCode`, or a `Result` of either.
// Why: any other value says nothing to the person who typed the command.
// Instead: print the value, or turn it into an exit code.
use lazy_prop::command;

#[command]
fn count(of: Vec<String>) -> usize {
    of.len()
}

#[command]
fn double(n: u8) -> Result<u8, String> {
    Ok(n * 2)
}

fn main() {}
