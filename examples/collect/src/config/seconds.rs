//! A time in the configuration.

use std::time::Duration;

use serde::Deserialize;

/// Seconds, more than 0.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(try_from = "f64")]
pub struct Seconds(pub f64);

impl Seconds {
    /// As a duration.
    #[must_use]
    pub fn duration(self) -> Duration {
        Duration::from_secs_f64(self.0)
    }
}

impl TryFrom<f64> for Seconds {
    type Error = String;

    fn try_from(seconds: f64) -> Result<Self, String> {
        if (0.001..=1e6).contains(&seconds) {
            Ok(Self(seconds))
        } else {
            Err(format!("{seconds} s is not between 0.001 and 1000000"))
        }
    }
}
