//! Several values: a list, an option given again, a tuple, pairs.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use lazy_prop::{cli, command};

#[command]
fn order(
    files: Vec<PathBuf>,
    #[arg(long)] user: Vec<String>,
    #[arg(long, default_values = ["nobody", "0"])] item: (String, u32),
    #[arg(long)] set: BTreeMap<String, String>,
) {
    println!("{files:?} {user:?} {item:?} {set:?}");
}

fn main() -> ExitCode {
    cli!(order).run()
}
