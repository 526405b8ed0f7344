// Rule: a command returns nothing, an `ExitCode`, or a `Result` of these.
// Why: nothing says what any other value means to the one who typed the command.
// Instead: print it, or make an exit code of it.
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
