//! The choice of a runtime: once for each thread, before anything uses one.

use std::cell::OnceCell;
use std::fmt::Write as _;
use std::panic::Location;
use std::rc::Rc;
use std::{error, fmt, io};

use super::{Kind, Runtime};

/// The default runtime.
const DEFAULT: &str = "tokio";

thread_local! {
    static CHOICE: OnceCell<Choice> = const { OnceCell::new() };
}

struct Choice {
    name: &'static str,
    place: &'static Location<'static>,
    runtime: Rc<dyn Runtime>,
}

/// All runtimes, by name.
#[must_use]
pub fn kinds() -> Vec<&'static Kind> {
    let mut kinds: Vec<_> = inventory::iter::<Kind>().collect();
    kinds.sort_by_key(|kind| kind.name);
    kinds
}

/// The runtime with that name, if it can run here.
///
/// # Errors
/// If there is none, or it cannot run.
pub fn find(name: &str) -> Result<&'static Kind, Unavailable> {
    let kinds = kinds();
    let Some(kind) = kinds.iter().find(|kind| kind.name == name) else {
        let nearest = crate::nearest(name, kinds.iter().map(|kind| kind.name));
        return Err(Unavailable::Unknown(name.to_owned(), nearest));
    };
    (kind.probe)().map_err(|error| Unavailable::Refused(kind.name, error))?;
    Ok(kind)
}

/// Starts the runtime with that name, and installs it for this thread.
///
/// # Errors
/// If one is already installed, even the same one, as in twistd. If it cannot run.
#[track_caller]
pub fn install(name: &str) -> Result<Rc<dyn Runtime>, Box<dyn error::Error>> {
    install_for(Location::caller(), name)
}

fn install_for(
    place: &'static Location<'static>,
    name: &str,
) -> Result<Rc<dyn Runtime>, Box<dyn error::Error>> {
    CHOICE.with(|choice| {
        if let Some(first) = choice.get() {
            let (name, place) = (first.name, first.place);
            return Err(AlreadyInstalled { name, place }.into());
        }
        let kind = find(name)?;
        let runtime = (kind.start)().map_err(|error| Unavailable::Refused(kind.name, error))?;
        let name = kind.name;
        let choice = choice.get_or_init(|| Choice {
            name,
            place,
            runtime,
        });
        Ok(Rc::clone(&choice.runtime))
    })
}

/// The runtime of this thread. The first use without a choice installs the default.
///
/// # Panics
/// If the default cannot run here.
#[track_caller]
#[must_use]
pub fn current() -> Rc<dyn Runtime> {
    let place = Location::caller();
    let installed = CHOICE.with(|choice| Some(Rc::clone(&choice.get()?.runtime)));
    installed.unwrap_or_else(|| match install_for(place, DEFAULT) {
        Ok(runtime) => runtime,
        Err(error) => panic!("{error}"),
    })
}

/// The list for `--help-runtimes`: first the runtimes that can run here, then the others with the
/// reason.
#[must_use]
pub fn help() -> String {
    let mut text = String::from("Runtimes:\n");
    let (mut here, mut elsewhere) = (String::new(), String::new());
    for Kind {
        name, about, probe, ..
    } in kinds()
    {
        let _ = match probe() {
            Ok(()) => writeln!(here, "    {name:8}{about}"),
            Err(error) => writeln!(elsewhere, "  ! {name:8}{about} ({})", crate::reason(&error)),
        };
    }
    if !elsewhere.is_empty() {
        elsewhere.insert_str(0, "Those with a ! can't run here:\n");
    }
    text.push_str(&here);
    text + &elsewhere
}

/// A second choice.
#[derive(Debug)]
pub struct AlreadyInstalled {
    name: &'static str,
    place: &'static Location<'static>,
}

impl fmt::Display for AlreadyInstalled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, place } = self;
        write!(f, "a runtime is already installed: `{name}`, by {place}")
    }
}

impl error::Error for AlreadyInstalled {}

/// An invalid choice.
#[derive(Debug)]
pub enum Unavailable {
    /// There is no such runtime. The nearest name, if any.
    Unknown(String, Option<String>),
    /// The runtime exists, but cannot run here.
    Refused(&'static str, io::Error),
}

impl fmt::Display for Unavailable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(name, None) => {
                write!(f, "there is no runtime `{name}`; see --help-runtimes")
            }
            Self::Unknown(name, Some(nearest)) => {
                write!(
                    f,
                    "there is no runtime `{name}`, did you mean `{nearest}`? See --help-runtimes"
                )
            }
            Self::Refused(name, error) => {
                write!(
                    f,
                    "the runtime `{name}` can't run here: {}",
                    crate::reason(error)
                )
            }
        }
    }
}

impl error::Error for Unavailable {}
