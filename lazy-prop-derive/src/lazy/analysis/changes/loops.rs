//! Loops: code that runs any number of times, and jumps out of it.

use std::mem;

use syn::Expr;

use super::follower::{Follower, Then};
use super::state::State;
use crate::lazy::analysis::values::names_in;

impl Follower<'_> {
    /// Code that runs any number of times. If it never uses the whole host, everything that it
    /// changes is cleared before it.
    pub(super) fn repeated(&mut self, expr: &mut Expr, visit: &dyn Fn(&mut Follower, &mut Expr)) {
        let (after, record) = self.rehearse(|this| visit(this, expr));
        if after.uses == self.state.uses && after.doubt == self.state.doubt {
            let host = self.host_at(expr);
            let mut acts = self.acts(&host, record.certain);
            acts.extend(self.careful_acts(&host, record.careful));
            self.clear_before(expr, &acts);
            self.branch(|this| visit(this, expr));
            return;
        }
        self.unsteady(after, true, |this| visit(this, expr));
    }

    pub(super) fn for_loop(&mut self, expr: &mut Expr) {
        let Expr::ForLoop(repeated) = expr else {
            return;
        };
        let before = self.state.uses;
        let was_lent = self.state.is_lent;
        let mut is_lent = self.lends(&mut repeated.expr, Self::expr);
        if matches!(*repeated.expr, Expr::Range(_)) {
            (is_lent, self.state.is_lent) = (false, was_lent);
        }
        let used = self.state.uses > before;
        let held = self.state.held.clone();
        // The iterated value is borrowed while the loop runs.
        self.state.held.is_unknown |= is_lent;
        let body = |this: &mut Follower, expr: &mut Expr| {
            if let Expr::ForLoop(repeated) = expr {
                this.scope(|this| {
                    this.bind(&repeated.pat, is_lent);
                    this.bound_before = names_in(&repeated.pat);
                    this.body(&mut repeated.body, Then::Dropped);
                });
            }
        };
        if used {
            let (after, _) = self.rehearse(|this| body(this, expr));
            self.unsteady(after, true, |this| body(this, expr));
        } else {
            self.repeated(expr, &body);
        }
        self.state.held = held;
    }

    /// Code that uses the whole host any number of times. At its start any value may have been
    /// computed and be doubtful. If it `jumps`, it may be left at any point.
    pub(super) fn unsteady(&mut self, after: State, jumps: bool, visit: impl FnOnce(&mut Self)) {
        self.state.uses += 1;
        self.state.cleared.clear();
        self.state.doubt.extend(after.doubt);
        if jumps {
            self.state.doubt.extend(after.doubted);
            self.left_anywhere(visit);
        } else {
            self.branch(visit);
        }
        self.state.cleared.clear();
    }

    /// Code that a jump may leave at any point. Doubts that are cleared further down in it remain.
    pub(super) fn left_anywhere(&mut self, visit: impl FnOnce(&mut Self)) {
        let outside = mem::take(&mut self.state.doubted);
        self.branch(visit);
        self.state.doubt.extend(self.state.doubted.iter().cloned());
        self.state.doubted.extend(outside);
    }
}
