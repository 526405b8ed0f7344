use std::path::PathBuf;

use lazy_prop::{cli, command, commands};

#[command]
fn say(words: &[String]) {
    println!("{words:?}");
}

#[command]
fn show(files: Vec<PathBuf>, #[arg(long)] tags: Option<Vec<String>>) {
    println!("{files:?} {tags:?}");
}

fn main() {
    cli!(commands![say, show]).clap().debug_assert();
}
