//! Clients that count what is lost: whatever is not a whole answer with the status 200.

use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// How long an answer may take before it counts as lost.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Default)]
struct Counts {
    stop: AtomicBool,
    asked: AtomicU64,
    /// On new connections, and on kept ones.
    lost: [AtomicU64; 2],
}

pub(super) struct Clients {
    counts: Arc<Counts>,
    threads: Vec<JoinHandle<()>>,
}

impl Clients {
    /// Half of them connect for each request. The others keep a connection until the server says
    /// that it closes it.
    pub(super) fn start(address: &str, path: &str, number: usize) -> Self {
        let counts = Arc::<Counts>::default();
        let client = |number: usize| {
            let (counts, address, path) =
                (Arc::clone(&counts), address.to_owned(), path.to_owned());
            thread::spawn(move || client(&counts, &address, &path, number % 2))
        };
        let threads = (0..number).map(client).collect();
        Self { counts, threads }
    }

    pub(super) fn wait_for(&self, requests: u64) {
        while self.counts.asked.load(Ordering::Relaxed) < requests {
            thread::sleep(Duration::from_millis(1));
        }
    }

    /// How many were asked, and how many of them lost.
    pub(super) fn stop(self) -> (u64, [u64; 2]) {
        self.counts.stop.store(true, Ordering::Relaxed);
        for thread in self.threads {
            thread.join().expect("a client does not panic");
        }
        let lost = &self.counts.lost;
        let lost = [&lost[0], &lost[1]].map(|lost| lost.load(Ordering::Relaxed));
        (self.counts.asked.load(Ordering::Relaxed), lost)
    }
}

fn client(counts: &Counts, address: &str, path: &str, keeps: usize) {
    let mut kept = None;
    while !counts.stop.load(Ordering::Relaxed) {
        if ask(address, path, keeps == 1, &mut kept).is_err() {
            kept = None;
            counts.lost[keeps].fetch_add(1, Ordering::Relaxed);
        }
        counts.asked.fetch_add(1, Ordering::Relaxed);
    }
}

/// Asks once, on a new connection.
pub(super) fn ask_once(address: &str, path: &str) -> io::Result<()> {
    ask(address, path, false, &mut None)
}

fn ask(address: &str, path: &str, keeps: bool, kept: &mut Option<TcpStream>) -> io::Result<()> {
    let mut socket = kept.take().map_or_else(|| connect(address), Ok)?;
    let connection = if keeps { "keep-alive" } else { "close" };
    let text = format!("GET {path} HTTP/1.1\r\nHost: a\r\nConnection: {connection}\r\n\r\n");
    socket.write_all(text.as_bytes())?;
    let closes = read_answer(&mut socket)?;
    if keeps && !closes {
        *kept = Some(socket);
    }
    Ok(())
}

fn connect(address: &str) -> io::Result<TcpStream> {
    let socket = TcpStream::connect(address)?;
    socket.set_read_timeout(Some(PATIENCE))?;
    socket.set_nodelay(true)?;
    Ok(socket)
}

/// Reads what is there. A call that the system has interrupted, for it may stop and continue any
/// process, is no answer.
fn read(socket: &mut TcpStream, chunk: &mut [u8]) -> io::Result<usize> {
    loop {
        match socket.read(chunk) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}

/// Reads a whole answer. Whether the server closes the connection after it.
fn read_answer(socket: &mut TcpStream) -> io::Result<bool> {
    let (mut answer, mut chunk) = (vec![], [0; 4096]);
    let head = loop {
        if let Some(at) = answer.windows(4).position(|four| four == b"\r\n\r\n") {
            break at + 4;
        }
        match read(socket, &mut chunk)? {
            0 if answer.is_empty() => return Err(io::Error::other("closed without an answer")),
            0 => return Err(io::Error::other("closed within the head")),
            read => answer.extend_from_slice(&chunk[..read]),
        }
    };
    let text = String::from_utf8_lossy(&answer[..head]).to_lowercase();
    if !text.starts_with("http/1.1 200") && !text.starts_with("http/1.0 200") {
        return Err(io::Error::other(
            text.lines().next().unwrap_or_default().to_owned(),
        ));
    }
    let header = |name: &str| {
        text.lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    };
    let length: Option<usize> = header("content-length").and_then(|length| length.parse().ok());
    let length = length.ok_or_else(|| io::Error::other("an answer of no length"))?;
    while answer.len() < head + length {
        match read(socket, &mut chunk)? {
            0 => return Err(io::Error::other("closed within the body")),
            read => answer.extend_from_slice(&chunk[..read]),
        }
    }
    Ok(header("connection") == Some("close"))
}
