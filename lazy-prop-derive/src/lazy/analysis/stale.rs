//! Follows one property through a body that changes what it reads: where could it be read stale,
//! and could it be stale when the body is left?

use proc_macro2::Span;

use crate::lazy::analysis::flow::Flow;
use crate::lazy::analysis::graph::{Effect, Graph, Method};
use crate::lazy::model::receiver::Receiver;

/// What may be in a cell, as a set of bits.
pub(crate) type States = u8;

/// Nothing: so it begins, for the method clears on entry.
const EMPTY: States = 1;
/// A value that is right.
pub(crate) const FILLED: States = 2;
/// A value that something unseen may have computed, right until now.
pub(crate) const UNSEEN: States = 4;
/// A value computed before a change.
pub(crate) const STALE: States = 8;
/// A value computed before what an owned host may have been changed by, or moved into.
pub(crate) const DOUBTED: States = 16;

/// What was found on all the ways through a body.
#[derive(Default)]
pub(crate) struct Trace {
    /// Where a stale value would be read.
    pub(crate) stale_reads: Vec<Span>,
    /// Every state that was reached on the way.
    pub(crate) reached: States,
    /// The states in which the body is left.
    pub(crate) left: States,
    /// Whether the property may be read somewhere.
    pub(crate) may_read: bool,
}

/// Follows `property` through the body of `method`.
pub(crate) fn trace(graph: &Graph, method: &Method, property: &str) -> Trace {
    let mut tracer = Tracer {
        graph,
        property,
        is_owned: method.receiver == Receiver::Value,
        broken: 0,
        continued: 0,
        trace: Trace::default(),
    };
    let end = tracer.run(&method.flow, EMPTY);
    tracer.trace.left |= end;
    tracer.trace
}

struct Tracer<'t> {
    graph: &'t Graph,
    property: &'t str,
    /// Whether the method owns its host: what it calls then may as well take it.
    is_owned: bool,
    /// The states in which something was jumped out of.
    broken: States,
    /// The states in which a loop went on from its head.
    continued: States,
    trace: Trace,
}

impl Tracer<'_> {
    /// The states behind `flow`, which is entered in `states`; none if it never ends.
    fn run(&mut self, flow: &Flow, states: States) -> States {
        let states = match flow {
            Flow::Sequence(flows) => flows
                .iter()
                .fold(states, |states, flow| self.run(flow, states)),
            Flow::Either(flows) => flows
                .iter()
                .fold(0, |joined, flow| joined | self.run(flow, states)),
            Flow::Repeat(flow) => self.repeat(flow, states),
            Flow::Scope(flow) => self.scope(|this| this.run(flow, states)),
            Flow::Break => {
                self.broken |= states;
                0
            }
            Flow::Continue => {
                self.continued |= states;
                0
            }
            Flow::Leave => {
                self.trace.left |= states;
                0
            }
            event => self.event(event, states),
        };
        self.trace.reached |= states;
        states
    }

    fn repeat(&mut self, flow: &Flow, mut states: States) -> States {
        self.scope(|this| {
            loop {
                let again = states | this.run(flow, states) | this.continued;
                if again == states {
                    return states;
                }
                states = again;
            }
        })
    }

    /// Joins the jumps in `run` to its end; and, for a label can name an outer one, to the ends and
    /// heads of all around.
    fn scope(&mut self, run: impl FnOnce(&mut Self) -> States) -> States {
        let outer = (
            std::mem::take(&mut self.broken),
            std::mem::take(&mut self.continued),
        );
        let states = run(self) | self.broken;
        self.broken |= outer.0;
        self.continued |= outer.1;
        states
    }

    fn event(&mut self, event: &Flow, states: States) -> States {
        let values = states & (FILLED | UNSEEN | STALE | DOUBTED);
        let effect = self.graph.effect(event, self.property);
        self.trace.may_read |= effect.may_read();
        if effect.reads_what_is_kept() && states & (STALE | DOUBTED) != 0 {
            self.trace.stale_reads.extend(event.place());
        }
        match effect {
            Effect::Nothing => states,
            // What is never reached stays so.
            Effect::Reads | Effect::Clears { .. } if states == 0 => 0,
            Effect::Reads => FILLED,
            Effect::Clears { may_read: false } => EMPTY,
            Effect::Clears { may_read: true } => EMPTY | FILLED,
            Effect::MayRead => states | unseen_of(states),
            Effect::Changes => (states & EMPTY) | if values == 0 { 0 } else { STALE },
            Effect::Unseen => {
                let changed = if self.is_owned { DOUBTED } else { STALE };
                let stale = if values == 0 { 0 } else { changed };
                (states & (EMPTY | STALE)) | unseen_of(states) | stale
            }
        }
    }
}

fn unseen_of(states: States) -> States {
    if states & EMPTY == 0 { 0 } else { UNSEEN }
}
