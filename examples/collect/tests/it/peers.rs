//! Those who take metrics, and do it badly at times.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// How a peer treats its connections.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Manner {
    /// Reads until the end.
    Reads,
    /// Accepts, and never reads.
    Sleeps,
    /// Reads a little, and resets.
    Resets,
    /// Hands all on to this port.
    Forwards(u16),
}

/// A TCP server on a free port.
pub(crate) struct Peer {
    pub(crate) port: u16,
    state: Arc<State>,
}

struct State {
    manner: Mutex<Manner>,
    is_open: Mutex<bool>,
    taken: Mutex<Vec<u8>>,
    kept: Mutex<Vec<TcpStream>>,
}

impl Peer {
    pub(crate) fn new(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(State {
            manner: Mutex::new(manner),
            is_open: Mutex::new(true),
            taken: Mutex::default(),
            kept: Mutex::default(),
        });
        let peer = Self { port, state };
        peer.serve(listener);
        peer
    }

    fn serve(&self, listener: TcpListener) {
        let state = self.state.clone();
        thread::spawn(move || {
            while let Ok((client, _)) = listener.accept() {
                if !*state.is_open.lock().unwrap() {
                    return;
                }
                let state = state.clone();
                thread::spawn(move || state.treat(client));
            }
        });
    }

    pub(crate) fn set(&self, manner: Manner) {
        *self.state.manner.lock().unwrap() = manner;
        if manner != Manner::Sleeps {
            self.state.kept.lock().unwrap().clear();
        }
    }

    /// Refuses all connections.
    pub(crate) fn close(&self) {
        *self.state.is_open.lock().unwrap() = false;
        // Wakes up the one that accepts.
        let _ = TcpStream::connect(("127.0.0.1", self.port));
        eventually("the port is closed", || {
            TcpStream::connect(("127.0.0.1", self.port)).is_err()
        });
    }

    pub(crate) fn open(&self) {
        *self.state.is_open.lock().unwrap() = true;
        self.serve(TcpListener::bind(("127.0.0.1", self.port)).unwrap());
    }

    /// What was taken.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.state.taken.lock().unwrap().clone()
    }

    /// The lines that were taken.
    pub(crate) fn lines(&self) -> Vec<String> {
        String::from_utf8(self.bytes())
            .unwrap()
            .lines()
            .map(str::to_owned)
            .collect()
    }

    /// The values of the lines with this name, in the order in which they came.
    pub(crate) fn values(&self, name: &str) -> Vec<u64> {
        let lines = self.lines();
        let fields = lines.iter().map(|line| line.split(' ').collect::<Vec<_>>());
        let ours = fields.filter(|fields| fields[0].ends_with(name));
        ours.map(|fields| fields[1].parse().unwrap()).collect()
    }
}

impl State {
    fn treat(&self, mut client: TcpStream) {
        let manner = *self.manner.lock().unwrap();
        match manner {
            Manner::Reads => {
                let mut text = vec![];
                let read = client.read_to_end(&mut text);
                // What was reset in the middle counts for nothing.
                if read.is_ok() {
                    self.taken.lock().unwrap().extend(text);
                }
            }
            Manner::Sleeps => self.kept.lock().unwrap().push(client),
            Manner::Resets => {
                let _ = client.read(&mut [0; 10]);
                thread::sleep(Duration::from_millis(5));
                // Closing with something unread resets.
            }
            Manner::Forwards(port) => {
                let forwarded = forward(&mut client, port);
                drop(forwarded);
            }
        }
    }
}

/// Hands on what comes, and its end, and the end of the answer.
fn forward(client: &mut TcpStream, port: u16) -> io::Result<()> {
    let mut target = TcpStream::connect(("127.0.0.1", port))?;
    io::copy(client, &mut target)?;
    target.shutdown(Shutdown::Write)?;
    io::copy(&mut target, client)?;
    client.flush()
}

/// Waits until something holds.
#[track_caller]
pub(crate) fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(
            start.elapsed() < Duration::from_secs(60),
            "not in time: {what}"
        );
        thread::sleep(Duration::from_millis(10));
    }
}

/// A port that nobody has.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}
