//! Each chapter does what it says.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// Runs a chapter with these words, and gives all that it prints, and its exit code.
macro_rules! run {
    ($chapter:literal, $($word:expr),*) => {
        run(env!(concat!("CARGO_BIN_EXE_", $chapter)), &[$($word),*], "")
    };
}

fn run(program: &str, words: &[&str], typed: &str) -> (String, i32) {
    let mut child = Command::new(program)
        .args(words)
        .env("NO_COLOR", "1")
        .env_remove("AWESOME_NAME")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(typed.as_bytes()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (
        String::from_utf8(text).unwrap(),
        output.status.code().unwrap(),
    )
}

#[track_caller]
fn prints((text, code): (String, i32), expected: &str) {
    assert_eq!((&*text, code), (expected, 0));
}

#[track_caller]
fn refuses((text, code): (String, i32), expected: &str) {
    assert!(text.contains(expected) && code == 2, "{code}: {text}");
}

#[test]
fn first_steps() {
    prints(run!("first_steps", "Camila"), "Hello Camila\n");
    prints(
        run!("first_steps", "--formal", "Camila"),
        "Good day, Camila.\n",
    );
    refuses(run!("first_steps",), "<NAME>");
    let (help, code) = run!("first_steps", "--help");
    assert!(help.contains("Say it formally") && code == 0, "{help}");
}

#[test]
fn arguments() {
    prints(run!("arguments", "optional"), "Hello World\n");
    prints(run!("arguments", "optional", "Ann"), "Hello Ann\n");
    prints(run!("arguments", "default"), "Hello Wade\n");
    prints(run!("arguments", "environment"), "Hello World\n");
    let (help, _) = run!("arguments", "environment", "--help");
    assert!(
        help.contains("[env: AWESOME_NAME=] [default: World]"),
        "{help}"
    );
}

#[test]
fn options() {
    prints(
        run!("options", "name", "--first=Ann", "-l", "Lee"),
        "Hello Ann Lee\n",
    );
    refuses(run!("options", "name"), "--first <FIRST>");
    prints(run!("options", "accept"), "None\n");
    prints(run!("options", "accept", "--no-accept"), "Some(false)\n");
    refuses(
        run!("options", "only", "--name", "Rick"),
        "only Camila is allowed",
    );
}

#[test]
fn prompts() {
    prints(
        run!("prompts", "login", "--name=Ann", "--password=abc"),
        "Ann has 3 letters\n",
    );
    refuses(
        run!("prompts", "login", "--password=abc"),
        "no terminal to ask",
    );
    prints(run!("prompts", "delete-all", "--yes"), "Deleted\n");
    refuses(run!("prompts", "delete-all"), "write `--yes`");
}

#[test]
fn commands() {
    prints(run!("commands", "create", "Ann"), "Creating user: Ann\n");
    prints(
        run!("commands", "rm", "Ann", "--force"),
        "Deleting user: Ann, force: true\n",
    );
    prints(run!("commands", "list"), "No users yet\n");
    refuses(run!("commands", "crate"), "'create'");
    let (help, _) = run!("commands", "--help");
    assert!(help.contains("Look:\n  list  Show all users"), "{help}");
}

#[test]
fn callback() {
    prints(
        run!("callback", "-v", "create", "Ann"),
        "About to create Ann\nCreated Ann\n",
    );
    prints(run!("callback", "create", "Ann"), "Created Ann\n");
    prints(run!("callback",), "0 users\n");
}

#[test]
fn types() {
    prints(run!("types", "5", "-vv"), "5 -0.5 simple None None 2\n");
    let line = run!(
        "types",
        "5",
        "--score",
        "-2",
        "--network=conv",
        "--config=a",
        "--host=::1"
    );
    prints(line, "5 -2 conv Some(\"a\") Some(::1) 0\n");
    refuses(run!("types", "1002"), "1002 is not in 0..=1000");
    refuses(
        run!("types", "5", "--network=capsule"),
        "[possible values: simple, conv, lstm]",
    );
}

#[test]
fn files() {
    prints(run(env!("CARGO_BIN_EXE_files"), &["-"], "abc\n"), "ABC\n");
    let (text, code) = run!("files", "/no/such/file");
    assert!(
        code == 1 && text.starts_with("error: /no/such/file: "),
        "{text}"
    );
}

#[test]
fn several() {
    let line = run!(
        "several", "a", "b", "--user", "x", "--user", "y", "--item", "pen", "3", "--set", "k=v"
    );
    prints(
        line,
        "[\"a\", \"b\"] [\"x\", \"y\"] (\"pen\", 3) {\"k\": \"v\"}\n",
    );
    prints(run!("several",), "[] [] (\"nobody\", 0) {}\n");
}

#[test]
fn groups() {
    prints(
        run!("groups", "users", "create", "Ann"),
        "Creating user: Ann\n",
    );
    prints(
        run!("groups", "lands", "towns", "found", "Bonn"),
        "Founding town: Bonn\n",
    );
    let (help, _) = run!("groups", "lands", "towns", "--help");
    assert!(
        help.contains("Manage towns") && help.contains("Burn a town"),
        "{help}"
    );
}

#[test]
fn endings() {
    prints(run!("endings", "Ann"), "User created: Ann\n");
    assert_eq!(run!("endings", "camila").1, 3);
    assert_eq!(
        run!("endings", "root"),
        ("error: the user root is reserved\n".into(), 1)
    );
}

#[test]
fn testing() {
    prints(
        run!("testing", "Ann"),
        "Hello Ann of Bonn\nHello Bob of nowhere\nHello Ann of nowhere\n",
    );
}

#[test]
fn each_chapter_is_short_has_a_test_and_is_on_the_page() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("README.md")).unwrap();
    let tests = fs::read_to_string(root.join("tests/chapters.rs")).unwrap();
    for entry in fs::read_dir(root.join("src/bin")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        let lines = fs::read_to_string(&path).unwrap().lines().count();
        assert!(lines <= 40, "{name} has {lines} lines");
        assert!(
            page.contains(&format!("(src/bin/{name}.rs)")),
            "README.md lacks {name}"
        );
        assert!(
            tests.contains(&format!("fn {name}()")),
            "{name} has no test"
        );
    }
}
