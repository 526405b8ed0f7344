//! How a service reports that it is ready: to a socket, with the protocol of `sd_notify`, or by a
//! line to a descriptor, as `s6` has it.

use std::ffi::OsString;
use std::fs;
use std::io::{self, PipeReader, PipeWriter, Read};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::path::{Path, PathBuf};

use daemon::Failure;
use rustix::fs::{OFlags, fcntl_setfl};

use crate::ready::Ready;
use crate::service::Service;

/// The file of the socket, beside the state.
#[must_use]
pub fn notify_socket(state: &Path) -> PathBuf {
    state.with_extension("notify")
}

/// The reports of one service.
#[derive(Debug)]
pub enum Notices {
    /// Datagrams, and the address for the service.
    Socket(UnixDatagram, OsString),
    /// A pipe. The service gets its other end as the descriptor with this number.
    Pipe(PipeReader, Option<PipeWriter>, i32),
}

/// What can be said about the reports so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// It is ready.
    Ready,
    /// Nothing yet.
    Nothing,
    /// Nothing, and nothing more will come.
    Closed,
}

impl Notices {
    /// Listens to a service, if it reports. `state` is the file of its state.
    ///
    /// # Errors
    /// If the system refuses.
    pub fn of(service: &Service, state: &Path) -> Result<Option<Self>, Failure> {
        match service.ready {
            Some(Ready::Notify) => {
                let socket = notify_socket(state);
                // Another user cannot enter the directory of the states. Everybody may send to a
                // name without a file, but can only pretend that the service is ready.
                let listening = match service.user {
                    Some(_) => nameless(&socket),
                    None => at_file(&socket),
                };
                let failed = |error| Failure::new("notify", &error).at(&socket);
                listening.map(Some).map_err(failed)
            }
            Some(Ready::Fd(number)) => {
                let failed = |error: io::Error| Failure::new("notify", &error);
                pipe(number).map(Some).map_err(failed)
            }
            _ => Ok(None),
        }
    }

    /// The variable that tells the service where to report.
    #[must_use]
    pub fn variable(&self) -> Option<(OsString, OsString)> {
        match self {
            Self::Socket(_, address) => Some(("NOTIFY_SOCKET".into(), address.clone())),
            Self::Pipe(..) => None,
        }
    }

    /// The descriptor for the service and its number there, given once.
    pub fn descriptor(&mut self) -> Option<(OwnedFd, i32)> {
        match self {
            Self::Socket(..) => None,
            Self::Pipe(_, writer, number) => Some((writer.take()?.into(), *number)),
        }
    }

    /// Reads what has come.
    pub fn read(&mut self) -> Said {
        let mut notice = [0; 4096];
        let mut said = Said::Nothing;
        loop {
            match self {
                Self::Socket(socket, _) => {
                    let Ok(length) = socket.recv(&mut notice) else {
                        return said;
                    };
                    let mut lines = notice[..length].split(|byte| *byte == b'\n');
                    if lines.any(|line| line == b"READY=1") {
                        said = Said::Ready;
                    }
                }
                Self::Pipe(reader, ..) => match reader.read(&mut notice) {
                    Ok(0) if said == Said::Nothing => return Said::Closed,
                    Ok(length) if notice[..length].contains(&b'\n') => said = Said::Ready,
                    Ok(1..) => {}
                    _ => return said,
                },
            }
        }
    }
}

impl AsFd for Notices {
    fn as_fd(&self) -> BorrowedFd<'_> {
        match self {
            Self::Socket(socket, _) => socket.as_fd(),
            Self::Pipe(reader, ..) => reader.as_fd(),
        }
    }
}

fn at_file(file: &Path) -> io::Result<Notices> {
    let _ = fs::remove_file(file);
    let socket = UnixDatagram::bind(file)?;
    socket.set_nonblocking(true)?;
    Ok(Notices::Socket(socket, file.into()))
}

fn nameless(file: &Path) -> io::Result<Notices> {
    let name = file.as_os_str().as_encoded_bytes();
    let socket = UnixDatagram::bind_addr(&SocketAddr::from_abstract_name(name)?)?;
    socket.set_nonblocking(true)?;
    let mut address = OsString::from("@");
    address.push(file);
    Ok(Notices::Socket(socket, address))
}

fn pipe(number: i32) -> io::Result<Notices> {
    let (reader, writer) = io::pipe()?;
    fcntl_setfl(&reader, OFlags::NONBLOCK)?;
    Ok(Notices::Pipe(reader, Some(writer), number))
}
