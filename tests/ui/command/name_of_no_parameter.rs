// Rule: words speak of parameters that are there.
// Why: clap panics in a debug build, and ignores them in a release.
// Instead: write the name of the parameter.
use lazy_prop::command;

#[command]
fn print(
    #[arg(long, conflicts_with = "jsno")] yaml: bool,
    #[arg(long)] json: bool,
) {
    println!("{yaml} {json}");
}

fn main() {}
