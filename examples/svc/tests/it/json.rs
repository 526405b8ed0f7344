//! What `--json` prints has the fields that `JSON.md` describes.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::sandbox::{Ran, Sandbox, eventually};

/// The fields in the table below a heading of `JSON.md`.
fn described(heading: &str) -> BTreeSet<String> {
    let text = include_str!("../../JSON.md");
    let section = text
        .split("\n## ")
        .find(|section| section.starts_with(&format!("`{heading}`")))
        .unwrap_or_else(|| panic!("JSON.md says nothing about {heading}"));
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `"));
    let fields = rows.map(|row| row.split('`').next().unwrap().to_owned());
    fields.chain(["form".to_owned()]).collect()
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
