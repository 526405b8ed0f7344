//! The parent and its workers.

use std::fs;
use std::io::Write as _;
use std::net::TcpListener;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::client::{Connection, get};
use crate::load::Load;
use crate::server::{LIMIT, Server, example, is_alive, kill, run, said, serve, until};

fn act(words: &str) -> Server {
    let mut command = Command::new(example("trials"));
    command
        .args(["-n", "--bind", "127.0.0.1:0"])
        .args(words.split_whitespace())
        .arg("act");
    Server::start_as(command)
}

/// Asks in the background, and waits until the application has begun to answer.
fn ask(server: &Server, path: &'static str) -> thread::JoinHandle<std::io::Result<u16>> {
    let address = server.address;
    let asked = thread::spawn(move || get(address, path).map(|answer| answer.status));
    server.line(&format!("begins {path}"));
    asked
}

#[test]
fn s4_e41_an_address_in_use_is_tried_until_it_is_free() {
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = other.local_addr().unwrap();
    let freed = thread::spawn(move || {
        thread::sleep(Duration::from_millis(500));
        drop(other);
    });
    let begun = Instant::now();
    let server = Server::start_as(serve(&format!(
        "-n --bind {address} --bind-timeout 60 echo"
    )));
    assert!(begun.elapsed() >= Duration::from_millis(500));
    assert_eq!(server.get("/").status, 200);
    freed.join().unwrap();
}

#[test]
fn s4_e41_an_address_that_stays_in_use_is_an_error_after_the_timeout() {
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = other.local_addr().unwrap();
    let begun = Instant::now();
    let (code, _, errors) = run(&format!("-n --bind {address} --bind-timeout 0.5 echo"));
    assert!(begun.elapsed() >= Duration::from_millis(500));
    assert_eq!(code, Some(1));
    assert_eq!(
        errors,
        format!("error: {address}: the address is in use, also after 0.5 s\n")
    );
}

#[test]
fn s4_e41_any_other_error_of_the_address_comes_at_once() {
    let begun = Instant::now();
    // Documentation addresses are nobody's.
    let (code, _, errors) = run("-n --bind 192.0.2.1:80 --bind-timeout 60 echo");
    assert_eq!(code, Some(1));
    assert_eq!(
        errors,
        "error: 192.0.2.1:80: Cannot assign requested address\n"
    );
    assert!(begun.elapsed() < LIMIT);
}

#[test]
fn s4_the_backlog_is_as_asked_and_connections_are_kept_alive() {
    let server = Server::start("--backlog 17 --workers 1 echo");
    let shown = |what: &str| {
        let port = format!("sport = :{}", server.address.port());
        let output = Command::new("ss")
            .args([what, "-tnoH", &port])
            .output()
            .ok()?;
        Some(String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let Some(listening) = shown("-l") else {
        return eprintln!("not tried, as there is no ss");
    };
    assert!(
        listening.split_whitespace().any(|word| word == "17"),
        "{listening}"
    );
    let mut kept = Connection::new(server.address).unwrap();
    kept.get("/").unwrap();
    let open = shown("-4").unwrap();
    assert!(
        open.lines()
            .any(|line| line.contains("ESTAB") && line.contains("keepalive")),
        "{open}"
    );
}

#[test]
fn s9_workers_are_as_many_as_asked() {
    assert_eq!(Server::start("--workers 3 echo").workers().len(), 3);
    let cpus = thread::available_parallelism().unwrap().get();
    assert_eq!(Server::start("--workers auto echo").workers().len(), cpus);
    assert_eq!(Server::start("echo").workers().len(), cpus);
}

#[test]
fn s9_e44_without_workers_one_process_does_all_and_ends_when_told_to_drain() {
    for (signal, ends_by) in [(Signal::HUP, None), (Signal::TERM, Some(15))] {
        let mut server = Server::start("--workers 0 echo");
        assert!(server.workers().is_empty());
        assert_eq!(server.get("/").status, 200);
        server.signal(signal);
        assert_eq!(server.wait().signal(), ends_by);
    }
}

#[test]
fn s13_t11_the_end_of_the_parent_is_that_of_all_and_shows_the_signal() {
    for (signal, number) in [(Signal::TERM, 15), (Signal::INT, 2)] {
        let mut server = Server::start("--workers 2 echo");
        let workers = server.workers();
        server.signal(signal);
        assert_eq!(server.wait().signal(), Some(number));
        assert!(!workers.into_iter().any(is_alive));
    }
}

#[test]
fn s13_what_is_being_answered_is_answered_before_the_end() {
    let mut server = act("--workers 1");
    let asked = ask(&server, "/slow/0.5");
    server.signal(Signal::TERM);
    assert_eq!(asked.join().unwrap().unwrap(), 200);
    assert_eq!(server.wait().signal(), Some(15));
}

#[test]
fn e42_a_slow_request_holds_the_end_no_longer_than_its_limit() {
    let mut server = act("--workers 1 --drain-timeout 0.5");
    let asked = ask(&server, "/slow/30");
    let begun = Instant::now();
    server.signal(Signal::TERM);
    assert_eq!(server.wait().signal(), Some(15));
    assert!(begun.elapsed() >= Duration::from_millis(500));
    assert!(
        begun.elapsed() < Duration::from_secs(20),
        "{:?}",
        begun.elapsed()
    );
    assert!(asked.join().unwrap().is_err());
}

#[test]
fn connections_that_ask_nothing_do_not_hold_the_end() {
    let mut server = Server::start("--workers 1 echo");
    let mut idle = Connection::new(server.address).unwrap();
    idle.get("/").unwrap();
    let _silent = Connection::new(server.address).unwrap();
    server.get("/");
    let begun = Instant::now();
    server.signal(Signal::TERM);
    server.wait();
    assert!(
        begun.elapsed() < Duration::from_secs(20),
        "{:?}",
        begun.elapsed()
    );
}

#[test]
fn s14_s16_a_reload_answers_what_it_can_and_ends_the_rest_at_the_limit() {
    let server = act("--workers 1 --drain-timeout 1");
    let (quick, never) = (ask(&server, "/slow/0.5"), ask(&server, "/slow/30"));
    let old = server.workers();
    server.reload(2);
    assert_eq!(quick.join().unwrap().unwrap(), 200);
    assert!(never.join().unwrap().is_err());
    until("the old worker ends", || !is_alive(old[0]));
    assert_eq!(server.workers().len(), 1);
}

#[test]
fn s16_a_worker_that_does_not_end_is_killed() {
    let server = Server::start("--workers 1 --drain-timeout 0.2 echo");
    let old = server.workers();
    kill(old[0], Signal::STOP);
    server.reload(2);
    server.line(&format!("worker {} is killed", old[0]));
    until("it ends", || !is_alive(old[0]));
}

#[test]
fn two_reloads_at_once_come_one_after_the_other() {
    let server = Server::start("--workers 2 echo");
    server.signal(Signal::HUP);
    server.line("reloading");
    server.signal(Signal::HUP);
    server.line("ready, generation 3,");
    until("the old ones end", || server.workers().len() == 2);
    assert_eq!(server.get("/").status, 200);
}

#[test]
fn an_end_during_a_reload_ends_both_generations() {
    for _ in 0..5 {
        let mut server = Server::start("--workers 2 echo");
        let old = server.workers();
        server.signal(Signal::HUP);
        server.signal(Signal::TERM);
        assert_eq!(server.wait().signal(), Some(15));
        assert!(!old.into_iter().any(is_alive));
    }
}

#[test]
fn a_reload_applies_what_the_file_says_then() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("serve.toml");
    let write = |text: &str| fs::write(&file, text).unwrap();
    write("workers = 1");
    let server = Server::start(&format!("-c {} echo", file.display()));
    assert_eq!(server.workers().len(), 1);
    write("workers = 3\nmax-body = 3");
    server.reload(2);
    until("there are three", || server.workers().len() == 3);
    let text = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody";
    assert_eq!(
        crate::client::ask(server.address, text).unwrap().status,
        413
    );
    write("workers = 2");
    server.reload(3);
    until("there are two", || server.workers().len() == 2);
}

#[test]
fn a_reload_that_can_not_be_changes_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("serve.toml");
    fs::write(&file, "workers = 1").unwrap();
    let server = Server::start(&format!("-c {} echo", file.display()));
    let old = server.workers();
    for (round, (text, why)) in [
        (
            "workers = 'many'",
            "`workers` can't be that: it is neither `auto` nor a number",
        ),
        (
            "wrokers = 2",
            "there is no option `wrokers`, did you mean `workers`?",
        ),
        ("workers =", "line 1"),
        ("workers = 0", "a server with workers can't go on without"),
    ]
    .into_iter()
    .enumerate()
    {
        fs::write(&file, text).unwrap();
        server.signal(Signal::HUP);
        let line = server.nth("all stays as it was: ", round + 1);
        assert!(line.contains(why), "{line}");
        assert_eq!(server.workers(), old);
        assert_eq!(server.get("/").status, 200);
    }
}

#[test]
fn a_generation_that_does_not_start_leaves_the_old_one() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("crash");
    let mut command = Command::new(example("trials"));
    command
        .args(["-n", "--bind", "127.0.0.1:0", "--workers", "2", "crash"])
        .arg(&file);
    let server = Server::start_as(command);
    let old = server.workers();
    let load = Load::start(server.address, 4);
    fs::write(&file, "").unwrap();
    server.signal(Signal::HUP);
    server.line("all stays as it was: worker");
    load.go_on(100);
    assert_eq!(load.stop(), [""; 0]);
    until("only the old ones are left", || server.workers() == old);
    fs::remove_file(&file).unwrap();
    server.signal(Signal::HUP);
    server.line("ready, generation 2, 2 workers");
}

#[test]
fn s11_e40_a_worker_that_can_not_start_ends_the_start_with_its_reason() {
    let directory = tempfile::tempdir().unwrap();
    let mut command = Command::new(example("trials"));
    command
        .args(["-n", "--bind", "127.0.0.1:0", "--workers", "2", "crash"])
        .arg(directory.path());
    let (code, _, errors) = said(command.output().unwrap());
    assert_eq!(code, Some(1));
    let last = errors.lines().last().unwrap();
    assert!(
        last.starts_with("error: worker ") && last.ends_with("did not start: it panicked"),
        "{errors}"
    );
}

#[test]
fn s12_e39_workers_that_all_die_at_once_are_not_replaced_in_a_storm() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("crash");
    let mut command = Command::new(example("trials"));
    command
        .args(["-n", "--bind", "127.0.0.1:0", "--workers", "1", "crash"])
        .arg(&file);
    let server = Server::start_as(command);
    fs::write(&file, "").unwrap();
    let begun = Instant::now();
    kill(server.workers()[0], Signal::KILL);
    // Two at once, perhaps, and then after 0.1 and 0.2 s.
    server.nth("did not start", 4);
    assert!(begun.elapsed() >= Duration::from_millis(300));
    fs::remove_file(&file).unwrap();
    until("it is replaced in the end", || {
        get(server.address, "/").is_ok()
    });
}

#[test]
fn s15_a_program_that_does_not_run_is_not_executed() {
    let directory = tempfile::tempdir().unwrap();
    let program = directory.path().join("serve");
    fs::copy(env!("CARGO_BIN_EXE_serve"), &program).unwrap();
    let mut command = Command::new(&program);
    command.args(["-n", "--bind", "127.0.0.1:0", "--workers", "1", "echo"]);
    let server = Server::start_as(command);
    let old = server.workers();
    let replace = |content: &[u8]| {
        use std::os::unix::fs::PermissionsExt as _;
        let next = directory.path().join("next");
        let mut file = fs::File::create(&next).unwrap();
        file.write_all(content).unwrap();
        file.set_permissions(fs::Permissions::from_mode(0o755))
            .unwrap();
        drop(file);
        fs::rename(&next, &program).unwrap();
    };
    replace(b"#!/bin/sh\nexit 1\n");
    server.signal(Signal::USR1);
    server.line("all stays as it was: the program does not run");
    replace(b"no program");
    server.signal(Signal::USR1);
    server.nth("all stays as it was: ", 2);
    assert_eq!((server.workers(), server.get("/").status), (old, 200));
    replace(&fs::read(env!("CARGO_BIN_EXE_serve")).unwrap());
    server.signal(Signal::USR1);
    server.line("ready, generation 2,");
    assert_eq!(server.get("/").status, 200);
    let running = fs::read_link(format!("/proc/{}/exe", server.id())).unwrap();
    assert_eq!(running, program);
}

#[test]
fn s15_executions_leave_no_descriptor_behind() {
    let server = Server::start("--workers 1 echo");
    let open = || {
        fs::read_dir(format!("/proc/{}/fd", server.id()))
            .unwrap()
            .count()
    };
    let execute = |generation| {
        server.signal(Signal::USR1);
        server.line(&format!("ready, generation {generation},"));
        until("the old worker ends", || server.workers().len() == 1);
        open()
    };
    // The first program has one more: what a daemon would have as its streams.
    let first = execute(2);
    assert_eq!([execute(3), execute(4)], [first; 2]);
}

#[test]
fn workers_end_when_their_parent_is_killed() {
    let mut server = Server::start("--workers 2 echo");
    let workers = server.workers();
    server.signal(Signal::KILL);
    server.wait();
    until("they end", || {
        !workers.iter().any(|worker| is_alive(*worker))
    });
    assert!(get(server.address, "/").is_err());
}

#[test]
fn s5_an_application_that_can_not_be_loaded_is_told_before_anything_is_opened() {
    let (code, _, errors) = run("-n --bind 127.0.0.1:0 web /no/such");
    assert_eq!(
        (code, &*errors),
        (Some(1), "error: /no/such: No such file or directory\n")
    );
    let (code, _, errors) = run("-n --bind 127.0.0.1:0 web /etc/passwd");
    assert_eq!(
        (code, &*errors),
        (Some(1), "error: /etc/passwd: Not a directory\n")
    );
}

#[test]
fn t10_an_application_that_panics_or_fails_costs_one_answer() {
    let server = act("--workers 1");
    let worker = server.workers();
    for path in ["/panic", "/fail"] {
        assert_eq!(server.get(path).status, 500);
        server.line(&format!("GET {path}: "));
    }
    assert_eq!((server.get("/").status, server.workers()), (200, worker));
    // One that dies costs its worker.
    assert!(get(server.address, "/abort").is_err());
    server.line("died (signal 6)");
    until("it is replaced", || server.workers().len() == 1);
    assert_eq!(server.get("/").status, 200);
}

#[test]
fn nobody_hears_of_a_closed_standard_error() {
    let mut command = serve("-n --bind 127.0.0.1:0 --workers 1 echo");
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stderr.take());
    thread::sleep(Duration::from_millis(200));
    assert!(child.try_wait().unwrap().is_none());
    kill(child.id(), Signal::TERM);
    assert_eq!(child.wait().unwrap().signal(), Some(15));
}
