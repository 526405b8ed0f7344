//! The trait of handlers, which send metrics.

use std::time::Instant;

use serde::de::DeserializeOwned;

use crate::collector::Problem;
use crate::config::Section;
use crate::kind::Kind;
use crate::queue::Pieces;

/// Sends metrics. Register it by [`handler!`](crate::handler!).
pub trait Handler: Send + Sized + 'static {
    /// The name in the configuration.
    const NAME: &'static str;
    /// One sentence about it.
    const ABOUT: &'static str;
    /// The metrics in one call of `send`, unless its section sets another number.
    const BATCH: usize = 5000;
    /// The settings of its section.
    type Settings: DeserializeOwned;

    /// A handler with these settings. It opens its connections when it sends.
    fn new(settings: Self::Settings) -> Self;

    /// Checks settings that have the right form.
    ///
    /// # Errors
    /// The reason why they are wrong.
    fn verify(&self) -> Result<(), Problem> {
        Ok(())
    }

    /// Checks whether it can work on this machine.
    ///
    /// # Errors
    /// The reason why it cannot.
    fn can_run() -> Result<(), String> {
        Ok(())
    }

    /// Sends metrics, and returns when the other side has accepted them.
    ///
    /// # Errors
    /// If it is not certain that they were accepted, or the deadline has passed. Then they are sent
    /// again.
    fn send(&mut self, metrics: &Pieces, deadline: Instant) -> Result<(), Problem>;
}

/// A [`Handler`] of any type.
pub trait AnyHandler: Send {
    /// See [`Handler::send`].
    ///
    /// # Errors
    /// As there.
    fn send(&mut self, metrics: &Pieces, deadline: Instant) -> Result<(), Problem>;

    /// See [`Handler::BATCH`].
    fn batch(&self) -> usize;
}

impl<H: Handler> AnyHandler for H {
    fn send(&mut self, metrics: &Pieces, deadline: Instant) -> Result<(), Problem> {
        Handler::send(self, metrics, deadline)
    }

    fn batch(&self) -> usize {
        H::BATCH
    }
}

inventory::collect!(Kind<dyn AnyHandler>);

impl Kind<dyn AnyHandler> {
    /// The kind of this type.
    #[must_use]
    pub const fn of<H: Handler>() -> Self {
        Self {
            name: H::NAME,
            about: H::ABOUT,
            can_run: H::can_run,
            make: |section: &Section| {
                let handler = H::new(section.read()?);
                let verified = handler.verify();
                verified.map_err(|problem| vec![section.fault(problem.to_string())])?;
                Ok(Box::new(handler))
            },
        }
    }
}

/// Registers handlers, from any module of the program.
#[macro_export]
macro_rules! handler {
    ($($type:ty),+) => { $(
        $crate::inventory::submit! { $crate::kind::Kind::<dyn $crate::handler::AnyHandler>::of::<$type>() }
    )+ };
}
