// Rule: an app has no parameters.
// Why: it is made from a command line, which has no types to choose.
// Instead: use concrete types.
use lazy_prop::command;

#[command]
struct App<T> {
    db: T,
}

#[command]
impl<T> App<T> {
    #[command]
    fn show(&self) {}
}

fn main() {}
