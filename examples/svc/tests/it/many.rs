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
