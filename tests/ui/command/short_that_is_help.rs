// Rule: `short` alone does not take `-h` or `-V`.
// Why: they ask for help and the version, and it may be by chance.
// Instead: say that it takes the letter, or choose another.
use lazy_prop::command;

#[command]
fn connect(#[arg(short, long)] host: String) {
    println!("{host}");
}

fn main() {}
