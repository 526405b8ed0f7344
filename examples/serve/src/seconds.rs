//! Times on the command line.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// A time in seconds, which may have a fraction: `30`, `0.5`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seconds(pub Duration);

impl FromStr for Seconds {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let seconds: f64 = text.parse().map_err(|_| "it is no number of seconds")?;
        // A limit that is far from the end of the clock, so that sums of times stay valid.
        if !(0.0..=1e9).contains(&seconds) {
            return Err("it is not between 0 and 1000000000 seconds");
        }
        Ok(Self(Duration::from_secs_f64(seconds)))
    }
}

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_secs_f64().fmt(f)
    }
}
