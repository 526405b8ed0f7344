//! When a start is done.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::{Duration, Instant};

use crate::sandbox::Sandbox;

#[test]
fn who_ends_at_once_was_not_started() {
    let sandbox = Sandbox::new();
    let options = ["--restart", "always", "--start-seconds", "1"];
    sandbox.add("web", "sleep 0.05; exit 3", &options);
    let told = sandbox.fails(1, &["start", "web"]);
    assert!(
        told.starts_with("error: web: it ended after 0.") && told.ends_with(" s (exit 3)"),
        "{told}"
    );
    // It is tried again all the same.
    assert!(sandbox.status("web")["wanted"] == false);
    sandbox.ok(&["stop", "web"]);
    // The default: a second where it comes back, and nothing where it does not.
    sandbox.ok(&["add", "back", "--restart", "always", "false"]);
    sandbox.fails(1, &["start", "back"]);
    sandbox.ok(&["add", "once", "true"]);
    sandbox.ok(&["start", "once"]);
}

#[test]
fn who_stays_was_started_after_a_second() {
    let sandbox = Sandbox::new();
    sandbox.ok(&["add", "web", "--restart", "always", "sleep 1000"]);
    let begun = Instant::now();
    sandbox.ok(&["start", "web"]);
    assert!(begun.elapsed() >= Duration::from_secs(1));
}

/// That a start of this service waits for `ready`, and says what is missing where that does not come.
#[track_caller]
fn check(sandbox: &Sandbox, ready: &str, shell: &str, missing: &str) {
    sandbox.add("web", shell, &["--ready", ready, "--ready-timeout", "60"]);
    sandbox.ok(&["start", "web"]);
    assert!(sandbox.path("done").exists(), "{ready}");
    sandbox.sh("rm done");
    sandbox.ok(&[
        "edit",
        "web",
        "--ready-timeout",
        "0.3",
        "--",
        "sleep",
        "1000",
    ]);
    let told = sandbox.run(&["restart", "web"]);
    assert_eq!(told.code, 1, "{told:?}");
    let expected = format!("error: web: it is not ready after 0.3 s: {missing}");
    assert!(told.err.starts_with(&expected), "{told:?}");
    // It goes on: somebody may look what is wrong.
    assert_eq!(sandbox.state("web"), "running");
    sandbox.ok(&["remove", "--stop", "web"]);
}

#[test]
fn a_start_waits_for_what_shows_that_it_is_ready() {
    let sandbox = Sandbox::new();
    let late = "sleep 0.3; touch done; ";
    check(
        &sandbox,
        "log:server is up",
        &format!("{late} echo the server is up; exec sleep 1000"),
        "no line of its log has \"server is up\"",
    );
    check(
        &sandbox,
        "command:test -e done",
        &format!("{late} exec sleep 1000"),
        "`test -e done`: exit status: 1",
    );
    check(
        &sandbox,
        "fd:3",
        &format!("{late} echo ready >&3; exec 3>&-; exec sleep 1000"),
        "it has written no line to descriptor 3",
    );
    // A number that the shim has in use.
    check(
        &sandbox,
        "fd:6",
        &format!("{late} echo ready >&6; exec sleep 1000"),
        "it has written no line to descriptor 6",
    );
    if sandbox.sh("python3 --version").code != 0 {
        return eprintln!("skipped: there is no python3");
    }
    let free = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let server = format!("{late} exec python3 -m http.server --bind 127.0.0.1 {free}");
    let refused = format!("port {free}: Connection refused");
    check(&sandbox, &format!("port:{free}"), &server, &refused);
    let url = format!("http://127.0.0.1:{free}/");
    check(
        &sandbox,
        &url,
        &server,
        &format!("{url}: Connection refused"),
    );
    let notify = "import os, socket, time\ns = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)\n\
        s.sendto(b'STATUS=up\\nREADY=1\\n', os.environ['NOTIFY_SOCKET'])\ntime.sleep(1000)\n";
    sandbox.script("notify.py", notify);
    let server = format!("{late} exec python3 notify.py");
    check(&sandbox, "notify", &server, "it has not said `READY=1`");
}

#[test]
fn a_program_that_cannot_run_is_told_whatever_descriptor_it_would_get() {
    let sandbox = Sandbox::new();
    for number in 3..20 {
        let ready = format!("fd:{number}");
        sandbox.ok(&["add", "web", "--ready", &ready, "/no/such"]);
        let told = sandbox.fails(127, &["start", "web"]);
        assert!(told.contains("exec /no/such"), "{ready}: {told}");
        sandbox.ok(&["remove", "web"]);
    }
}

#[test]
fn a_page_that_fails_is_not_ready() {
    let sandbox = Sandbox::new();
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/none", server.local_addr().unwrap());
    std::thread::spawn(move || {
        for visitor in server.incoming().flatten() {
            let mut visitor = visitor;
            let _ = visitor.read(&mut [0; 1024]);
            let _ = visitor.write_all(b"HTTP/1.1 404 Not Found\r\n\r\n");
        }
    });
    let options = ["--ready", &url, "--ready-timeout", "1"];
    sandbox.add("web", "exec sleep 1000", &options);
    let told = sandbox.fails(1, &["start", "web"]);
    assert!(told.ends_with(&format!("{url}: status 404")), "{told}");
}

#[test]
fn who_comes_after_another_waits_until_that_is_ready() {
    let sandbox = Sandbox::new();
    let db = "sleep 0.4; touch db.is.up; exec sleep 1000";
    sandbox.add("db", db, &["--ready", "command:test -e db.is.up"]);
    sandbox.add(
        "web",
        "test -e db.is.up && echo saw it > said; exec sleep 1000",
        &["--after", "db"],
    );
    sandbox.ok(&["start", "--all"]);
    sandbox.until_written("said", "saw it\n");
}

#[test]
fn what_is_no_sign_is_refused() {
    let sandbox = Sandbox::new();
    let told = sandbox.usage(&["add", "web", "--ready", "soon", "sleep 1"]);
    assert!(told.contains("it is `notify`, `fd:N`, `port:N`"), "{told}");
    let told = sandbox.fails(
        1,
        &["add", "web", "--ready", "log:up", "-o", "file", "sleep 1"],
    );
    assert!(told.ends_with("`--ready log:…` needs its log"), "{told}");
}
