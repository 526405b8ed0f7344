//! Whether and when a service that has ended starts again.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::exit::Exit;
use crate::service::{Backoff, Restart};

/// The verdict after the end of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It stays ended.
    Ended,
    /// It starts again after this pause.
    Again(Duration),
    /// It started too often: it is given up until somebody starts it.
    Parked,
}

/// The starts of a service so far.
#[derive(Debug, Default)]
pub struct Restarts {
    starts: VecDeque<Instant>,
    /// How many of the last runs were short. Each made the pause longer.
    short: u32,
}

impl Restarts {
    /// Notes a start.
    pub fn started(&mut self, now: Instant) {
        self.starts.push_back(now);
    }

    /// The verdict after an end. `jitter` is a random number, so that services that end together do
    /// not start together.
    pub fn ended(
        &mut self,
        restart: Restart,
        backoff: &Backoff,
        exit: Exit,
        now: Instant,
        jitter: u8,
    ) -> Verdict {
        let wanted = match restart {
            Restart::No => false,
            Restart::OnFailure => !exit.is_success(),
            Restart::Always => true,
        };
        if !wanted {
            return Verdict::Ended;
        }
        let ran = self.starts.back().map(|start| now - *start);
        if ran.is_some_and(|ran| ran >= backoff.longest) {
            self.short = 0;
        }
        self.starts.retain(|start| now - *start < backoff.window);
        if self.starts.len() >= usize::try_from(backoff.starts).unwrap_or(usize::MAX) {
            return Verdict::Parked;
        }
        let pause = pause(backoff, self.short);
        self.short = self.short.saturating_add(1);
        Verdict::Again(pause + pause * u32::from(jitter) / (10 * u32::from(u8::MAX)))
    }
}

/// Doubles for each short run.
fn pause(backoff: &Backoff, short: u32) -> Duration {
    let factor = 1_u32.checked_shl(short).unwrap_or(u32::MAX);
    backoff.first.saturating_mul(factor).min(backoff.longest)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAILED: Exit = Exit::Code(1);

    fn backoff(starts: u32) -> Backoff {
        Backoff {
            first: Duration::from_millis(100),
            longest: Duration::from_secs(1),
            starts,
            window: Duration::from_secs(60),
        }
    }

    /// The verdicts on a service whose runs all last this long.
    fn verdicts(backoff: &Backoff, restart: Restart, exit: Exit, runs: &[u64]) -> Vec<Verdict> {
        let mut restarts = Restarts::default();
        let mut now = Instant::now();
        let mut verdict = |run: &u64| {
            restarts.started(now);
            now += Duration::from_millis(*run);
            restarts.ended(restart, backoff, exit, now, 0)
        };
        runs.iter().map(&mut verdict).collect()
    }

    fn again(millis: u64) -> Verdict {
        Verdict::Again(Duration::from_millis(millis))
    }

    #[test]
    fn the_pause_doubles_up_to_the_longest() {
        let found = verdicts(&backoff(99), Restart::Always, FAILED, &[0; 6]);
        assert_eq!(found, [100, 200, 400, 800, 1000, 1000].map(again));
    }

    #[test]
    fn a_long_run_starts_the_pauses_anew() {
        let found = verdicts(&backoff(99), Restart::Always, FAILED, &[0, 0, 1000, 0]);
        assert_eq!(found, [100, 200, 100, 200].map(again));
    }

    #[test]
    fn so_many_starts_in_the_window_park_it() {
        let found = verdicts(&backoff(3), Restart::Always, FAILED, &[0; 3]);
        assert_eq!(found, [again(100), again(200), Verdict::Parked]);
    }

    #[test]
    fn starts_before_the_window_do_not_count() {
        let found = verdicts(&backoff(2), Restart::Always, FAILED, &[0, 61_000, 0]);
        assert_eq!(found, [again(100), again(100), again(200)]);
    }

    #[test]
    fn on_failure_a_success_is_the_end() {
        let found = verdicts(&backoff(9), Restart::OnFailure, Exit::Code(0), &[0]);
        assert_eq!(found, [Verdict::Ended]);
        let found = verdicts(&backoff(9), Restart::OnFailure, Exit::Signal(9), &[0]);
        assert_eq!(found, [again(100)]);
    }

    #[test]
    fn without_a_policy_every_end_is_one() {
        assert_eq!(
            verdicts(&backoff(9), Restart::No, FAILED, &[0]),
            [Verdict::Ended]
        );
    }

    #[test]
    fn jitter_adds_a_tenth_at_most() {
        let mut restarts = Restarts::default();
        let now = Instant::now();
        restarts.started(now);
        let verdict = restarts.ended(Restart::Always, &backoff(9), FAILED, now, u8::MAX);
        assert_eq!(verdict, again(110));
    }
}
