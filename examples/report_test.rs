//! The report is right about small lock files, and names in one line what it cannot read.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, fs};

/// `a` and `b` depend on each other, `a` on both versions of `twin`.
const LOCK: &str = r#"
version = 4

[[package]]
name = "a"
version = "0.1.0"
dependencies = ["b", "twin 1.0.0", "twin 2.0.0 (git+https://example.org/twin)"]

[[package]]
name = "b"
version = "0.1.0"
dependencies = ["a", "leaf"]

[[package]]
name = "leaf"
version = "1.0.0"

[[package]]
name = "lonely"
version = "1.0.0"

[[package]]
name = "twin"
version = "1.0.0"
dependencies = ["leaf"]

[[package]]
name = "twin"
version = "2.0.0"
source = "git+https://example.org/twin#0123abc"
dependencies = ["leaf", "twin 1.0.0"]
"#;

const REPORT: &str = "\
packages: 6
names in several versions: 1
    twin 1.0.0, 2.0.0
most depended-on packages: 5
    leaf 1.0.0 (3 depend on it)
    twin 1.0.0 (2 depend on it)
    a 0.1.0 (1 depends on it)
    b 0.1.0 (1 depends on it)
    twin 2.0.0 (1 depends on it)
longest chain of dependencies: 4
    b 0.1.0 <-> a 0.1.0
    twin 2.0.0
    twin 1.0.0
    leaf 1.0.0
roots: 3
    a 0.1.0
    b 0.1.0
    lonely 1.0.0
computed: versions, popular, chain, roots, dependents, circles
";

/// Runs the example, which `cargo test` builds beside this test.
fn report(arguments: &[&str]) -> Output {
    let test = env::current_exe().expect("a test has a path");
    let target = test.ancestors().nth(2).expect("it is in target/debug/deps");
    let example = target.join("examples").join("report");
    let output = Command::new(&example).args(arguments).output();
    output.unwrap_or_else(|error| panic!("{}: {error}", example.display()))
}

/// A file of this name that has this text.
fn file(name: &str, text: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, text).expect("the target directory can be written to");
    path
}

fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).expect("the output is UTF-8")
}

/// The one line with which the example fails.
fn failure(arguments: &[&str]) -> String {
    let output = report(arguments);
    assert_eq!((output.status.code(), stdout(&output)), (Some(1), ""));
    let line = std::str::from_utf8(&output.stderr).expect("the output is UTF-8");
    assert_eq!(line.lines().count(), 1, "{line}");
    line.trim_end().to_owned()
}

#[test]
fn everything() {
    let lock = file("small.lock", LOCK);
    assert_eq!(stdout(&report(&[lock.to_str().unwrap()])), REPORT);
}

#[test]
fn one_question_computes_its_answer_alone() {
    let lock = file("question.lock", LOCK);
    let output = report(&[lock.to_str().unwrap(), "packages", "versions"]);
    let expected =
        "packages: 6\nnames in several versions: 1\n    twin 1.0.0, 2.0.0\ncomputed: versions\n";
    assert_eq!(stdout(&output), expected);
}

#[test]
fn an_empty_file_has_no_packages() {
    let lock = file("empty.lock", "");
    let output = report(&[lock.to_str().unwrap(), "packages", "chain"]);
    let expected =
        "packages: 0\nlongest chain of dependencies: 0\ncomputed: chain, dependents, circles\n";
    assert_eq!(stdout(&output), expected);
}

#[test]
fn without_a_path_this_workspace() {
    let output = report(&["roots"]);
    assert!(stdout(&output).contains("    tests "), "{output:?}");
}

#[test]
fn missing_file() {
    assert!(failure(&["no such file"]).starts_with("no such file: "));
}

#[test]
fn broken_files() {
    let lock = file("broken.lock", "[[package]]\nname = ");
    failure(&[lock.to_str().unwrap()]);
    let lock = file(
        "lacking.lock",
        &LOCK.replace("name = \"b\"", "name = \"x\""),
    );
    assert!(failure(&[lock.to_str().unwrap()]).ends_with("there is no package `b`"));
}

#[test]
fn two_paths() {
    let output = report(&["one", "two"]);
    assert_eq!(output.status.code(), Some(2));
}
