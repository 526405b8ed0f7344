//! The files below a directory and no others: neither `..` nor a symbolic link leads out.

use std::fs::File;
use std::future::{Ready, ready};
use std::io::{self, Read, Seek, SeekFrom};
use std::os::fd::OwnedFd;
use std::path::Path;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper_staticfile::vfs::{FileAccess, FileOpener, FileWithMetadata, IntoFileAccess};
use rustix::fs::{Mode, OFlags, ResolveFlags, openat2};
use tokio::io::AsyncSeek;

use crate::Error;

/// The size of one read. Files are read in the serving thread: most are in memory, and a thread
/// that waits for the others would cost every request more.
const CHUNK: usize = 64 * 1024;

/// A directory that is held open, so that it stays the same one.
pub(super) struct Root(OwnedFd);

impl Root {
    pub(super) fn open(directory: &Path) -> Result<Self, Error> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let opened = rustix::fs::open(directory, flags, Mode::empty());
        // A directory that can be opened but not entered has no files for us.
        let opened = opened.and_then(|root| {
            rustix::fs::accessat(
                &root,
                ".",
                rustix::fs::Access::EXEC_OK,
                rustix::fs::AtFlags::EACCESS,
            )?;
            Ok(root)
        });
        opened
            .map(Self)
            .map_err(|error| Error::file(directory, error.into()))
    }

    fn find(&self, path: &Path) -> io::Result<FileWithMetadata<Content>> {
        let path = if path.as_os_str().is_empty() {
            Path::new(".")
        } else {
            path
        };
        // A pipe must not make us wait for its writer.
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK;
        let opened = openat2(&self.0, path, flags, Mode::empty(), ResolveFlags::BENEATH);
        let file = File::from(opened.map_err(|error| match error {
            // A path that leads out of the root is not found. Neither is a path through a file, or
            // one that is too long.
            rustix::io::Errno::XDEV
            | rustix::io::Errno::LOOP
            | rustix::io::Errno::NOTDIR
            | rustix::io::Errno::NAMETOOLONG
            | rustix::io::Errno::INVAL => io::ErrorKind::NotFound.into(),
            error => io::Error::from(error),
        })?);
        let found = file.metadata()?;
        if !found.is_file() && !found.is_dir() {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        Ok(FileWithMetadata {
            handle: Content(file),
            size: found.len(),
            modified: found.modified().ok(),
            is_dir: found.is_dir(),
        })
    }
}

impl FileOpener for Root {
    type File = Content;
    type Future = Ready<io::Result<FileWithMetadata<Content>>>;

    fn open(&self, path: &Path) -> Self::Future {
        ready(self.find(path))
    }
}

/// An open file.
#[derive(Debug)]
pub(super) struct Content(File);

impl IntoFileAccess for Content {
    type Output = Self;

    fn into_file_access(self) -> Self {
        self
    }
}

impl FileAccess for Content {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        len: usize,
    ) -> Poll<io::Result<Bytes>> {
        let mut chunk = vec![0; len.min(CHUNK)];
        let read = self.0.read(&mut chunk)?;
        chunk.truncate(read);
        Poll::Ready(Ok(chunk.into()))
    }
}

impl AsyncSeek for Content {
    fn start_seek(mut self: Pin<&mut Self>, position: SeekFrom) -> io::Result<()> {
        self.0.seek(position).map(drop)
    }

    fn poll_complete(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<u64>> {
        Poll::Ready(self.0.stream_position())
    }
}
