//! What a service gets without anybody's command: checks of its health, a schedule, watched files; and
//! the command that reloads it.

use std::fs;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use crate::sandbox::{Sandbox, eventually, lives};

/// Options for checks that follow each other quickly.
const QUICK: [&str; 6] = [
    "--health-interval",
    "0.05",
    "--health-timeout",
    "2",
    "--health-retries",
    "2",
];

/// A check that notes its good answers.
const WELL: &str = "command:sh -c 'test -e well && echo yes >> answers'";

/// The reason that `status` gives for the last restart.
fn reason(sandbox: &Sandbox) -> String {
    let reason = sandbox.status("web")["restarted_because"].clone();
    reason.as_str().unwrap_or_default().to_owned()
}

#[test]
fn an_unhealthy_service_starts_again_whatever_its_policy() {
    let sandbox = Sandbox::new();
    fs::write(sandbox.path("well"), "").unwrap();
    let options = ["--health", WELL];
    let shell = "echo up >> starts; exec sleep 1000";
    sandbox.start("web", shell, &[&options[..], &QUICK].concat());
    let (pid, shim) = (sandbox.pid("web"), sandbox.shim("web"));
    // It is asked more than once, and goes on.
    sandbox.until_lines("answers", 3);
    assert_eq!(
        (sandbox.pid("web"), sandbox.text("starts").lines().count()),
        (pid, 1)
    );
    fs::remove_file(sandbox.path("well")).unwrap();
    sandbox.until_lines("starts", 2);
    fs::write(sandbox.path("well"), "").unwrap();
    eventually("it runs again", || sandbox.state("web") == "running");
    assert!(!lives(pid) && lives(shim));
    assert_eq!(
        reason(&sandbox),
        "it was unhealthy: `sh -c 'test -e well && echo yes >> answers'`: exit status: 1"
    );
    let events = sandbox.ok(&["events"]);
    assert!(events.contains(" unhealthy "), "{events}");
    sandbox.ok(&["stop", "web"]);
    assert_eq!(sandbox.processes(), Vec::<i32>::new());
}

#[test]
fn a_service_that_hangs_is_killed_and_starts_again() {
    let sandbox = Sandbox::new();
    // It accepts a connection, because the kernel does, and never answers.
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", server.local_addr().unwrap());
    let options = [
        "--health",
        &url,
        "--health-interval",
        "0.05",
        "--health-timeout",
        "0.1",
        "--health-retries",
        "2",
        "--ready-timeout",
        "0",
        "--stop-pause",
        "0.2",
    ];
    sandbox.add(
        "web",
        "trap '' TERM; echo up >> starts; while :; do sleep 0.1; done",
        &options,
    );
    sandbox.ok(&["start", "web"]);
    sandbox.until_lines("starts", 2);
    let why = reason(&sandbox);
    assert!(
        why.starts_with(&format!("it was unhealthy: {url}: ")),
        "{why}"
    );
}

#[test]
fn a_service_that_starts_slowly_has_time_until_its_first_good_answer() {
    let sandbox = Sandbox::new();
    let options = ["--health", WELL, "--ready-timeout", "60"];
    let shell = "echo up >> starts; sleep 0.6; touch well; exec sleep 1000";
    sandbox.start("web", shell, &[&options[..], &QUICK].concat());
    sandbox.until_lines("answers", 2);
    assert_eq!(sandbox.text("starts").lines().count(), 1);
    fs::remove_file(sandbox.path("well")).unwrap();
    sandbox.until_lines("starts", 2);
}

#[test]
fn failing_checks_are_shown_before_there_are_too_many() {
    let sandbox = Sandbox::new();
    let options = [
        "--health",
        "port:1",
        "--health-interval",
        "0.05",
        "--health-retries",
        "1000000",
        "--ready-timeout",
        "0",
    ];
    sandbox.start("web", "exec sleep 1000", &options);
    let failing = || sandbox.status("web")["failing"]["count"].as_u64() > Some(2);
    eventually("some checks fail", failing);
    let status = sandbox.ok(&["status", "web"]);
    let line = status
        .lines()
        .find(|line| line.starts_with("    health  port:1, failing "));
    assert!(
        line.is_some_and(|line| line.ends_with(" of 1000000: port 1: Connection refused")),
        "{status}"
    );
}

#[test]
fn a_slow_check_delays_no_stop_and_leaves_nothing_behind() {
    let sandbox = Sandbox::new();
    let options = [
        "--health",
        "command:sh -c 'touch asked; sleep 1000'",
        "--health-interval",
        "0.01",
        "--health-timeout",
        "1000",
    ];
    sandbox.start("web", "exec sleep 1000", &options);
    eventually("it is asked", || sandbox.path("asked").exists());
    let begun = Instant::now();
    sandbox.ok(&["stop", "web"]);
    assert!(begun.elapsed() < Duration::from_secs(5));
    sandbox.until_empty();
}

#[test]
fn an_adopted_service_is_checked_too() {
    let sandbox = Sandbox::new();
    fs::write(sandbox.path("well"), "").unwrap();
    let options = ["--health", WELL];
    sandbox.start(
        "web",
        "echo up >> starts; exec sleep 1000",
        &[&options[..], &QUICK].concat(),
    );
    sandbox.replace_shim("web");
    sandbox.sh("rm -f answers");
    sandbox.until_lines("answers", 2);
    fs::remove_file(sandbox.path("well")).unwrap();
    sandbox.until_lines("starts", 2);
}

#[test]
fn reload_sends_a_signal_or_runs_a_command() {
    let sandbox = Sandbox::new();
    let shell = "trap 'echo again >> said' HUP; echo up > said; while :; do sleep 0.05; done";
    sandbox.start("web", shell, &[]);
    sandbox.until_written("said", "up\n");
    let told = sandbox.fails(1, &["reload", "web"]);
    assert!(told.ends_with("`svc edit web --reload HUP`"), "{told}");
    // No restart is needed for that.
    sandbox.ok(&["edit", "web", "--reload", "HUP"]);
    assert_eq!(sandbox.ok(&["reload", "web"]), "web: reloaded\n");
    sandbox.until_written("said", "up\nagain\n");
    let line = "command:sh -c 'echo $SVC_PID $SVC_NAME $COLOUR > asked'";
    sandbox.ok(&["edit", "web", "--env", "COLOUR=red", "--reload", line]);
    sandbox.ok(&["reload", "web"]);
    assert_eq!(
        sandbox.read("asked"),
        format!("{} web red\n", sandbox.pid("web"))
    );
    sandbox.ok(&["edit", "web", "--reload", "command:false"]);
    let told = sandbox.fails(1, &["reload", "web"]);
    assert_eq!(told, "error: web: `false`: exit status: 1");
    sandbox.ok(&["stop", "web"]);
    sandbox.fails(3, &["reload", "web"]);
}

#[test]
fn a_scheduled_service_runs_at_its_times_and_never_twice_at_once() {
    let sandbox = Sandbox::new();
    // It runs longer than its interval.
    let shell = "echo begin $$ >> said; sleep 1.3; echo end $$ >> said; exit 3";
    let options = ["--schedule", "* * * * * *"];
    sandbox.add("web", shell, &options);
    assert_eq!(sandbox.ok(&["start", "web"]), "web: scheduled\n");
    assert_eq!(sandbox.ok(&["start", "web"]).lines().count(), 1);
    sandbox.until_lines("said", 4);
    sandbox.ok(&["stop", "web"]);
    let said = sandbox.read("said");
    let lines: Vec<_> = said.lines().collect();
    for run in lines.chunks_exact(2) {
        let (begin, end) = (run[0].strip_prefix("begin "), run[1].strip_prefix("end "));
        assert!(begin.is_some() && begin == end, "{said}");
    }
    assert_eq!(sandbox.state("web"), "stopped");
    assert_eq!(sandbox.processes(), Vec::<i32>::new());
}

#[test]
fn a_scheduled_service_waits_for_its_time() {
    let sandbox = Sandbox::new();
    sandbox.add("web", "touch ran", &["--schedule", "@yearly"]);
    sandbox.ok(&["start", "web"]);
    assert_eq!(sandbox.ok(&["start", "web"]), "web: already scheduled\n");
    let status = sandbox.status("web");
    assert_eq!(status["state"], "scheduled");
    let next = status["detail"].as_str().unwrap();
    assert!(humantime::parse_rfc3339(next).is_ok(), "{next}");
    // That is what was ordered.
    let text = sandbox.run(&["status", "web"]);
    assert_eq!(text.code, 0, "{text:?}");
    assert!(text.out.contains("  schedule  @yearly\n"), "{text:?}");
    sandbox.ok(&["restart", "web"]);
    assert_eq!(sandbox.state("web"), "scheduled");
    // A new definition counts after a restart.
    sandbox.ok(&["edit", "web", "--unset-schedule"]);
    sandbox.ok(&["restart", "web"]);
    eventually("it has run", || sandbox.path("ran").exists());
}

#[test]
fn a_scheduled_run_that_fails_is_tried_again_as_the_policy_says() {
    let sandbox = Sandbox::new();
    let shell = "echo try >> said; test $(wc -l < said) -ge 3";
    let options = [
        "--schedule",
        "* * * * * *",
        "--restart",
        "on-failure",
        "--restart-pause",
        "0.01",
    ];
    sandbox.start("web", shell, &options);
    sandbox.until_lines("said", 3);
    eventually("it waits for its time", || {
        let status = sandbox.status("web");
        status["state"] == "scheduled" && status["last_exit"]["code"] == 0
    });
    let told = sandbox.fails(1, &["edit", "web", "--restart", "always"]);
    assert!(told.contains("`--restart always`"), "{told}");
}

#[test]
fn a_changed_file_restarts_the_service_once() {
    let sandbox = Sandbox::new();
    sandbox.sh("mkdir -p src/deep; touch src/main.py");
    let options = [
        "--watch",
        "src",
        "--watch-ignore",
        "*.log",
        "--watch-pause",
        "0.2",
    ];
    sandbox.start("web", "echo up >> starts; exec sleep 1000", &options);
    let pid = sandbox.pid("web");
    sandbox.sh("for i in 1 2 3; do echo $i > src/x.log; echo $i > src/.x.swp; done");
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!(sandbox.pid("web"), pid);
    // Several files within a moment are one change.
    sandbox.sh("for i in 1 2 3 4 5; do echo $i > src/main.py; echo $i > src/deep/$i.py; done");
    sandbox.until_lines("starts", 2);
    let why = reason(&sandbox);
    assert!(why.ends_with("/src/deep/5.py has changed"), "{why}");
    std::thread::sleep(Duration::from_millis(600));
    assert_eq!(sandbox.text("starts").lines().count(), 2);
    // A directory that is new since is watched as well.
    sandbox.sh("mkdir src/new");
    sandbox.until_lines("starts", 3);
    eventually("it runs", || sandbox.state("web") == "running");
    sandbox.sh("touch src/new/x");
    sandbox.until_lines("starts", 4);
    sandbox.ok(&["edit", "web", "--unset-watch"]);
    assert_eq!(
        sandbox.status("web")["watch"]["paths"],
        serde_json::json!([])
    );
}

#[test]
fn a_service_that_failed_waits_for_a_change() {
    let sandbox = Sandbox::new();
    let options = ["--watch", "main.sh", "--watch-pause", "0.1"];
    sandbox.script("main.sh", "#!/bin/sh\necho broken >> said; exit 1\n");
    sandbox.add("web", "exec ./main.sh", &options);
    sandbox.ok(&["start", "web"]);
    sandbox.until("web", "waiting");
    sandbox.script(
        "main.sh",
        "#!/bin/sh\necho mended >> said; exec sleep 1000\n",
    );
    sandbox.until_lines("said", 2);
    sandbox.until("web", "running");
    assert_eq!(sandbox.read("said"), "broken\nmended\n");
    sandbox.ok(&["stop", "web"]);
    assert_eq!(sandbox.processes(), Vec::<i32>::new());
}

#[test]
fn what_is_no_check_or_schedule_is_refused() {
    let sandbox = Sandbox::new();
    for (option, value, told) in [
        (
            "--health",
            "notify",
            "it is `port:N`, `http://…` or `command:LINE`",
        ),
        ("--health-retries", "0", "0 is not in 1..=4294967295"),
        (
            "--reload",
            "SOON",
            "it is a signal such as HUP, or `command:LINE`",
        ),
        (
            "--schedule",
            "0 0 31 2 *",
            "it names no time that will come",
        ),
        ("--watch-ignore", "[", "invalid range pattern"),
    ] {
        let said = sandbox.usage(&["add", "web", option, value, "sleep 1"]);
        assert!(said.contains(told), "{said}");
    }
    let told = sandbox.usage(&["add", "web", "--schedule", "often", "sleep 1"]);
    assert!(
        told.contains("it is no cron expression such as `*/5 * * * *`"),
        "{told}"
    );
}
