// Rule: the type of a parameter has a name.
// Why: the type decides how the argument is read, and `impl Trait` is not one type.
// Instead: name the type.
use lazy_prop::command;

#[command]
fn open(path: impl AsRef<std::path::Path>) {
    println!("{}", path.as_ref().display());
}

fn main() {}
