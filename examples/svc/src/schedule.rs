//! The times at which a service starts, as a cron expression in local time.

use std::fmt;
use std::str::FromStr;
use std::time::SystemTime;

use chrono::{DateTime, Local};
use croner::Cron;
use serde::{Deserialize, Serialize};

/// A cron expression: `*/5 * * * *`, `@daily`, or six fields, of which the first is the second.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Schedule(String);

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Schedule> for String {
    fn from(schedule: Schedule) -> Self {
        schedule.0
    }
}

impl TryFrom<String> for Schedule {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl FromStr for Schedule {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let schedule = Self(text.to_owned());
        let cron: Result<Cron, _> = text.parse();
        cron.map_err(|error| format!("it is no cron expression such as `*/5 * * * *`: {error}"))?;
        match schedule.after(SystemTime::now()) {
            Some(_) => Ok(schedule),
            None => Err("it names no time that will come".to_owned()),
        }
    }
}

impl Schedule {
    /// The parsed expression.
    #[must_use]
    pub fn cron(&self) -> Option<Cron> {
        self.0.parse().ok()
    }

    /// The first time after another, if there is one.
    #[must_use]
    pub fn after(&self, time: SystemTime) -> Option<SystemTime> {
        let cron = self.cron()?;
        let next = cron.find_next_occurrence(&DateTime::<Local>::from(time), false);
        next.ok().map(SystemTime::from)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_next_time_is_later_than_the_given_one() {
        let schedule: Schedule = "*/10 * * * * *".parse().unwrap();
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        let next = schedule.after(time).unwrap();
        assert_eq!(next, time + Duration::from_secs(10));
        assert_eq!(schedule.after(next - Duration::from_secs(3)), Some(next));
    }

    #[test]
    fn what_never_comes_is_refused() {
        for text in ["", "often", "61 * * * *", "0 0 31 2 *"] {
            assert!(text.parse::<Schedule>().is_err(), "{text}");
        }
        for text in ["@daily", "0 3 * * MON", "*/5 * * * *"] {
            assert_eq!(text.parse::<Schedule>().unwrap().to_string(), text);
        }
    }
}
