//! The verdict on a method: what it clears, and where. Generated code obeys it.

use super::graph::Target;
use super::lends::Lent;
use crate::lazy::model::block::Method;
use crate::lazy::model::receiver::Receiver;
use crate::sorted::Set;

/// What a method clears, and where.
#[derive(Clone)]
pub(crate) enum Clearing {
    /// Nothing. It is compiled as written.
    Nothing,
    /// These properties at its beginning, because its mark says so.
    Listed(Set<String>),
    /// The stale properties, at each change.
    AtChanges(Verdict),
}

/// The findings in a body that changes its host.
#[derive(Clone, Default)]
pub(crate) struct Verdict {
    /// Everything that is cleared somewhere in the body.
    pub(crate) targets: Set<Target>,
    /// Possible changes where nothing can be cleared. Their properties are cleared when the method
    /// begins.
    pub(crate) on_entry: Set<Target>,
    /// Properties that may be stale when the method ends. They are cleared then.
    pub(crate) on_exit: Set<Target>,
    /// Whether it changes what may be a host inside of the host.
    pub(crate) changes_inner: bool,
    /// The loans that decide whether something is cleared.
    pub(crate) loans: Set<String>,
}

impl Verdict {
    pub(crate) fn all_targets(&self) -> impl Iterator<Item = &Target> {
        [&self.targets, &self.on_entry, &self.on_exit]
            .into_iter()
            .flatten()
    }

    pub(crate) fn is_empty(&self) -> bool {
        !self.changes_inner && self.all_targets().next().is_none()
    }
}

/// Whether a method can run code at its end. One that owns its host gives it away before, and one
/// that lends it ends with the loan.
pub(crate) fn can_be_guarded(method: &Method) -> bool {
    let lent = Lent::by(&method.item.sig);
    method.receiver == Receiver::Mut && lent == Lent::Nothing
}
