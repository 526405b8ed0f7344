// Rule: the type of a parameter can be read from a command line.
// Why: something must make the value from text.
// Instead: implement `FromStr` with any error, derive `clap::ValueEnum`, or write `value_parser`.
use lazy_prop::command;

struct Service;

#[derive(Clone)]
struct Cloned;

#[command]
fn add(service: Service, #[arg(long)] cloned: Option<Cloned>) {
    let _ = (service, cloned);
}

fn main() {}
