//! The handler `otlp`, against a receiver that answers as each test says.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use collect::delivery::{Delivery, Prepared};

use super::handlers::{batch, delivery};
use super::peers::eventually;

/// A request: its head in lower case, and its body.
type Request = (String, Vec<u8>);

/// Answers one request with each of these statuses, on one connection or several.
fn receiver(statuses: &'static [(u16, &'static [u8])]) -> (u16, Receiver<Request>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (requests, received) = channel();
    thread::spawn(move || {
        let mut statuses = statuses.iter();
        while let Ok((client, _)) = listener.accept() {
            let mut reader = BufReader::new(&client);
            while let Some(request) = read(&mut reader) {
                let Some((status, body)) = statuses.next() else {
                    return;
                };
                let head = format!(
                    "HTTP/1.1 {status} x\r\ncontent-length: {}\r\n\r\n",
                    body.len()
                );
                let answer = [head.as_bytes(), body].concat();
                (&client).write_all(&answer).unwrap();
                let _ = requests.send(request);
            }
        }
    });
    (port, received)
}

fn read(reader: &mut impl BufRead) -> Option<Request> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let head = head.to_lowercase();
    let length = head
        .split_once("content-length: ")?
        .1
        .split("\r\n")
        .next()?;
    let mut body = vec![0; length.parse().ok()?];
    reader.read_exact(&mut body).ok()?;
    Some((head, body))
}

fn otlp(port: u16) -> Delivery {
    delivery(
        "otlp",
        &format!(
            "url = 'http://127.0.0.1:{port}/v1/metrics'\nheaders = {{ x-token = 'secret' }}\nretry = 0.01"
        ),
    )
}

fn next(received: &Receiver<Request>) -> Request {
    received.recv_timeout(Duration::from_secs(30)).unwrap()
}

#[test]
fn otlp_sends_a_gauge_for_each_name_of_a_machine() {
    let (port, received) = receiver(&[(200, b"")]);
    let otlp = otlp(port);
    otlp.publish(&batch(&[1.5, -2.5]));
    let (head, body) = next(&received);
    assert!(head.starts_with("post /v1/metrics http/1.1\r\n"), "{head}");
    for line in [
        "content-type: application/x-protobuf\r\n",
        "x-token: secret\r\n",
    ] {
        assert!(head.contains(line), "{head}");
    }
    let protoc = Command::new("protoc")
        .arg("--decode_raw")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut protoc) = protoc else {
        println!("skipped: there is no protoc");
        return;
    };
    protoc.stdin.take().unwrap().write_all(&body).unwrap();
    let output = protoc.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let words: Vec<_> = text.split_whitespace().collect();
    // The numbers of the fields are those of the protocol's definition.
    let machine = "1 { 1 { 1: \"host.name\" 2 { 1: \"web1\" } } }";
    let point = |bits: f64| format!("1 {{ 3: 0x17979cfe362a0000 4: {:#018x} }}", bits.to_bits());
    let gauge = format!("2 {{ 1: \"a.b\" 5 {{ {} {} }} }}", point(1.5), point(-2.5));
    let text = words.join(" ");
    for part in [machine, &gauge, "1: \"collect\""] {
        assert!(text.contains(part), "no {part} in {text}");
    }
}

#[test]
fn otlp_repeats_what_was_not_taken() {
    let (port, received) = receiver(&[(503, b""), (429, b""), (200, b"")]);
    let otlp = otlp(port);
    otlp.publish(&batch(&[1.0]));
    let bodies = [next(&received).1, next(&received).1, next(&received).1];
    assert_eq!(bodies[0], bodies[1]);
    assert_eq!(bodies[0], bodies[2]);
    eventually("it is sent", || otlp.stats().sent == 1);
    assert_eq!((otlp.stats().failures, otlp.stats().queued), (2, 0));
}

#[test]
fn otlp_does_not_repeat_what_can_never_be_taken() {
    // The second answer is a partial success: one data point was rejected, because it is `no`.
    let (port, received) = receiver(&[(400, b""), (200, b"\x0a\x06\x08\x01\x12\x02no")]);
    let otlp = otlp(port);
    otlp.publish(&batch(&[1.0]));
    next(&received);
    eventually("it is given up", || otlp.stats().queued == 0);
    otlp.publish(&batch(&[2.0]));
    next(&received);
    eventually("it is sent", || otlp.stats().queued == 0);
    assert_eq!(otlp.stats().failures, 0);
}

#[test]
fn otlp_needs_an_address_of_the_web() {
    let text = "[server]\nhandlers = ['otlp']\n[handlers.otlp]\nurl = 'localhost:4318'\n";
    let sandbox = super::sandbox::Sandbox::new();
    let config = collect::config::Config::load(&sandbox.file("collect.toml", text)).unwrap();
    let Err(faults) = Prepared::new(&config.handlers[0]) else {
        panic!("it is taken");
    };
    assert!(
        format!("{faults:?}").contains("is no address of the web"),
        "{faults:?}"
    );
}
