//! Statements, branches, loops, closures and macros.

use std::mem;

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Block, Expr, Item, Pat, Stmt};

use super::follower::{Follower, State, Then, Within};
use super::inner::{Used, is_of_fields};
use super::sink::{Act, What};
use crate::lazy::analysis::needs::{held_for, held_for_expr};
use crate::lazy::analysis::places::Names;
use crate::lazy::analysis::values::names_in;

impl Follower<'_> {
    /// A block, and the use of its value.
    pub(super) fn body(&mut self, block: &mut Block, then: Then) {
        self.scope(|this| this.stmts(block, then));
    }

    fn stmts(&mut self, block: &mut Block, then: Then) {
        let outer = (
            mem::take(&mut self.before),
            mem::take(&mut self.behind),
            self.names.clone(),
            self.state.uses_before,
            self.state.held.clone(),
        );
        let mut stmts = mem::take(&mut block.stmts);
        for name in mem::take(&mut self.bound_before) {
            block.stmts.extend(self.ask(&name));
        }
        for at in 0..stmts.len() {
            let held = held_for(&self.state.locals, &stmts[at..]);
            self.state.held = held.and(outer.4.clone());
            self.state.uses_before = Some(self.state.uses);
            let is_last = at + 1 == stmts.len();
            let mut stmt = mem::replace(&mut stmts[at], empty());
            self.settle_before(&stmt);
            self.stmt(&mut stmt, if is_last { then } else { Then::Used });
            block.stmts.append(&mut self.before);
            block.stmts.push(stmt);
            block.stmts.append(&mut self.behind);
        }
        (
            self.before,
            self.behind,
            self.names,
            self.state.uses_before,
            self.state.held,
        ) = outer;
    }

    /// Follows a statement. Its variables end with it.
    fn stmt(&mut self, stmt: &mut Stmt, then: Then) {
        let before = self.state.locals.clone();
        // After clearing was written into a statement, it cannot be read any more.
        let inside = self.sink.writes().then(|| self.bound.inside(stmt));
        self.lending_stmt(stmt, then);
        if self.state.locals.are_more_than(&before) {
            let inside = inside.unwrap_or_else(|| self.bound.inside(stmt));
            self.state.locals.leave(&inside, &before);
        }
    }

    /// Follows a statement; its variables may borrow the host, if it lends that.
    fn lending_stmt(&mut self, stmt: &mut Stmt, then: Then) {
        let was_lent = mem::take(&mut self.state.is_lent);
        let text = stmt.to_token_stream();
        let is_named = self.state.locals.are_in(text.clone());
        if is_conditional(&text) {
            self.branch(|this| this.plain_stmt(stmt, then));
        } else {
            self.plain_stmt(stmt, then);
        }
        let is_lent = mem::replace(&mut self.state.is_lent, was_lent);
        if is_lent || is_named {
            self.state.locals.add_stored(&text);
        }
    }

    fn plain_stmt(&mut self, stmt: &mut Stmt, then: Then) {
        match stmt {
            Stmt::Expr(expr, Some(_)) => self.value(expr, Then::Dropped),
            Stmt::Expr(expr, None) => self.value(expr, then),
            Stmt::Local(local) => self.local(local),
            Stmt::Item(item) => self.item(item),
            Stmt::Macro(_) => self.macro_stmt(stmt),
        }
    }

    /// An expression whose value ends here, unless it is used.
    pub(super) fn value(&mut self, expr: &mut Expr, then: Then) {
        let then = if self.state.within != Within::Method && then == Then::Returned {
            Then::Used
        } else {
            then
        };
        // A returned value that does not name the host was lent before, and nothing can be cleared.
        let names_host = self.names.are_in(&expr.to_token_stream());
        if then == Then::Returned && self.lends && names_host {
            self.settle(expr);
        }
        match expr {
            expr if then == Then::Used => self.expr(expr),
            expr if gives_back(expr, &self.names) => self.settle(expr),
            Expr::MethodCall(_) => self.method_call(expr, then),
            Expr::Try(inner) => self.value(&mut inner.expr, then),
            Expr::Await(inner) => self.value(&mut inner.base, then),
            Expr::If(_) | Expr::Match(_) => self.branches(expr, then),
            Expr::Block(block) if block.label.is_none() => self.body(&mut block.block, then),
            other => self.expr(other),
        }
    }

    /// Doubtful values are cleared before the host, or a part of it, is returned.
    fn settle(&mut self, expr: &mut Expr) {
        if self.state.doubt.is_empty() || self.state.held.is_unknown {
            return;
        }
        let host = self.host_at(expr);
        self.use_whole(expr, &host);
    }

    /// A method that lends the host cannot clear when it ends, and a statement that names the host
    /// may start the loan.
    fn settle_before(&mut self, stmt: &Stmt) {
        let is_lending = self.lends && self.state.within == Within::Method;
        let tokens = stmt.to_token_stream();
        let is_doubtful = !self.state.doubt.is_empty() && self.state.held.is_nothing();
        let Some(host) = self
            .names
            .first_in(tokens)
            .filter(|_| is_lending && is_doubtful)
        else {
            return;
        };
        let doubt = mem::take(&mut self.state.doubt);
        self.state.cleared.clear();
        let acts = self.acts(&host, doubt);
        let stmt = self.sink.statement(&acts);
        self.before.extend(stmt);
        self.note(&acts);
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

    /// `if` and `match`
    fn branches(&mut self, expr: &mut Expr, then: Then) {
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
                for (arm, bound) in branch.arms.iter_mut().zip(&patterns) {
                    if let Pat::Guard(pattern) = &mut arm.pat {
                        self.scope(|this| {
                            this.bind(bound, is_lent);
                            this.branch(|this| this.look(&mut pattern.guard));
                        });
                    }
                }
                for (arm, bound) in branch.arms.iter_mut().zip(&patterns) {
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
            _ => {}
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

    /// Code that runs any number of times. If it never uses the whole host, everything that it
    /// changes is cleared before it.
    fn repeated(&mut self, expr: &mut Expr, visit: &dyn Fn(&mut Follower, &mut Expr)) {
        let (after, record) = self.rehearse(|this| visit(this, expr));
        if after.uses == self.state.uses && after.doubt == self.state.doubt {
            let host = self.host_at(expr);
            let mut acts = self.acts(&host, record.certain);
            acts.extend(self.careful_acts(&host, record.careful));
            self.clear_before(expr, &acts);
            self.branch(|this| visit(this, expr));
            return;
        }
        self.unsteady(after, |this| visit(this, expr));
    }

    /// Code that uses the whole host any number of times. At its start any value may have been
    /// computed and be doubtful.
    fn unsteady(&mut self, after: State, visit: impl FnOnce(&mut Self)) {
        self.state.uses += 1;
        self.state.cleared.clear();
        self.state.doubt.extend(after.doubt);
        self.state.doubt.extend(after.doubted);
        self.left_anywhere(visit);
        self.state.cleared.clear();
    }

    /// Code that a jump may leave at any point. Doubts that are cleared further down in it remain.
    fn left_anywhere(&mut self, visit: impl FnOnce(&mut Self)) {
        let outside = mem::take(&mut self.state.doubted);
        self.branch(visit);
        self.state.doubt.extend(self.state.doubted.iter().cloned());
        self.state.doubted.extend(outside);
    }

    /// Branches, loops, closures and jumps.
    pub(super) fn control(&mut self, expr: &mut Expr) {
        match expr {
            Expr::If(_) | Expr::Match(_) => self.branches(expr, Then::Used),
            Expr::Let(binding) => {
                let pattern = binding.pat.clone();
                let is_lent = self.lends(&mut binding.expr, |this, expr| {
                    this.scrutinee(expr, &[&pattern]);
                });
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

    fn for_loop(&mut self, expr: &mut Expr) {
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
            self.unsteady(after, |this| body(this, expr));
        } else {
            self.repeated(expr, &body);
        }
        self.state.held = held;
    }

    /// A closure or an async block borrows from now on what it changes.
    fn closure(&mut self, expr: &mut Expr) {
        let outside = self.state.within;
        if outside == Within::Method {
            self.state.within = Within::Closure;
        }
        let visit = |this: &mut Follower, expr: &mut Expr| match expr {
            Expr::Closure(closure) => this.scope(|this| {
                for input in &closure.inputs {
                    this.bind(input, false);
                }
                this.expr(&mut closure.body);
            }),
            Expr::Async(block) => this.body(&mut block.block, Then::Used),
            _ => {}
        };
        let used = Used::by(expr, &self.names);
        let (after, record) = self.rehearse(|this| visit(this, expr));
        if after.uses == self.state.uses && after.doubt == self.state.doubt {
            // Clearing inside would borrow the cells while the closure lives.
            let host = self.host_at(expr);
            let (named, others): (Vec<_>, Vec<_>) = record.by_type.into_iter().partition(|what| {
                let is_known =
                    |place: &Expr| is_of_fields(place) && self.names.place(place).is_some();
                what.place().is_none_or(is_known)
            });
            let others = others.into_iter().filter_map(What::into_target);
            let mut acts = self.acts(&host, record.certain.into_iter().chain(others));
            acts.extend(self.careful_acts(&host, record.careful));
            if outside != Within::ClearedClosure {
                acts.extend(named.into_iter().map(|what| Act::new(&host, what)));
            }
            self.clear_before(expr, &acts);
            if outside != Within::ClearedClosure {
                self.state.used = used;
            }
            self.state.within = Within::ClearedClosure;
            self.branch(|this| visit(this, expr));
        } else {
            // A closure that only reads must stay one that `&` can call.
            let host = self.host_at(expr);
            self.use_whole(expr, &host);
            let (after, record) = self.rehearse(|this| visit(this, expr));
            let has_exit = has_exit(expr.to_token_stream());
            // While a closure that changes the host lives, nobody else can use the host.
            let looks = record.targets.is_empty() && after.doubt == self.state.doubt;
            let was_lent = self.state.is_lent;
            self.state.uses += 1;
            self.state.cleared.clear();
            self.state.doubt.extend(after.doubt);
            if has_exit {
                self.state.doubt.extend(after.doubted);
                self.left_anywhere(|this| visit(this, expr));
            } else {
                self.branch(|this| visit(this, expr));
            }
            self.state.cleared.clear();
            self.state.is_lent = was_lent || looks;
        }
        self.state.within = outside;
    }

    /// An item inside of the body has no `self`, except through a macro defined in it. That macro
    /// acts where it is called.
    pub(super) fn item(&mut self, item: &mut Item) {
        if let Item::Macro(item) = item {
            if let (Some(name), true) = (&item.ident, self.names.are_in(&item.mac.tokens)) {
                self.state.macros.insert(name.to_string());
            }
        }
    }
}

/// `self`, `Ok(self)`, `Some(self)`: the start of further calls.
fn gives_back(expr: &Expr, names: &Names) -> bool {
    match expr {
        Expr::Call(call) => {
            let wraps = matches!(&*call.func, Expr::Path(path)
                if path.path.is_ident("Ok") || path.path.is_ident("Some"));
            wraps && call.args.len() == 1 && gives_back(&call.args[0], names)
        }
        Expr::Path(_) => names.whole(expr).is_some(),
        _ => false,
    }
}

/// Whether a closure may be left before its end, by `return` or `?`.
fn has_exit(closure: TokenStream) -> bool {
    closure.into_iter().any(|token| match token {
        TokenTree::Ident(word) => word == "return",
        TokenTree::Punct(punct) => punct.as_char() == '?',
        TokenTree::Group(group) => has_exit(group.stream()),
        TokenTree::Literal(_) => false,
    })
}

/// Whether the statement has a `#[cfg]`.
fn is_conditional(stmt: &TokenStream) -> bool {
    let mut tokens = stmt.clone().into_iter();
    while let Some(TokenTree::Punct(hash)) = tokens.next() {
        let Some(TokenTree::Group(attribute)) = tokens.next() else {
            return false;
        };
        if hash.as_char() != '#' {
            return false;
        }
        let first = attribute.stream().into_iter().next();
        if matches!(first, Some(TokenTree::Ident(word)) if word == "cfg") {
            return true;
        }
    }
    false
}

fn empty() -> Stmt {
    Stmt::Expr(Expr::Verbatim(TokenStream::new()), None)
}
