//! The ladder of return types: the meaning of a command's result.

use std::boxed::Box;
use std::cell::Cell;
use std::error::Error;
use std::process::{ExitCode, Termination};
use std::string::{String, ToString};
use std::{fmt, format};

use super::failed;
use super::failure::Shared;
use super::stop::Stop;

/// The foot of the ladder, with the result of the function.
pub struct Returned<R>(Cell<Option<R>>);

impl<R> Returned<R> {
    /// Holds the result of the function.
    pub fn new(value: R) -> Self {
        Self(Cell::new(Some(value)))
    }

    fn take(&self) -> R {
        match self.0.take() {
            Some(value) => value,
            None => unreachable!("a result is looked at once"),
        }
    }
}

/// A successful result of a command: an exit code in some form.
#[diagnostic::on_unimplemented(
    message = "a command cannot return `{Self}`",
    label = "a command returns `()`, an `ExitCode`, or a `Result` of either",
    note = "print the value, or turn it into an exit code: `ExitCode::from(3)`"
)]
pub trait Reply {}

macro_rules! rung {
    ($rung:ident, $($from:ty => [$($generics:tt)*] |$error:ident: $e:ty| $stop:expr;)+) => {
        /// A rung.
        pub trait $rung {
            /// The exit code, or the reason why there is none.
            ///
            /// # Errors
            /// When the function returned an error.
            fn reply(self) -> Result<ExitCode, Stop>;
        }
        $(
            impl<$($generics)*> $rung for $from {
                fn reply(self) -> Result<ExitCode, Stop> {
                    match self.take() {
                        Ok(value) => Ok(value.report()),
                        Err(error) => {
                            let $error: $e = error;
                            Err($stop)
                        }
                    }
                }
            }
        )+
    };
}

rung! { FailsLent,
    &&&&&&&&Returned<Result<T, E>> => [T: Termination, E: AsRef<Shared> + Send + Sync + 'static] |error: E| failed::held(Box::new(error));
}
rung! { FailsInto,
    &&&&&&&Returned<Result<T, E>> => [T: Termination, E: Into<Box<Shared>>] |error: E| failed::held(Box::<Box<Shared>>::new(error.into()));
}
rung! { FailsAlone,
    &&&&&&Returned<Result<T, E>> => [T: Termination, E: Into<Box<dyn Error>>] |error: E| failed::alone(error.into());
}
rung! { FailsBoxed,
    &&&&&Returned<Result<T, Box<dyn Error + Send>>> => [T: Termination] |error: Box<dyn Error + Send>| failed::alone(error);
}
rung! { FailsDisplay,
    &&&&Returned<Result<T, E>> => [T: Termination, E: fmt::Display] |error: E| words(error.to_string());
}
rung! { FailsDebug,
    &&&Returned<Result<T, E>> => [T: Termination, E: fmt::Debug] |error: E| words(format!("{error:?}"));
}

/// An error that is only text.
fn words(text: String) -> Stop {
    failed::held(Box::<Box<Shared>>::new(text.into()))
}

/// The rung for types that are not a `Result`.
pub trait Code {
    /// The exit code.
    ///
    /// # Errors
    /// None.
    fn reply(self) -> Result<ExitCode, Stop>;
}

impl<R: Termination> Code for &&Returned<R> {
    fn reply(self) -> Result<ExitCode, Stop> {
        Ok(self.take().report())
    }
}

/// The last rung: not a result for a command.
pub trait NoReply {
    /// The type.
    type Type;
    /// Never compiles.
    ///
    /// # Errors
    /// None.
    fn reply(self) -> Result<ExitCode, Stop>
    where
        Self::Type: Reply;
}

impl<R> NoReply for &Returned<R> {
    type Type = R;

    fn reply(self) -> Result<ExitCode, Stop>
    where
        R: Reply,
    {
        unreachable!("nothing is a reply that is not on a higher rung")
    }
}
