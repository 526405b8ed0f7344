//! What is printed, for people and for programs.

use std::process::Command;

use serde_json::{Value, json};

use crate::sandbox::{Ran, Sandbox};

fn list(sandbox: &Sandbox) -> Vec<Value> {
    serde_json::from_str(&sandbox.ok(&["list", "--json"])).unwrap()
}

#[test]
fn services_are_listed_by_name() {
    let sandbox = Sandbox::new();
    for name in ["c", "a", "b"] {
        sandbox.ok(&["add", name, "sleep 1"]);
    }
    let names: Vec<_> = list(&sandbox)
        .iter()
        .map(|one| one["name"].clone())
        .collect();
    assert_eq!(names, ["a", "b", "c"]);
    let table = sandbox.ok(&["list"]);
    let names: Vec<_> = table
        .lines()
        .skip(1)
        .map(|line| line.split(' ').next().unwrap())
        .collect();
    assert_eq!(names, ["a", "b", "c"]);
}

#[test]
fn a_command_of_many_lines_is_one_in_the_list() {
    let sandbox = Sandbox::new();
    let line = "echo a\necho \u{1b}[2J";
    sandbox.ok(&["add", "x", "--env", "A=1\n2", "--", "sh", "-c", line]);
    let list = sandbox.ok(&["list"]);
    assert_eq!(list.lines().count(), 2, "{list}");
    assert!(
        list.ends_with("sh -c 'echo a\\necho \\u{1b}[2J'\n"),
        "{list}"
    );
    let status = sandbox.run(&["status", "x"]).out;
    assert_eq!(status.lines().count(), 6, "{status}");
    assert_eq!(sandbox.status("x")["command"][2], line);
}

#[test]
fn json_has_the_same_keys_whatever_the_state() {
    let sandbox = Sandbox::new();
    sandbox.ok(&["add", "stopped", "sleep 1"]);
    sandbox.start("running", "exec sleep 1000", &[]);
    sandbox.start("ended", "exit 0", &[]);
    sandbox.until("ended", "ended");
    let mut expected = vec![
        "form",
        "name",
        "command",
        "working_directory",
        "stdin",
        "stdout",
        "stderr",
        "env",
        "restart",
        "backoff",
        "stop",
        "after",
        "wanted",
        "state",
        "pid",
        "since",
        "restarts",
        "last_exit",
        "out_of_memory",
        "is_changed",
        "running_command",
        "log",
        "log_lost",
        "start",
        "ready",
        "ready_timeout",
        "user",
        "umask",
        "nice",
        "limits",
        "limits_held",
        "health",
        "failing",
        "restarted_because",
        "reload",
        "schedule",
        "watch",
    ];
    expected.sort_unstable();
    for one in list(&sandbox) {
        let mut keys: Vec<_> = one.as_object().unwrap().keys().collect();
        keys.sort_unstable();
        assert_eq!(keys, expected, "{one}");
    }
}

#[test]
fn json_of_one_is_that_of_all() {
    let sandbox = Sandbox::new();
    sandbox.ok(&["add", "x", "sleep 1"]);
    assert_eq!(list(&sandbox), [sandbox.status("x")]);
    assert_eq!(
        sandbox.ok(&["status", "--json"]),
        sandbox.ok(&["list", "--json"])
    );
}

#[test]
fn json_ends_its_last_line() {
    let sandbox = Sandbox::new();
    assert_eq!(sandbox.ok(&["list", "--json"]), "[]\n");
    sandbox.ok(&["add", "x", "sleep 1"]);
    assert!(sandbox.run(&["status", "x", "--json"]).out.ends_with("}\n"));
}

#[test]
fn json_tells_how_a_service_ended() {
    let sandbox = Sandbox::new();
    sandbox.start("x", "exit 3", &[]);
    sandbox.until("x", "dead");
    let status = sandbox.status("x");
    assert_eq!(status["last_exit"], json!({"code": 3}));
    assert_eq!(status["detail"], "exit 3");
    sandbox.ok(&["edit", "x", "--", "sh", "-c", "kill -9 $$"]);
    sandbox.ok(&["start", "x"]);
    sandbox.until("x", "dead");
    assert_eq!(sandbox.status("x")["last_exit"], json!({"signal": 9}));
}

#[test]
fn status_is_3_unless_the_service_runs() {
    let sandbox = Sandbox::new();
    sandbox.ok(&["add", "x", "sleep 1000"]);
    assert_eq!(sandbox.run(&["status", "x"]).code, 3);
    assert_eq!(sandbox.run(&["status"]).code, 0);
    sandbox.ok(&["start", "x"]);
    let status = sandbox.ok(&["status", "x"]);
    assert!(status.contains("state  running"), "{status}");
    assert!(
        status.contains(&format!("pid  {}", sandbox.pid("x"))),
        "{status}"
    );
}

#[test]
fn the_help_has_the_exit_codes() {
    let help = Sandbox::new().ok(&["--help"]);
    for code in ["0", "1", "2", "3", "4", "5", "6", "126", "127"] {
        let line = format!("\n  {code:<4} ");
        assert!(help.contains(&line), "{code}: {help}");
    }
}

#[test]
fn each_command_has_help() {
    let sandbox = Sandbox::new();
    let help = sandbox.ok(&["--help"]);
    let (commands, _) = help.split_once("Options:").unwrap();
    let entries = commands.lines().filter_map(|line| line.strip_prefix("  "));
    let names = entries.filter_map(|entry| entry.split_whitespace().next());
    let names: Vec<_> = names.filter(|name| *name != "help").collect();
    assert!(names.len() > 10, "{names:?}");
    for name in names {
        let help = sandbox.ok(&[name, "--help"]);
        assert!(help.contains(&format!("Usage: svc {name}")), "{help}");
    }
}

#[test]
fn a_reader_that_leaves_is_no_error() {
    let sandbox = Sandbox::new();
    for number in 0..50 {
        sandbox.ok(&["add", &format!("x{number}"), "sleep 1"]);
    }
    for command in [
        "list",
        "list --json",
        "status",
        "boot",
        "man",
        "completions zsh",
    ] {
        let ran = sandbox.sh(&format!("$SVC {command} | head -1"));
        assert_eq!((ran.out.lines().count(), &*ran.err), (1, ""), "{command}");
    }
}

#[test]
fn a_reader_that_leaves_keeps_nothing_from_being_done() {
    let sandbox = Sandbox::new();
    for name in ["a", "b", "c"] {
        sandbox.ok(&["add", name, "sleep 1000"]);
    }
    let ran = sandbox.sh("{ $SVC start --all; echo $? >&2; } | :");
    assert_eq!(ran.err, "0\n");
    for name in ["a", "b", "c"] {
        assert_eq!(sandbox.state(name), "running");
        assert_eq!(sandbox.status(name)["wanted"], true);
    }
}

#[test]
fn boot_names_the_program_and_the_registry() {
    let sandbox = Sandbox::new();
    let text = sandbox.ok(&["boot"]);
    let db = sandbox.path("registry.db").display().to_string();
    let line = format!("{} --db {db} start --wanted", env!("CARGO_BIN_EXE_svc"));
    assert!(text.contains(&format!("\n@reboot {line}\n")), "{text}");
    assert!(text.contains(&format!("\nExecStart={line}\n")), "{text}");
    assert!(
        text.contains("[Unit]") && text.contains("[Install]"),
        "{text}"
    );
}

#[test]
fn the_line_of_boot_starts_what_was_wanted() {
    let sandbox = Sandbox::new();
    sandbox.start("wanted", "exec sleep 1000", &[]);
    sandbox.ok(&["add", "other", "sleep 1000"]);
    sandbox.ok(&["stop", "--all", "--keep-wanted"]);
    let line = "$SVC boot | sed -n 's/^@reboot //p' | sh";
    assert!(sandbox.sh(line).out.starts_with("wanted: started"));
    assert_eq!(sandbox.state("wanted"), "running");
    assert_eq!(sandbox.state("other"), "stopped");
}

#[test]
fn completions_know_the_commands() {
    let sandbox = Sandbox::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = sandbox.ok(&["completions", shell]);
        assert!(
            script.contains("initialize") && script.contains("keep-wanted"),
            "{shell}"
        );
    }
    let ran = sandbox.sh("$SVC completions bash > c && bash -n c");
    assert_eq!(ran.code, 0, "{ran:?}");
    let error = sandbox.run(&["completions", "nosuch"]);
    assert_eq!(error.code, 2);
    assert!(error.err.contains("bash, elvish, fish"), "{error:?}");
}

#[test]
fn the_manual_page_names_the_commands() {
    let page = Sandbox::new().ok(&["man"]);
    assert!(page.contains(".TH svc 1"), "{page}");
    for word in ["NAME", "SYNOPSIS", "initialize", "recover", "Exit codes"] {
        assert!(page.contains(word), "{word}");
    }
}

#[test]
fn each_command_has_a_manual_page() {
    let sandbox = Sandbox::bare();
    sandbox.ok(&["man", "."]);
    for name in ["svc", "svc-add", "svc-logs"] {
        let page = sandbox.read(&format!("{name}.1"));
        assert!(page.contains(&format!(".TH {name} 1")), "{page}");
    }
    let error = sandbox.fails(1, &["man", "no/such"]);
    assert!(
        error.ends_with("no/such: No such file or directory"),
        "{error}"
    );
}

#[test]
fn the_version_is_told() {
    let version = Sandbox::new().ok(&["--version"]);
    assert_eq!(version, format!("svc {}\n", env!("CARGO_PKG_VERSION")));
}

/// What `list` prints on a terminal.
fn on_a_terminal(sandbox: &Sandbox, environment: &str) -> Option<String> {
    if Command::new("script").arg("--version").output().is_err() {
        eprintln!("skipped: no `script` to make a terminal");
        return None;
    }
    let line = format!("{environment} script -qec '$SVC list' /dev/null < /dev/null");
    let ran: Ran = sandbox.sh(&line);
    assert!(ran.out.contains("running"), "{ran:?}");
    Some(ran.out)
}

#[test]
fn a_terminal_gets_colours_unless_they_are_refused() {
    let sandbox = Sandbox::new();
    sandbox.start("x", "exec sleep 1000", &[]);
    let Some(text) = on_a_terminal(&sandbox, "env -u NO_COLOR TERM=xterm") else {
        return;
    };
    assert!(text.contains("\u{1b}["), "{text:?}");
    let text = on_a_terminal(&sandbox, "NO_COLOR=1 TERM=xterm").unwrap();
    assert!(!text.contains('\u{1b}'), "{text:?}");
    assert!(!sandbox.ok(&["list"]).contains('\u{1b}'));
}

#[test]
fn a_list_fits_the_terminal() {
    let sandbox = Sandbox::new();
    sandbox.ok(&["add", "long", "--", "echo", &"x".repeat(1500)]);
    let shell = "script -qec 'stty cols 80; $SVC list' /dev/null";
    let ran = sandbox.sh(shell);
    if ran.code != 0 {
        return eprintln!("skipped: it takes script(1): {ran:?}");
    }
    assert!(
        ran.out
            .lines()
            .all(|line| line.trim().chars().count() <= 80),
        "{ran:?}"
    );
    assert!(ran.out.contains('…'), "{ran:?}");
    // Programs get all of it.
    assert!(sandbox.ok(&["list"]).lines().any(|line| line.len() > 1500));
}

#[test]
fn a_list_has_the_command_that_runs() {
    let sandbox = Sandbox::new();
    sandbox.ok(&["add", "web", "sleep 1000"]);
    sandbox.ok(&["start", "web"]);
    sandbox.ok(&["edit", "web", "sleep 2000"]);
    assert!(sandbox.ok(&["list"]).contains("sleep 1000"));
    let status = sandbox.ok(&["status", "web"]);
    assert!(status.contains("command  sleep 2000\n"), "{status}");
    assert!(status.contains("running  sleep 1000\n"), "{status}");
    sandbox.ok(&["restart", "web"]);
    assert!(sandbox.ok(&["list"]).contains("sleep 2000"));
}
