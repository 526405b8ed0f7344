//! The socket that accepts all connections.

use std::io;
use std::net::{SocketAddr, TcpListener, ToSocketAddrs as _};
use std::thread;
use std::time::{Duration, Instant};

use listenfd::ListenFd;
use socket2::{Domain, Socket, TcpKeepalive, Type};

use crate::Error;
use crate::server::{Options, Server};

/// The pause before another try to bind an address that is in use.
const PAUSE: Duration = Duration::from_millis(100);

/// After this much silence, the system checks that the other end of a connection is alive.
const SILENCE: Duration = Duration::from_secs(600);

/// The socket from systemd, or else one that is bound to the address.
pub(crate) fn open(options: &Options) -> Result<TcpListener, Error> {
    if let Some(listener) = ListenFd::from_env().take_tcp_listener(0)? {
        listener.set_nonblocking(true)?;
        return Ok(listener);
    }
    let address = resolve(&options.bind)?;
    let patience = options.bind_timeout.0;
    let end = Instant::now() + patience;
    loop {
        match bind(address, options.backlog) {
            Ok(listener) => return Ok(listener),
            Err(error) if error.kind() != io::ErrorKind::AddrInUse => {
                return Err(Error::Bind(address, error));
            }
            Err(_) if Instant::now() >= end => return Err(Error::InUse(address, patience)),
            Err(_) => thread::sleep(PAUSE.min(end.saturating_duration_since(Instant::now()))),
        }
    }
}

/// The address of a listener, for the log.
pub(crate) fn address(server: &Server) -> String {
    let address = server.listener().map(TcpListener::local_addr);
    address
        .ok()
        .and_then(Result::ok)
        .map_or_else(String::new, |address| address.to_string())
}

fn resolve(text: &str) -> Result<SocketAddr, Error> {
    let wrong = |why: String| Error::Address(text.to_owned(), why);
    let mut found = text
        .to_socket_addrs()
        .map_err(|error| wrong(crate::reason(&error)))?;
    found
        .next()
        .ok_or_else(|| wrong("it has no number".to_owned()))
}

fn bind(address: SocketAddr, backlog: i32) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
    // Connections of a server that ended a moment ago must not block the address.
    socket.set_reuse_address(true)?;
    // Connections inherit these.
    socket.set_tcp_nodelay(true)?;
    socket.set_tcp_keepalive(&TcpKeepalive::new().with_time(SILENCE))?;
    socket.bind(&address.into())?;
    socket.listen(backlog)?;
    // Another worker may accept the connection first.
    socket.set_nonblocking(true)?;
    Ok(socket.into())
}
