// Rule: the type of a parameter can be read from a command line.
// Why: someone must make the value from text.
// Instead: implement `FromStr` with any error, derive `clap::ValueEnum`, or say `value_parser`.
use lazy_prop::command;

struct Service;

#[derive(Clone)]
struct Cloned;

#[command]
fn add(service: Service, #[arg(long)] cloned: Option<Cloned>) {
    let _ = (service, cloned);
}

fn main() {}
