//! The program killed between any two steps: the next command goes on from there.

use svc::kill_point::KillPoint;

use crate::sandbox::{Ran, Sandbox, eventually};

/// Each command with what comes before it; `web` is the service that it is about.
const COMMANDS: [(&[&[&str]], &[&str]); 9] = [
    (&[], &["add", "other", "sleep 1000"]),
    (&[], &["edit", "web", "sleep 2000"]),
    (&[], &["start", "web"]),
    (&[&["start", "web"]], &["stop", "web"]),
    (&[&["start", "web"]], &["restart", "web"]),
    (&[], &["remove", "web"]),
    (&[&["start", "web"]], &["remove", "--stop", "web"]),
    (&[], &["rename", "web", "site"]),
    (&[], &["initialize"]),
];

/// Makes the registry one of an older form.
fn age(sandbox: &Sandbox) {
    let registry = rusqlite::Connection::open(sandbox.path("registry.db")).unwrap();
    let sql = "DROP INDEX services_wanted; ALTER TABLE services DROP COLUMN wanted; PRAGMA user_version = 2";
    registry.execute_batch(sql).unwrap();
}

/// Runs a command, and all that is forked by it, so that it is killed at that point; whether it
/// came there.
fn killed(sandbox: &Sandbox, at: KillPoint, args: &[&str]) -> bool {
    let mark = sandbox.path("mark");
    let mut command = sandbox.command(args);
    command
        .env("SVC_KILL_AT", at.name())
        .env("SVC_KILL_MARK", &mark);
    Ran::of(&command.output().unwrap());
    std::fs::remove_file(mark).is_ok()
}

/// From whatever state, one start and one stop lead to where they always lead.
#[track_caller]
fn converges(sandbox: &Sandbox, context: &str) {
    // What was begun goes on, and then nobody runs of whom the registry knows nothing.
    eventually(context, || {
        let services = sandbox.ok(&["list", "--json"]);
        let services: Vec<serde_json::Value> = serde_json::from_str(&services).unwrap();
        let running = services.iter().filter(|service| !service["pid"].is_null());
        let known: Vec<_> = running
            .flat_map(|service| {
                let name = service["name"].as_str().unwrap();
                [service["pid"].as_i64(), Some(sandbox.shim(name).into())]
            })
            .collect();
        let nobodys = |pid: &i32| !known.contains(&Some(i64::from(*pid)));
        !sandbox.processes().iter().any(nobodys)
    });
    if sandbox.run(&["status", "web"]).code == 4 {
        assert!(sandbox.processes().is_empty(), "{context}");
        sandbox.ok(&["add", "web", "sleep 1000"]);
    }
    let state = sandbox.state("web");
    assert_ne!(state, "starting", "{context}");
    sandbox.ok(&["start", "web"]);
    assert_eq!(sandbox.state("web"), "running", "{context}");
    eventually(context, || sandbox.processes().len() == 2);
    sandbox.ok(&["stop", "web"]);
    assert_eq!(sandbox.state("web"), "stopped", "{context}");
    assert_eq!(sandbox.processes(), [0; 0], "{context}");
    assert!(sandbox.ok(&["recover"]).contains("is whole"), "{context}");
}

/// Kills every command at that point, where it comes there; whether any did.
fn reached(at: KillPoint) -> bool {
    let old = matches!(
        at,
        KillPoint::MigrationBackedUp | KillPoint::MigrationApplied
    );
    let mut reached = false;
    for (before, args) in COMMANDS {
        let sandbox = Sandbox::new();
        sandbox.ok(&["add", "web", "sleep 1000"]);
        // The shim is told of the point when it is started.
        let mut here = false;
        for command in before {
            here |= killed(&sandbox, at, command);
        }
        if old {
            age(&sandbox);
        }
        here |= killed(&sandbox, at, args);
        if here {
            converges(&sandbox, &format!("{at:?}, {args:?}"));
        }
        reached |= here;
    }
    reached
}

/// A test for each point, so that they run side by side, and one that none is left out.
macro_rules! tests {
    ($($test:ident: $point:ident,)*) => {
        $(
            #[test]
            fn $test() {
                assert!(reached(KillPoint::$point), "no command comes there");
            }
        )*

        #[test]
        fn every_point_is_tested() {
            assert_eq!(KillPoint::ALL, [$(KillPoint::$point),*]);
        }
    };
}

tests! {
    start_locked: StartLocked,
    start_forked: StartForked,
    shim_ready: ShimReady,
    service_recorded: ServiceRecorded,
    shim_started: ShimStarted,
    shim_stopping: ShimStopping,
    shim_reaped: ShimReaped,
    stop_sent: StopSent,
    log_renamed: LogRenamed,
    row_changed: RowChanged,
    row_committed: RowCommitted,
    migration_backed_up: MigrationBackedUp,
    migration_applied: MigrationApplied,
}
