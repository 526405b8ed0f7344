//! What a command returned as its error, kept so that threads can share it.

use std::boxed::Box;
use std::error::Error;
use std::fmt::{self, Write as _};
use std::io;
use std::string::{String, ToString};
use std::sync::Arc;

/// An error as the error half of Rust knows it, whatever holds it.
pub(super) type Shared = dyn Error + Send + Sync + 'static;

/// The exit code of what a command returned.
pub(super) type FailureCode = dyn Fn(&(dyn Error + 'static)) -> u8;

/// Holds the error of a command, and lends it as it was made.
pub(super) trait Holder: Send + Sync {
    /// The error.
    fn lend(&self) -> &Shared;
}

/// A `Box<dyn Error + Send + Sync>`, an `anyhow::Error` or an `eyre::Report`.
impl<E: AsRef<Shared> + Send + Sync> Holder for E {
    fn lend(&self) -> &Shared {
        self.as_ref()
    }
}

/// What is kept of an error that threads can't share: its words, and those of its causes.
#[derive(Debug)]
struct Told {
    message: String,
    cause: Option<Box<Told>>,
}

impl Told {
    fn of(error: &dyn Error) -> Self {
        Self {
            message: error.to_string(),
            cause: error.source().map(|cause| Box::new(Self::of(cause))),
        }
    }
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for Told {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_deref().map(|cause| cause as _)
    }
}

/// An error that threads can share, of one that they can't: itself, if it is of a type that means
/// something here, or its words.
pub(super) fn shared(error: Box<dyn Error>) -> Box<Shared> {
    let error = match error.downcast::<clap::Error>() {
        Ok(usage) => return usage,
        Err(error) => error,
    };
    match error.downcast::<io::Error>() {
        Ok(error) => error,
        Err(error) => Box::new(Told::of(&*error)),
    }
}

/// The error of the type `E` that `error` is, or has in its box, or is caused by.
pub(super) fn find<'e, E: Error + 'static>(error: &'e (dyn Error + 'static)) -> Option<&'e E> {
    let mut next = Some(error);
    while let Some(error) = next {
        let boxed = || error.downcast_ref::<Box<E>>().map(Box::as_ref);
        let shared = || error.downcast_ref::<Arc<E>>().map(Arc::as_ref);
        let found = error.downcast_ref().or_else(boxed).or_else(shared);
        if found.is_some() {
            return found;
        }
        // What is in an `io::Error` is not its cause.
        let inner = error.downcast_ref().and_then(io::Error::get_ref);
        next = inner.map_or_else(|| error.source(), |inner| Some(inner));
    }
    None
}

/// The message with its chain of causes, one a line; a cause that the message before it ends
/// with is not said again.
pub(super) fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut last = text.clone();
    let mut next = error.source();
    while let Some(cause) = next {
        let message = cause.to_string();
        if !last.ends_with(&message) {
            let _ = write!(text, "\n  caused by: {message}");
        }
        last = message;
        next = cause.source();
    }
    text
}
