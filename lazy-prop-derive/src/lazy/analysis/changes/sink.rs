//! Where what was found goes: it is recorded, or it is written into the body.

use std::collections::BTreeSet;

use proc_macro2::Ident;
use syn::{Expr, Stmt};

use crate::lazy::analysis::graph::Target;

/// Something to clear.
pub(crate) struct Act {
    /// What the host is called there.
    pub(crate) host: Ident,
    pub(crate) what: What,
}

#[derive(Clone)]
pub(crate) enum What {
    Clear(Target),
    /// It is cleared unless the place is of a type of std whose methods of this class only look.
    UnlessKnown(Target, Expr, &'static str),
    /// It is cleared if the place is a mutable reference, which a pattern then borrows.
    IfReference(Target, Expr),
    /// The place is cleared, if it is a host itself.
    Inner(Expr),
}

impl What {
    /// The place whose type is asked for.
    pub(super) fn place(&self) -> Option<&Expr> {
        match self {
            Self::Clear(_) => None,
            Self::UnlessKnown(_, place, _) | Self::IfReference(_, place) | Self::Inner(place) => {
                Some(place)
            }
        }
    }

    pub(super) fn into_target(self) -> Option<Target> {
        match self {
            Self::Clear(target)
            | Self::UnlessKnown(target, _, _)
            | Self::IfReference(target, _) => Some(target),
            Self::Inner(_) => None,
        }
    }
}

/// Who takes what was found.
pub(crate) trait Sink {
    /// It is done before a statement, in one of its own.
    fn statement(&mut self, acts: &[Act]) -> Option<Stmt>;

    /// It is done before an expression is evaluated.
    fn before(&mut self, expr: &mut Expr, acts: &[Act]);

    /// It is done when an operand has its value.
    fn behind(&mut self, operand: &mut Expr, acts: &[Act]);

    /// It is done when these arguments of a method call have their values, and before the call
    /// borrows what it is called on.
    fn hoisted(&mut self, call: &mut Expr, arguments: &[usize], acts: &[Act]);

    /// It is done before a place is matched, which stays a place.
    fn matched(&mut self, place: &mut Expr, acts: &[Act]);

    /// Whether the body is being written.
    fn writes(&self) -> bool;
}

/// Records what is cleared.
#[derive(Default)]
pub(crate) struct Record {
    /// Everything.
    pub(crate) targets: BTreeSet<Target>,
    /// What is cleared for certain.
    pub(super) certain: BTreeSet<Target>,
    /// What depends on the type of a place.
    pub(super) by_type: Vec<What>,
}

impl Record {
    fn record(&mut self, acts: &[Act]) {
        for act in acts {
            match &act.what {
                What::Clear(target) => {
                    self.targets.insert(target.clone());
                    self.certain.insert(target.clone());
                }
                What::UnlessKnown(target, _, _) | What::IfReference(target, _) => {
                    self.targets.insert(target.clone());
                    self.by_type.push(act.what.clone());
                }
                What::Inner(_) => self.by_type.push(act.what.clone()),
            }
        }
    }
}

impl Sink for Record {
    fn statement(&mut self, acts: &[Act]) -> Option<Stmt> {
        self.record(acts);
        None
    }

    fn before(&mut self, _: &mut Expr, acts: &[Act]) {
        self.record(acts);
    }

    fn behind(&mut self, _: &mut Expr, acts: &[Act]) {
        self.record(acts);
    }

    fn hoisted(&mut self, _: &mut Expr, _: &[usize], acts: &[Act]) {
        self.record(acts);
    }

    fn matched(&mut self, _: &mut Expr, acts: &[Act]) {
        self.record(acts);
    }

    fn writes(&self) -> bool {
        false
    }
}
