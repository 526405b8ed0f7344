//! The ladder of return types: what does a command's result mean?

use std::boxed::Box;
use std::cell::Cell;
use std::error::Error;
use std::process::ExitCode;
use std::string::ToString;
use std::{fmt, format};

use super::stop::Stop;

/// The foot of the ladder, with what the function returned.
pub struct Returned<R>(Cell<Option<R>>);

impl<R> Returned<R> {
    /// Holds what the function returned.
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

/// What a command may return when it went well.
#[diagnostic::on_unimplemented(
    message = "a command can't return `{Self}`",
    label = "a command returns nothing, an `ExitCode`, or a `Result` of these",
    note = "print what it finds, or make the exit code of it: `ExitCode::from(3)`"
)]
pub trait Reply {
    /// The exit code of the program.
    fn code(self) -> ExitCode;
}

impl Reply for () {
    fn code(self) -> ExitCode {
        ExitCode::SUCCESS
    }
}

impl Reply for ExitCode {
    fn code(self) -> ExitCode {
        self
    }
}

impl Reply for std::convert::Infallible {
    fn code(self) -> ExitCode {
        match self {}
    }
}

macro_rules! rung {
    ($rung:ident, $($from:ty => [$($generics:tt)*] |$error:ident: $e:ty| $boxed:expr;)+) => {
        /// A rung.
        pub trait $rung {
            /// The exit code, or why there is none.
            ///
            /// # Errors
            /// When the function returned an error.
            fn reply(self) -> Result<ExitCode, Stop>;
        }
        $(
            impl<$($generics)*> $rung for $from {
                fn reply(self) -> Result<ExitCode, Stop> {
                    self.take().map(Reply::code).map_err(|$error: $e| Stop::Failure($boxed))
                }
            }
        )+
    };
}

rung! { FailsInto,
    &&&&&&Returned<Result<T, E>> => [T: Reply, E: Into<Box<dyn Error>>] |error: E| error.into();
}
rung! { FailsBoxed,
    &&&&&Returned<Result<T, Box<dyn Error + Send + Sync>>> => [T: Reply] |error: Box<dyn Error + Send + Sync>| error;
    &&&&&Returned<Result<T, Box<dyn Error + Send>>> => [T: Reply] |error: Box<dyn Error + Send>| error;
}
rung! { FailsDisplay,
    &&&&Returned<Result<T, E>> => [T: Reply, E: fmt::Display] |error: E| error.to_string().into();
}
rung! { FailsDebug,
    &&&Returned<Result<T, E>> => [T: Reply, E: fmt::Debug] |error: E| format!("{error:?}").into();
}

/// The rung of what is no `Result`.
pub trait Code {
    /// The exit code.
    ///
    /// # Errors
    /// None.
    fn reply(self) -> Result<ExitCode, Stop>;
}

impl<R: Reply> Code for &&Returned<R> {
    fn reply(self) -> Result<ExitCode, Stop> {
        Ok(self.take().code())
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
        Ok(self.take().code())
    }
}
