// Rule: the type of a parameter is named.
// Why: the type says how the argument is read, and `impl Trait` is no type of its own.
// Instead: name the type that is read.
use lazy_prop::command;

#[command]
fn open(path: &std::path::Path) {
    println!("{}", path.display());
}

fn main() {
    let _ = lazy_prop::cli!(open);
}
