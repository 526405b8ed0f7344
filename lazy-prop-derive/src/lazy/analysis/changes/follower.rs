//! The follower of the host through a body.

use proc_macro2::Ident;
use quote::format_ident;
use syn::{Pat, Stmt};

use super::sink::{Record, Sink};
use super::state::State;
use crate::lazy::analysis::facts::Facts;
use crate::lazy::analysis::graph::Graph;
use crate::lazy::analysis::places::{Name, Names};
use crate::lazy::analysis::values::Bound;
use crate::lazy::analysis::verdict::Verdict;
use crate::walk::{Node, Walk};

/// Follows the host through a body.
pub(super) struct Follower<'f> {
    pub(super) facts: &'f Facts,
    pub(super) graph: &'f Graph,
    pub(super) sink: &'f mut dyn Sink,
    /// The receiver's own token, because `self` is hygienic.
    pub(super) this: Ident,
    /// Whether the method lends a part of its host.
    pub(super) lends: bool,
    pub(super) bound: &'f Bound,
    pub(super) names: Names,
    pub(super) state: State,
    pub(super) found: Verdict,
    /// Code for the place before the present statement.
    pub(super) before: Vec<Stmt>,
    /// Code for the place behind it.
    pub(super) behind: Vec<Stmt>,
    /// Variables that the next block can ask rustc for.
    pub(super) bound_before: Vec<Ident>,
}

/// The use of an expression's value.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Then {
    /// The body goes on with it.
    Used,
    /// It is dropped.
    Dropped,
    /// The body ends with it. A `self` here, or a call that lends it, does not count as a use.
    Returned,
}

/// How certain a change is.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Sure {
    /// rustc treats it as a change.
    Yes,
    /// A change if the called method changes its receiver.
    Perhaps,
}

impl Walk for Follower<'_> {
    fn visit(&mut self, node: Node<'_>) {
        match node {
            Node::Expr(expr) => self.expr(expr),
            Node::Block(block) => self.body(block, Then::Used),
            Node::Local(local) => self.local(local),
            Node::Item(item) => self.item(item),
            // Patterns and types change nothing.
            Node::Pat(_) | Node::Type(_) => {}
            other => other.inside(self),
        }
    }
}

impl Follower<'_> {
    /// Whether `visit` uses the whole host.
    pub(super) fn uses(&mut self, visit: impl FnOnce(&mut Self)) -> bool {
        let before = self.state.uses;
        visit(self);
        self.state.uses > before
    }

    /// From now on the host has this name too.
    pub(super) fn name(&mut self, name: Name) {
        self.state.locals.is_host(&name.text);
        self.state.borrowed.is_host(&name.text);
        self.names.0.push(name);
    }

    /// From here on, the names in a pattern are new variables, which may borrow the host if
    /// `is_lent`.
    pub(super) fn bind(&mut self, pattern: &Pat, is_lent: bool) {
        self.state.locals.bind(pattern, is_lent);
        self.state.borrowed.bind(pattern, false);
    }

    /// Asks rustc whether a variable can borrow. The answer is a statement, beside the variable.
    pub(super) fn ask(&mut self, name: &Ident) -> Option<Stmt> {
        if !self.state.locals.lack_loan_of(name) {
            return None;
        }
        let loan = format_ident!("__loan{}", self.state.loans, span = name.span());
        self.state.loans += 1;
        self.state.locals.add_loan(name, loan.clone());
        self.sink.loan(&loan, name)
    }

    /// Code whose variables end with it.
    pub(super) fn scope(&mut self, visit: impl FnOnce(&mut Self)) {
        let outside = (self.state.locals.clone(), self.state.borrowed.clone());
        visit(self);
        self.state.locals.end_scope(outside.0);
        self.state.borrowed.end_scope(outside.1);
    }

    /// The findings of `visit`, without writing.
    pub(super) fn rehearse(&mut self, visit: impl FnOnce(&mut Follower)) -> (State, Record) {
        let mut record = Record::default();
        let mut follower = Follower {
            facts: self.facts,
            graph: self.graph,
            sink: &mut record,
            this: self.this.clone(),
            lends: self.lends,
            bound: self.bound,
            names: self.names.clone(),
            state: self.state.clone(),
            found: Verdict::default(),
            before: Vec::new(),
            behind: Vec::new(),
            bound_before: Vec::new(),
        };
        follower.state.uses_before = None;
        visit(&mut follower);
        let state = follower.state;
        (state, record)
    }
}
