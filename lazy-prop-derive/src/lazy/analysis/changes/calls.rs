//! Calls: of the host's methods, on its fields, with the host as an argument.

use quote::ToTokens;
use syn::{Expr, ExprMethodCall};

use super::follower::{Follower, Sure, Then};
use super::sink::{Act, reach_inner};
use crate::lazy::analysis::facts::Called;
use crate::lazy::analysis::graph::Target;
use crate::lazy::analysis::lends::Lent;
use crate::lazy::analysis::std_methods::{LOOKING_AT_SELF, changes, class_of};
use crate::lazy::model::receiver::Receiver;
use crate::lazy::syntax::plain;

impl Follower<'_> {
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
        let given = self.arguments(call.args.iter_mut());
        self.given(expr, given);
        self.end_loan(before);
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
        self.arguments(call.args.iter_mut());
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
        let given = self.arguments(call.args.iter_mut());
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

    /// `function(…)`, `Self::method(self, …)`
    pub(super) fn call(&mut self, expr: &mut Expr) {
        let Expr::Call(call) = expr else { return };
        let first = call.args.first();
        let first = first.and_then(|first| Some(self.names.whole(first)?.name.clone()));
        let method = self.facts.named_by_path(&call.func).map(plain);
        if let (Some(host), Some(called)) = (
            first,
            method.and_then(|method| self.facts.methods.get(&method)),
        ) {
            let called = called.clone();
            self.arguments(call.args.iter_mut().skip(1));
            if !self.facts.is_trait && !is_lent_on(&called, Then::Used) {
                self.state.is_lent |= called.iter().any(|called| called.lent != Lent::Nothing);
                return self.use_whole(expr, &host);
            }
            return self.hand_over(expr, &host);
        }
        self.expr(&mut call.func);
        let before = (self.state.is_lent, self.state.handed_over);
        let given = self.arguments(call.args.iter_mut());
        self.given(expr, given);
        self.end_loan(before);
    }

    /// The arguments of a call, and which of them use the whole host. A host that is itself an
    /// argument is reported, because the call takes it.
    fn arguments<'a>(&mut self, args: impl Iterator<Item = &'a mut Expr>) -> Given {
        let mut given = Given::default();
        for argument in args {
            let whole = self.names.whole(argument);
            let whole = whole.map(|whole| (whole.name.clone(), whole.is_only_read()));
            let used = match whole {
                Some((name, looks)) => {
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

    /// A loan from a `&mut` host among the arguments ends before the host is used again.
    fn end_loan(&mut self, (was_lent, handed_over): (bool, usize)) {
        if self.state.handed_over > handed_over {
            self.state.is_lent = was_lent;
        }
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
    reach_inner(acts) && !matches!(argument, Expr::Closure(_) | Expr::Lit(_))
}
