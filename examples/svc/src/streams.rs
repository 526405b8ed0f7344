//! The streams of a service in the background.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::process::Stdio;

use daemon::Failure;
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};

use crate::log::Stream;
use crate::log::logger::Logger;
use crate::service::{Output, Service};

/// The streams of a service in the background.
pub struct Streams {
    pub(crate) stdin: File,
    pub(crate) stdout: Stdio,
    pub(crate) stderr: Stdio,
}

impl Streams {
    /// Opens the streams of a service. The logger takes those that go to its log.
    ///
    /// # Errors
    /// The stream that can't be opened, and why.
    pub fn open(service: &Service, logger: Option<&Logger>) -> Result<Self, Failure> {
        let stdin = stream("stdin", &service.stdin, OpenOptions::new().read(true))?;
        let mut append = OpenOptions::new();
        append.append(true).create(true).mode(0o644);
        let mut output = |stage: &str, of: Stream, output: &Output| match (output, logger) {
            (Output::File(path), _) => stream(stage, path, &mut append).map(Stdio::from),
            (Output::Log, Some(logger)) => {
                let pipe = logger.writer(of);
                pipe.map(Stdio::from)
                    .map_err(|error| Failure::new(stage, &error))
            }
            (Output::Log, None) => Ok(Stdio::null()),
        };
        let stdout = output("stdout", Stream::Out, &service.stdout)?;
        let stderr = output("stderr", Stream::Err, &service.stderr)?;
        Ok(Self {
            stdin,
            stdout,
            stderr,
        })
    }
}

/// Opens a stream. It does not follow links, which could lead us to write elsewhere, does not wait
/// for the other end of a pipe, and never makes a terminal ours.
fn stream(stage: &str, file: &Path, options: &mut OpenOptions) -> Result<File, Failure> {
    let flags = libc::O_NOFOLLOW | libc::O_NONBLOCK | libc::O_NOCTTY;
    let opened = options.custom_flags(flags).open(file).and_then(|stream| {
        let flags = fcntl_getfl(&stream)?;
        fcntl_setfl(&stream, flags - OFlags::NONBLOCK)?;
        Ok(stream)
    });
    opened.map_err(|error| match error.raw_os_error() {
        Some(libc::ELOOP) => Failure::because(stage, "it is a symbolic link").at(file),
        _ => Failure::new(stage, &error).at(file),
    })
}
