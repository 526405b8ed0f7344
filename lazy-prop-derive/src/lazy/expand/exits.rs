//! Where a body gives its host away, or lends it to its caller: what a method that has no guard
//! clears, it clears there.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{BinOp, Block, Expr, ExprMethodCall, Macro, Pat, Stmt, UnOp, parse_quote};

use crate::lazy::analysis::followed::{
    arguments, gives, is_compound, is_self, looks_only, mentions_self, takes,
};
use crate::walk::{Node, Walk};

/// Puts `clear` before each place where an owned host is moved as a whole. Whether it may be moved
/// in other ways too: by a method that `takes` it, a pattern, a macro.
pub(crate) fn clear_when_moved(
    block: &mut Block,
    clear: &TokenStream,
    takes: &dyn Fn(&ExprMethodCall) -> bool,
) -> bool {
    let mut moves = Moves {
        clear,
        takes,
        has_others: false,
    };
    moves.visit(Node::Block(block));
    moves.has_others
}

struct Moves<'m> {
    clear: &'m TokenStream,
    takes: &'m dyn Fn(&ExprMethodCall) -> bool,
    has_others: bool,
}

impl Walk for Moves<'_> {
    fn visit(&mut self, node: Node<'_>) {
        match node {
            Node::Expr(expr) if is_whole(expr) => {
                let clear = self.clear;
                *expr = parse_quote!({ #clear #expr });
            }
            Node::Expr(expr) => self.expr(expr),
            Node::Local(local) => {
                let is_taken_apart = !matches!(local.pat, Pat::Ident(_) | Pat::Type(_));
                match &mut local.init {
                    Some(init) if is_taken_apart => {
                        self.operand(&mut init.expr);
                        if let Some((_, diverge)) = &mut init.diverge {
                            self.visit(Node::Expr(diverge));
                        }
                    }
                    _ => Node::Local(local).inside(self),
                }
            }
            Node::Macro(mac) => self.macro_call(mac),
            Node::Item(_) => {}
            other => other.inside(self),
        }
    }
}

impl Moves<'_> {
    /// What stands in a place that doesn't move it: there `self` alone stays as it is.
    fn operand(&mut self, expr: &mut Expr) {
        if !is_whole(expr) {
            self.visit(Node::Expr(expr));
        }
    }

    fn macro_call(&mut self, mac: &mut Macro) {
        match arguments(mac) {
            Some(mut arguments) if takes(&mac.path) => {
                for argument in &mut arguments {
                    self.visit(Node::Expr(argument));
                }
                mac.tokens = quote!(#(#arguments),*);
            }
            _ => self.has_others |= !looks_only(&mac.path) && mentions_self(&mac.tokens),
        }
    }

    fn expr(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Field(inner) => self.operand(&mut inner.base),
            Expr::Reference(inner) => self.operand(&mut inner.expr),
            Expr::RawAddr(inner) => self.operand(&mut inner.expr),
            Expr::Index(inner) => {
                self.operand(&mut inner.expr);
                self.visit(Node::Expr(&mut inner.index));
            }
            Expr::MethodCall(call) => {
                self.has_others |= is_whole(&call.receiver) && (self.takes)(call);
                self.operand(&mut call.receiver);
                for argument in &mut call.args {
                    self.visit(Node::Expr(argument));
                }
            }
            Expr::Assign(assign) => {
                self.operand(&mut assign.left);
                self.visit(Node::Expr(&mut assign.right));
            }
            Expr::Binary(binary) if compares(&binary.op) || is_compound(&binary.op) => {
                self.operand(&mut binary.left);
                self.operand(&mut binary.right);
            }
            Expr::Match(branch) => {
                self.scrutinee(&mut branch.expr);
                for arm in &mut branch.arms {
                    self.visit(Node::Pat(&mut arm.pat));
                    self.visit(Node::Expr(&mut arm.body));
                }
            }
            Expr::Let(binding) => self.scrutinee(&mut binding.expr),
            // What is left of the fields: the hidden one is made anew.
            Expr::Struct(literal) => {
                for field in &mut literal.fields {
                    self.visit(Node::Expr(&mut field.expr));
                }
                if let Some(rest) = &mut literal.rest {
                    self.operand(rest);
                }
            }
            other => Node::Expr(other).inside(self),
        }
    }

    fn scrutinee(&mut self, expr: &mut Expr) {
        self.has_others |= is_whole(expr);
        self.operand(expr);
    }
}

/// `self`, and what a box of it holds.
fn is_whole(expr: &Expr) -> bool {
    match expr {
        Expr::Path(path) => path.path.is_ident("self"),
        Expr::Paren(inner) => is_whole(&inner.expr),
        Expr::Group(inner) => is_whole(&inner.expr),
        Expr::Unary(inner) => matches!(inner.op, UnOp::Deref(_)) && is_whole(&inner.expr),
        _ => false,
    }
}

fn compares(op: &BinOp) -> bool {
    use BinOp::{Eq, Ge, Gt, Le, Lt, Ne};
    matches!(op, Eq(_) | Ne(_) | Lt(_) | Le(_) | Gt(_) | Ge(_))
}

/// Puts `clear` before each value that the body ends with, if that is `self`, `Ok(self)` or a
/// field that is lent. Whether it ends with no other that may lend something.
pub(crate) fn clear_when_lent(block: &mut Block, clear: &TokenStream) -> bool {
    let mut lends = Lends {
        clear,
        has_others: false,
    };
    lends.body(block);
    lends.visit(Node::Block(block));
    !lends.has_others
}

struct Lends<'l> {
    clear: &'l TokenStream,
    has_others: bool,
}

impl Walk for Lends<'_> {
    fn visit(&mut self, node: Node<'_>) {
        match node {
            Node::Expr(Expr::Return(leave)) => {
                if let Some(value) = &mut leave.expr {
                    self.value(value);
                }
            }
            // What they return is theirs.
            Node::Expr(Expr::Closure(_) | Expr::Async(_)) | Node::Item(_) => {}
            other => other.inside(self),
        }
    }
}

impl Lends<'_> {
    fn body(&mut self, block: &mut Block) {
        match block.stmts.last_mut() {
            Some(Stmt::Expr(value, None)) => self.value(value),
            Some(Stmt::Macro(call)) if call.semi_token.is_none() => self.has_others = true,
            _ => {}
        }
    }

    fn value(&mut self, value: &mut Expr) {
        match value {
            Expr::If(branch) => {
                self.body(&mut branch.then_branch);
                if let Some((_, other)) = &mut branch.else_branch {
                    self.value(other);
                }
            }
            Expr::Match(branch) => {
                let arms = branch.arms.iter_mut();
                arms.for_each(|arm| self.value(&mut arm.body));
            }
            Expr::Block(block) if block.label.is_none() => self.body(&mut block.block),
            Expr::Return(_) => {}
            value if gives(value, &|value| is_self(value) || is_lent_field(value)) => {
                let clear = self.clear;
                *value = parse_quote!({ #clear #value });
            }
            value => self.has_others |= !is_failure(value),
        }
    }
}

/// `&self.x`, `&mut self.x.y[0]`: what is made of nothing else that may be borrowed.
fn is_lent_field(value: &Expr) -> bool {
    fn is_field(place: &Expr) -> bool {
        match place {
            Expr::Field(inner) => is_whole(&inner.base) || is_field(&inner.base),
            Expr::Index(inner) => matches!(&*inner.index, Expr::Lit(_)) && is_field(&inner.expr),
            _ => false,
        }
    }
    matches!(value, Expr::Reference(lent) if is_field(&lent.expr))
}

/// `None`, `Err(…)`: what lends nothing, as far as can be told by its looks.
fn is_failure(value: &Expr) -> bool {
    match value {
        Expr::Path(path) => path.path.is_ident("None"),
        Expr::Call(call) => {
            let is_error = matches!(&*call.func, Expr::Path(path) if path.path.is_ident("Err"));
            is_error && !mentions_self(&call.args.to_token_stream())
        }
        _ => false,
    }
}
