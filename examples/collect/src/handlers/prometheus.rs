//! A page for Prometheus, with the last value of each metric.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Read, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use serde::Deserialize;

use crate::collector::Problem;
use crate::handler::Handler;
use crate::metric::Metric;
use crate::queue::Pieces;

crate::handler!(Prometheus);

struct Prometheus {
    settings: Settings,
    values: Arc<Mutex<Values>>,
    server: Option<Server>,
}

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Settings {
    /// The address to listen on.
    listen: SocketAddr,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: ([127, 0, 0, 1], 9113).into(),
        }
    }
}

/// By name, then by host.
type Values = BTreeMap<String, BTreeMap<String, Value>>;

struct Value {
    shown: String,
    milliseconds: u64,
    /// When it is too old to show.
    end: Instant,
}

impl Handler for Prometheus {
    const NAME: &'static str = "prometheus";
    const ABOUT: &'static str = "Shows the last values on a page that Prometheus reads.";
    type Settings = Settings;

    fn new(settings: Settings) -> Self {
        Self {
            settings,
            values: Arc::default(),
            server: None,
        }
    }

    fn send(&mut self, metrics: &Pieces, _: Instant) -> Result<(), Problem> {
        let mut values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        for metric in metrics.iter() {
            keep(&mut values, metric, now);
        }
        drop(values);
        if self.server.is_none() {
            let server = Server::start(self.settings.listen, self.values.clone());
            self.server =
                Some(server.map_err(|error| format!("{}: {error}", self.settings.listen))?);
        }
        Ok(())
    }
}

fn keep(values: &mut Values, metric: Metric<'_>, now: Instant) {
    let allowed = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let name: String = metric.sample.name.chars().map(allowed).collect();
    let shown = format!(
        "{:.*}",
        usize::from(metric.sample.precision),
        metric.sample.value
    );
    let milliseconds = metric.sample.time * 1000;
    let value = Value {
        shown,
        milliseconds,
        end: now + metric.batch.ttl,
    };
    values
        .entry(name)
        .or_default()
        .insert(metric.batch.host.clone(), value);
}

/// The page, in the text format 0.0.4. Values that are too old are removed.
fn page(values: &mut Values, now: Instant) -> String {
    let mut page = String::new();
    values.retain(|name, machines| {
        machines.retain(|_, value| value.end > now);
        if !machines.is_empty() {
            let _ = writeln!(page, "# TYPE collect_{name} gauge");
        }
        for (
            machine,
            Value {
                shown,
                milliseconds,
                ..
            },
        ) in &*machines
        {
            let machine = machine
                .replace('\\', r"\\")
                .replace('"', "\\\"")
                .replace('\n', "\\n");
            let _ = writeln!(
                page,
                "collect_{name}{{host=\"{machine}\"}} {shown} {milliseconds}"
            );
        }
        !machines.is_empty()
    });
    page
}

/// The largest number of connections at once.
const AT_ONCE: usize = 8;

/// The time limit of a connection.
const PATIENCE: Duration = Duration::from_secs(5);

/// The listener, which ends when it is dropped.
struct Server {
    address: SocketAddr,
    is_over: Arc<AtomicUsize>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    fn start(listen: SocketAddr, values: Arc<Mutex<Values>>) -> io::Result<Self> {
        let listener = TcpListener::bind(listen)?;
        let address = listener.local_addr()?;
        let is_over = Arc::new(AtomicUsize::new(0));
        let over = is_over.clone();
        let thread = thread::Builder::new().name("prometheus".into());
        let thread = thread.spawn(move || accept(&listener, &values, &over))?;
        Ok(Self {
            address,
            is_over,
            thread: Some(thread),
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.is_over.store(1, Ordering::Release);
        // Wakes the thread, so that it sees the end.
        let _ = TcpStream::connect_timeout(&self.address, Duration::from_secs(1));
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

fn accept(listener: &TcpListener, values: &Arc<Mutex<Values>>, is_over: &AtomicUsize) {
    let busy = Arc::new(AtomicUsize::new(0));
    loop {
        let accepted = listener.accept();
        if is_over.load(Ordering::Acquire) > 0 {
            return;
        }
        let Ok((client, _)) = accepted else {
            // The process is probably out of descriptors.
            thread::sleep(Duration::from_millis(100));
            continue;
        };
        if busy.fetch_add(1, Ordering::AcqRel) >= AT_ONCE {
            busy.fetch_sub(1, Ordering::AcqRel);
            continue;
        }
        let (values, count) = (values.clone(), busy.clone());
        let spawned = thread::Builder::new().spawn(move || {
            let _ = answer(client, &values);
            count.fetch_sub(1, Ordering::AcqRel);
        });
        if spawned.is_err() {
            busy.fetch_sub(1, Ordering::AcqRel);
        }
    }
}

/// Answers one request, and closes.
fn answer(mut client: TcpStream, values: &Mutex<Values>) -> io::Result<()> {
    let deadline = Instant::now() + PATIENCE;
    let (status, body) = match path(&mut client, deadline)? {
        Some(path) if path == "/metrics" => {
            let mut values = values.lock().unwrap_or_else(PoisonError::into_inner);
            ("200 OK", page(&mut values, Instant::now()))
        }
        Some(_) => ("404 Not Found", "the page is /metrics\n".into()),
        None => ("400 Bad Request", "no request of HTTP/1\n".into()),
    };
    client.set_write_timeout(Some(PATIENCE))?;
    write!(
        client,
        "HTTP/1.1 {status}\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len(),
    )
}

/// The path of a GET or HEAD request.
fn path(client: &mut TcpStream, deadline: Instant) -> io::Result<Option<String>> {
    let mut text = vec![];
    let mut buffer = [0; 2048];
    while text.len() < 1 << 14 {
        let left = deadline.saturating_duration_since(Instant::now());
        client.set_read_timeout(Some(left.max(Duration::from_millis(1))))?;
        let length = client.read(&mut buffer)?;
        if length == 0 || left.is_zero() {
            return Ok(None);
        }
        text.extend_from_slice(&buffer[..length]);
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut request = httparse::Request::new(&mut headers);
        match request.parse(&text) {
            Ok(status) if status.is_partial() => {}
            Ok(_) if request.method == Some("GET") => {
                let path = request.path.unwrap_or_default();
                return Ok(path.split('?').next().map(str::to_owned));
            }
            _ => return Ok(None),
        }
    }
    Ok(None)
}
