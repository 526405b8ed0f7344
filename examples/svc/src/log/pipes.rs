//! The pipes between a service and its logger.

use std::fs::{self, OpenOptions};
use std::io::{self, PipeReader, PipeWriter};
use std::os::fd::OwnedFd;

use rustix::fs::fstat;
use rustix::process::Pid;

use super::Stream;

/// The pipes between a service and its logger. Their holder can give them to a new logger if the
/// old one is killed.
#[derive(Debug)]
pub(super) struct Pipes {
    out: (PipeReader, PipeWriter),
    err: (PipeReader, PipeWriter),
}

impl Pipes {
    /// New pipes.
    ///
    /// # Errors
    /// If the system refuses.
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self {
            out: io::pipe()?,
            err: io::pipe()?,
        })
    }

    /// The pipes with these inodes, which the logger of a killed shim reads, or `None` if one that the
    /// service needs is closed.
    pub(super) fn of(logger: Pid, inodes: [u64; 2], needed: &[Stream]) -> io::Result<Option<Self>> {
        let [out, err] = inodes;
        let open = |inode, stream| match open(logger, inode)? {
            None if !needed.contains(&stream) => io::pipe().map(Some),
            found => Ok(found),
        };
        let both = open(out, Stream::Out)?.zip(open(err, Stream::Err)?);
        Ok(both.map(|(out, err)| Self { out, err }))
    }

    /// The inodes, by which the system knows the pipes.
    pub(super) fn inodes(&self) -> io::Result<[u64; 2]> {
        Ok([fstat(&self.out.0)?.st_ino, fstat(&self.err.0)?.st_ino])
    }

    /// The logger's ends, of standard output and standard error.
    ///
    /// # Errors
    /// If the system refuses.
    pub(super) fn readers(&self) -> io::Result<(PipeReader, PipeReader)> {
        Ok((self.out.0.try_clone()?, self.err.0.try_clone()?))
    }

    /// The service's ends.
    ///
    /// # Errors
    /// If the system refuses.
    pub(super) fn writer(&self, stream: Stream) -> io::Result<PipeWriter> {
        match stream {
            Stream::Out => self.out.1.try_clone(),
            Stream::Err => self.err.1.try_clone(),
        }
    }
}

/// The ends of the pipe with this inode, if a process has it open.
fn open(process: Pid, inode: u64) -> io::Result<Option<(PipeReader, PipeWriter)>> {
    let name = format!("pipe:[{inode}]");
    for file in fs::read_dir(format!("/proc/{process}/fd"))? {
        let path = file?.path();
        if fs::read_link(&path)?.as_os_str() == name.as_str() {
            let reader = OpenOptions::new().read(true).open(&path)?;
            let writer = OpenOptions::new().write(true).open(&path)?;
            return Ok(Some((
                OwnedFd::from(reader).into(),
                OwnedFd::from(writer).into(),
            )));
        }
    }
    Ok(None)
}
