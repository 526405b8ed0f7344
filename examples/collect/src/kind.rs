//! The kinds of collectors and handlers, registered from any module.

use crate::config::{Fault, Section};

/// A kind of collector or handler, made from a section of the configuration.
#[derive(Clone, Copy)]
pub struct Kind<P: ?Sized> {
    /// The name in the configuration.
    pub name: &'static str,
    /// One sentence about it.
    pub about: &'static str,
    /// Why it cannot work on this machine, if it cannot.
    pub can_run: fn() -> Result<(), String>,
    /// Makes one, or gives the faults of the section.
    pub make: fn(&Section) -> Result<Box<P>, Vec<Fault>>,
}

/// All registered kinds, sorted by name.
#[must_use]
pub fn kinds<P: ?Sized>() -> Vec<&'static Kind<P>>
where
    Kind<P>: inventory::Collect,
{
    let mut kinds: Vec<_> = inventory::iter::<Kind<P>>.into_iter().collect();
    kinds.sort_by_key(|kind| kind.name);
    kinds
}

/// The kind that a section names.
///
/// # Errors
/// If there is none.
pub fn kind_of<P: ?Sized>(section: &Section, what: &str) -> Result<&'static Kind<P>, Fault>
where
    Kind<P>: inventory::Collect,
{
    let kinds = kinds::<P>();
    let found = kinds.iter().find(|kind| kind.name == section.kind());
    found.copied().ok_or_else(|| {
        let names: Vec<_> = kinds.iter().map(|kind| kind.name).collect();
        section.fault(format!(
            "there is no {what} `{}`; there are {}",
            section.kind(),
            names.join(", ")
        ))
    })
}
