//! Processes that are surely those which are meant.

use std::fs;

use crate::sandbox::{NO_LOG, Ran, Sandbox, kill};

/// In a process namespace of its own: kills a service and its shim, has a stranger get the number
/// of the service, and stops and restarts what is not there.
const REUSE: &str = r#"
set -e
svc=$0
$svc initialize > /dev/null
$svc add web 'sleep 1000' > /dev/null
$svc start web > /dev/null
pid=$($svc status web --json | sed -n 's/.*"pid": \([0-9]*\).*/\1/p' | head -1)
shim=$(ps -o ppid= -p $pid | tr -d ' ')
kill -9 $shim; kill -9 $pid
for i in 1 2 3 4 5 6 7 8 9 10; do
    while kill -0 $pid 2> /dev/null; do sleep 0.05; done
    echo $((pid - 1)) > /proc/sys/kernel/ns_last_pid
    setsid sleep 3000 &
    [ $! = $pid ] && break
    kill -9 $!
done
[ $! = $pid ] || exit 75
while [ "$(cut -d' ' -f6 /proc/$pid/stat)" != $pid ]; do sleep 0.05; done
$svc status web | grep state || true
$svc stop web
$svc restart web
tr '\0' ' ' < /proc/$pid/cmdline
$svc stop web
"#;

#[test]
fn a_stranger_with_the_number_of_a_service_is_left_alone() {
    let sandbox = Sandbox::bare();
    let mut unshare = sandbox.program("unshare");
    unshare.args(["-Urpf", "--mount-proc", "--kill-child", "sh", "-c", REUSE]);
    unshare.arg(env!("CARGO_BIN_EXE_svc"));
    let ran = Ran::of(&unshare.output().unwrap());
    if ran.out.is_empty() {
        eprintln!("skipped: there is no process namespace to be had: {ran:?}");
        return;
    }
    let lines: Vec<_> = ran.out.lines().collect();
    let [state, stopped, again, started, end] = lines[..] else {
        panic!("{ran:?}");
    };
    assert!(state.contains("dead (its shim is gone)"), "{ran:?}");
    assert_eq!((stopped, again), ("web: not running", "web: not running"));
    assert!(started.starts_with("web: started"), "{ran:?}");
    // The stranger still runs, before the last stop.
    assert_eq!(end, "sleep 3000 web: stopped");
}

/// Runs a command as after the machine was started again.
fn after_boot(sandbox: &Sandbox, args: &[&str]) -> Ran {
    fs::write(sandbox.path("boot"), "another\n").unwrap();
    let mut command = sandbox.command(args);
    Ran::of(
        &command
            .env("SVC_BOOT_ID", sandbox.path("boot"))
            .output()
            .unwrap(),
    )
}

#[test]
fn after_a_reboot_all_are_dead() {
    let sandbox = Sandbox::new();
    sandbox.start("web", "exec sleep 1000", &NO_LOG);
    sandbox.start("stopped", "exec sleep 1000", &[]);
    sandbox.ok(&["stop", "stopped"]);
    let (shim, pid) = (sandbox.shim("web"), sandbox.pid("web"));
    kill(shim, libc::SIGKILL);
    kill(pid, libc::SIGKILL);
    sandbox.until("web", "dead");
    let told = after_boot(&sandbox, &["status", "web"]);
    assert_eq!(told.code, 3);
    assert!(told.out.contains("dead (previous boot)"), "{told:?}");
    assert!(
        after_boot(&sandbox, &["status", "stopped"])
            .out
            .contains("stopped")
    );
    assert_eq!(
        after_boot(&sandbox, &["stop", "web"]).out,
        "web: not running\n"
    );
}

#[test]
fn after_a_reboot_a_number_means_nobody() {
    let sandbox = Sandbox::new();
    sandbox.start("web", "exec sleep 1000", &NO_LOG);
    sandbox.orphan("web");
    // It lives, and by its boot it is a stranger.
    assert_eq!(
        after_boot(&sandbox, &["stop", "web"]).out,
        "web: not running\n"
    );
    assert_eq!(sandbox.processes().len(), 1);
}

#[test]
fn after_a_reboot_what_had_ended_stays_so() {
    for stop in [&["list"] as &[_], &["stop", "--all", "--keep-wanted"]] {
        let sandbox = Sandbox::new();
        sandbox.start("job", "echo done >> said", &[]);
        sandbox.start("failed", "echo done >> said; exit 1", &[]);
        let options = ["--restart", "on-failure", "--restart-starts", "1"];
        sandbox.start("parked", "exit 1", &options);
        sandbox.until("job", "ended");
        sandbox.until("failed", "dead");
        sandbox.until("parked", "parked");
        sandbox.until_empty();
        sandbox.ok(stop);
        let told = after_boot(&sandbox, &["start", "--wanted"]);
        assert!(told.out.starts_with("parked: started"), "{told:?}");
        assert_eq!((told.code, told.out.lines().count()), (0, 1), "{told:?}");
        assert_eq!(sandbox.text("said"), "done\ndone\n");
    }
}

#[test]
fn after_a_reboot_only_what_was_wanted_starts() {
    let sandbox = Sandbox::new();
    for name in ["never", "stopped", "kept", "wanted"] {
        sandbox.ok(&["add", name, "sleep 1000"]);
    }
    sandbox.ok(&["start", "stopped", "kept", "wanted"]);
    sandbox.ok(&["stop", "stopped"]);
    sandbox.ok(&["stop", "--keep-wanted", "kept"]);
    let (shim, pid) = (sandbox.shim("wanted"), sandbox.pid("wanted"));
    kill(shim, libc::SIGKILL);
    kill(pid, libc::SIGKILL);
    sandbox.until_empty();
    let told = after_boot(&sandbox, &["start", "--wanted"]);
    let names: Vec<_> = told
        .out
        .lines()
        .map(|line| line.split(':').next().unwrap())
        .collect();
    assert_eq!((told.code, names), (0, vec!["kept", "wanted"]));
    after_boot(&sandbox, &["stop", "--all"]);
    assert!(sandbox.processes().is_empty());
}
