//! Branches: code that may or may not run.

use std::mem;

use quote::ToTokens;
use syn::{Expr, ExprMatch, Pat};

use super::follower::{Follower, Then};
use super::state::State;
use crate::lazy::analysis::needs::held_for_expr;
use crate::lazy::analysis::values::names_in;

impl Follower<'_> {
    /// Branches, loops, closures and jumps.
    pub(super) fn control(&mut self, expr: &mut Expr) {
        match expr {
            Expr::If(_) | Expr::Match(_) => self.branches(expr, Then::Used),
            Expr::Let(binding) => {
                let pattern = binding.pat.clone();
                let is_lent = self.lends(&mut binding.expr, |this, expr| {
                    this.scrutinee(expr, &[&pattern]);
                });
                let acts = self.acts_of_taken(&binding.expr, &[&pattern]);
                self.clear_before(expr, &acts);
                self.bind(&pattern, is_lent);
                self.bound_before.extend(names_in(&pattern));
            }
            Expr::While(_) => self.repeated(expr, &|this, expr| {
                if let Expr::While(repeated) = expr {
                    this.scope(|this| {
                        this.condition(&mut repeated.cond);
                        this.body(&mut repeated.body, Then::Dropped);
                    });
                }
            }),
            Expr::Loop(_) => self.repeated(expr, &|this, expr| {
                if let Expr::Loop(repeated) = expr {
                    this.body(&mut repeated.body, Then::Dropped);
                }
            }),
            Expr::ForLoop(_) => self.for_loop(expr),
            Expr::Closure(_) | Expr::Async(_) => self.closure(expr),
            Expr::Block(block) if block.label.is_some() => {
                let before = self.state.uses;
                self.left_anywhere(|this| this.body(&mut block.block, Then::Used));
                if self.state.uses > before {
                    self.state.cleared.clear();
                }
            }
            Expr::Block(block) => self.body(&mut block.block, Then::Used),
            Expr::Return(leave) => {
                if let Some(value) = &mut leave.expr {
                    self.value(value, Then::Returned);
                }
            }
            other => self.inside(other),
        }
    }

    /// `if` and `match`
    pub(super) fn branches(&mut self, expr: &mut Expr, then: Then) {
        match expr {
            Expr::If(branch) => {
                self.scope(|this| {
                    this.condition(&mut branch.cond);
                    this.branch(|this| this.body(&mut branch.then_branch, then));
                });
                if let Some((_, other)) = &mut branch.else_branch {
                    self.branch(|this| this.value(other, then));
                }
            }
            Expr::Match(branch) => {
                let patterns: Vec<Pat> = branch.arms.iter().map(|arm| arm.pat.clone()).collect();
                let patterns: Vec<_> = patterns.iter().collect();
                let is_lent = self.lends(&mut branch.expr, |this, expr| {
                    this.scrutinee(expr, &patterns);
                });
                let acts = self.acts_of_taken(&branch.expr, &patterns);
                let is_cleared = self.clear_before_statement(&acts) || acts.is_empty();
                self.arms(branch, &patterns, is_lent, then);
                if !is_cleared {
                    self.sink.before(expr, &acts);
                }
            }
            _ => {}
        }
    }

    /// The arms of a `match`: all guards may run before one of the bodies.
    fn arms(&mut self, branch: &mut ExprMatch, patterns: &[&Pat], is_lent: bool, then: Then) {
        for (arm, bound) in branch.arms.iter_mut().zip(patterns) {
            if let Pat::Guard(pattern) = &mut arm.pat {
                self.scope(|this| {
                    this.bind(bound, is_lent);
                    this.branch(|this| this.look(&mut pattern.guard));
                });
            }
        }
        for (arm, bound) in branch.arms.iter_mut().zip(patterns) {
            self.scope(|this| {
                this.bind(bound, is_lent);
                this.branch(|this| {
                    if matches!(&*arm.body, Expr::Block(_)) {
                        this.bound_before = names_in(bound);
                    } else {
                        let held = held_for_expr(&this.state.locals, &arm.body);
                        this.state.held = mem::take(&mut this.state.held).and(held);
                    }
                    this.value(&mut arm.body, then);
                });
            });
        }
    }

    /// The condition of an `if` or a `while`.
    fn condition(&mut self, condition: &mut Expr) {
        let is_lent = self.lends(condition, Self::look);
        if is_lent {
            self.state.locals.add_stored(condition);
        }
    }

    /// Whether the value of an expression may borrow the host.
    pub(super) fn lends(
        &mut self,
        expr: &mut Expr,
        visit: impl FnOnce(&mut Self, &mut Expr),
    ) -> bool {
        let is_named = self.state.locals.are_in(expr.to_token_stream());
        let was_lent = mem::take(&mut self.state.is_lent);
        visit(self, expr);
        let is_lent = mem::replace(&mut self.state.is_lent, was_lent) || is_named;
        self.state.is_lent |= is_lent;
        is_lent
    }

    /// Code that may or may not run.
    pub(super) fn branch(&mut self, visit: impl FnOnce(&mut Self)) {
        let before = self.state.clone();
        self.state.uses_before = None;
        visit(self);
        self.join(before);
    }

    /// The state where a path through `visit` joins one that skipped it.
    fn join(&mut self, before: State) {
        let taken = mem::replace(&mut self.state, before);
        self.state
            .cleared
            .retain(|target| taken.cleared.contains(target));
        self.state.doubt.extend(taken.doubt);
        self.state.doubted = taken.doubted;
        self.state.locals = taken.locals;
        self.state.borrowed = taken.borrowed;
        self.state.is_lent |= taken.is_lent;
        self.state.uses = taken.uses;
        self.state.handed_over = taken.handed_over;
        self.state.loans = taken.loans;
        self.state.macros = taken.macros;
    }
}
