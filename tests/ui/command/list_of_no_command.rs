// Rule: what is listed is a command.
// Why: a function alone says nothing of a command line.
// Instead: write `#[command]` on the function, and on the `use` that brings it.
mod tools {
    #[lazy_prop::command]
    pub fn list() {}
}

use tools::list;

fn main() {
    list();
    let _ = lazy_prop::cli!(lazy_prop::commands![list]);
}
