// Rule: a command cannot be generic.
// Why: a command line names no types.
// Instead: name the type, or call a generic function from the command.
use lazy_prop::command;

#[command]
fn read<T: std::str::FromStr>(value: String) {
    println!("{}", value.parse::<T>().is_ok());
}

fn main() {}
