//! What each handler sends.

use std::fs;
use std::io::Write;
use std::net::{TcpStream, UdpSocket};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use collect::config::Config;
use collect::delivery::{Delivery, Prepared};
use collect::metric::{Batch, Sample};

use super::peers::{Manner, Peer, eventually, free_port};
use super::sandbox::Sandbox;

/// A handler at work.
pub(crate) fn delivery(kind: &str, section: &str) -> Delivery {
    Delivery::start(prepared(kind, section), Duration::from_secs(60)).unwrap()
}

pub(crate) fn prepared(kind: &str, section: &str) -> Prepared {
    let text = format!("[server]\nhandlers = ['{kind}']\n[handlers.{kind}]\n{section}\n");
    let config = Config::load(&Sandbox::new().file("collect.toml", &text)).unwrap();
    config.verify().unwrap();
    Prepared::new(&config.handlers[0]).unwrap_or_else(|faults| panic!("{faults:?}"))
}

/// A batch of one metric, or of several of these values.
pub(crate) fn batch(values: &[f64]) -> Arc<Batch> {
    let sample = |value: &f64| Sample::new("a.b", *value, 1, 1_700_000_000).unwrap();
    let samples = values.iter().map(sample).collect();
    Arc::new(Batch {
        host: "web1".into(),
        prefix: "servers.web1".into(),
        ttl: Duration::from_secs(60),
        samples,
    })
}

fn sent(delivery: &Delivery, count: u64) {
    eventually("all is sent", || delivery.stats().sent == count);
    assert_eq!(delivery.stats().queued, 0);
}

#[test]
fn graphite_gets_lines() {
    let peer = Peer::new(Manner::Reads);
    for confirm in [true, false] {
        let graphite = delivery(
            "graphite",
            &format!("port = {}\nconfirm = {confirm}", peer.port),
        );
        graphite.publish(&batch(&[1.0, -2.5]));
        sent(&graphite, 2);
    }
    let lines = [
        "servers.web1.a.b 1.0 1700000000",
        "servers.web1.a.b -2.5 1700000000",
    ];
    // Without a confirmation the end comes when the handler is dropped.
    eventually("both have come", || peer.lines().len() >= 2);
    assert_eq!(peer.lines()[..2], lines);
}

#[test]
fn pickle_is_read_by_cpython() {
    let peer = Peer::new(Manner::Reads);
    let pickle = delivery("pickle", &format!("port = {}", peer.port));
    let values: Vec<f64> = (0..1201).map(f64::from).collect();
    pickle.publish(&batch(&values));
    sent(&pickle, 1201);
    let script = "
import pickle, struct, sys
data, lists = sys.stdin.buffer.read(), []
while data:
    length, = struct.unpack('>L', data[:4])
    lists.append(pickle.loads(data[4:4 + length]))
    data = data[4 + length:]
metrics = [metric for one in lists for metric in one]
print(len(lists), len(metrics), metrics[0], metrics[-1])
";
    let python = Command::new("python3")
        .args(["-c", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut python) = python else {
        println!("skipped: there is no python3");
        return;
    };
    python
        .stdin
        .take()
        .unwrap()
        .write_all(&peer.bytes())
        .unwrap();
    let output = python.wait_with_output().unwrap();
    let expected = "3 1201 ('servers.web1.a.b', (1700000000, 0.0)) ('servers.web1.a.b', (1700000000, 1200.0))\n";
    assert_eq!(String::from_utf8_lossy(&output.stdout), expected);
}

#[test]
fn statsd_gets_gauges() {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket
        .set_read_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    let port = socket.local_addr().unwrap().port();
    let statsd = delivery("statsd", &format!("host = '127.0.0.1'\nport = {port}"));
    statsd.publish(&batch(&[1.5, -2.5]));
    sent(&statsd, 2);
    let mut packet = [0; 2000];
    let length = socket.recv(&mut packet).unwrap();
    // A sign would mean a change.
    let expected = "servers.web1.a.b:1.5|g\nservers.web1.a.b:0|g\nservers.web1.a.b:-2.5|g\n";
    assert_eq!(std::str::from_utf8(&packet[..length]).unwrap(), expected);
    statsd.publish(&batch(&vec![1.0; 1000]));
    sent(&statsd, 1002);
    let mut lines = 0;
    while lines < 1000 {
        let length = socket.recv(&mut packet).unwrap();
        assert!(length <= 1432);
        lines += String::from_utf8_lossy(&packet[..length]).lines().count();
    }
    assert_eq!(lines, 1000);
}

fn get(port: u16, request: &str) -> String {
    let mut client = TcpStream::connect(("127.0.0.1", port)).unwrap();
    client.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    std::io::Read::read_to_string(&mut client, &mut answer).unwrap();
    answer
}

#[test]
fn prometheus_reads_a_page() {
    let port = free_port();
    let prometheus = delivery("prometheus", &format!("listen = '127.0.0.1:{port}'"));
    let sample = |name: &str, value| Sample::new(name, value, 2, 1_700_000_000).unwrap();
    let samples = vec![sample("cpu.total.idle", 98.25), sample("disk-é.x", -1.0)];
    let batch = |host: &str, ttl, samples| {
        Arc::new(Batch {
            host: host.into(),
            prefix: "servers.x".into(),
            ttl,
            samples,
        })
    };
    let minute = Duration::from_secs(60);
    prometheus.publish(&batch("web1", minute, samples.clone()));
    prometheus.publish(&batch("web2", minute, vec![sample("cpu.total.idle", 7.0)]));
    // Too old at once.
    prometheus.publish(&batch("web3", Duration::ZERO, samples.clone()));
    sent(&prometheus, 5);
    let answer = get(
        port,
        "GET /metrics HTTP/1.1\r\nHost: x\r\nAccept: */*\r\n\r\n",
    );
    let (head, page) = answer.split_once("\r\n\r\n").unwrap();
    assert!(
        head.starts_with("HTTP/1.1 200 OK\r\n") && head.contains("text/plain; version=0.0.4"),
        "{head}"
    );
    let parsed =
        prometheus_parse::Scrape::parse(page.lines().map(|line| Ok(line.to_owned()))).unwrap();
    let mut seen: Vec<_> = parsed
        .samples
        .iter()
        .map(|sample| {
            let prometheus_parse::Value::Gauge(value) = sample.value else {
                panic!("{sample:?}")
            };
            assert_eq!(sample.timestamp.timestamp(), 1_700_000_000);
            (
                sample.metric.clone(),
                sample.labels.get("host").unwrap().to_owned(),
                value,
            )
        })
        .collect();
    seen.sort_by(|a, b| a.partial_cmp(b).unwrap());
    let expected = [
        (
            "collect_cpu_total_idle".to_owned(),
            "web1".to_owned(),
            98.25,
        ),
        ("collect_cpu_total_idle".to_owned(), "web2".to_owned(), 7.0),
        ("collect_disk___x".to_owned(), "web1".to_owned(), -1.0),
    ];
    assert_eq!(seen, expected, "{page}");
    // That parser leaves escapes as they are.
    prometheus.publish(&batch("a\"b\\", minute, samples));
    sent(&prometheus, 7);
    let page = get(port, "GET /metrics HTTP/1.1\r\n\r\n");
    assert!(page.contains(r#"{host="a\"b\\"} 98.25 "#), "{page}");
    assert!(get(port, "GET / HTTP/1.0\r\n\r\n").starts_with("HTTP/1.1 404 "));
    assert!(get(port, "POST /metrics HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 400 "));
    assert!(get(port, "rubbish\r\n\r\n").starts_with("HTTP/1.1 400 "));
    // A client that says nothing keeps no other one waiting.
    let _silent = TcpStream::connect(("127.0.0.1", port)).unwrap();
    assert!(get(port, "GET /metrics HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 200 "));
}

#[test]
fn prometheus_waits_for_a_port_that_is_taken() {
    let other = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = other.local_addr().unwrap().port();
    let prometheus = delivery(
        "prometheus",
        &format!("listen = '127.0.0.1:{port}'\nretry = 0.05\nretry_max = 0.1"),
    );
    prometheus.publish(&batch(&[1.0]));
    eventually("it fails", || prometheus.stats().failures > 1);
    drop(other);
    sent(&prometheus, 1);
    assert!(
        get(port, "GET /metrics HTTP/1.1\r\n\r\n")
            .contains("collect_a_b{host=\"web1\"} 1.0 1700000000000")
    );
}

#[test]
fn an_archive_is_put_aside_when_it_is_large() {
    let sandbox = Sandbox::new();
    let path = sandbox.path("archive");
    let archive = delivery(
        "archive",
        &format!("path = '{}'\nmax_bytes = 40\nkeep = 2", path.display()),
    );
    for number in 0..4 {
        archive.publish(&batch(&[f64::from(number), 9.0]));
        sent(&archive, 2 * (u64::try_from(number).unwrap() + 1));
    }
    let first = |name: &str| {
        fs::read_to_string(sandbox.path(name))
            .unwrap()
            .split(' ')
            .nth(1)
            .unwrap()
            .to_owned()
    };
    assert_eq!(
        [first("archive"), first("archive.1"), first("archive.2")],
        ["3.0", "2.0", "1.0"]
    );
    assert!(!sandbox.path("archive.3").exists());
}

#[test]
fn an_archive_on_a_full_disk_keeps_what_it_could_not_write() {
    let archive = delivery(
        "archive",
        "path = '/dev/full'\nretry = 0.05\nretry_max = 0.1",
    );
    archive.publish(&batch(&[1.0]));
    eventually("it fails", || archive.stats().failures > 1);
    assert_eq!((archive.stats().queued, archive.stats().sent), (1, 0));
}
