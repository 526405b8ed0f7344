//! Collectors on the machine that is there.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::thread;
use std::time::Instant;

use collect::collector::{Machine, Moment};

use super::sandbox::{Sandbox, source};

/// What a collector sees, and what it complains about.
fn see(name: &str, section: &str) -> (Vec<(String, f64)>, Vec<String>) {
    let mut notes = vec![];
    let batch = source(name, section)
        .run(&Machine::at("/proc"), Moment::now(), &mut notes)
        .unwrap();
    (
        batch
            .samples
            .iter()
            .map(|sample| (sample.name.to_string(), sample.value))
            .collect(),
        notes,
    )
}

fn value(seen: &[(String, f64)], name: &str) -> f64 {
    let found = seen.iter().find(|(found, _)| found == name);
    found.unwrap_or_else(|| panic!("no {name} in {seen:?}")).1
}

#[test]
fn every_collector_of_proc_sees_this_machine() {
    for name in [
        "cpu",
        "memory",
        "loadavg",
        "diskspace",
        "iostat",
        "network",
        "sockets",
        "files",
        "uptime",
        "collect",
    ] {
        let (_, notes) = see(name, "");
        assert_eq!(notes, [""; 0], "{name}");
    }
    let (seen, _) = see("files", "");
    assert!(value(&seen, "files.assigned") > 0.0);
    let (seen, _) = see("processes", "names = { us = '^it-' }");
    assert!(value(&seen, "processes.us.processes") >= 1.0, "{seen:?}");
    assert!(value(&seen, "processes.us.memory") > 1e6);
}

#[test]
fn ping_tells_which_ports_can_be_reached() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let closed = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let (seen, _) = see(
        "ping",
        &format!("targets = ['localhost:{port}', '127.0.0.1:{closed}']"),
    );
    assert!((value(&seen, &format!("ping.localhost_{port}.up")) - 1.0).abs() < 1e-9);
    assert!(value(&seen, &format!("ping.localhost_{port}.ms")) > 0.0);
    assert!(value(&seen, &format!("ping.127_0_0_1_{closed}.up")).abs() < 1e-9);
    assert!(
        !seen
            .iter()
            .any(|(name, _)| name.ends_with(&format!("{closed}.ms")))
    );
}

#[test]
fn http_tells_status_and_time() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = thread::spawn(move || {
        let (mut client, _) = listener.accept().unwrap();
        let mut request = vec![];
        while !request.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            client.read_exact(&mut byte).unwrap();
            request.push(byte[0]);
        }
        client
            .write_all(b"HTTP/1.1 503 Busy\r\nContent-Length: 5\r\n\r\nhello")
            .unwrap();
        String::from_utf8(request).unwrap()
    });
    let closed = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let urls = format!(
        "urls = {{ page = 'http://127.0.0.1:{port}/a?b', down = 'http://127.0.0.1:{closed}/' }}\nuser_agent = 'me'"
    );
    let (seen, _) = see("http", &urls);
    assert!((value(&seen, "http.page.status") - 503.0).abs() < 1e-9);
    assert!((value(&seen, "http.page.size") - 5.0).abs() < 1e-9);
    assert!(value(&seen, "http.page.ms") > 0.0);
    assert!(value(&seen, "http.down.up").abs() < 1e-9);
    let request = server.join().unwrap();
    assert!(
        request.starts_with("GET /a?b HTTP/1.1\r\n") && request.contains("user-agent: me"),
        "{request}"
    );
}

/// The roots that `https` trusts sign no certificate for a test, so only the first bytes are looked at.
#[test]
#[cfg(feature = "https")]
fn https_begins_with_a_greeting_of_tls() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = thread::spawn(move || {
        let (mut client, _) = listener.accept().unwrap();
        let mut greeting = [0; 3];
        client.read_exact(&mut greeting).unwrap();
        greeting
    });
    let (seen, _) = see(
        "http",
        &format!("urls = {{ page = 'https://127.0.0.1:{port}/' }}"),
    );
    assert!(value(&seen, "http.page.up").abs() < 1e-9);
    // A record of a handshake, in the version that all use here.
    assert_eq!(server.join().unwrap(), [22, 3, 1]);
}

#[test]
fn a_server_that_never_answers_takes_no_longer_than_the_window() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let start = Instant::now();
    let (seen, _) = see(
        "http",
        &format!("interval = 0.5\nurls = {{ slow = 'http://127.0.0.1:{port}/' }}"),
    );
    assert!(value(&seen, "http.slow.up").abs() < 1e-9);
    assert!(start.elapsed().as_secs_f64() < 10.0);
}

#[test]
fn scripts_are_found_at_any_depth_but_not_those_for_tests() {
    let sandbox = Sandbox::new();
    sandbox.script("s/one", "echo queue.length 3.25; echo old 7 1600000000");
    sandbox.script("s/deep/er/two", "echo two 2");
    for name in ["s/.hidden", "s/test_one", "s/tests/x", "s/my_fixtures/x"] {
        sandbox.script(name, "echo never 1");
    }
    sandbox.file("s/readme", "never 1");
    let everybody = sandbox.script("s/everybody", "echo never 1");
    fs::set_permissions(&everybody, fs::Permissions::from_mode(0o777)).unwrap();
    let (seen, notes) = see(
        "scripts",
        &format!("scripts = '{}'", sandbox.path("s").display()),
    );
    assert_eq!(seen.len(), 3, "{seen:?}");
    assert!((value(&seen, "queue.length") - 3.25).abs() < 1e-9);
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert!(
        notes[0].ends_with("everybody: not run, for everybody can write it"),
        "{notes:?}"
    );
}
