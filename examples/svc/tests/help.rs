//! The help of each command, as it is in `tests/help`: what changes there is seen. `SVC_HELP=write` writes it anew.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

fn help(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_svc"))
        .args(arguments)
        .arg("--help")
        .env_remove("SVC_DB")
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The commands that the program lists: each has a line that begins with two blanks and its name.
fn commands(help: &str) -> Vec<String> {
    let lines = help
        .lines()
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let names = lines.filter_map(|line| line.split_whitespace().next());
    let is_name = |name: &&str| name.chars().all(|c| c.is_ascii_lowercase());
    names
        .filter(is_name)
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_help_of_each_command_is_the_golden_one() {
    let directory = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/help");
    let main = help(&[]);
    let names = commands(&main);
    assert!(names.len() > 15, "{names:?}");
    let mut found = vec![("svc".to_owned(), main)];
    found.extend(names.iter().map(|name| (name.clone(), help(&[name]))));
    let mut files = BTreeSet::new();
    for (name, text) in found {
        let file = directory.join(format!("{name}.txt"));
        if std::env::var("SVC_HELP").is_ok_and(|what| what == "write") {
            fs::create_dir_all(&directory).unwrap();
            fs::write(&file, &text).unwrap();
        }
        let golden = fs::read_to_string(&file).unwrap_or_default();
        assert_eq!(
            text, golden,
            "{name}: `SVC_HELP=write cargo test -p svc --test help` writes it"
        );
        files.insert(file);
    }
    for file in fs::read_dir(directory).unwrap() {
        assert!(
            files.contains(&file.unwrap().path()),
            "a help of no command"
        );
    }
}
