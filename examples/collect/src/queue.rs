//! The metrics that wait for a handler: the newest ones, up to a limit.

use std::collections::VecDeque;
use std::fmt::Write;
use std::ops::Range;
use std::sync::Arc;

use crate::metric::{Batch, Metric};

/// Some samples of a batch.
#[derive(Debug, Clone)]
struct Piece {
    batch: Arc<Batch>,
    range: Range<usize>,
}

/// Metrics to be sent together, the oldest first.
#[derive(Debug, Clone, Default)]
pub struct Pieces {
    pieces: VecDeque<Piece>,
    len: usize,
}

impl Pieces {
    /// How many metrics there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The metrics.
    pub fn iter(&self) -> impl Iterator<Item = Metric<'_>> {
        self.pieces.iter().flat_map(|Piece { batch, range }| {
            batch.samples[range.clone()]
                .iter()
                .map(|sample| Metric { batch, sample })
        })
    }

    /// A line for each, as Graphite reads it.
    #[must_use]
    pub fn lines(&self) -> String {
        let mut lines = String::with_capacity(self.len * 64);
        for metric in self.iter() {
            let _ = writeln!(lines, "{metric}");
        }
        lines
    }

    /// Adds a batch.
    pub fn push(&mut self, batch: Arc<Batch>) {
        self.push_piece(Piece {
            range: 0..batch.samples.len(),
            batch,
        });
    }

    fn push_piece(&mut self, piece: Piece) {
        if !piece.range.is_empty() {
            self.len += piece.range.len();
            self.pieces.push_back(piece);
        }
    }

    /// Takes the oldest metrics, up to this number.
    #[must_use]
    pub fn take(&mut self, most: usize) -> Self {
        let mut taken = Self::default();
        while let Some(piece) = self.pieces.front_mut().filter(|_| taken.len < most) {
            let middle = piece.range.end.min(piece.range.start + most - taken.len);
            let part = Piece {
                batch: piece.batch.clone(),
                range: piece.range.start..middle,
            };
            piece.range.start = middle;
            if piece.range.is_empty() {
                self.pieces.pop_front();
            }
            self.len -= part.range.len();
            taken.push_piece(part);
        }
        taken
    }

    /// Puts metrics back.
    pub fn put_back(&mut self, mut taken: Self) {
        self.len += taken.len;
        taken.pieces.append(&mut self.pieces);
        self.pieces = taken.pieces;
    }

    /// Drops the oldest metrics until no more than that are left. Returns how many were dropped.
    pub fn keep_newest(&mut self, most: usize) -> usize {
        self.take(self.len.saturating_sub(most)).len
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::metric::Sample;

    fn batch(values: Range<u32>) -> Arc<Batch> {
        let samples = values
            .map(|value| Sample::new("a", value.into(), 0, 0).unwrap())
            .collect();
        Arc::new(Batch {
            host: String::new(),
            prefix: String::new(),
            ttl: Duration::ZERO,
            samples,
        })
    }

    fn values(pieces: &Pieces) -> Vec<f64> {
        pieces.iter().map(|metric| metric.sample.value).collect()
    }

    #[test]
    fn what_is_taken_and_put_back_is_as_before() {
        let mut queue = Pieces::default();
        for values in [0..3, 3..3, 3..7] {
            queue.push(batch(values));
        }
        let taken = queue.take(5);
        assert_eq!(values(&taken), [0.0, 1.0, 2.0, 3.0, 4.0]);
        assert_eq!((taken.len(), queue.len()), (5, 2));
        queue.put_back(taken);
        assert_eq!(values(&queue), [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        assert_eq!(queue.len(), 7);
    }

    #[test]
    fn the_newest_are_kept() {
        let mut queue = Pieces::default();
        queue.push(batch(0..5));
        queue.push(batch(5..10));
        assert_eq!(queue.keep_newest(3), 7);
        assert_eq!(values(&queue), [7.0, 8.0, 9.0]);
        assert_eq!(queue.keep_newest(3), 0);
    }
}
