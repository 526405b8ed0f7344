//! Many services at once.

use crate::sandbox::Sandbox;

#[test]
fn a_hundred_start_and_stop_together() {
    let sandbox = Sandbox::new();
    for number in 0..100 {
        sandbox.ok(&["add", &format!("s{number}"), "sleep 1000"]);
    }
    let told = sandbox.ok(&["start", "--all"]);
    assert_eq!(told.matches(": started (pid ").count(), 100);
    let list = sandbox.ok(&["list", "--json"]);
    let list: Vec<serde_json::Value> = serde_json::from_str(&list).unwrap();
    assert!(list.iter().all(|service| service["state"] == "running"));
    assert_eq!(sandbox.processes().len(), 200);
    let told = sandbox.ok(&["stop", "--all"]);
    assert_eq!(told.matches(": stopped\n").count(), 100);
    assert!(sandbox.processes().is_empty());
}

#[test]
fn more_start_than_a_process_may_have_files() {
    let sandbox = Sandbox::new();
    for number in 0..60 {
        sandbox.ok(&["add", &format!("s{number}"), "sleep 1000"]);
    }
    let ran = sandbox.sh("ulimit -n 48 && $SVC start --all");
    assert_eq!((ran.code, &*ran.err), (0, ""));
    let ran = sandbox.sh("ulimit -S -n 64 && $SVC restart --all");
    assert_eq!((ran.code, &*ran.err), (0, ""));
    assert_eq!(sandbox.processes().len(), 120);
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", sandbox.pid("s0"))).unwrap();
    let files = limits
        .lines()
        .find(|line| line.starts_with("Max open files"));
    // The limit of whoever started it.
    let soft = files.unwrap().split_whitespace().nth(3);
    assert_eq!(soft, Some("64"), "{limits}");
    sandbox.ok(&["stop", "--all"]);
}
