//! Each kind of expression, and the places in it.

use syn::{BinOp, Expr, UnOp};

use super::follower::{Follower, Then};
use crate::lazy::analysis::places::Taken;
use crate::lazy::syntax::is_compound;
use crate::walk::Node;

impl Follower<'_> {
    pub(super) fn expr(&mut self, expr: &mut Expr) {
        match expr {
            _ if self.names.whole(expr).is_some() => self.whole(expr),
            _ if self.names.place(expr).is_some() => self.pass_on(expr),
            Expr::Assign(_) => self.assign(expr),
            Expr::Binary(binary) if is_compound(&binary.op) => self.compound(expr),
            Expr::Binary(binary) if matches!(binary.op, BinOp::And(_) | BinOp::Or(_)) => {
                self.look(&mut binary.left);
                self.branch(|this| this.look(&mut binary.right));
            }
            Expr::Binary(binary) => {
                self.look(&mut binary.left);
                self.look(&mut binary.right);
            }
            Expr::Unary(unary) if !matches!(unary.op, UnOp::Deref(_)) => self.look(&mut unary.expr),
            Expr::Reference(reference) => {
                let is_mutable = reference.mutability.is_some();
                let is_place = self.names.place(&reference.expr).is_some();
                if is_mutable && is_place {
                    self.borrow(expr);
                } else {
                    self.look(&mut reference.expr);
                }
            }
            Expr::RawAddr(_) => self.raw_address(expr),
            Expr::Range(range) => {
                for end in [&mut range.start, &mut range.end].into_iter().flatten() {
                    self.look(end);
                }
            }
            Expr::MethodCall(_) => self.method_call(expr, Then::Used),
            Expr::Call(_) => self.call(expr),
            // Only the hidden field is left, and it is made anew.
            Expr::Struct(literal) => {
                for field in &mut literal.fields {
                    self.expr(&mut field.expr);
                }
                if let Some(rest) = &mut literal.rest {
                    if self.names.whole(rest).is_none() {
                        self.expr(rest);
                    }
                }
            }
            Expr::Macro(_) => self.macro_expr(expr),
            Expr::Verbatim(tokens) => {
                if self.names.are_in(tokens) {
                    self.unseen(expr);
                }
            }
            other => self.control(other),
        }
    }

    /// An expression that is only looked at: an operand or a condition.
    pub(super) fn look(&mut self, expr: &mut Expr) {
        match self.names.whole(expr) {
            Some(whole) if whole.taken != Taken::Mutably => {
                let name = whole.name.clone();
                self.use_whole(expr, &name);
            }
            None if self.names.place(expr).is_some() => self.look_at_place(expr),
            _ => self.expr(expr),
        }
    }

    /// A place whose value goes on. From a mutable reference, rustc borrows what it refers to.
    fn pass_on(&mut self, expr: &mut Expr) {
        self.look_at_place(expr);
        if self.facts.may_hold_references {
            let acts = self.acts_of_reference(expr);
            self.clear_before(expr, &acts);
        }
    }

    /// A place whose value is read or borrowed.
    fn look_at_place(&mut self, expr: &mut Expr) {
        self.indices(expr);
        if self
            .names
            .place(expr)
            .is_some_and(|place| place.field.is_none())
        {
            self.state.is_lent = true;
            self.state.uses += 1;
            self.state.cleared.clear();
        }
    }

    /// The content of a place's brackets. Returns whether the whole host is used there.
    pub(super) fn indices(&mut self, place: &mut Expr) -> bool {
        match place {
            Expr::Index(inner) => {
                let before = self.indices(&mut inner.expr);
                before | self.uses(|this| this.look(&mut inner.index))
            }
            Expr::Field(inner) => self.indices(&mut inner.base),
            Expr::Paren(inner) => self.indices(&mut inner.expr),
            Expr::Group(inner) => self.indices(&mut inner.expr),
            Expr::Unary(inner) => self.indices(&mut inner.expr),
            _ => false,
        }
    }

    /// The bracket that is evaluated last.
    pub(super) fn last_index(place: &mut Expr) -> Option<&mut Expr> {
        match place {
            Expr::Index(inner) => Some(&mut inner.index),
            Expr::Field(inner) => Self::last_index(&mut inner.base),
            Expr::Paren(inner) => Self::last_index(&mut inner.expr),
            Expr::Group(inner) => Self::last_index(&mut inner.expr),
            Expr::Unary(inner) => Self::last_index(&mut inner.expr),
            _ => None,
        }
    }

    /// All other expressions, which need no rule of their own.
    pub(super) fn inside(&mut self, expr: &mut Expr) {
        Node::Expr(expr).inside(self);
    }
}
