//! The receiver of the findings: they are recorded, or written into the body.

use proc_macro2::Ident;
use syn::{Expr, Stmt};

use crate::lazy::analysis::graph::Target;
use crate::sorted::Set;

/// One clearing.
pub(crate) struct Act {
    /// The host's name there.
    pub(crate) host: Ident,
    pub(crate) what: What,
    /// Not if one of these loans can borrow.
    pub(crate) unless: Set<Ident>,
}

impl Act {
    pub(super) fn new(host: &Ident, what: What) -> Self {
        Self {
            host: host.clone(),
            what,
            unless: Set::new(),
        }
    }
}

#[derive(Clone)]
pub(crate) enum What {
    Clear(Target),
    /// Cleared unless the place has a type of std whose methods of this class only look.
    UnlessKnown(Target, Expr, &'static str),
    /// Cleared if the place is a mutable reference, which a pattern then borrows.
    IfReference(Target, Expr),
    /// The place is cleared if it is itself a host.
    Inner(Expr),
}

impl What {
    /// The place whose type rustc is asked for.
    pub(super) fn place(&self) -> Option<&Expr> {
        match self {
            Self::Clear(_) => None,
            Self::UnlessKnown(_, place, _) | Self::IfReference(_, place) | Self::Inner(place) => {
                Some(place)
            }
        }
    }

    pub(crate) fn is_inner(&self) -> bool {
        matches!(self, Self::Inner(_))
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

/// Whether a host inside of the host may be cleared.
pub(super) fn reach_inner(acts: &[Act]) -> bool {
    acts.iter().any(|act| act.what.is_inner())
}

/// A receiver of findings.
pub(crate) trait Sink {
    /// Clear before a statement, in a statement of its own.
    fn statement(&mut self, acts: &[Act]) -> Option<Stmt>;

    /// Clear before an expression is evaluated.
    fn before(&mut self, expr: &mut Expr, acts: &[Act]);

    /// Clear when an operand has its value.
    fn behind(&mut self, operand: &mut Expr, acts: &[Act]);

    /// Clear when these arguments of a method call have their values, and before the call borrows
    /// its receiver.
    fn hoisted(&mut self, call: &mut Expr, arguments: &[usize], acts: &[Act]);

    /// Clear before a place is matched. It stays a place.
    fn matched(&mut self, place: &mut Expr, acts: &[Act]);

    /// Ask whether the type of a variable can borrow, in a statement of its own.
    fn loan(&mut self, loan: &Ident, variable: &Ident) -> Option<Stmt>;

    /// Whether the body is being written.
    fn writes(&self) -> bool;
}

/// Records the clearings.
#[derive(Default)]
pub(crate) struct Record {
    /// Everything.
    pub(crate) targets: Set<Target>,
    /// Certain clearings.
    pub(super) certain: Set<Target>,
    /// Clearings that depend on the type of a place.
    pub(crate) by_type: Vec<What>,
    /// Clearings that depend on the types of variables.
    pub(super) careful: Set<Target>,
    /// The loans of those variables.
    pub(crate) loans: Set<String>,
}

impl Record {
    fn record(&mut self, acts: &[Act]) {
        for act in acts {
            if !act.unless.is_empty() {
                let loans = act.unless.iter().map(Ident::to_string);
                self.loans.extend(loans);
                let target = act.what.clone().into_target();
                self.targets.extend(target.clone());
                self.careful.extend(target);
                continue;
            }
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

    fn loan(&mut self, _: &Ident, _: &Ident) -> Option<Stmt> {
        None
    }

    fn writes(&self) -> bool {
        false
    }
}
