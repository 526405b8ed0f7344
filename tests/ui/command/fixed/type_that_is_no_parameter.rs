// Rule: the type of a parameter can be read from a command line.
// Why: someone must make the value from text.
// Instead: implement `FromStr` with any error, derive `clap::ValueEnum`, or say `value_parser`.
use lazy_prop::command;

#[derive(Clone)]
struct Service;

impl std::str::FromStr for Service {
    type Err = ();

    fn from_str(_: &str) -> Result<Self, ()> {
        Ok(Self)
    }
}

#[derive(Clone)]
struct Cloned;

fn cloned(_: &str) -> Result<Cloned, String> {
    Ok(Cloned)
}

#[command]
fn add(service: Service, #[arg(long, value_parser = cloned)] cloned: Option<Cloned>) {
    let _ = (service, cloned);
}

fn main() {
    let _ = lazy_prop::cli!(add);
}
