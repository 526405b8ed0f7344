//! Follows `self` through a body that can change it, and finds the places to clear.
//!
//! A kept value is wrong as soon as its inputs change. While a field is mutably borrowed, no
//! property can be read, because a read needs the whole host. So stale values are cleared before
//! the borrow begins. If the borrow waits for its arguments, as in `self.items.push(self.total())`,
//! they are cleared when the last argument has its value. Then no exit from the body, by `?` or
//! panic, leaves a stale value.
//!
//! Code that cannot be followed, such as `helper(self)`, may change everything, so everything is
//! cleared before it. It may also read a property and then change the host. This is *doubt*: the
//! values are cleared again before the next use of the whole `self`, and at the end of the method.
//!
//! A call that is not a known change may change nothing, while a variable still borrows the host.
//! Clearing would not compile there. So rustc is asked for the types of these variables, and clears
//! if none of them can borrow. Where it cannot be asked, nothing is cleared, only at the start and
//! the end of the method.

mod assignments;
mod branches;
mod calls;
mod clearing;
mod closures;
mod expressions;
mod follower;
mod inner;
mod loops;
mod macros;
mod patterns;
pub(crate) mod sink;
mod state;
mod statements;
mod whole;

use proc_macro2::{Ident, Span};

use super::facts::Facts;
use super::graph::Graph;
use super::lends::Lent;
use super::places::Names;
use super::values::Bound;
use super::verdict::Verdict;
use crate::lazy::model::block::Method;
use crate::lazy::model::receiver::Receiver;
use follower::{Follower, Then};
use sink::Sink;
use state::State;

/// Follows the body of a method. The clearings go to `sink`.
pub(crate) fn follow(
    method: &mut Method,
    facts: &Facts,
    graph: &Graph,
    sink: &mut dyn Sink,
) -> Verdict {
    let sig = &method.item.sig;
    let is_mutable = match method.receiver {
        Receiver::Value => {
            let is_mut = sig.receiver().is_some_and(|this| this.mutability.is_some());
            // What a field refers to can be changed without `mut`.
            is_mut || facts.may_hold_references
        }
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
        lends: Lent::by(sig) != Lent::Nothing,
        names: Names::new(is_mutable, method.receiver == Receiver::Value),
        state: State::new(&bound),
        bound: &bound,
        found: Verdict::default(),
        before: Vec::new(),
        behind: Vec::new(),
        bound_before: Vec::new(),
    };
    follower.body(&mut method.item.block, Then::Returned);
    follower.found
}
