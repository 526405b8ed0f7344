//! When a worker that died is replaced: at once, unless workers keep dying at their start.

use std::time::{Duration, Instant};

/// A worker that lived this long did not die of its start.
const LIFE: Duration = Duration::from_millis(500);

const FIRST: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(30);

#[derive(Default)]
pub(super) struct Storm {
    /// How many workers in a row died at their start.
    young: u32,
    until: Option<Instant>,
}

impl Storm {
    /// Notes a death, with the time when the worker became ready, if it did.
    pub(super) fn note(&mut self, ready: Option<Instant>) {
        let now = Instant::now();
        self.young = match ready {
            Some(since) if now - since >= LIFE => 0,
            _ => self.young.saturating_add(1),
        };
        // The first death may have been an accident.
        self.until = self.young.checked_sub(2).map(|more| now + pause(more));
    }

    /// The time of the next fork, if it has to wait.
    pub(super) fn until(&self) -> Option<Instant> {
        self.until.filter(|until| *until > Instant::now())
    }
}

fn pause(more: u32) -> Duration {
    FIRST
        .saturating_mul(2_u32.saturating_pow(more))
        .min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_end() {
        assert_eq!([0, 1, 2].map(pause), [1, 2, 4].map(|n| FIRST * n));
        assert_eq!(pause(1000), LONGEST);
    }

    #[test]
    fn the_first_that_dies_is_replaced_at_once() {
        let mut storm = Storm::default();
        storm.note(None);
        assert_eq!(storm.until(), None);
        storm.note(Some(Instant::now()));
        assert!(storm.until().is_some());
        storm.note(Instant::now().checked_sub(LIFE));
        assert_eq!(storm.until(), None);
    }
}
