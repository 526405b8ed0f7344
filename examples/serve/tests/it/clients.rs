//! Clients that ask for too much, or are too slow.

use std::io::{Read as _, Write as _};
use std::net::Shutdown;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use crate::client::{Connection, ask, get, read_once};
use crate::server::{Server, example, runtimes, until};

fn act(words: &str) -> Server {
    let mut command = Command::new(example("trials"));
    command.args(["-n", "--bind", "127.0.0.1:0", "--workers", "1"]);
    Server::start_as({
        command.args(words.split_whitespace()).arg("act");
        command
    })
}

#[test]
fn e49_all_runtimes_answer_with_the_same_bytes() {
    let requests = [
        "GET /a?b=%20 HTTP/1.1\r\nHost: a\r\nX-Many: 1\r\nX-Many: 2\r\nConnection: close\r\n\r\n".to_owned(),
        "POST / HTTP/1.0\r\nContent-Length: 4\r\n\r\nbody".to_owned(),
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n".to_owned(),
        format!("POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 300000\r\n\r\n{}", "x".repeat(300_000)),
        "HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".to_owned(),
        "nonsense\r\n\r\n".to_owned(),
    ];
    let answers = |runtime| {
        let server = Server::start(&format!("-r {runtime} --workers 1 echo"));
        requests.clone().map(|request| {
            let mut connection = Connection::new(server.address).unwrap();
            connection.send(&request).unwrap();
            let mut bytes = String::new();
            connection.socket.read_to_string(&mut bytes).unwrap();
            let lines = bytes.lines().filter(|line| !line.starts_with("date: "));
            lines.collect::<Vec<_>>().join("\n")
        })
    };
    let first = answers("poll");
    assert!(first[0].contains("You said:\nGET /a?b=%20 HTTP/1.1\nhost: a\nx-many: 1\nx-many: 2\n"));
    assert!(first[2].ends_with("\nabcde"), "{}", first[2]);
    assert!(first[5].starts_with("HTTP/1.1 400"), "{}", first[5]);
    for runtime in runtimes() {
        assert_eq!(answers(runtime), first, "{runtime}");
    }
}

#[test]
fn s10_one_client_at_a_time_is_one_at_a_time() {
    for runtime in runtimes() {
        let server = act(&format!("--max-clients 1 -r {runtime}"));
        let mut first = Connection::new(server.address).unwrap();
        assert_eq!(first.get("/").unwrap().status, 200);
        // The system has accepted it, the worker has not.
        let mut second = Connection::new(server.address).unwrap();
        second.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
        second
            .socket
            .set_read_timeout(Some(Duration::from_millis(200)))
            .unwrap();
        assert!(
            read_once(&mut second.socket, &mut [0]).is_err(),
            "{runtime}"
        );
        second.socket.set_read_timeout(None).unwrap();
        drop(first);
        assert_eq!(second.answer(true).unwrap().status, 200, "{runtime}");
    }
}

#[test]
fn s10_those_for_whom_there_is_no_room_wait_their_turn() {
    let server = act("--max-clients 4");
    let address = server.address;
    let asked: Vec<_> = (0..16)
        .map(|_| thread::spawn(move || get(address, "/slow/0.05")))
        .collect();
    assert!(
        asked
            .into_iter()
            .all(|asked| asked.join().unwrap().unwrap().status == 200)
    );
}

#[test]
fn a_full_table_does_not_keep_a_reload_waiting() {
    let server = act("--max-clients 2 --keep-alive-timeout 0.5");
    let idle: Vec<_> = (0..2)
        .map(|_| {
            let mut connection = Connection::new(server.address).unwrap();
            assert_eq!(connection.get("/").unwrap().status, 200);
            connection
        })
        .collect();
    server.reload(2);
    assert_eq!(server.get("/").status, 200);
    until("the old worker ends", || server.workers().len() == 1);
    drop(idle);
}

#[test]
fn a_body_that_is_too_large_is_refused_and_the_client_hears_it() {
    for runtime in runtimes() {
        let server = Server::start(&format!("-r {runtime} --workers 1 --max-body 1000 echo"));
        let head = "POST / HTTP/1.1\r\nHost: a\r\n";
        let fits = format!(
            "{head}Connection: close\r\nContent-Length: 1000\r\n\r\n{}",
            "x".repeat(1000)
        );
        assert_eq!(ask(server.address, &fits).unwrap().status, 200);
        // All of it is sent before an answer is read.
        let large = format!(
            "{head}Content-Length: 500000\r\n\r\n{}",
            "x".repeat(500_000)
        );
        assert_eq!(
            ask(server.address, &large).unwrap().status,
            413,
            "{runtime}"
        );
        let chunk = format!("1f4\r\n{}\r\n", "x".repeat(500));
        let chunked = format!(
            "{head}Transfer-Encoding: chunked\r\n\r\n{}0\r\n\r\n",
            chunk.repeat(3)
        );
        assert_eq!(
            ask(server.address, &chunked).unwrap().status,
            413,
            "{runtime}"
        );
        assert_eq!(server.get("/").status, 200);
    }
}

#[test]
fn a_head_without_end_is_cut_off() {
    for runtime in runtimes() {
        let server = Server::start(&format!(
            "-r {runtime} --workers 1 --client-timeout 0.5 echo"
        ));
        let begun = Instant::now();
        let mut connection = Connection::new(server.address).unwrap();
        connection.send("GET / HTTP/1.1\r\n").unwrap();
        let mut more = connection.socket.try_clone().unwrap();
        let feeder = thread::spawn(move || {
            // Each line in time, and all of them never.
            while more.write_all(b"X: y\r\n").is_ok() {
                thread::sleep(Duration::from_millis(50));
            }
        });
        let answer = connection.answer(true);
        assert!(answer.is_err(), "{runtime}: {answer:?}");
        assert!(
            begun.elapsed() >= Duration::from_millis(500),
            "{runtime}: {answer:?} after {:?}",
            begun.elapsed()
        );
        drop(connection);
        feeder.join().unwrap();
    }
}

#[test]
fn a_head_of_any_length_is_refused() {
    let server = Server::start("--workers 1 echo");
    let mut connection = Connection::new(server.address).unwrap();
    let mut refused = connection.send("GET / HTTP/1.1\r\n").is_err();
    for _ in 0..10_000 {
        refused |= connection
            .send(&format!("X: {}\r\n", "y".repeat(1000)))
            .is_err();
        if refused {
            break;
        }
    }
    assert!(refused);
    assert_eq!(server.get("/").status, 200);
}

#[test]
fn a_body_that_does_not_come_is_not_waited_for() {
    let server = Server::start("--workers 1 --client-timeout 0.5 echo");
    let mut connection = Connection::new(server.address).unwrap();
    connection
        .send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf")
        .unwrap();
    assert!(connection.is_closed());
    assert_eq!(server.get("/").status, 200);
}

#[test]
fn a_client_that_says_nothing_is_not_waited_for() {
    let server = Server::start("--workers 1 --client-timeout 0.5 echo");
    let begun = Instant::now();
    let mut connection = Connection::new(server.address).unwrap();
    assert!(connection.is_closed());
    assert!(begun.elapsed() >= Duration::from_millis(500));
}

#[test]
fn an_idle_connection_is_closed_after_its_time() {
    let server = Server::start("--workers 1 --keep-alive-timeout 0.5 --client-timeout 60 echo");
    let mut connection = Connection::new(server.address).unwrap();
    for _ in 0..3 {
        assert_eq!(connection.get("/").unwrap().status, 200);
        thread::sleep(Duration::from_millis(100));
    }
    assert!(connection.is_closed());
}

#[test]
fn a_reader_that_is_slow_gets_all_and_one_that_stops_is_cut_off() {
    for runtime in runtimes() {
        let server = act(&format!("-r {runtime} --client-timeout 1"));
        let size = 8 << 20;
        let mut slow = Connection::new(server.address).unwrap();
        slow.send(&format!(
            "GET /large/{size} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        ))
        .unwrap();
        let (mut read, mut chunk) = (0, vec![0; 1 << 20]);
        loop {
            match read_once(&mut slow.socket, &mut chunk).unwrap() {
                0 => break,
                more => read += more,
            }
            thread::sleep(Duration::from_millis(20));
        }
        assert!(read > size, "{runtime}: {read}");

        let mut stopped = Connection::new(server.address).unwrap();
        stopped
            .send(&format!("GET /large/{size} HTTP/1.1\r\nHost: a\r\n\r\n"))
            .unwrap();
        thread::sleep(Duration::from_millis(2500));
        let mut rest = vec![];
        let _ = stopped.socket.read_to_end(&mut rest);
        assert!(rest.len() < size, "{runtime}: {}", rest.len());
    }
}

#[test]
fn requests_in_a_row_are_answered_in_their_order() {
    let server = Server::start("--workers 1 echo");
    let mut connection = Connection::new(server.address).unwrap();
    let requests: Vec<String> = (0..20)
        .map(|n| format!("GET /{n} HTTP/1.1\r\nHost: a\r\n\r\n"))
        .collect();
    connection.send(&requests.concat()).unwrap();
    for n in 0..20 {
        let answer = connection.answer(true).unwrap();
        assert!(
            answer.text().starts_with(&format!("You said:\nGET /{n} ")),
            "{}",
            answer.text()
        );
    }
}

#[test]
fn a_client_that_is_done_sending_still_gets_its_answer() {
    let server = act("");
    let mut connection = Connection::new(server.address).unwrap();
    connection
        .send("GET /slow/0.2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        .unwrap();
    assert_eq!(connection.answer(true).unwrap().status, 200);
    let mut connection = Connection::new(server.address).unwrap();
    connection
        .send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        .unwrap();
    connection.socket.shutdown(Shutdown::Write).unwrap();
    assert_eq!(connection.answer(true).unwrap().status, 200);
}
