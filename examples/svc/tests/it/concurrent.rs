//! Commands that meet each other.

use std::fs::File;

use crate::sandbox::{Sandbox, eventually, lives};

#[test]
fn many_first_uses_at_once_make_one_registry() {
    let sandbox = Sandbox::bare();
    sandbox.all_ok(&vec![vec!["initialize"]; 16]);
    let names: Vec<_> = (0..16).map(|number| format!("s{number}")).collect();
    let add = |name| vec!["add", name, "sleep 1000"];
    let adds = names.iter().map(|name| add(name));
    let commands: Vec<_> = adds.flat_map(|add| [add, vec!["initialize"]]).collect();
    sandbox.all_ok(&commands);
    let list = sandbox.ok(&["list", "--json"]);
    let list: Vec<serde_json::Value> = serde_json::from_str(&list).unwrap();
    assert_eq!(list.len(), 16);
}

#[test]
fn a_start_during_a_slow_stop_waits_for_it() {
    let sandbox = Sandbox::new();
    // Who starts while another lives finds its directory.
    let shell = "trap 'sleep 1; rmdir busy; exit' TERM; mkdir busy || echo two >> said; \
        echo up >> said; while :; do sleep 0.05; done";
    sandbox.start("web", shell, &["--stop-pause", "10"]);
    sandbox.until_lines("said", 1);
    let old = sandbox.pid("web");
    let stop = sandbox.command(&["stop", "web"]).spawn().unwrap();
    sandbox.until("web", "stopping");
    assert!(sandbox.ok(&["start", "web"]).starts_with("web: started"));
    assert!(!lives(old));
    assert!(stop.wait_with_output().unwrap().status.success());
    sandbox.until_lines("said", 2);
    assert_eq!(sandbox.text("said"), "up\nup\n");
    assert_ne!(sandbox.pid("web"), old);
    let status = sandbox.status("web");
    assert_eq!(
        (&status["state"], &status["wanted"]),
        (&"running".into(), &true.into())
    );
}

#[test]
fn of_many_starts_at_once_one_wins() {
    let sandbox = Sandbox::new();
    sandbox.add("web", "echo up >> said; exec sleep 1000", &[]);
    let told = sandbox.all_ok(&vec![vec!["start", "web"]; 8]);
    let pid = sandbox.pid("web");
    let count = |text: &str| told.iter().filter(|told| **told == text).count();
    assert_eq!(count(&format!("web: started (pid {pid})\n")), 1, "{told:?}");
    let already = format!("web: already running (pid {pid})\n");
    assert_eq!(count(&already), 7, "{told:?}");
    sandbox.until_lines("said", 1);
    assert_eq!(sandbox.processes().len(), 2);
}

#[test]
fn starts_and_stops_of_all_at_once_agree_in_the_end() {
    let sandbox = Sandbox::new();
    for name in ["a", "b", "c", "d"] {
        sandbox.ok(&["add", name, "sleep 1000"]);
    }
    for _ in 0..5 {
        let pair = [vec!["start", "--all"], vec!["stop", "--all"]];
        sandbox.all_ok(&[pair.clone(), pair].concat());
        let states = ["a", "b", "c", "d"].map(|name| sandbox.state(name));
        let up = states.iter().filter(|state| *state == "running").count();
        let down = states.iter().filter(|state| *state == "stopped").count();
        assert_eq!(up + down, 4, "{states:?}");
        eventually("a shim and a process each", || {
            sandbox.processes().len() == 2 * up
        });
    }
    sandbox.ok(&["stop", "--all"]);
    assert!(sandbox.processes().is_empty());
}

#[test]
fn restarts_at_once_leave_one_copy() {
    let sandbox = Sandbox::new();
    sandbox.start("web", "exec sleep 1000", &[]);
    sandbox.all_ok(&vec![vec!["restart", "web"]; 6]);
    assert_eq!(sandbox.state("web"), "running");
    eventually("one copy", || sandbox.processes().len() == 2);
}

#[test]
fn what_is_removed_while_it_is_started_does_not_run() {
    let sandbox = Sandbox::new();
    for _ in 0..10 {
        sandbox.ok(&["add", "web", "sleep 1000"]);
        let begin = |args| sandbox.command(args).spawn().unwrap();
        let commands = [begin(&["start", "web"]), begin(&["remove", "web"])];
        for command in commands {
            command.wait_with_output().unwrap();
        }
        if sandbox.run(&["status", "web"]).code == 4 {
            assert!(sandbox.processes().is_empty());
        } else {
            sandbox.ok(&["remove", "--stop", "web"]);
        }
    }
}

#[test]
fn a_look_is_never_in_the_way_of_a_start() {
    let sandbox = Sandbox::new();
    sandbox.add("web", "exec sleep 1000", &[]);
    let looks = vec![vec!["list"]; 8];
    for _ in 0..5 {
        sandbox.all_ok(&[looks.clone(), vec![vec!["start", "web"]], looks.clone()].concat());
        assert_eq!(sandbox.state("web"), "running");
        sandbox.all_ok(&[looks.clone(), vec![vec!["stop", "web"]], looks.clone()].concat());
        assert_eq!(sandbox.state("web"), "stopped");
    }
}

#[test]
fn the_lock_is_held_as_long_as_the_shim_lives() {
    let sandbox = Sandbox::new();
    sandbox.start("web", "exec sleep 1000", &[]);
    let lock = File::open(sandbox.path("registry.d/locks/web")).unwrap();
    assert!(lock.try_lock().is_err());
    sandbox.ok(&["stop", "web"]);
    lock.try_lock().unwrap();
}

#[test]
fn a_start_waits_for_who_holds_the_lock() {
    let sandbox = Sandbox::new();
    sandbox.start("web", "exec sleep 1000", &[]);
    sandbox.ok(&["stop", "web"]);
    let lock = File::open(sandbox.path("registry.d/locks/web")).unwrap();
    lock.lock().unwrap();
    let start = sandbox.command(&["start", "web"]).spawn().unwrap();
    assert_eq!(sandbox.state("web"), "starting");
    assert_eq!(sandbox.processes().len(), 1);
    drop(lock);
    assert!(start.wait_with_output().unwrap().status.success());
    assert_eq!(sandbox.state("web"), "running");
}

#[test]
fn starts_at_once_of_what_can_not_start_leave_nothing() {
    let sandbox = Sandbox::new();
    sandbox.ok(&["add", "web", "./none"]);
    let begun: Vec<_> = (0..4)
        .map(|_| sandbox.command(&["start", "web"]).spawn().unwrap())
        .collect();
    for start in begun {
        let code = start.wait_with_output().unwrap().status.code();
        assert_eq!(code, Some(127));
    }
    // The last shim may be about to end: nobody is told that the service runs.
    sandbox.ok(&["remove", "web"]);
    sandbox.until_empty();
}
