//! The variables that statements still need: those that they name and do not bind themselves.

use syn::{Expr, Local, Pat, Stmt};

use super::locals::Locals;
use crate::walk::{Part, Read};

/// Whether one of the variables is needed by these statements.
pub(crate) fn are_needed(locals: &Locals, stmts: &[Stmt]) -> bool {
    let mut find = Find {
        locals: locals.clone(),
        found: false,
    };
    for stmt in stmts.iter().take_while(|_| !locals.are_none()) {
        find.read(Part::Stmt(stmt));
    }
    find.found
}

/// Whether one of them is needed by an expression.
pub(crate) fn are_needed_in(locals: &Locals, expr: &Expr) -> bool {
    let mut find = Find {
        locals: locals.clone(),
        found: false,
    };
    find.read(Part::Expr(expr));
    find.found
}

struct Find {
    /// The variables that no pattern has bound again so far.
    locals: Locals,
    found: bool,
}

impl Read for Find {
    fn read(&mut self, part: Part<'_>) {
        match part {
            _ if self.found || self.locals.are_none() => {}
            Part::Block(block) => self.scope(|this| Part::Block(block).inside(this)),
            Part::Local(local) => self.local(local),
            Part::Expr(expr) => self.expr(expr),
            Part::Macro(mac) => self.found |= self.locals.are_in(mac.tokens.clone()),
            Part::Item(_) => {}
            other => other.inside(self),
        }
    }
}

impl Find {
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
                let name = path.path.get_ident();
                self.found |= name.is_some_and(|name| self.locals.contain(name));
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
            Expr::Verbatim(tokens) => self.found |= self.locals.are_in(tokens.clone()),
            other => Part::Expr(other).inside(self),
        }
    }
}
