//! Closures and async blocks.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::Expr;

use super::follower::{Follower, Then};
use super::inner::{Used, is_of_fields};
use super::sink::{Act, Record, What};
use super::state::Within;

impl Follower<'_> {
    /// A closure or an async block borrows from now on what it changes.
    pub(super) fn closure(&mut self, expr: &mut Expr) {
        let outside = self.state.within;
        if outside == Within::Method {
            self.state.within = Within::Closure;
        }
        let (after, record) = self.rehearse(|this| this.closure_body(expr));
        if after.uses == self.state.uses && after.doubt == self.state.doubt {
            self.clear_before_closure(expr, record, outside);
        } else {
            self.clear_in_closure(expr);
        }
        self.state.within = outside;
    }

    fn closure_body(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Closure(closure) => self.scope(|this| {
                for input in &closure.inputs {
                    this.bind(input, false);
                }
                this.expr(&mut closure.body);
            }),
            Expr::Async(block) => self.body(&mut block.block, Then::Used),
            _ => {}
        }
    }

    /// One that never uses the whole host. Clearing inside would borrow the cells while it lives.
    fn clear_before_closure(&mut self, expr: &mut Expr, record: Record, outside: Within) {
        let host = self.host_at(expr);
        let is_known = |place: &Expr| is_of_fields(place) && self.names.place(place).is_some();
        let (named, others): (Vec<_>, Vec<_>) = record
            .by_type
            .into_iter()
            .partition(|what| what.place().is_none_or(is_known));
        let others = others.into_iter().filter_map(What::into_target);
        let mut acts = self.acts(&host, record.certain.into_iter().chain(others));
        acts.extend(self.careful_acts(&host, record.careful));
        if outside != Within::ClearedClosure {
            acts.extend(named.into_iter().map(|what| Act::new(&host, what)));
            self.state.used = Used::by(expr, &self.names);
        }
        self.clear_before(expr, &acts);
        self.state.within = Within::ClearedClosure;
        self.branch(|this| this.closure_body(expr));
    }

    /// One that uses the whole host, any number of times.
    fn clear_in_closure(&mut self, expr: &mut Expr) {
        // A closure that only reads must stay one that `&` can call.
        let host = self.host_at(expr);
        self.use_whole(expr, &host);
        let (after, record) = self.rehearse(|this| this.closure_body(expr));
        // While a closure that changes the host lives, nobody else can use the host.
        let looks = record.targets.is_empty() && after.doubt == self.state.doubt;
        let was_lent = self.state.is_lent;
        let has_exit = has_exit(expr.to_token_stream());
        self.unsteady(after, has_exit, |this| this.closure_body(expr));
        self.state.is_lent = was_lent || looks;
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
