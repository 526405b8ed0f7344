//! Several copies of one service.

use crate::sandbox::{Sandbox, eventually};

/// The names of all services.
fn names(sandbox: &Sandbox) -> Vec<String> {
    let list = sandbox.ok(&["list"]);
    let names = list.lines().skip(1);
    names
        .map(|line| line.split(' ').next().unwrap().to_owned())
        .collect()
}

#[test]
fn copies_run_with_their_numbers_and_have_a_common_name() {
    let sandbox = Sandbox::new();
    let added = sandbox.ok(&[
        "add",
        "web",
        "--instances",
        "3",
        "--",
        "sh",
        "-c",
        "echo $SVC_INSTANCE $SVC_NAME; exec sleep 1000",
    ]);
    assert_eq!(added, "web@1: added\nweb@2: added\nweb@3: added\n");
    sandbox.ok(&["start", "web"]);
    for number in 1..=3 {
        let name = format!("web@{number}");
        assert_eq!(sandbox.state(&name), "running");
        eventually("it has spoken", || {
            sandbox.run(&["logs", &name]).out == format!("{number} {name}\n")
        });
    }
    let status = sandbox.ok(&["status", "web"]);
    assert_eq!(status.matches("running").count(), 3, "{status}");
    sandbox.ok(&["stop", "web@2"]);
    assert_eq!(sandbox.run(&["status", "web"]).code, 3);
    assert_eq!(sandbox.ok(&["stop", "web"]).matches(": stopped").count(), 2);
    sandbox.ok(&["remove", "web"]);
    assert_eq!(names(&sandbox), [""; 0]);
}

#[test]
fn an_edit_of_the_common_name_changes_all_and_their_number() {
    let sandbox = Sandbox::new();
    sandbox.ok(&["add", "web", "--instances", "2", "sleep 1000"]);
    sandbox.ok(&["edit", "web", "--env", "A=1", "--instances", "4"]);
    assert_eq!(names(&sandbox), ["web@1", "web@2", "web@3", "web@4"]);
    for number in ["1", "2", "3", "4"] {
        let env = &sandbox.status(&format!("web@{number}"))["env"];
        assert_eq!(
            (&env["A"], &env["SVC_INSTANCE"]),
            (&"1".into(), &number.into())
        );
    }
    sandbox.ok(&["start", "web@3"]);
    // It runs, so it stays.
    let error = sandbox.run(&["edit", "web", "--instances", "1"]);
    assert_eq!(
        (error.code, &*error.err),
        (1, "error: `web@3` runs: stop it first\n")
    );
    sandbox.ok(&["stop", "web"]);
    sandbox.ok(&["edit", "web", "--instances", "1"]);
    assert_eq!(names(&sandbox), ["web@1"]);
}

#[test]
fn a_service_starts_after_all_copies_of_another() {
    let sandbox = Sandbox::new();
    let say = |name: &str| format!("echo {name} >> order; exec sleep 1000");
    sandbox.add("front", &say("front"), &["--after", "back"]);
    sandbox.add(
        "back",
        &say("back"),
        &["--instances", "2", "--ready", "command:grep -q back order"],
    );
    sandbox.ok(&["start", "--all"]);
    sandbox.until_lines("order", 3);
    assert_eq!(sandbox.read("order"), "back\nback\nfront\n");
    let error = sandbox.fails(1, &["edit", "back", "--after", "front"]);
    assert!(
        error.contains("start after each other in a circle"),
        "{error}"
    );
}

#[test]
fn a_plain_service_has_no_copies() {
    let sandbox = Sandbox::new();
    sandbox.ok(&["add", "x", "sleep 1"]);
    let error = sandbox.fails(1, &["edit", "x", "--instances", "2"]);
    assert!(
        error.ends_with("it has no instances, because it was added without"),
        "{error}"
    );
    sandbox.usage(&["add", "y", "--instances", "0", "sleep 1"]);
    // One that has the number of a copy stands for itself.
    sandbox.ok(&["add", "x@1", "sleep 1"]);
    assert_eq!(sandbox.status("x")["name"], "x");
}
