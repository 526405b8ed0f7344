//! Values that are offered while someone types: `#[arg(complete = function)]`.

use std::any::Any;
use std::boxed::Box;
use std::cell::RefCell;
use std::ffi::{OsStr, OsString};
use std::string::String;
use std::thread_local;
use std::vec::Vec;

use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};

/// A value that a shell offers, with a word of help.
///
/// ```
/// use lazy_prop::command::Candidate;
///
/// let candidates = [Candidate::new("db").help("the database"), Candidate::from("web")];
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    pub(super) value: OsString,
    pub(super) help: String,
}

impl Candidate {
    /// A value without help.
    pub fn new(value: impl Into<OsString>) -> Self {
        Self {
            value: value.into(),
            help: String::new(),
        }
    }

    /// Says what the value is.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }
}

impl<T: Into<OsString>> From<T> for Candidate {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

/// A function that completes: from what is typed so far, or from the app and what is typed so far.
/// `Kind` tells the two apart, and is inferred.
#[diagnostic::on_unimplemented(
    message = "this function completes nothing",
    label = "`fn(&str) -> Vec<String>` is expected here, or `fn(&App, &str) -> Vec<Candidate>`",
    note = "a list of anything that becomes a `lazy_prop::command::Candidate` will do"
)]
pub trait Completes<Kind>: Clone + Send + Sync + 'static {
    /// What fits to what is typed.
    fn candidates(&self, typed: &str) -> Vec<Candidate>;
}

/// From what is typed alone.
pub struct Typed<I>(I);

/// From the app too.
pub struct OfApp<A, I>(A, I);

impl<F, I> Completes<Typed<I>> for F
where
    F: Fn(&str) -> I + Clone + Send + Sync + 'static,
    I: IntoIterator<Item: Into<Candidate>>,
{
    fn candidates(&self, typed: &str) -> Vec<Candidate> {
        self(typed).into_iter().map(Into::into).collect()
    }
}

impl<F, A, I> Completes<OfApp<A, I>> for F
where
    F: Fn(&A, &str) -> I + Clone + Send + Sync + 'static,
    A: 'static,
    I: IntoIterator<Item: Into<Candidate>>,
{
    fn candidates(&self, typed: &str) -> Vec<Candidate> {
        APP.with_borrow(|app| {
            let app = app.as_ref().and_then(|app| app.downcast_ref::<A>());
            // An option that the line lacks may be why there is none.
            app.map_or_else(Vec::new, |app| {
                self(app, typed).into_iter().map(Into::into).collect()
            })
        })
    }
}

/// A completer for clap, of one of ours.
pub(super) fn completer(
    candidates: impl Fn(&str) -> Vec<Candidate> + Send + Sync + 'static,
) -> ArgValueCompleter {
    ArgValueCompleter::new(move |typed: &OsStr| {
        let Some(typed) = typed.to_str() else {
            return Vec::new();
        };
        let fits = |candidate: &Candidate| {
            let value = candidate.value.as_encoded_bytes();
            value.starts_with(typed.as_bytes())
        };
        let fitting = candidates(typed).into_iter().filter(fits);
        fitting.map(to_clap).collect()
    })
}

fn to_clap(candidate: Candidate) -> CompletionCandidate {
    let Candidate { value, help } = candidate;
    let help = (!help.is_empty()).then(|| help.into());
    CompletionCandidate::new(value).help(help)
}

// clap's engine hands on what is typed and nothing else. The app goes around it.
thread_local!(static APP: RefCell<Option<Box<dyn Any>>> = const { RefCell::new(None) });

/// Has functions complete with this app.
pub(super) fn complete_with(app: Box<dyn Any>) {
    APP.set(Some(app));
}
