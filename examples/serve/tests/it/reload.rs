//! `HUP`, `USR1` and deaths, while clients ask.

use std::time::Duration;

use rustix::process::Signal;

use crate::client::Connection;
use crate::load::Load;
use crate::server::{Server, kill, runtimes, until};

#[test]
fn e38_e49_no_request_is_lost_over_reloads_on_any_runtime() {
    for runtime in runtimes() {
        let server = Server::start(&format!("-r {runtime} --workers 2 echo"));
        let load = Load::start(server.address, 8);
        for generation in 2..=7 {
            load.go_on(100);
            server.reload(generation);
        }
        load.go_on(100);
        assert_eq!(load.stop(), [""; 0], "{runtime}");
        until("the old workers end", || server.workers().len() == 2);
    }
}

#[test]
fn s15_no_request_is_lost_over_executions_on_any_runtime() {
    for runtime in runtimes() {
        let server = Server::start(&format!("-r {runtime} --workers 2 echo"));
        let load = Load::start(server.address, 8);
        for generation in 2..=4 {
            load.go_on(100);
            server.signal(Signal::USR1);
            server.line(&format!("ready, generation {generation},"));
        }
        load.go_on(100);
        assert_eq!(load.stop(), [""; 0], "{runtime}");
        until("the old workers end", || server.workers().len() == 2);
    }
}

#[test]
fn e39_a_dead_worker_is_replaced() {
    let server = Server::start("--workers 2 echo");
    let load = Load::start(server.address, 4);
    for round in 1..=3 {
        load.go_on(100);
        let workers = server.workers();
        kill(workers[0], Signal::KILL);
        server.nth("died (signal 9)", round);
        until("there are two again", || server.workers().len() == 2);
    }
    load.go_on(100);
    // A worker that is killed takes what it was answering with it, and nothing else.
    let failures = load.stop();
    assert!(failures.len() <= 3 * 4, "{failures:#?}");
}

#[test]
fn s17_a_worker_that_is_told_to_end_is_replaced_without_a_loss() {
    let server = Server::start("--workers 2 echo");
    let load = Load::start(server.address, 4);
    for (round, signal) in [Signal::HUP, Signal::USR1, Signal::HUP]
        .into_iter()
        .enumerate()
    {
        load.go_on(100);
        kill(server.workers()[0], signal);
        server.nth("was told to end", round + 1);
    }
    assert_eq!(load.stop(), [""; 0]);
}

#[test]
fn an_idle_connection_does_not_hold_the_old_generation() {
    let server = Server::start("--workers 1 --keep-alive-timeout 0.5 echo");
    let old = server.workers();
    let mut idle = Connection::new(server.address).unwrap();
    assert_eq!(idle.get("/").unwrap().status, 200);
    let silent = Connection::new(server.address).unwrap();
    // The silent one is accepted in the order of arrival, so before this one.
    assert_eq!(server.get("/").status, 200);
    server.reload(2);
    until("the old worker ends", || {
        server.workers() != old && server.workers().len() == 1
    });
    assert!(idle.is_closed());
    drop(silent);
}

#[test]
fn a_request_on_an_idle_connection_is_answered_by_a_worker_that_leaves() {
    let server = Server::start("--workers 1 --keep-alive-timeout 30 echo");
    let mut idle = Connection::new(server.address).unwrap();
    assert_eq!(idle.get("/").unwrap().header("connection"), None);
    server.reload(2);
    std::thread::sleep(Duration::from_millis(50));
    let answer = idle.get("/").unwrap();
    assert_eq!(
        (answer.status, answer.header("connection")),
        (200, Some("close"))
    );
    assert!(idle.is_closed());
    until("the old worker ends", || server.workers().len() == 1);
}
