// Rule: an app cannot be generic.
// Why: it is made from a command line, which names no types.
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
