//! What a handler is: it sends metrics to somebody who keeps them.

use std::time::Instant;

use serde::de::DeserializeOwned;

use crate::collector::Problem;
use crate::config::Section;
use crate::kind::Kind;
use crate::queue::Pieces;

/// Sends metrics. It is registered by [`handler!`](crate::handler!).
pub trait Handler: Send + Sized + 'static {
    /// The word in the configuration.
    const NAME: &'static str;
    /// A sentence about it.
    const ABOUT: &'static str;
    /// How many metrics it gets at once, unless its section says so.
    const BATCH: usize = 5000;
    /// What its section may say.
    type Settings: DeserializeOwned;

    /// A handler with these settings. What it needs it opens when it sends.
    fn new(settings: Self::Settings) -> Self;

    /// Says what is wrong with settings that are of the right form.
    ///
    /// # Errors
    /// The reason.
    fn verify(&self) -> Result<(), Problem> {
        Ok(())
    }

    /// Says why it can't work on this machine.
    ///
    /// # Errors
    /// If it can't.
    fn can_run() -> Result<(), String> {
        Ok(())
    }

    /// Sends metrics, and returns when the other side has taken them.
    ///
    /// # Errors
    /// If it is not sure that they were taken, or the deadline has come; then they are sent again.
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
    /// The kind of a type.
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
