//! The plan of a configuration, ready to run.

use std::path::Path;
use std::time::Duration;

use crate::config::{Config, Server};
use crate::delivery::Prepared;
use crate::error::Error;
use crate::source::Source;

/// The enabled collectors and the handlers.
pub struct Plan {
    /// The collectors.
    pub sources: Vec<Source>,
    /// The handlers.
    pub handlers: Vec<Prepared>,
    /// The daemon's own settings.
    pub server: Server,
}

impl Plan {
    /// Reads a file and every file that it names.
    ///
    /// # Errors
    /// If it cannot be read, or anything in it is wrong. Then it lists every mistake.
    pub fn load(file: &Path) -> Result<Self, Error> {
        let mut config = Config::load(file).map_err(|error| Error::Config(file.into(), error))?;
        let (mut sources, mut handlers, mut faults) = (vec![], vec![], vec![]);
        for section in &config.collectors {
            match Source::new(section) {
                Ok(source) => sources.push(source),
                Err(found) => faults.extend(found),
            }
        }
        for section in &config.handlers {
            match Prepared::new(section) {
                Ok(handler) => handlers.push(handler),
                Err(found) => faults.extend(found),
            }
        }
        config.add(faults);
        config.verify()?;
        sources.retain(|source| source.settings().enabled);
        Ok(Self {
            sources,
            handlers,
            server: config.server,
        })
    }

    /// The interval in which a repeated message is logged once.
    #[must_use]
    pub fn log_interval(&self) -> Duration {
        self.server.log_interval.duration()
    }

    /// The time that handlers have for queued metrics when the daemon ends.
    #[must_use]
    pub fn stop_limit(&self) -> Duration {
        self.server.stop_limit.duration()
    }
}
