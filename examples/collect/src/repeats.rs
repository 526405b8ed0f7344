//! Logs a repeated message once in a while.

use std::collections::HashMap;
use std::time::{Duration, Instant};

/// The messages that were logged, with their times.
#[derive(Debug)]
pub struct Repeats {
    interval: Duration,
    logged: HashMap<String, (Instant, u64)>,
}

impl Repeats {
    /// An empty record. The same message is logged once in this time.
    #[must_use]
    pub fn new(interval: Duration) -> Self {
        Self {
            interval,
            logged: HashMap::new(),
        }
    }

    /// The line to log, if it is time for one. Messages that differ only in numbers count as the
    /// same.
    pub fn line(&mut self, trouble: &str, now: Instant) -> Option<String> {
        let key: String = trouble
            .chars()
            .filter(|c| !c.is_ascii_digit())
            .take(100)
            .collect();
        // Old entries are removed, so this does not grow.
        self.logged
            .retain(|_, (at, _)| now.duration_since(*at) < self.interval * 2);
        let Some((at, more)) = self.logged.get_mut(&key) else {
            self.logged.insert(key, (now, 0));
            return Some(trouble.to_owned());
        };
        if now.duration_since(*at) < self.interval {
            *more += 1;
            return None;
        }
        let line = match *more {
            0 => trouble.to_owned(),
            more => format!("{trouble} (and {more} times since the last such line)"),
        };
        (*at, *more) = (now, 0);
        Some(line)
    }

    /// Notes that all is well again. Returns whether that is news.
    pub fn clear(&mut self) -> bool {
        let is_news = !self.logged.is_empty();
        self.logged.clear();
        is_news
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_is_logged_once_in_an_interval_and_counted() {
        let mut repeats = Repeats::new(Duration::from_secs(10));
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        assert_eq!(repeats.line("refused", at(0)), Some("refused".into()));
        assert_eq!(repeats.line("refused", at(1)), None);
        assert_eq!(
            repeats.line("timed out after 3 s", at(2)),
            Some("timed out after 3 s".into())
        );
        assert_eq!(repeats.line("timed out after 4 s", at(3)), None);
        assert_eq!(repeats.line("refused", at(9)), None);
        let line = repeats.line("refused", at(11)).unwrap();
        assert_eq!(line, "refused (and 2 times since the last such line)");
        assert!(repeats.clear());
        assert!(!repeats.clear());
        assert!(repeats.line("refused", at(12)).is_some());
    }
}
