//! Questions in a terminal. The tests make one, and type.

use std::io::{Read, Write};
use std::process::{Command, Stdio};

use pty_process::blocking;

const ASKER: &str = env!("CARGO_BIN_EXE_asker");

/// The text in a terminal when a program gets `typed`, line by line, and its exit code.
fn shows(line: &str, typed: &str) -> (String, i32) {
    let (mut terminal, programs_side) = blocking::open().unwrap();
    let program = blocking::Command::new(ASKER)
        .args(line.split_whitespace())
        .env_remove("NO_COLOR")
        .env("TERM", "xterm");
    let mut program = program.spawn(programs_side).unwrap();
    terminal.write_all(typed.as_bytes()).unwrap();
    let shown = all(&mut terminal);
    let code = program.wait().unwrap().code().unwrap();
    (shown.replace("\r\n", "\n"), code)
}

/// Reads until no program has the terminal. Linux says so with an error.
fn all(terminal: &mut impl Read) -> String {
    let (mut shown, mut next) = (vec![], [0; 1024]);
    loop {
        match terminal.read(&mut next) {
            Ok(0) | Err(_) => return String::from_utf8(shown).unwrap(),
            Ok(count) => shown.extend_from_slice(&next[..count]),
        }
    }
}

/// Where no terminal is.
fn says(line: &[&str]) -> (String, i32) {
    let output = Command::new(ASKER)
        .args(line)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8(text).unwrap();
    (text, output.status.code().unwrap())
}

#[test]
fn what_the_line_does_not_give_is_asked_for() {
    let (shown, code) = shows("login", "ann\nold\n30\nsecret\n");
    assert_eq!(code, 0, "{shown}");
    assert!(shown.contains("User name: "), "{shown}");
    assert!(
        shown.contains("How old [18]: error: invalid value 'old'"),
        "{shown}"
    );
    assert!(shown.ends_with("ann 30 Secret(***) secret\n"), "{shown}");
}

#[test]
fn an_empty_answer_takes_the_default() {
    let (shown, code) = shows("login --user-name=bob --password=x", "\n");
    assert_eq!(code, 0, "{shown}");
    assert!(!shown.contains("User name"), "{shown}");
    assert!(shown.ends_with("bob 18 Secret(***) x\n"), "{shown}");
}

#[test]
fn several_values_are_one_answer() {
    let (shown, code) = shows("plot", "1 -2\nhigh\n");
    assert_eq!(code, 0, "{shown}");
    assert!(shown.ends_with("(1.0, -2.0) Some(\"high\")\n"), "{shown}");
}

#[test]
fn nobody_is_asked_without_a_terminal() {
    let (text, code) = says(&["login", "--age=3", "--password=x"]);
    assert_eq!(code, 2);
    let told =
        "error: `--user-name <USER_NAME>` is missing, and there is no terminal to ask for it\n";
    assert!(text.starts_with(told), "{text}");
    let (text, code) = says(&["login", "--user-name=a", "--age=3", "--password=x"]);
    assert_eq!((&*text, code), ("a 3 Secret(***) x\n", 0));
}

#[test]
fn a_command_asks_before_it_runs() {
    let (shown, code) = shows("remove", "y\n");
    assert!(shown.ends_with("removed false\n"), "{shown}");
    assert_eq!(code, 0);
    let (shown, code) = shows("remove", "\n");
    assert!(shown.contains("Remove all? [y/N]"), "{shown}");
    assert!(shown.ends_with(" not confirmed\n"), "{shown}");
    assert_eq!(code, 1);
}

#[test]
fn the_word_error_has_a_colour_in_a_terminal() {
    let (shown, _) = shows("remove", "n\n");
    assert!(
        shown.contains("\u{1b}[31merror:\u{1b}[0m not confirmed"),
        "{shown:?}"
    );
}

#[test]
fn the_line_answers_with_yes() {
    assert_eq!(says(&["remove", "--yes"]), ("removed false\n".into(), 0));
    assert_eq!(says(&["start", "--yes"]), ("started true\n".into(), 0));
    let (text, code) = says(&["remove", "-y"]);
    assert!(
        text.contains("no terminal"),
        "its own `-y` is no answer: {text}"
    );
    assert_eq!(code, 2);
    let (text, code) = says(&["start"]);
    assert_eq!(code, 2);
    let told = "error: there is no terminal to ask \"Start?\": write `--yes`\n";
    assert!(text.starts_with(told), "{text}");
}
