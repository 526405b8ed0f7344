//! That the README shows what is.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::server::{Server, example, run};

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

#[test]
fn a_fourth_application_is_one_short_file_that_the_readme_shows() {
    let program = read("examples/greet.rs");
    assert!(program.lines().count() <= 30 && read("README.md").contains(&program));
    let mut command = Command::new(example("greet"));
    command.args(["-n", "--bind", "127.0.0.1:0", "greet", "World"]);
    assert_eq!(Server::start_as(command).get("/").text(), "Hello, World!\n");
}

#[test]
fn each_option_of_the_readme_is_there() {
    let (_, help, _) = run("--help");
    let text = read("README.md");
    let words = text.split(|c: char| !(c.is_alphanumeric() || c == '-'));
    let options = words.filter(|word| word.starts_with("--") && !word.ends_with('-'));
    let cargo_s = ["--example", "--release"];
    for option in options.filter(|option| !cargo_s.contains(option)) {
        assert!(help.contains(option), "{option}");
    }
}
