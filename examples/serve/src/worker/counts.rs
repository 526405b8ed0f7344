//! The counts of a worker, which it writes to the board now and then.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::{Post, Worker};
use crate::Error;
use crate::board::{Board, Row};

/// The largest age of the counts on the board. Writing them for each request would cost more than
/// many requests do.
const AGE: Duration = Duration::from_millis(50);

pub(super) struct Counts {
    board: Arc<Board>,
    slot: usize,
    row: Cell<Row>,
    is_old: Cell<bool>,
}

impl Counts {
    pub(super) fn new(board: Arc<Board>, post: Post) -> Result<Self, Error> {
        let row = Row {
            pid: std::process::id().into(),
            generation: post.generation,
            since: now(),
            ..Row::default()
        };
        board.write(post.slot, row)?;
        Ok(Self {
            board,
            slot: post.slot,
            row: Cell::new(row),
            is_old: Cell::new(false),
        })
    }

    pub(super) fn write(&self) {
        self.is_old.set(false);
        // A status page is no reason to fail a request.
        let _ = self.board.write(self.slot, self.row.get());
    }
}

/// The seconds since 1970.
pub(crate) fn now() -> u64 {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    now.map_or(0, |now| now.as_secs())
}

impl Worker {
    /// Counts an event.
    pub(super) fn count(self: &Rc<Self>, count: impl FnOnce(&mut Row)) {
        let mut row = self.counts.row.get();
        count(&mut row);
        row.open = self.open.get().into();
        self.counts.row.set(row);
        if !self.counts.is_old.replace(true) {
            let worker = Rc::clone(self);
            self.spawn(async move {
                worker.runtime.sleep(AGE).await;
                worker.counts.write();
            });
        }
    }
}
