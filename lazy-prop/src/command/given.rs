//! A value that knows where it comes from.

use std::marker::PhantomData;
use std::ops::Deref;

use clap::parser::ValueSource;

use super::call::Call;
use super::shape::Shape;
use super::stop::given;
use super::value::Parser;

/// A parameter's value with its [`Source`]: for a command that does something else if the user said
/// nothing.
///
/// `T` is what the parameter would be by itself: `u8`, `Option<u8>`, `Vec<u8>`, `bool`.
///
/// ```
/// use lazy_prop::{cli, command};
/// use lazy_prop::command::{Given, Source};
///
/// #[command]
/// fn build(#[arg(long, default_value_t = 4)] jobs: Given<u8>) {
///     assert_eq!((*jobs, jobs.source()), (4, Some(Source::Default)));
/// }
///
/// assert!(cli!(build).try_run_from(["build"]).is_ok());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Given<T> {
    value: T,
    source: Option<Source>,
}

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Source {
    /// It stands on the command line.
    Line,
    /// A variable of the environment says it.
    Environment,
    /// Nobody says it: it is the default, or that of a configuration file.
    Default,
}

impl<T> Given<T> {
    /// A value as it would come from there; for calls from Rust.
    pub fn new(value: T, source: Option<Source>) -> Self {
        Self { value, source }
    }

    /// Where the value comes from; `None` if there is none, or only what its type has for that.
    #[must_use]
    pub fn source(&self) -> Option<Source> {
        self.source
    }

    /// The value.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.value
    }
}

impl<T> Deref for Given<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// The shape of `Given`, of the shape `S` of its value.
pub struct Noted<S>(PhantomData<S>);

// Generated code calls the same methods on all shapes.
#[allow(clippy::unused_self)]
impl<S: Shape> Noted<S> {
    /// The only value.
    pub const NEW: Self = Self(PhantomData);

    /// A parameter of which all is said in texts.
    pub fn plain(
        &self,
        call: &mut Call,
        texts: &'static str,
        parser: Parser,
    ) -> Option<Given<S::Held>> {
        self.take(self.arg(call, texts, parser))
    }

    /// Begins with a parameter of which there is more to say.
    pub fn arg<'call>(
        &self,
        call: &'call mut Call,
        texts: &'static str,
        parser: Parser,
    ) -> &'call mut Call {
        call.param(texts, S::KIND, Some(parser))
    }

    /// The same, of one that says how it is read.
    pub fn arg_as_told<'call>(
        &self,
        call: &'call mut Call,
        texts: &'static str,
    ) -> &'call mut Call {
        call.param(texts, S::KIND, None)
    }

    /// Takes the values off the line, with their source.
    pub fn take(&self, call: &mut Call) -> Option<Given<S::Held>> {
        let source = call.source().and_then(|source| match source {
            ValueSource::CommandLine => Some(Source::Line),
            ValueSource::EnvVariable => Some(Source::Environment),
            ValueSource::DefaultValue => Some(Source::Default),
            _ => None,
        });
        S::take_off(call).map(|value| Given { value, source })
    }

    /// The argument for the function.
    pub fn give(&self, held: &mut Option<Given<S::Held>>) -> Given<S::Held> {
        given(held)
    }
}

/// How one value is read, the shape of the value knows.
impl<S: Shape> Deref for Noted<S> {
    type Target = S;

    fn deref(&self) -> &S {
        S::ONLY
    }
}
