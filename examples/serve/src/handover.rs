//! Everything that must survive when this process executes a new program.

use std::ffi::{CString, OsStr, OsString};
use std::net::TcpListener;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::Arc;
use std::{env, io};

use rustix::io::FdFlags;
use rustix::process::{PidfdFlags, PidfdGetfdFlags, getpid, pidfd_getfd, pidfd_open};
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::board::Board;
use crate::server::Kept;

/// The environment variable that carries it.
const VARIABLE: &str = "SERVE_HANDOVER";

/// A worker that lives on.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Heir {
    pub(crate) pid: i32,
    pub(crate) slot: usize,
    pub(crate) generation: u64,
}

#[derive(Serialize, Deserialize)]
struct Letter {
    pid: u32,
    listener: RawFd,
    board: RawFd,
    lock: Option<RawFd>,
    workers: Vec<Heir>,
}

/// The state that the program before left.
pub(crate) struct Handover {
    pub(crate) kept: Kept,
    pub(crate) lock: Option<OwnedFd>,
    pub(crate) workers: Vec<Heir>,
}

impl Handover {
    /// Takes the state, if there is one for this process. Children have the variable too.
    pub(crate) fn take() -> Result<Option<Self>, Error> {
        let Some(letter) = env::var_os(VARIABLE) else {
            return Ok(None);
        };
        let letter = serde_json::from_slice::<Letter>(letter.as_bytes());
        let Some(letter) = letter
            .ok()
            .filter(|letter| letter.pid == std::process::id())
        else {
            return Ok(None);
        };
        Ok(Some(Self {
            kept: Kept {
                listener: TcpListener::from(inherit(letter.listener)?),
                board: Arc::new(Board::adopt(inherit(letter.board)?)),
            },
            lock: letter.lock.map(inherit).transpose()?,
            workers: letter.workers,
        }))
    }
}

/// A copy of the descriptor with that number, because the original may have another owner.
fn inherit(number: RawFd) -> io::Result<OwnedFd> {
    let myself = pidfd_open(getpid(), PidfdFlags::empty())?;
    let copy = pidfd_getfd(&myself, number, PidfdGetfdFlags::empty())?;
    nix::unistd::close(number)?;
    Ok(copy)
}

/// Executes the program that is in that file now. Returns only on failure, with everything
/// unchanged.
pub(crate) fn execute(
    program: &Path,
    kept: &Kept,
    lock: Option<BorrowedFd<'_>>,
    workers: Vec<Heir>,
) -> io::Error {
    let descriptors = [Some(kept.listener.as_fd()), Some(kept.board.as_fd()), lock];
    let letter = Letter {
        pid: std::process::id(),
        listener: kept.listener.as_raw_fd(),
        board: kept.board.as_fd().as_raw_fd(),
        lock: lock.map(|lock| lock.as_raw_fd()),
        workers,
    };
    let set = |flags| {
        let mut descriptors = descriptors.iter().flatten();
        descriptors.try_for_each(|descriptor| rustix::io::fcntl_setfd(descriptor, flags))
    };
    let executed = set(FdFlags::empty())
        .map_err(io::Error::from)
        .and_then(|()| {
            let program = CString::new(program.as_os_str().as_bytes())?;
            let arguments = env::args_os().map(|word| CString::new(word.as_bytes()));
            let arguments: Vec<CString> = arguments.collect::<Result<_, _>>()?;
            let environment: Vec<CString> = environment(&letter)?;
            // Not the standard library's function, because that one unblocks signals which must
            // wait.
            Ok(nix::unistd::execve(&program, &arguments, &environment)?)
        });
    let _ = set(FdFlags::CLOEXEC);
    match executed {
        Err(error) => error,
        Ok(never) => match never {},
    }
}

fn environment(letter: &Letter) -> io::Result<Vec<CString>> {
    let letter = (
        OsString::from(VARIABLE),
        OsString::from(serde_json::to_string(letter)?),
    );
    // The descriptors from systemd are in the state.
    let others = env::vars_os().filter(|(name, _)| !is_spent(name));
    let lines = others.chain([letter]).map(|(name, value)| {
        let mut line = name;
        line.push("=");
        line.push(value);
        CString::new(line.as_bytes())
    });
    Ok(lines.collect::<Result<_, _>>()?)
}

/// Whether a variable describes something that is no longer true.
pub(crate) fn is_spent(name: &OsStr) -> bool {
    name == VARIABLE || name.as_bytes().starts_with(b"LISTEN_")
}
