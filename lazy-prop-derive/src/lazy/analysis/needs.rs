//! The variables that statements still need: those that they name and do not bind themselves.

use quote::ToTokens;
use syn::{Expr, Local, Macro, Pat, Stmt};

use super::locals::{Held, Locals};
use super::std_macros::known_macro;
use crate::sorted::Set;
use crate::walk::{Part, Read};

/// What those of the variables hold that these statements need.
pub(crate) fn held_for(locals: &Locals, stmts: &[Stmt]) -> Held {
    let mut find = Find {
        locals: locals.clone(),
        held: Held::default(),
    };
    for stmt in stmts.iter().take_while(|_| !locals.are_none()) {
        find.read(Part::Stmt(stmt));
    }
    find.held
}

/// What those hold that an expression needs.
pub(crate) fn held_for_expr(locals: &Locals, expr: &Expr) -> Held {
    let mut find = Find {
        locals: locals.clone(),
        held: Held::default(),
    };
    find.read(Part::Expr(expr));
    find.held
}

struct Find {
    /// The variables that no pattern has bound again so far.
    locals: Locals,
    held: Held,
}

impl Read for Find {
    fn read(&mut self, part: Part<'_>) {
        match part {
            _ if self.locals.are_none() => {}
            Part::Block(block) => self.scope(|this| Part::Block(block).inside(this)),
            Part::Local(local) => self.local(local),
            Part::Expr(expr) => self.expr(expr),
            Part::Macro(mac) => self.call_of(mac),
            Part::Item(_) => {}
            other => other.inside(self),
        }
    }
}

impl Find {
    /// The arguments of a known macro are expressions.
    fn call_of(&mut self, mac: &Macro) {
        let Some(known) = known_macro(mac, &Set::new()) else {
            return self.locals.hold_in(mac.tokens.clone(), &mut self.held);
        };
        self.locals.hold_in(known.lead, &mut self.held);
        self.locals.hold_in(known.rest, &mut self.held);
        for argument in &known.arguments {
            match argument {
                // A format string may name a variable.
                Expr::Lit(text) => self.locals.hold_in(text.to_token_stream(), &mut self.held),
                argument => self.expr(argument),
            }
        }
    }

    /// The bindings inside of it end with it.
    fn scope(&mut self, visit: impl FnOnce(&mut Self)) {
        let outside = self.locals.clone();
        visit(self);
        self.locals = outside;
    }

    fn bind(&mut self, pattern: &Pat) {
        self.locals.bind(pattern, false);
    }

    fn local(&mut self, local: &Local) {
        if let Some(init) = &local.init {
            self.expr(&init.expr);
            if let Some((_, diverge)) = &init.diverge {
                self.expr(diverge);
            }
        }
        self.bind(&local.pat);
    }

    fn expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Path(path) => {
                if let Some(name) = path.path.get_ident() {
                    self.locals.hold(name, &mut self.held);
                }
            }
            Expr::Let(binding) => {
                self.expr(&binding.expr);
                self.bind(&binding.pat);
            }
            Expr::If(branch) => {
                self.scope(|this| {
                    this.expr(&branch.cond);
                    this.read(Part::Block(&branch.then_branch));
                });
                if let Some((_, other)) = &branch.else_branch {
                    self.expr(other);
                }
            }
            Expr::While(repeated) => self.scope(|this| {
                this.expr(&repeated.cond);
                this.read(Part::Block(&repeated.body));
            }),
            Expr::ForLoop(repeated) => {
                self.expr(&repeated.expr);
                self.scope(|this| {
                    this.bind(&repeated.pat);
                    this.read(Part::Block(&repeated.body));
                });
            }
            Expr::Match(branch) => {
                self.expr(&branch.expr);
                for arm in &branch.arms {
                    self.scope(|this| {
                        this.bind(&arm.pat);
                        if let Pat::Guard(pattern) = &arm.pat {
                            this.expr(&pattern.guard);
                        }
                        this.expr(&arm.body);
                    });
                }
            }
            Expr::Closure(closure) => self.scope(|this| {
                closure.inputs.iter().for_each(|input| this.bind(input));
                this.expr(&closure.body);
            }),
            Expr::Verbatim(tokens) => self.locals.hold_in(tokens.clone(), &mut self.held),
            other => Part::Expr(other).inside(self),
        }
    }
}
