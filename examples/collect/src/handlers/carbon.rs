//! Sends bytes to a carbon daemon over TCP, until it has surely read them.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream, ToSocketAddrs};
use std::time::{Duration, Instant};

use lazy_prop::lazy;
use serde::Deserialize;

use crate::collector::Problem;

/// The address of a carbon daemon.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Settings {
    pub(super) host: String,
    /// The default is the port of the handler's protocol.
    pub(super) port: Option<u16>,
    /// Whether to wait for the end of each connection, which proves that everything was read.
    /// Without it, bytes on their way are lost when the daemon dies.
    pub(super) confirm: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            host: "localhost".into(),
            port: None,
            confirm: true,
        }
    }
}

/// A carbon daemon.
#[lazy]
pub(super) struct Carbon {
    settings: Settings,
    port: u16,
    connection: Option<TcpStream>,
}

#[lazy]
impl Carbon {
    pub(super) fn new(settings: Settings, port: u16) -> Self {
        let port = settings.port.unwrap_or(port);
        Self {
            settings,
            port,
            connection: None,
        }
    }

    /// Its addresses. They are looked up once, and again after a failure, because the daemon may
    /// have moved.
    #[lazy]
    fn addresses(&self) -> io::Result<&[SocketAddr]> {
        let at = (self.settings.host.as_str(), self.port);
        let found: Vec<_> = at.to_socket_addrs()?.collect();
        if found.is_empty() {
            return Err(io::Error::other("it has no address"));
        }
        Ok(found)
    }

    /// Sends the bytes. When this returns, they were read.
    pub(super) fn send(&mut self, bytes: &[u8], deadline: Instant) -> Result<(), Problem> {
        let sent = self.try_send(bytes, deadline);
        sent.map_err(|error| {
            self.connection = None;
            self.lazy.addresses.take();
            format!("{}:{}: {error}", self.settings.host, self.port).into()
        })
    }

    fn try_send(&mut self, bytes: &[u8], deadline: Instant) -> io::Result<()> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.connect(deadline)?,
        };
        write(&mut connection, bytes, deadline)?;
        if self.settings.confirm {
            return confirm(&mut connection, deadline);
        }
        self.connection = Some(connection);
        Ok(())
    }

    fn connect(&self, deadline: Instant) -> io::Result<TcpStream> {
        let mut last = None;
        for address in self.addresses()? {
            match TcpStream::connect_timeout(address, left(deadline)?) {
                Ok(connection) => return Ok(connection),
                Err(error) => last = Some(error),
            }
        }
        Err(last.unwrap_or_else(|| io::ErrorKind::NotFound.into()))
    }
}

/// The remaining time.
fn left(deadline: Instant) -> io::Result<Duration> {
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() {
        Err(late())
    } else {
        Ok(left)
    }
}

fn late() -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, "it does not read in time")
}

/// The error of a socket with a time limit, in clearer words.
fn meant(error: io::Error) -> io::Error {
    if error.kind() == io::ErrorKind::WouldBlock {
        late()
    } else {
        error
    }
}

fn write(connection: &mut TcpStream, mut bytes: &[u8], deadline: Instant) -> io::Result<()> {
    while !bytes.is_empty() {
        connection.set_write_timeout(Some(left(deadline)?))?;
        match connection.write(bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(length) => bytes = &bytes[length..],
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(meant(error)),
        }
    }
    Ok(())
}

/// Closes our side, and waits until the other side closes too, which it does when it has read
/// everything. If it dies with unread bytes, it resets the connection instead.
fn confirm(connection: &mut TcpStream, deadline: Instant) -> io::Result<()> {
    connection.shutdown(Shutdown::Write)?;
    let mut ignored = [0; 512];
    loop {
        connection.set_read_timeout(Some(left(deadline)?))?;
        match connection.read(&mut ignored) {
            Ok(0) => return Ok(()),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(meant(error)),
        }
    }
}
