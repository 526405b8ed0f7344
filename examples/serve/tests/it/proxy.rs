//! `serve proxy`.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use crate::client::{Connection, ask, read_once};
use crate::server::{Server, run, runtimes};

/// Another server, which does one thing with each connection.
fn upstream(act: fn(TcpStream)) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for socket in listener.incoming().map_while(Result::ok) {
            thread::spawn(move || act(socket));
        }
    });
    address
}

fn read_head(socket: &TcpStream) -> String {
    let lines = BufReader::new(socket).lines().map_while(Result::ok);
    lines
        .take_while(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn requests_and_answers_go_through_on_every_runtime() {
    for runtime in runtimes() {
        let behind = Server::start("--workers 1 echo");
        let words = format!("-r {runtime} --workers 1 proxy http://{}", behind.address);
        let front = Server::start(&words);
        let body = "x".repeat(100_000);
        let text = format!(
            "POST /path?query HTTP/1.1\r\nHost: front\r\nConnection: close, x-own\r\nX-Own: 1\r\nX-End: 2\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let answer = ask(front.address, &text).unwrap();
        assert_eq!(answer.status, 200, "{runtime}");
        let said = answer.text();
        assert!(
            said.starts_with("You said:\nPOST /path?query HTTP/1.1\n"),
            "{said}"
        );
        assert!(said.contains(&format!("\nhost: {}\n", behind.address)));
        assert!(
            said.contains("\nx-forwarded-host: front\n")
                && said.contains("\nx-forwarded-for: 127.0.0.1\n")
        );
        assert!(said.contains("\nx-end: 2\n") && !said.contains("x-own"));
        assert!(said.ends_with(&body));
        let mut kept = Connection::new(front.address).unwrap();
        for _ in 0..3 {
            assert_eq!(kept.get("/").unwrap().status, 200);
        }
    }
}

#[test]
fn a_server_that_is_not_there_is_a_bad_gateway() {
    let free = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let front = Server::start(&format!("--workers 1 proxy http://{free}"));
    assert_eq!(front.get("/").status, 502);
    front.line(&format!("{free}: "));
}

#[test]
fn a_server_that_does_not_answer_in_time_is_a_gateway_timeout() {
    let silent = upstream(|mut socket| drop(socket.read_to_end(&mut vec![])));
    let front = Server::start(&format!(
        "--workers 1 proxy --answer-timeout 0.3 http://{silent}"
    ));
    assert_eq!(front.get("/").status, 504);
}

#[test]
fn a_server_that_talks_nonsense_is_a_bad_gateway() {
    let odd = upstream(|mut socket| {
        read_head(&socket);
        let _ = socket.write_all(b"nonsense\r\n\r\n");
    });
    let front = Server::start(&format!("--workers 1 proxy http://{odd}"));
    assert_eq!(front.get("/").status, 502);
}

#[test]
fn an_answer_that_breaks_off_does_not_look_whole() {
    let short = upstream(|mut socket| {
        read_head(&socket);
        let _ = socket.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
    });
    let front = Server::start(&format!("--workers 1 proxy http://{short}"));
    assert!(crate::client::get(front.address, "/").is_err());
}

#[test]
fn an_answer_comes_as_it_is_made() {
    let slow = upstream(|mut socket| {
        read_head(&socket);
        let _ =
            socket.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n");
        thread::sleep(Duration::from_secs(5));
        let _ = socket.write_all(b"0\r\n\r\n");
    });
    let front = Server::start(&format!("--workers 1 proxy http://{slow}"));
    let mut connection = Connection::new(front.address).unwrap();
    connection
        .send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        .unwrap();
    connection
        .socket
        .set_read_timeout(Some(Duration::from_secs(4)))
        .unwrap();
    let mut seen = String::new();
    while !seen.contains("one") {
        let mut chunk = [0; 1024];
        let read = read_once(&mut connection.socket, &mut chunk).unwrap();
        seen.push_str(std::str::from_utf8(&chunk[..read]).unwrap());
    }
}

#[test]
fn what_is_no_other_server_is_told() {
    for (url, why) in [
        ("https://localhost", "it does not begin with http://"),
        ("localhost:80", "it does not begin with http://"),
        ("http://localhost/path", "it has a path"),
        ("http://no.such.host.invalid", ""),
    ] {
        let (code, _, errors) = run(&format!("-n --bind 127.0.0.1:0 proxy {url}"));
        assert_eq!(code, Some(1), "{errors}");
        assert!(
            errors.starts_with("error: `")
                && errors.contains("is no other server: ")
                && errors.contains(why),
            "{errors}"
        );
        assert_eq!(errors.lines().count(), 1, "{errors}");
    }
}
