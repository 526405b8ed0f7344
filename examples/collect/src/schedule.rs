//! When a collector runs: once in each window of the wall clock, even if late, and never for a
//! window that is over.

use std::time::Duration;

/// Windows of one length; the first one begins with Unix time.
#[derive(Debug, Clone, PartialEq)]
pub struct Schedule {
    interval: f64,
    splay: Duration,
    /// The last window that had its run or was skipped.
    last: Option<f64>,
}

/// The next step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Step {
    /// Wait this long, and ask again.
    Wait(Duration),
    /// Run, for the window that begins at this time.
    Run(f64),
}

impl Schedule {
    /// Windows of this many seconds, with a run this long after the start of each.
    #[must_use]
    pub fn new(interval: f64, splay: Duration) -> Self {
        Self {
            interval,
            splay,
            last: None,
        }
    }

    /// Takes new settings. The present window is not lost, unless the windows change their length.
    pub fn set(&mut self, interval: f64, splay: Duration) {
        if (interval - self.interval).abs() > 1e-9 {
            self.last = None;
        }
        (self.interval, self.splay) = (interval, splay);
    }

    /// The next step at this time of the wall clock.
    ///
    /// If the clock jumps ahead, windows are skipped. If it jumps back, windows begin anew. No wait
    /// is longer than a window, so a jump or a suspend is noticed within one window.
    pub fn step(&mut self, now: f64) -> Step {
        let splay = self.splay.as_secs_f64();
        let window = ((now - splay) / self.interval).floor() * self.interval;
        // Half a window of tolerance, because the division is not exact.
        let ahead = self.last.map(|last| (window - last) / self.interval);
        if ahead.is_some_and(|ahead| ahead > 0.5) {
            self.last = Some(window);
            return Step::Run(window);
        }
        // Also at the start: the rest of a window does not count.
        if ahead.is_none_or(|ahead| ahead < -0.5) {
            self.last = Some(window);
        }
        let wait = window + self.interval + splay - now;
        Step::Wait(Duration::from_secs_f64(wait.clamp(0.000_1, self.interval)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs for this many seconds of true time. The function turns true time into that of the
    /// clock.
    fn windows(
        interval: f64,
        splay: f64,
        from: f64,
        seconds: f64,
        clock: impl Fn(f64) -> f64,
    ) -> Vec<(f64, f64)> {
        let mut schedule = Schedule::new(interval, Duration::from_secs_f64(splay));
        let (mut time, mut runs) = (0.0, vec![]);
        while time < seconds {
            match schedule.step(from + clock(time)) {
                Step::Wait(wait) => {
                    assert!(wait <= Duration::from_secs_f64(interval));
                    // Sleeps end late.
                    time += wait.as_secs_f64() + 0.000_3;
                }
                Step::Run(window) => {
                    runs.push((time, window));
                    time += 0.002;
                }
            }
        }
        runs
    }

    #[test]
    fn windows_are_aligned_and_follow_one_another_without_drift() {
        for (interval, splay) in [
            (10.0, 0.0),
            (10.0, 0.7),
            (1.0, 0.05),
            (60.0, 1.0),
            (0.1, 0.01),
            (0.3, 0.0),
        ] {
            let runs = windows(
                interval,
                splay,
                1_700_000_003.217,
                interval * 100.0,
                |time| time,
            );
            assert!(
                (99..=101).contains(&runs.len()),
                "{interval}: {}",
                runs.len()
            );
            for pair in runs.windows(2) {
                let step = pair[1].1 - pair[0].1;
                assert!((step - interval).abs() < 1e-4, "{interval}: {pair:?}");
            }
            for (time, window) in runs {
                let late = 1_700_000_003.217 + time - window - splay;
                assert!((-1e-4..0.002).contains(&late), "{interval}: {late}");
            }
        }
    }

    #[test]
    fn a_clock_that_jumps_ahead_skips_windows_and_makes_no_burst() {
        let runs = windows(10.0, 0.5, 1_700_000_000.0, 200.0, |time| {
            if time < 95.0 { time } else { time + 3600.0 }
        });
        assert!((19..=21).contains(&runs.len()), "{runs:?}");
        let ahead: Vec<_> = runs
            .iter()
            .filter(|(_, window)| *window > 1_700_003_000.0)
            .collect();
        assert!(ahead[0].0 < 105.1, "{ahead:?}");
        assert!(
            ahead
                .windows(2)
                .all(|pair| (pair[1].1 - pair[0].1 - 10.0).abs() < 1e-6)
        );
    }

    #[test]
    fn a_clock_that_jumps_back_stalls_no_longer_than_two_windows() {
        let runs = windows(10.0, 0.5, 1_700_000_000.0, 200.0, |time| {
            if time < 95.0 { time } else { time - 3600.0 }
        });
        assert!((18..=21).contains(&runs.len()), "{runs:?}");
        let gaps = runs.windows(2).map(|pair| pair[1].0 - pair[0].0);
        assert!(
            gaps.clone().all(|gap| gap > 4.0 && gap < 20.1),
            "{:?}",
            gaps.collect::<Vec<_>>()
        );
    }

    #[test]
    fn new_settings_lose_no_window() {
        let mut schedule = Schedule::new(10.0, Duration::from_secs(1));
        assert!(matches!(schedule.step(995.0), Step::Wait(_)));
        schedule.set(10.0, Duration::from_secs(2));
        assert!(matches!(schedule.step(1001.5), Step::Wait(_)));
        assert_eq!(schedule.step(1002.0), Step::Run(1000.0));
        schedule.set(3.0, Duration::ZERO);
        assert!(matches!(schedule.step(1003.0), Step::Wait(_)));
        assert_eq!(schedule.step(1005.5), Step::Run(1005.0));
    }

    #[test]
    fn a_run_that_takes_longer_than_its_window_skips_the_next() {
        let mut schedule = Schedule::new(10.0, Duration::ZERO);
        assert!(matches!(schedule.step(995.0), Step::Wait(_)));
        assert_eq!(schedule.step(1000.0), Step::Run(1000.0));
        // It took 25 s.
        assert_eq!(schedule.step(1025.0), Step::Run(1020.0));
        assert!(matches!(schedule.step(1025.1), Step::Wait(_)));
    }
}
