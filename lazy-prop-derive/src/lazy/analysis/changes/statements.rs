//! Statements and blocks.

use std::mem;

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Block, Expr, Item, Stmt};

use super::follower::{Follower, Then};
use super::state::Within;
use crate::lazy::analysis::needs::held_for;
use crate::lazy::analysis::places::Names;

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
