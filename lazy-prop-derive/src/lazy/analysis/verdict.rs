//! What a method clears, and where: the verdict that generated code obeys.

use std::collections::BTreeSet;

use super::graph::Target;
use super::lends::Lent;
use crate::lazy::model::block::Method;
use crate::lazy::model::receiver::Receiver;

/// What a method clears, and where.
#[derive(Clone)]
pub(crate) enum Clearing {
    /// Nothing: it is compiled as it is written.
    Nothing,
    /// These properties when it begins, for its mark says so.
    Listed(BTreeSet<String>),
    /// What each change makes stale, where it happens.
    AtChanges(Verdict),
}

/// What was found in a body that changes its host.
#[derive(Clone, Default)]
pub(crate) struct Verdict {
    /// What is cleared somewhere in the body.
    pub(crate) targets: BTreeSet<Target>,
    /// What may be changed where nothing can be cleared: it is cleared when the method begins.
    pub(crate) on_entry: BTreeSet<Target>,
    /// What may be stale when the method is left: it is cleared then.
    pub(crate) on_exit: BTreeSet<Target>,
}

impl Verdict {
    pub(crate) fn all_targets(&self) -> impl Iterator<Item = &Target> {
        [&self.targets, &self.on_entry, &self.on_exit]
            .into_iter()
            .flatten()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.all_targets().next().is_none()
    }
}

/// Whether a method can run code when it is left: one that owns its host gives it away before, and
/// one that lends it ends with the loan.
pub(crate) fn can_be_guarded(method: &Method) -> bool {
    let lent = Lent::by(&method.item.sig);
    method.receiver == Receiver::Mut && lent == Lent::Nothing
}
