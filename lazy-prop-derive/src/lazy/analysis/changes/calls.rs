//! Calls, assignments and borrows: the expressions that change a host.

use quote::ToTokens;
use syn::{BinOp, Expr, ExprMethodCall, UnOp};

use super::follower::{Follower, Sure, Then};
use super::sink::{Act, What};
use crate::lazy::analysis::facts::Called;
use crate::lazy::analysis::graph::Target;
use crate::lazy::analysis::lends::Lent;
use crate::lazy::analysis::places::Taken;
use crate::lazy::analysis::std_methods::{LOOKING_AT_SELF, changes, class_of};
use crate::lazy::model::receiver::Receiver;
use crate::lazy::syntax::{is_compound, plain};
use crate::walk::Node;

/// One for each kind of expression.
impl Follower<'_> {
    pub(super) fn expr(&mut self, expr: &mut Expr) {
        match expr {
            _ if self.names.whole(expr).is_some() => self.whole(expr),
            _ if self.names.place(expr).is_some() => self.look_at_place(expr),
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
                    self.expr(&mut reference.expr);
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
            _ => self.expr(expr),
        }
    }

    /// A place whose value is taken or borrowed.
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
    fn last_index(place: &mut Expr) -> Option<&mut Expr> {
        match place {
            Expr::Index(inner) => Some(&mut inner.index),
            Expr::Field(inner) => Self::last_index(&mut inner.base),
            Expr::Paren(inner) => Self::last_index(&mut inner.expr),
            Expr::Group(inner) => Self::last_index(&mut inner.expr),
            Expr::Unary(inner) => Self::last_index(&mut inner.expr),
            _ => None,
        }
    }

    /// `place = value`, `(one, other) = values`
    fn assign(&mut self, expr: &mut Expr) {
        let Expr::Assign(assign) = expr else { return };
        // A new host has its own values.
        if self.names.whole(&assign.left).is_some() {
            self.expr(&mut assign.right);
            self.state.cleared.clear();
            return;
        }
        if self.is_named(&assign.left, &assign.right) {
            return;
        }
        let value_used = self.uses(|this| this.expr(&mut assign.right));
        let mut acts = Vec::new();
        let index_used = self.assigned(&mut assign.left, &mut acts);
        let left = assign.left.clone();
        let index = Self::last_index(&mut assign.left).map(|index| (index, index_used));
        let operands = [(&mut *assign.right, value_used)].into_iter().chain(index);
        if !self.clear_for(&acts, operands) {
            self.clear_before(expr, &acts);
        }
        self.changed(&left);
    }

    /// `this = self;` for a `let this;`: another name of the host.
    fn is_named(&mut self, left: &Expr, right: &Expr) -> bool {
        let Expr::Path(name) = left else { return false };
        let (Some(name), Some(whole)) = (name.path.get_ident(), self.names.whole(right)) else {
            return false;
        };
        let name = name.to_string();
        if self.is_owned || whole.taken == Taken::Deref || !self.bound.is_only(&name) {
            return false;
        }
        let is_mutable = whole.is_mutable && whole.taken != Taken::Shared;
        self.state.uses += 1;
        self.state.cleared.clear();
        self.name(name, is_mutable);
        true
    }

    /// The target of an assignment: one place or several.
    fn assigned(&mut self, left: &mut Expr, acts: &mut Vec<Act>) -> bool {
        let parts: Vec<&mut Expr> = match left {
            Expr::Tuple(parts) => parts.elems.iter_mut().collect(),
            Expr::Array(parts) => parts.elems.iter_mut().collect(),
            Expr::Call(parts) => parts.args.iter_mut().collect(),
            Expr::Struct(parts) => parts
                .fields
                .iter_mut()
                .map(|field| &mut field.expr)
                .collect(),
            Expr::Paren(inner) => return self.assigned(&mut inner.expr, acts),
            left if self.names.place(left).is_some() => {
                let used = self.indices(left);
                acts.extend(self.acts_of_change(left, Sure::Yes));
                return used;
            }
            left => return self.uses(|this| this.expr(left)),
        };
        parts
            .into_iter()
            .fold(false, |used, part| used | self.assigned(part, acts))
    }

    /// `place += value`
    fn compound(&mut self, expr: &mut Expr) {
        let Expr::Binary(binary) = expr else { return };
        let value_used = self.uses(|this| this.look(&mut binary.right));
        if let Some(whole) = self.names.whole(&binary.left) {
            // An operator on the host is not in the block.
            let name = whole.name.clone();
            return self.hand_over(expr, &name);
        }
        let mut acts = Vec::new();
        let index_used = self.assigned(&mut binary.left, &mut acts);
        let left = binary.left.clone();
        let index = Self::last_index(&mut binary.left).map(|index| (index, index_used));
        let operands = [(&mut *binary.right, value_used)].into_iter().chain(index);
        if !self.clear_for(&acts, operands) {
            self.clear_before(expr, &acts);
        }
        self.changed(&left);
    }

    /// `&mut place`
    fn borrow(&mut self, expr: &mut Expr) {
        let Expr::Reference(reference) = expr else {
            return;
        };
        let index_used = self.indices(&mut reference.expr);
        let acts = self.acts_of_change(&reference.expr, Sure::Yes);
        let place = reference.expr.clone();
        let index = Self::last_index(&mut reference.expr).map(|index| (index, index_used));
        if !self.clear_for(&acts, index) {
            self.clear_before(expr, &acts);
        }
        self.changed(&place);
    }

    /// A change through a raw pointer happens later, in unknown code.
    fn raw_address(&mut self, expr: &mut Expr) {
        let Expr::RawAddr(address) = expr else { return };
        let name = self
            .names
            .place(&address.expr)
            .map(|place| place.name.clone());
        match name {
            Some(name) => self.hand_over(expr, &name),
            None => self.expr(&mut address.expr),
        }
    }

    pub(super) fn method_call(&mut self, expr: &mut Expr, then: Then) {
        let Expr::MethodCall(call) = expr else { return };
        if self.names.whole(&call.receiver).is_some() {
            return self.call_on_whole(expr, then);
        }
        if self.names.place(&call.receiver).is_some() {
            return self.call_on_place(expr);
        }
        self.expr(&mut call.receiver);
        let before = (self.state.is_lent, self.state.handed_over);
        let given = self.arguments(call);
        self.given(expr, given);
        self.end_loan(before);
    }

    /// A loan from a `&mut` host among the arguments ends before the host is used again.
    fn end_loan(&mut self, (was_lent, handed_over): (bool, usize)) {
        if self.state.handed_over > handed_over {
            self.state.is_lent = was_lent;
        }
    }

    /// The arguments of a call, and which of them use the whole host. A host that is itself an
    /// argument is reported, because the call takes it.
    fn arguments(&mut self, call: &mut ExprMethodCall) -> Given {
        self.args(call.args.iter_mut())
    }

    fn args<'a>(&mut self, args: impl Iterator<Item = &'a mut Expr>) -> Given {
        let mut given = Given::default();
        for argument in args {
            let whole = self.names.whole(argument);
            let whole = whole.map(|whole| (whole.name.clone(), whole.taken, whole.is_mutable));
            let used = match whole {
                Some((name, taken, is_mutable)) => {
                    let is_moved = self.is_owned && taken == Taken::Itself;
                    let looks = taken == Taken::Shared || is_moved || !is_mutable;
                    given.looks |= looks;
                    given.hands_over |= !looks;
                    given.name = Some(name);
                    false
                }
                None => self.uses(|this| this.expr(argument)),
            };
            given.used.push(used);
        }
        given
    }

    /// The host was among the arguments of `expr`.
    fn given(&mut self, expr: &mut Expr, given: Given) {
        let Some(name) = given.name else { return };
        if given.hands_over {
            self.hand_over(expr, &name);
        } else if given.looks {
            self.state.is_lent = true;
            self.use_whole(expr, &name);
        }
    }

    /// `self.method(…)`
    fn call_on_whole(&mut self, expr: &mut Expr, then: Then) {
        let Expr::MethodCall(call) = expr else {
            return;
        };
        let whole = self.names.whole(&call.receiver);
        let Some((host, is_mutable)) = whole.map(|whole| (whole.name.clone(), whole.is_mutable))
        else {
            return;
        };
        let method = plain(&call.method);
        self.arguments(call);
        let known = self.facts.methods.get(&method);
        if known.is_none() && LOOKING_AT_SELF.contains(&method.as_str()) || !is_mutable {
            self.state.is_lent |= known.is_none();
            return self.use_whole(expr, &host);
        }
        match known {
            Some(called) if !self.facts.is_trait && !is_lent_on(called, then) => {
                self.state.is_lent |= called.iter().any(|called| called.lent != Lent::Nothing);
                self.use_whole(expr, &host);
            }
            // While the call waits for its arguments, it borrows the host. So the host is cleared
            // before.
            None if self.facts.is_also => {
                self.hand_over_to(expr, &host, Target::Unseen(method));
            }
            _ => self.hand_over(expr, &host),
        }
    }

    /// `self.items.method(…)`
    fn call_on_place(&mut self, expr: &mut Expr) {
        let Expr::MethodCall(call) = expr else { return };
        let index_used = self.indices(&mut call.receiver);
        let is_borrow = call.args.iter().any(|argument| self.is_borrow(argument));
        let given = self.arguments(call);
        let name = plain(&call.method);
        if is_borrow {
            // The argument borrows the whole host, so the call cannot change any of it.
            return self.given(expr, given);
        }
        let acts = if let Some(class) = class_of(&name) {
            self.acts_of_look(&call.receiver, class)
        } else if changes(&name) {
            self.acts_of_change(&call.receiver, Sure::Yes)
        } else {
            self.acts_of_change(&call.receiver, Sure::Perhaps)
        };
        let place = call.receiver.clone();
        let args = call.args.iter().enumerate();
        let early = args.filter(|(_, argument)| is_early(argument, &acts));
        let early: Vec<usize> = early.map(|(at, _)| at).collect();
        let index = Self::last_index(&mut call.receiver).map(|index| (index, index_used));
        let operands = call.args.iter_mut().zip(given.used.iter().copied());
        let operands: Vec<_> = index.into_iter().chain(operands).collect();
        if !early.is_empty() {
            self.sink.hoisted(expr, &early, &acts);
            self.note(&acts);
        } else if !self.clear_for(&acts, operands) {
            self.clear_before(expr, &acts);
        }
        self.changed(&place);
        self.given(expr, given);
    }

    /// The properties that a call makes stale if its method only looks by its name but in fact
    /// changes.
    fn acts_of_look(&mut self, place: &Expr, class: &'static str) -> Vec<Act> {
        let acts = self.acts_of_change(place, Sure::Perhaps).into_iter();
        let unless_known = acts.filter_map(|act| match act.what {
            What::Clear(target) => Some(Act {
                what: What::UnlessKnown(target, place.clone(), class),
                ..act
            }),
            _ => None,
        });
        unless_known.collect()
    }

    /// Whether an argument certainly borrows the whole host.
    fn is_borrow(&self, argument: &Expr) -> bool {
        match argument {
            Expr::Path(path) => self.state.borrowed.are_in(path.to_token_stream()),
            Expr::MethodCall(call) => self.lends_for_certain(call),
            _ => false,
        }
    }

    /// Whether a call lends a part of the host, as the signature of a method of the block says.
    pub(super) fn lends_for_certain(&self, call: &ExprMethodCall) -> bool {
        let called = self.facts.methods.get(&plain(&call.method));
        let lends =
            |called: &Called| called.lent == Lent::Shared && called.receiver == Receiver::Shared;
        let is_on_host = self.names.whole(&call.receiver).is_some() && !self.facts.is_trait;
        is_on_host && called.is_some_and(|called| called.iter().all(lends))
    }

    /// `function(…)`, `Self::method(self, …)`
    fn call(&mut self, expr: &mut Expr) {
        let Expr::Call(call) = expr else { return };
        let first = call.args.first();
        let first = first.and_then(|first| Some(self.names.whole(first)?.name.clone()));
        let method = self.facts.named_by_path(&call.func).map(plain);
        if let (Some(host), Some(called)) = (
            first,
            method.and_then(|method| self.facts.methods.get(&method)),
        ) {
            let called = called.clone();
            self.args(call.args.iter_mut().skip(1));
            if !self.facts.is_trait && !is_lent_on(&called, Then::Used) {
                self.state.is_lent |= called.iter().any(|called| called.lent != Lent::Nothing);
                return self.use_whole(expr, &host);
            }
            return self.hand_over(expr, &host);
        }
        self.expr(&mut call.func);
        let before = (self.state.is_lent, self.state.handed_over);
        let given = self.args(call.args.iter_mut());
        self.given(expr, given);
        self.end_loan(before);
    }

    /// Unknown code may do anything.
    pub(super) fn unseen(&mut self, expr: &mut Expr) {
        let name = self.host_at(expr);
        if self.names.0.iter().any(|name| name.is_mutable) {
            self.hand_over(expr, &name);
        } else {
            self.use_whole(expr, &name);
        }
    }

    /// All other expressions, which need no rule of their own.
    pub(super) fn inside(&mut self, expr: &mut Expr) {
        Node::Expr(expr).inside(self);
    }
}

/// What the arguments of a call do with the host.
#[derive(Default)]
struct Given {
    /// Which of them use it before the call.
    used: Vec<bool>,
    /// One of them is the host, which the call can look at.
    looks: bool,
    /// One of them is the host, which the call can change.
    hands_over: bool,
    name: Option<proc_macro2::Ident>,
}

/// Whether the body goes on with a host that a method lends. Changes through that loan cannot be
/// followed.
fn is_lent_on(called: &[Called], then: Then) -> bool {
    then == Then::Used && called.iter().any(|called| called.lends_host)
}

/// Whether an argument gets its value before an inner host is cleared for the call. It may read a
/// property of that host, or contain a variable that borrows a part of it.
fn is_early(argument: &Expr, acts: &[Act]) -> bool {
    let has_inner = acts.iter().any(|act| matches!(act.what, What::Inner(_)));
    has_inner && !matches!(argument, Expr::Closure(_) | Expr::Lit(_))
}
