//! Calls of macros: those of std are followed, all others are unknown code.

use proc_macro2::Span;
use quote::{ToTokens, quote};
use syn::{Expr, ExprMacro, Stmt, Token};

use super::follower::{Follower, Sure};
use crate::lazy::analysis::std_macros::{Does, known_macro};

impl Follower<'_> {
    pub(super) fn macro_stmt(&mut self, stmt: &mut Stmt) {
        let Stmt::Macro(call) = stmt else { return };
        // It is cleared by a statement before, so that the macro can stay a statement.
        let mut expr = Expr::Macro(ExprMacro {
            attrs: Vec::new(),
            mac: call.mac.clone(),
        });
        self.macro_expr(&mut expr);
        match expr {
            Expr::Macro(expr) => call.mac = expr.mac,
            other => *stmt = Stmt::Expr(other, Some(Token![;](Span::call_site()))),
        }
    }

    pub(super) fn macro_expr(&mut self, expr: &mut Expr) {
        let Expr::Macro(call) = expr else { return };
        let known = known_macro(&call.mac, &self.state.macros);
        let Some(known) = known.filter(|known| !known.hides(&self.names)) else {
            if !self.state.macros.is_empty() || self.names.are_in(&call.mac.tokens) {
                self.unseen(expr);
            }
            return;
        };
        if !self.names.are_in(&call.mac.tokens) {
            return;
        }
        let (does, mut arguments) = (known.does, known.arguments);
        let target = match does {
            Does::Writes => arguments.first_mut(),
            Does::Looks | Does::Takes => None,
        };
        let is_handed_over = target
            .as_ref()
            .is_some_and(|target| self.names.whole(target).is_some());
        let mut acts = Vec::new();
        if let Some(target) = target.filter(|_| !is_handed_over) {
            self.expr(target);
            acts = self.acts_of_change(target, Sure::Perhaps);
        }
        let first = usize::from(does == Does::Writes);
        let others = arguments.iter_mut().skip(first);
        let operands: Vec<_> = others
            .map(|argument| {
                // The message of an `assert!` is made only when it fails.
                let visit =
                    |this: &mut Self| this.branch(|this| this.macro_argument(argument, does));
                let used = self.uses(visit);
                (argument, used)
            })
            .collect();
        let is_behind = self.clear_for(&acts, operands);
        if self.sink.writes() {
            let (lead, rest) = (known.lead, known.rest);
            call.mac.tokens = quote!(#lead #(#arguments),* #rest);
        }
        if is_handed_over {
            // The result of `write!` borrows nothing.
            let was_lent = self.state.is_lent;
            self.unseen(expr);
            self.state.is_lent = was_lent;
        } else if !is_behind {
            self.clear_before(expr, &acts);
        }
    }

    fn macro_argument(&mut self, argument: &mut Expr, does: Does) {
        match argument {
            // Format strings name the variables that they look at.
            Expr::Lit(text) if self.names.are_in(&text.to_token_stream()) => {
                self.state.uses += 1;
                self.state.cleared.clear();
            }
            // `name = value`
            Expr::Assign(named) if self.names.place(&named.left).is_none() => {
                self.macro_argument(&mut named.right, does);
            }
            argument => {
                self.look(argument);
                if self.sink.writes() && self.names.place(argument).is_some() {
                    // A namesake of the macro that changes the argument does not compile.
                    let guarded = match does {
                        Does::Takes => quote!({ #argument }),
                        Does::Looks | Does::Writes => quote!(*&#argument),
                    };
                    *argument = Expr::Verbatim(guarded);
                }
            }
        }
    }
}
