// Rule: a command is no `async fn`, for now.
// Why: the program has no executor that the macro knows of.
// Instead: block on the future in a plain function.
use lazy_prop::command;

#[command]
async fn fetch(url: String) {
    println!("{url}");
}

fn main() {}
