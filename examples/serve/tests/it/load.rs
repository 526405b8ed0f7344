//! Many clients that ask without a pause, and count what fails.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{self, JoinHandle};

use crate::client::{Connection, get};
use crate::server::until;

/// Clients; half of them make a connection for each request, half keep theirs as long as the
/// server does.
pub(crate) struct Load {
    stop: Arc<AtomicBool>,
    asked: Arc<AtomicU64>,
    clients: Vec<JoinHandle<Vec<String>>>,
}

impl Load {
    pub(crate) fn start(address: SocketAddr, clients: usize) -> Self {
        let (stop, asked) = <(Arc<AtomicBool>, Arc<AtomicU64>)>::default();
        let client = |number| {
            let (stop, asked) = (Arc::clone(&stop), Arc::clone(&asked));
            thread::spawn(move || {
                let mut kept = None;
                let mut failures = vec![];
                while !stop.load(Ordering::Relaxed) {
                    let answered = if number % 2 == 0 {
                        get(address, "/").map(|answer| answer.status)
                    } else {
                        ask_kept(address, &mut kept)
                    };
                    match answered {
                        Ok(200) => {}
                        other => failures.push(format!("client {number}: {other:?}")),
                    }
                    asked.fetch_add(1, Ordering::Relaxed);
                }
                failures
            })
        };
        let clients = (0..clients).map(client).collect();
        Self {
            stop,
            asked,
            clients,
        }
    }

    pub(crate) fn asked(&self) -> u64 {
        self.asked.load(Ordering::Relaxed)
    }

    /// Waits for so many more requests.
    #[track_caller]
    pub(crate) fn go_on(&self, requests: u64) {
        let end = self.asked() + requests;
        until("more requests", || self.asked() >= end);
    }

    /// The failures of all.
    pub(crate) fn stop(self) -> Vec<String> {
        self.stop.store(true, Ordering::Relaxed);
        self.clients
            .into_iter()
            .flat_map(|client| client.join().unwrap())
            .collect()
    }
}

/// Asks on a connection that is kept, until the server says that it will close it.
fn ask_kept(address: SocketAddr, kept: &mut Option<Connection>) -> io::Result<u16> {
    let mut connection = match kept.take() {
        Some(connection) => connection,
        None => Connection::new(address)?,
    };
    let answer = connection.get("/")?;
    if answer.header("connection") != Some("close") {
        *kept = Some(connection);
    }
    Ok(answer.status)
}
