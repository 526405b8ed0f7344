// Rule: where groups are described, arguments are in those.
// Why: clap makes a new group of a misspelled name.
// Instead: write the name of the group.
use lazy_prop::command;

#[command(group(command::clap::ArgGroup::new("form").required(true)))]
fn print(
    #[arg(long, group = "form")] yaml: bool,
    #[arg(long, group = "form")] json: bool,
) {
    println!("{yaml} {json}");
}

fn main() {
    let _ = lazy_prop::cli!(print);
}
