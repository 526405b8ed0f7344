//! The state of all workers, in shared memory: one row of numbers for each.

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::fs::FileExt;

use rustix::fs::{MemfdFlags, memfd_create};

/// The numbers of one process.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Row {
    /// Its id, or 0 in a free row.
    pub pid: u64,
    /// Its generation.
    pub generation: u64,
    /// Its start, in seconds since 1970.
    pub since: u64,
    /// The connections that it has accepted.
    pub connections: u64,
    /// The open connections.
    pub open: u64,
    /// The requests that it has answered.
    pub requests: u64,
    /// The requests answered with a status of 500 or more.
    pub failures: u64,
}

const FIELDS: usize = 7;
const ROW: usize = FIELDS * 8;

impl Row {
    fn fields(&mut self) -> [&mut u64; FIELDS] {
        [
            &mut self.pid,
            &mut self.generation,
            &mut self.since,
            &mut self.connections,
            &mut self.open,
            &mut self.requests,
            &mut self.failures,
        ]
    }

    fn to_bytes(mut self) -> [u8; ROW] {
        let mut bytes = [0; ROW];
        for (to, field) in bytes.chunks_exact_mut(8).zip(self.fields()) {
            to.copy_from_slice(&field.to_le_bytes());
        }
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Self {
        let mut row = Self::default();
        for (field, from) in row.fields().into_iter().zip(bytes.chunks_exact(8)) {
            *field = from
                .iter()
                .rev()
                .fold(0, |sum, byte| sum << 8 | u64::from(*byte));
        }
        row
    }
}

/// The rows of all processes. The first row is the parent's, with the counts of workers that are
/// gone.
///
/// It is an unnamed file in memory. Each row has one writer, which writes it in one call, so no
/// locks or mappings are needed.
#[derive(Debug)]
pub struct Board(File);

impl Board {
    /// An empty board.
    pub(crate) fn new() -> io::Result<Self> {
        let file = memfd_create("serve-board", MemfdFlags::CLOEXEC)?;
        Ok(Self(file.into()))
    }

    /// The board of this program before it was executed again.
    pub(crate) fn adopt(file: OwnedFd) -> Self {
        Self(file.into())
    }

    /// All rows, the parent's first.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn read(&self) -> io::Result<Vec<Row>> {
        let mut bytes = vec![0; usize::try_from(self.0.metadata()?.len()).unwrap_or(0)];
        self.0.read_exact_at(&mut bytes, 0)?;
        Ok(bytes.chunks_exact(ROW).map(Row::from_bytes).collect())
    }

    pub(crate) fn write(&self, slot: usize, row: Row) -> io::Result<()> {
        self.0.write_all_at(&row.to_bytes(), (slot * ROW) as u64)
    }

    /// Adds the counts of a worker that is gone to the parent's row, and frees the worker's row.
    pub(crate) fn retire(&self, slot: usize) -> io::Result<()> {
        let rows = self.read()?;
        let (Some(&first), Some(gone)) = (rows.first(), rows.get(slot)) else {
            return Ok(());
        };
        self.write(slot, Row::default())?;
        self.write(
            0,
            Row {
                connections: first.connections + gone.connections,
                requests: first.requests + gone.requests,
                failures: first.failures + gone.failures,
                ..first
            },
        )
    }
}

impl AsFd for Board {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_outlive_their_worker() {
        let board = Board::new().unwrap();
        let parent = Row {
            pid: 1,
            ..Row::default()
        };
        board.write(0, parent).unwrap();
        let worker = Row {
            pid: 2,
            requests: 7,
            failures: 1,
            connections: 3,
            ..Row::default()
        };
        board.write(2, worker).unwrap();
        assert_eq!(board.read().unwrap(), [parent, Row::default(), worker]);
        board.retire(2).unwrap();
        let gone = Row {
            pid: 1,
            requests: 7,
            failures: 1,
            connections: 3,
            ..Row::default()
        };
        assert_eq!(
            board.read().unwrap(),
            [gone, Row::default(), Row::default()]
        );
    }
}
