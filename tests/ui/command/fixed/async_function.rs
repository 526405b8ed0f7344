// Rule: a command is no `async fn`, for now.
// Why: the program has no executor that the macro knows of.
// Instead: block on the future in a plain function.
use lazy_prop::command;

fn block_on(future: impl Future<Output = ()>) {
    drop(future);
}

#[command]
fn fetch(url: String) {
    block_on(async {
        println!("{url}");
    });
}

fn main() {
    let _ = lazy_prop::cli!(fetch);
}
