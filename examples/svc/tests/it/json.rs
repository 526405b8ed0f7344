//! The output of `--json` has the fields that `JSON.md` describes.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::sandbox::{Ran, Sandbox, eventually};

const JSON_MD: &str = include_str!("../../JSON.md");

/// The fields in the table below the heading of `JSON.md` that names a command.
fn described(command: &str) -> BTreeSet<String> {
    let section = JSON_MD
        .split("\n## ")
        .skip(1)
        .find(|section| quoted(section.lines().next().unwrap()).contains(command))
        .unwrap_or_else(|| panic!("JSON.md says nothing about {command}"));
    // The first table is that of the fields.
    let lines = section.lines().skip_while(|line| !line.starts_with('|'));
    let table = lines.take_while(|line| line.starts_with('|'));
    let rows = table.filter_map(|line| line.strip_prefix("| `"));
    let fields = rows.map(|row| row.split('`').next().unwrap().to_owned());
    fields.chain(["form".to_owned()]).collect()
}

/// The words between backticks.
fn quoted(text: &str) -> BTreeSet<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// The objects that a command printed, one on each line, with the fields that are described.
#[track_caller]
fn objects(ran: &Ran, heading: &str) -> Vec<Value> {
    let parse = |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
    let objects: Vec<Value> = ran.out.lines().map(parse).collect();
    for object in &objects {
        assert_eq!(fields(object), described(heading), "{object}");
        assert_eq!(object["form"], 1);
    }
    objects
}

fn fields(object: &Value) -> BTreeSet<String> {
    object.as_object().unwrap().keys().cloned().collect()
}

#[test]
fn a_list_has_the_fields_that_are_described() {
    let sandbox = Sandbox::new();
    sandbox.start("x", "exit 3", &[]);
    sandbox.until("x", "dead");
    let status = sandbox.status("x");
    assert!(fields(&status).is_superset(&described("list")), "{status}");
    let all: Vec<Value> = serde_json::from_str(&sandbox.ok(&["list", "--json"])).unwrap();
    assert_eq!(all[0]["form"], 1);
}

#[test]
fn a_start_and_a_stop_tell_what_became_of_each() {
    let sandbox = Sandbox::new();
    sandbox.add("good", "exec sleep 1000", &[]);
    sandbox.ok(&["add", "bad", "/no/such"]);
    let run = |args: &[&str]| {
        let ran = sandbox.run(args);
        (ran.code, objects(&ran, "start"))
    };
    let (code, started) = run(&["start", "--all", "--json"]);
    assert_eq!(code, 127);
    let find = |name: &str| started.iter().find(|one| one["name"] == name).unwrap();
    assert_eq!(find("good")["outcome"], "started");
    assert_eq!(find("good")["pid"], sandbox.pid("good"));
    assert_eq!(find("bad")["outcome"], "failed");
    let error = find("bad")["error"].as_str().unwrap();
    assert!(error.ends_with("No such file or directory"), "{error}");
    let outcomes = |args: &[&str]| {
        let (code, found) = run(args);
        assert_eq!(code, 0, "{args:?}");
        found
            .iter()
            .map(|one| one["outcome"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(outcomes(&["start", "good", "--json"]), ["already-running"]);
    assert_eq!(
        outcomes(&["restart", "good", "--json"]),
        ["stopped", "started"]
    );
    assert_eq!(outcomes(&["stop", "good", "--json"]), ["stopped"]);
    assert_eq!(outcomes(&["stop", "good", "--json"]), ["not-running"]);
    assert_eq!(outcomes(&["remove", "good", "--json"]), ["removed"]);
}

#[test]
fn a_line_of_a_log_has_its_stream_and_its_time() {
    let sandbox = Sandbox::new();
    sandbox.start("x", "echo 'one \"two\"'; echo bad >&2", &[]);
    let mut found = vec![];
    eventually("both lines are there", || {
        found = objects(&sandbox.run(&["logs", "x", "--json"]), "logs");
        found.len() == 2
    });
    found.sort_by_key(|line| line["stream"].to_string());
    assert_eq!(
        (&found[0]["stream"], &found[0]["text"]),
        (&json!("stderr"), &json!("bad"))
    );
    assert_eq!(
        (&found[1]["stream"], &found[1]["text"]),
        (&json!("stdout"), &json!("one \"two\""))
    );
    assert!(found[0]["time"].as_u64().unwrap() > 1_700_000_000_000);
}

#[test]
fn a_line_of_a_file_has_no_time() {
    let sandbox = Sandbox::new();
    sandbox.start("x", "echo one; printf two", &["-o", "x.log"]);
    sandbox.until("x", "ended");
    let found = objects(&sandbox.run(&["logs", "x", "--json"]), "logs");
    let texts: Vec<_> = found.iter().map(|line| line["text"].clone()).collect();
    assert_eq!(texts, ["one", "two"]);
    assert_eq!(
        (&found[0]["time"], &found[0]["stream"]),
        (&Value::Null, &Value::Null)
    );
}

#[test]
fn an_event_has_the_fields_that_are_described() {
    let sandbox = Sandbox::new();
    sandbox.start("x", "exit 3", &[]);
    sandbox.until("x", "dead");
    let found = objects(&sandbox.run(&["events", "--json"]), "events");
    let kinds: Vec<_> = found.iter().map(|event| event["event"].clone()).collect();
    assert_eq!(kinds, ["started", "ended"]);
}

/// A command line for each command that has `--json`, in an order in which all succeed.
const LINES: &[&str] = &[
    "initialize",
    "initialize --dry-run",
    "add web -- sleep 1000",
    "add job --instances 2 -- sleep 1000",
    "edit job --instances 1 --nice 1",
    "edit web --reload CONT --after nobody",
    "rename job@1 other",
    "start web",
    "wait web",
    "signal CONT web",
    "reload web",
    "restart web",
    "list",
    "status",
    "logs web",
    "events",
    "stop web",
    "export systemd --all",
    "export nomad web -d .",
    "remove web",
    "import Procfile",
    "recover",
    "boot",
    "boot remove",
];

#[test]
fn each_command_prints_the_objects_that_are_described() {
    let sandbox = Sandbox::bare();
    std::fs::write(sandbox.path("Procfile"), "clock: sleep 1000\n").unwrap();
    for line in LINES {
        let words: Vec<_> = line.split(' ').collect();
        let command = words[0];
        // Words after `--` are those of the service.
        let (before, after) =
            words.split_at(words.iter().position(|w| *w == "--").unwrap_or(words.len()));
        let mut program = sandbox.command(&[before, &["--json"], after].concat());
        program
            .env("HOME", sandbox.path(""))
            .env_remove("XDG_CONFIG_HOME");
        let ran = Ran::of(&program.output().unwrap());
        assert_eq!(ran.code, 0, "{line}: {ran:?}");
        if let "list" | "status" = command {
            let all: Vec<Value> = serde_json::from_str(&ran.out).unwrap();
            assert!(!all.is_empty());
            continue;
        }
        let found = objects(&ran, command);
        let is_empty = command == "logs";
        assert_eq!(found.is_empty(), is_empty, "{line}: {ran:?}");
    }
}

#[test]
fn each_command_has_objects_or_a_reason_for_none() {
    let sandbox = Sandbox::bare();
    let help = sandbox.ok(&["--help"]);
    let names = help.lines().filter_map(|line| {
        let name = line.strip_prefix("  ")?.split(' ').next()?;
        (!name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase())).then_some(name)
    });
    let names: BTreeSet<_> = names.collect();
    assert!(names.len() > 20, "{names:?}");
    let introduction = JSON_MD.split("\n## ").next().unwrap();
    let without = introduction
        .split("These commands have no `--json`")
        .nth(1)
        .unwrap();
    let without = quoted(without);
    let tried: BTreeSet<_> = LINES
        .iter()
        .map(|line| line.split(' ').next().unwrap())
        .collect();
    for name in names {
        let has_json = sandbox.ok(&[name, "--help"]).contains("--json");
        assert_eq!(has_json, !without.contains(name), "{name}");
        assert_eq!(has_json, tried.contains(name), "{name}");
        assert!(!has_json || !described(name).is_empty());
    }
}
