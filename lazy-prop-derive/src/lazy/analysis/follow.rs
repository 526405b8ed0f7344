//! Follows `self` through a body, as far as it can be seen; what can't be seen is everything.
//!
//! Wrong on the safe side only: a read or a change too many makes a value be computed once more,
//! one too few would make it stale.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{
    BinOp, Block, Expr, ExprCall, ExprField, ExprIf, ExprMatch, ExprMethodCall, FieldPat,
    ImplItemFn, Item, Local, Macro, Member, Pat, Path, Stmt, UnOp,
};

use crate::lazy::analysis::flow::{Flow, Unseen};
use crate::lazy::analysis::followed::{
    LOOKING_METHODS, arguments, binds, gives_self_back, is_compound, is_conditional,
    is_place_of_self, is_self, looks_only, mentions_self, takes,
};
use crate::lazy::model::receiver::Receiver;
use crate::lazy::syntax::{plain, text};
use crate::walk::{Node, Walk};

/// What the visitor has to know of the block that a body stands in.
pub(crate) struct Surroundings<'b> {
    /// The names of the block's methods.
    pub(crate) methods: &'b BTreeSet<String>,
    /// Those of them that lend the host, or one like it: what is done with that can't be followed.
    pub(crate) lends_host: &'b BTreeSet<String>,
    /// The own type's name.
    pub(crate) host: &'b str,
    /// The hidden field.
    pub(crate) hidden: &'b Member,
    /// In a trait's block, `self.area()` may as well mean an inherent method of that name.
    pub(crate) is_trait: bool,
}

/// The flow of a method's body.
pub(crate) fn flow_of(method: &ImplItemFn, around: &Surroundings) -> Flow {
    let receiver = Receiver::of(&method.sig);
    let this = method.sig.receiver();
    let is_mutable = this.is_some_and(|this| this.mutability.is_some());
    let mut visitor = Visitor {
        around,
        unseen: match receiver {
            Receiver::Value if !is_mutable => Unseen::Moves,
            receiver if receiver.can_change() => Unseen::Changes,
            _ => Unseen::Looks,
        },
        is_owned: receiver == Receiver::Value,
        is_inside: false,
        has_macros: false,
        flow: Vec::new(),
    };
    visitor.body(&mut method.block.clone(), Then::Returned);
    Flow::Sequence(visitor.flow)
}

struct Visitor<'v> {
    around: &'v Surroundings<'v>,
    /// What may happen, at most, where `self` can't be followed.
    unseen: Unseen,
    /// Whether the method owns its host.
    is_owned: bool,
    /// Inside of a closure or an async block, `return` leaves that alone.
    is_inside: bool,
    /// Whether a macro that names `self` was defined in the body.
    has_macros: bool,
    flow: Vec<Flow>,
}

/// What becomes of the value of an expression.
#[derive(Clone, Copy, PartialEq)]
enum Then {
    /// The body goes on with it.
    Used,
    /// It is dropped.
    Dropped,
    /// The body ends with it: that it is `self`, or a call that lends it, is no use of it.
    Returned,
}

impl Visitor<'_> {
    /// The body of the method, or a block whose value is that of the body.
    fn body(&mut self, block: &mut Block, then: Then) {
        let tail = match block.stmts.last() {
            Some(Stmt::Expr(_, None)) => block.stmts.pop(),
            _ => None,
        };
        for stmt in &mut block.stmts {
            self.stmt(stmt);
        }
        if let Some(Stmt::Expr(mut tail, _)) = tail {
            self.value(&mut tail, then);
        }
    }

    /// An expression whose value goes no further in this body, unless it is used.
    fn value(&mut self, expr: &mut Expr, then: Then) {
        match expr {
            expr if then == Then::Used => self.expr(expr),
            expr if gives_self_back(expr) => {}
            Expr::MethodCall(call) if is_self(&call.receiver) => self.call_on_self(call, then),
            Expr::Try(inner) => self.value(&mut inner.expr, then),
            Expr::Await(inner) => self.value(&mut inner.base, then),
            Expr::If(branch) => self.branch(branch, then),
            Expr::Match(branch) => self.arms(branch, then),
            Expr::Block(block) if block.label.is_none() => self.body(&mut block.block, then),
            other => self.expr(other),
        }
    }

    fn call_on_self(&mut self, call: &mut ExprMethodCall, then: Then) {
        for argument in &mut call.args {
            self.expr(argument);
        }
        self.call(&call.method, then);
    }

    /// What happens in `visit`, or nothing.
    fn maybe(&mut self, visit: impl FnOnce(&mut Self)) {
        let part = self.part(visit);
        let nothing = Flow::Sequence(Vec::new());
        self.flow.push(Flow::Either(vec![part, nothing]));
    }

    /// A closure or an async block: it runs any number of times, and jumps in it end there.
    fn inside(&mut self, visit: impl FnOnce(&mut Self)) {
        let outside = std::mem::replace(&mut self.is_inside, true);
        self.repeat(visit);
        self.is_inside = outside;
    }

    fn branch(&mut self, branch: &mut ExprIf, then: Then) {
        self.look(&mut branch.cond);
        let taken = self.part(|this| this.body(&mut branch.then_branch, then));
        let otherwise = self.part(|this| {
            if let Some((_, expr)) = &mut branch.else_branch {
                this.value(expr, then);
            }
        });
        self.flow.push(Flow::Either(vec![taken, otherwise]));
    }

    /// What may lead to an arm, one guard after the other, and then one of the arms.
    fn arms(&mut self, branch: &mut ExprMatch, then: Then) {
        let patterns: Vec<_> = branch.arms.iter().map(|arm| arm.pat.clone()).collect();
        self.scrutinee(&mut branch.expr, &patterns.iter().collect::<Vec<_>>());
        for arm in &mut branch.arms {
            if let Pat::Guard(pattern) = &mut arm.pat {
                self.maybe(|this| this.look(&mut pattern.guard));
            }
        }
        let arms = branch.arms.iter_mut();
        let bodies = arms.map(|arm| self.part(|this| this.value(&mut arm.body, then)));
        let bodies = bodies.collect();
        self.flow.push(Flow::Either(bodies));
    }

    /// What `visit` adds to the flow, apart.
    fn part(&mut self, visit: impl FnOnce(&mut Self)) -> Flow {
        let before = std::mem::take(&mut self.flow);
        visit(self);
        Flow::Sequence(std::mem::replace(&mut self.flow, before))
    }

    fn repeat(&mut self, visit: impl FnOnce(&mut Self)) {
        let part = self.part(visit);
        self.flow.push(Flow::Repeat(Box::new(part)));
    }

    fn everything(&mut self, changes: bool, place: Span) {
        let unseen = if changes { self.unseen } else { Unseen::Looks };
        self.flow.push(Flow::Everything { unseen, place });
    }

    /// `self` is given away: for good, if it is owned.
    fn give(&mut self, place: Span) {
        if self.is_owned {
            let unseen = Unseen::Moves;
            self.flow.push(Flow::Everything { unseen, place });
        } else {
            self.everything(true, place);
        }
    }

    fn field(&mut self, member: &Member, changes: bool) {
        if member == self.around.hidden {
            return;
        }
        let name = text(member);
        self.flow.push(if changes && self.unseen != Unseen::Looks {
            Flow::Change(name)
        } else {
            Flow::Read(name)
        });
    }

    /// An expression that is only looked at: an operand, a condition, `&self.x`.
    fn look(&mut self, expr: &mut Expr) {
        self.place(expr, false);
    }

    /// A place that is read or changed; fields of fields, elements and targets are part of it.
    fn place(&mut self, expr: &mut Expr, changes: bool) {
        match expr {
            Expr::Paren(inner) => self.place(&mut inner.expr, changes),
            Expr::Group(inner) => self.place(&mut inner.expr, changes),
            Expr::Unary(inner) if matches!(inner.op, UnOp::Deref(_)) => {
                self.place(&mut inner.expr, changes);
            }
            Expr::Field(ExprField { base, member, .. }) if is_self(base) => {
                self.field(member, changes);
            }
            Expr::Field(ExprField { base, member, .. }) if self.is_hidden(base) => {
                self.peek(member);
            }
            Expr::Field(inner) => self.place(&mut inner.base, changes),
            Expr::Index(inner) => {
                self.look(&mut inner.index);
                self.place(&mut inner.expr, changes);
            }
            Expr::Path(_) if is_self(expr) => self.everything(changes, expr.span()),
            other => self.expr(other),
        }
    }

    /// `self.lazy`
    fn is_hidden(&self, expr: &Expr) -> bool {
        matches!(expr, Expr::Field(ExprField { base, member, .. })
            if is_self(base) && member == self.around.hidden)
    }

    /// `self.lazy.words`: a property's body that looks there depends on it; a method that may
    /// change it does so by hand.
    fn peek(&mut self, member: &Member) {
        if let (Member::Named(name), Unseen::Looks) = (member, self.unseen) {
            self.flow.push(Flow::Peek(name.clone()));
        }
    }

    fn call(&mut self, name: &Ident, then: Then) {
        let text = plain(name);
        let known = self.around.methods.contains(&text);
        if known {
            self.flow.push(Flow::Call(name.clone()));
        }
        let lends_on = then == Then::Used && self.around.lends_host.contains(&text);
        if known && !lends_on && !self.around.is_trait {
            return;
        }
        if !known && LOOKING_METHODS.contains(&text.as_str()) {
            self.everything(false, name.span());
        } else if then == Then::Returned {
            self.give(name.span());
        } else {
            self.everything(true, name.span());
        }
    }

    /// The method that `Self::method(self, …)` calls.
    fn called_by_path(&self, call: &ExprCall) -> Option<Ident> {
        let Expr::Path(func) = &*call.func else {
            return None;
        };
        let mut segments = func.path.segments.iter();
        let (Some(owner), Some(method), None) = (segments.next(), segments.next(), segments.next())
        else {
            return None;
        };
        let own = owner.ident == "Self" || owner.ident == self.around.host;
        let on_self = func.qself.is_none() && call.args.first().is_some_and(is_self);
        (own && on_self).then(|| method.ident.clone())
    }

    /// What binding `pattern` to `self` does: it reads, or borrows mutably, the fields it names.
    fn destructure(&mut self, pattern: &Pat) {
        match pattern {
            Pat::Struct(pattern) => {
                for FieldPat { member, .. } in &pattern.fields {
                    self.field(member, true);
                }
            }
            Pat::Paren(pattern) => self.destructure(&pattern.pat),
            Pat::Guard(pattern) => self.destructure(&pattern.pat),
            Pat::Wild(_) => {}
            pattern => self.everything(true, pattern.span()),
        }
    }

    /// `match`, `let` and `if let` of one value.
    fn scrutinee(&mut self, expr: &mut Expr, patterns: &[&Pat]) {
        if is_self(expr) {
            for pattern in patterns {
                self.destructure(pattern);
            }
        } else if patterns.iter().any(|pattern| binds(pattern)) {
            self.expr(expr);
        } else {
            self.look(expr);
        }
    }

    /// Branches, loops and jumps; and, in the end, all that has nothing of its own.
    fn control_flow(&mut self, expr: &mut Expr) {
        match expr {
            Expr::If(branch) => self.branch(branch, Then::Used),
            Expr::Match(branch) => self.arms(branch, Then::Used),
            Expr::Let(binding) => {
                let pattern = binding.pat.clone();
                self.scrutinee(&mut binding.expr, &[&pattern]);
            }
            // The condition runs first, and last.
            Expr::While(repeated) => {
                self.look(&mut repeated.cond.clone());
                self.repeat(|this| {
                    this.block(&mut repeated.body);
                    this.look(&mut repeated.cond);
                });
            }
            Expr::ForLoop(repeated) => {
                self.expr(&mut repeated.expr);
                self.repeat(|this| this.block(&mut repeated.body));
            }
            Expr::Loop(repeated) => {
                self.repeat(|this| this.block(&mut repeated.body));
            }
            Expr::Closure(closure) => self.inside(|this| this.expr(&mut closure.body)),
            Expr::Async(block) => self.inside(|this| this.block(&mut block.block)),
            Expr::Block(block) if block.label.is_some() => {
                let part = self.part(|this| this.block(&mut block.block));
                self.flow.push(Flow::Scope(Box::new(part)));
            }
            Expr::Break(jump) => {
                if let Some(value) = &mut jump.expr {
                    self.expr(value);
                }
                self.flow.push(Flow::Break);
            }
            Expr::Continue(_) => self.flow.push(Flow::Continue),
            Expr::Return(leave) => {
                let (then, exit) = if self.is_inside {
                    (Then::Used, Flow::Continue)
                } else {
                    (Then::Returned, Flow::Leave)
                };
                if let Some(value) = &mut leave.expr {
                    self.value(value, then);
                }
                self.flow.push(exit);
            }
            other => Node::Expr(other).inside(self),
        }
    }

    /// An argument of a macro of the standard library: most look, some take or write.
    fn macro_argument(&mut self, path: &Path, argument: &mut Expr) {
        match argument {
            // Format strings name what they look at.
            Expr::Lit(text) if mentions_self(&text.to_token_stream()) => {
                self.everything(false, text.span());
            }
            Expr::Path(_) if is_self(argument) && takes(path) => self.give(argument.span()),
            argument => self.place(argument, !looks_only(path)),
        }
    }

    fn macro_tokens(&mut self, tokens: &TokenStream, place: Span) {
        if mentions_self(tokens) {
            self.everything(true, place);
        }
    }
}

impl Walk for Visitor<'_> {
    fn visit(&mut self, node: Node<'_>) {
        match node {
            Node::Expr(expr) => self.expr(expr),
            Node::Stmt(stmt) => self.stmt(stmt),
            Node::Local(local) => self.local(local),
            Node::Macro(mac) => self.macro_call(mac),
            Node::Item(item) => self.item(item),
            other => other.inside(self),
        }
    }
}

/// One for each kind of node.
impl Visitor<'_> {
    fn block(&mut self, block: &mut Block) {
        self.visit(Node::Block(block));
    }

    fn expr(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Field(_) | Expr::Index(_) => self.place(expr, true),
            Expr::Path(_) if is_self(expr) => self.give(expr.span()),
            Expr::Assign(assign) => {
                if is_place_of_self(&assign.left) {
                    self.look(&mut assign.right);
                } else {
                    self.expr(&mut assign.right);
                }
                self.place(&mut assign.left, true);
            }
            Expr::Binary(binary) if is_compound(&binary.op) => {
                self.look(&mut binary.right);
                self.place(&mut binary.left, true);
            }
            Expr::Binary(binary) if matches!(binary.op, BinOp::And(_) | BinOp::Or(_)) => {
                self.look(&mut binary.left);
                self.maybe(|this| this.look(&mut binary.right));
            }
            Expr::Binary(binary) => {
                self.look(&mut binary.left);
                self.look(&mut binary.right);
            }
            Expr::Unary(unary) if !matches!(unary.op, UnOp::Deref(_)) => {
                self.look(&mut unary.expr);
            }
            // `self as &mut dyn Trait` hands it on.
            Expr::Cast(cast) if is_self(&cast.expr) => self.expr(&mut cast.expr),
            Expr::Cast(cast) => self.look(&mut cast.expr),
            Expr::Reference(reference) => {
                self.place(&mut reference.expr, reference.mutability.is_some());
            }
            // What is done through a raw pointer is done later, by whoever has it.
            Expr::RawAddr(_) => self.everything(true, expr.span()),
            Expr::MethodCall(call) => self.method_call(call),
            Expr::Call(call) => self.function_call(call),
            Expr::Range(range) => {
                for end in [&mut range.start, &mut range.end].into_iter().flatten() {
                    self.look(end);
                }
            }
            Expr::Struct(literal) => {
                for field in &mut literal.fields {
                    self.expr(&mut field.expr);
                }
                if let Some(rest) = &mut literal.rest {
                    self.look(rest);
                }
            }
            Expr::Macro(expr) => self.macro_call(&mut expr.mac),
            Expr::Verbatim(tokens) => {
                let tokens = tokens.clone();
                self.macro_tokens(&tokens, tokens.span());
            }
            other => self.control_flow(other),
        }
    }

    fn method_call(&mut self, call: &mut ExprMethodCall) {
        if is_self(&call.receiver) {
            self.call_on_self(call, Then::Used);
        } else {
            // The method may take its receiver mutably, and changes it when the arguments are there.
            self.place(&mut call.receiver, true);
            let before = self.flow.len();
            for argument in &mut call.args {
                self.expr(argument);
            }
            if self.flow.len() > before && is_place_of_self(&call.receiver) {
                self.place(&mut call.receiver, true);
            }
        }
    }

    fn function_call(&mut self, call: &mut ExprCall) {
        let method = self.called_by_path(call);
        let skipped = usize::from(method.is_some());
        if method.is_none() {
            self.expr(&mut call.func);
        }
        for argument in call.args.iter_mut().skip(skipped) {
            self.expr(argument);
        }
        if let Some(method) = method {
            self.call(&method, Then::Used);
        }
    }

    fn stmt(&mut self, stmt: &mut Stmt) {
        let visit = |this: &mut Self, stmt: &mut Stmt| match stmt {
            Stmt::Expr(expr, Some(_)) => this.value(expr, Then::Dropped),
            other => Node::Stmt(other).inside(this),
        };
        if is_conditional(stmt) {
            self.maybe(|this| visit(this, stmt));
        } else {
            visit(self, stmt);
        }
    }

    fn local(&mut self, local: &mut Local) {
        let Some(init) = &mut local.init else { return };
        let is_plain = matches!(&local.pat, Pat::Ident(name) if name.by_ref.is_none());
        if is_plain && matches!(*init.expr, Expr::Path(_)) {
            self.expr(&mut init.expr);
        } else if is_plain && !is_self(&init.expr) {
            // A place that is bound to a name is copied or moved.
            if is_place_of_self(&init.expr) {
                self.look(&mut init.expr);
            } else {
                self.expr(&mut init.expr);
            }
        } else {
            let pattern = local.pat.clone();
            self.scrutinee(&mut init.expr, &[&pattern]);
        }
        if let Some((_, diverge)) = &mut init.diverge {
            let part = self.part(|this| this.expr(diverge));
            self.flow
                .push(Flow::Either(vec![part, Flow::Sequence(Vec::new())]));
        }
    }

    fn macro_call(&mut self, mac: &mut Macro) {
        match arguments(mac) {
            Some(mut arguments) => {
                let Some((first, others)) = arguments.split_first_mut() else {
                    return;
                };
                self.macro_argument(&mac.path, first);
                for argument in others {
                    // The message of an `assert!` is made when that fails.
                    self.maybe(|this| this.macro_argument(&mac.path, argument));
                }
                // `write!` writes when the others are there.
                if is_place_of_self(first) {
                    self.macro_argument(&mac.path, first);
                }
            }
            None if self.has_macros => self.everything(true, mac.path.span()),
            None => self.macro_tokens(&mac.tokens, mac.path.span()),
        }
    }

    /// In an item inside of the body there is no `self`, but what a macro of it may name: that
    /// happens where it is called, by itself or by another macro.
    fn item(&mut self, item: &mut Item) {
        if let Item::Macro(item) = item {
            self.has_macros |= mentions_self(&item.mac.tokens);
            self.macro_call(&mut item.mac);
        }
    }
}
