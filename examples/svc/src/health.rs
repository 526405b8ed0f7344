//! The health of a service: a check that is repeated while it runs.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::check::Check;
use crate::millis;

/// How the health of a service is checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// The check, if there is one.
    pub check: Option<Check>,
    /// The pause before each check.
    #[serde(with = "millis")]
    pub interval: Duration,
    /// How long an answer may take.
    #[serde(with = "millis")]
    pub timeout: Duration,
    /// The number of failures in a row after which it starts again.
    pub retries: u32,
}

impl Default for Health {
    fn default() -> Self {
        Self {
            check: None,
            interval: Duration::from_secs(10),
            timeout: Duration::from_secs(5),
            retries: 3,
        }
    }
}

/// The checks of a service that have failed in a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failing {
    /// Their number.
    pub count: u32,
    /// The reason of the last one.
    pub why: String,
}
