//! The logger of a shim's service.

use std::time::Duration;

use daemon::Failure;
use rustix::process::Pid;

use super::{Shim, adoption};
use crate::log::Stream;
use crate::log::logger::Logger;
use crate::service::Output;
use crate::spawn::Ground;

/// How long the logger of a killed shim may take for the last lines.
const LAST_LINES: Duration = Duration::from_secs(1);

impl Shim {
    /// Starts the logger, if the service needs one and there is none.
    pub(super) fn start_logger(&mut self) -> Result<(), Failure> {
        let service = &self.state.service;
        let logs = [&service.stdout, &service.stderr].contains(&&Output::Log);
        if self.logger.is_some() || !logs || self.ground == Ground::Fore {
            return Ok(());
        }
        // The logger of a killed shim ends when nobody writes any more.
        let old = self.state.logger.take();
        if let Some(Ok(Some(old))) = old.map(|old| old.find(&self.host)) {
            let _ = old.ends_within(LAST_LINES);
        }
        let (name, limits) = (&service.name, service.log);
        let logger = Logger::start(name, limits, &self.files, &self.host, adoption::find)?;
        self.state.logger = logger.identity();
        self.state.pipes = logger.pipes();
        self.logger = Some(logger);
        Ok(())
    }

    /// The logger that the killed shim started.
    pub(super) fn adopted_logger(&self) -> Option<Logger> {
        let service = &self.state.service;
        let outputs = [
            (Stream::Out, &service.stdout),
            (Stream::Err, &service.stderr),
        ];
        let needed = outputs
            .into_iter()
            .filter(|(_, output)| **output == Output::Log);
        let needed: Vec<_> = needed.map(|(stream, _)| stream).collect();
        Logger::adopt(
            (self.state.logger.as_ref()?, self.state.pipes?),
            &needed,
            &service.name,
            service.log,
            &self.files,
            &self.host,
            adoption::find,
        )
    }

    /// Starts the logger again, if it has ended. It never ends by itself.
    pub(super) fn see_to_logger(&mut self, ended: Pid) {
        if let Some(logger) = self.logger.as_mut().filter(|logger| logger.pid == ended) {
            let _ = logger.again();
            self.state.logger = logger.identity();
            let _ = self.state.write(&self.files.state);
        }
    }

    /// Makes the logger write the rest.
    pub(super) fn finish_log(&mut self) {
        if let Some(logger) = self.logger.take() {
            logger.finish();
        }
    }
}
