//! Follows `self` through a body that can change it: where is something to be cleared?
//!
//! A value that is kept is wrong from the moment at which something that it was computed from
//! changes. While a field is mutably borrowed, no property can be read, for that needs the whole
//! host. So what a change makes stale is cleared before the borrow begins, and if the borrow waits
//! for its arguments (`self.items.push(self.total())`), when the last of them has its value. Then no
//! way out of the body, `?` or panic, leaves anything stale behind.
//!
//! What can't be followed, `helper(self)`, may change everything: it is cleared before. It may as
//! well read a property and change it then, so that is *doubt*: it is cleared again before `self` is
//! used as a whole next, and when the method is left.
//!
//! A call that is not known as a change may be none, while a variable still borrows the host: then
//! clearing would not compile. Where that may be so, nothing is cleared there, but on entry and exit.

mod calls;
mod control;
mod follower;
mod patterns;
pub(crate) mod sink;

use proc_macro2::{Ident, Span};

use super::facts::Facts;
use super::graph::Graph;
use super::lends::Lent;
use super::places::Names;
use super::values::Bound;
use super::verdict::Verdict;
use crate::lazy::model::block::Method;
use crate::lazy::model::receiver::Receiver;
use follower::{Follower, State, Then};
use sink::Sink;

/// Follows the body of a method; what is to be cleared goes to `sink`.
pub(crate) fn follow(
    method: &mut Method,
    facts: &Facts,
    graph: &Graph,
    sink: &mut dyn Sink,
) -> Verdict {
    let sig = &method.item.sig;
    let is_mutable = match method.receiver {
        Receiver::Value => sig.receiver().is_some_and(|this| this.mutability.is_some()),
        _ => true,
    };
    let this = sig.receiver().map(|receiver| receiver.self_token.span);
    let this = this.unwrap_or_else(Span::call_site);
    let bound = Bound::in_method(&method.item);
    let mut follower = Follower {
        facts,
        graph,
        sink,
        this: Ident::new("self", this),
        is_owned: method.receiver == Receiver::Value,
        lends: Lent::by(sig) != Lent::Nothing,
        names: Names::new(is_mutable),
        state: State::new(&bound),
        bound: &bound,
        found: Verdict::default(),
        before: Vec::new(),
    };
    follower.body(&mut method.item.block, Then::Returned);
    follower.found
}
