//! The state at one point of a body.

use super::inner::Used;
use crate::lazy::analysis::graph::Target;
use crate::lazy::analysis::locals::{Held, Locals};
use crate::lazy::analysis::values::Bound;
use crate::sorted::Set;

/// The state at one point of a body.
#[derive(Clone, Default)]
pub(super) struct State {
    /// Properties that were cleared, and cannot have been computed since.
    pub(super) cleared: Set<Target>,
    /// Properties that may have become stale unseen.
    pub(super) doubt: Set<Target>,
    /// All doubts of the innermost loop or labelled block, which a jump may take to its end.
    pub(super) doubted: Set<Target>,
    /// The variables that may borrow the host.
    pub(super) locals: Locals,
    /// The variables that certainly borrow it.
    pub(super) borrowed: Locals,
    /// What those of them hold that are still needed.
    pub(super) held: Held,
    /// The number of loans so far.
    pub(super) loans: usize,
    /// Whether the host was lent in the statement.
    pub(super) is_lent: bool,
    /// The number of uses of the whole host. After each, any property may have been computed.
    pub(super) uses: usize,
    /// How often it went where it cannot be followed.
    pub(super) handed_over: usize,
    /// The number of uses at the start of the present statement, if that start always runs before
    /// this point.
    pub(super) uses_before: Option<usize>,
    /// The macros that the body defines, and that name `self`.
    pub(super) macros: Set<String>,
    pub(super) within: Within,
    /// The places that a cleared closure uses.
    pub(super) used: Used,
}

impl State {
    pub(super) fn new(bound: &Bound) -> Self {
        let locals = Locals::among(bound.may_borrow());
        Self {
            borrowed: locals.clone(),
            locals,
            ..Self::default()
        }
    }
}

/// The place of a part of a body.
#[derive(Clone, Copy, Default, PartialEq)]
pub(super) enum Within {
    #[default]
    Method,
    /// A closure or an async block, which `return` leaves alone.
    Closure,
    /// One that was cleared for, before it, with everything that it changes.
    ClearedClosure,
}
