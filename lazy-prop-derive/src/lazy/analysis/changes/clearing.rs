//! What is cleared, and the places where it is cleared.

use proc_macro2::Ident;
use quote::ToTokens;
use syn::{Expr, Member};

use super::follower::{Follower, Sure};
use super::inner::{inner_hosts, is_behind_star, is_of_fields};
use super::sink::{Act, What, reach_inner};
use super::state::Within;
use crate::lazy::analysis::graph::Target;
use crate::lazy::syntax::text;

impl Follower<'_> {
    /// A field, or `None` for the hidden one, which users change by hand.
    pub(super) fn target(&self, field: &Member) -> Option<Target> {
        (*field != self.facts.hidden).then(|| Target::Field(text(field)))
    }

    /// The clearing for these targets, unless they are clear already.
    pub(super) fn acts(&self, host: &Ident, targets: impl IntoIterator<Item = Target>) -> Vec<Act> {
        if self.state.within == Within::ClearedClosure {
            return Vec::new();
        }
        let targets = targets
            .into_iter()
            .filter(|target| self.is_to_clear(target));
        let acts = targets.map(|target| Act::new(host, What::Clear(target)));
        acts.collect()
    }

    /// As [`acts`](Self::acts), unless a variable that is still needed borrows the host.
    pub(super) fn careful_acts(
        &self,
        host: &Ident,
        targets: impl IntoIterator<Item = Target>,
    ) -> Vec<Act> {
        let acts = self.acts(host, targets).into_iter();
        let careful = acts.map(|act| Act {
            unless: self.state.held.loans.clone(),
            ..act
        });
        careful.collect()
    }

    fn is_to_clear(&self, target: &Target) -> bool {
        let cleared = &self.state.cleared;
        let is_cleared = cleared.contains(target) || cleared.contains(&Target::All);
        !is_cleared && !self.graph.stale_by(target).is_empty()
    }

    /// The properties that a change of `place` makes stale or doubtful.
    pub(super) fn acts_of_change(&mut self, place: &Expr, sure: Sure) -> Vec<Act> {
        let Some(found) = self.names.place(place) else {
            return Vec::new();
        };
        let target = match found.field {
            Some(field) => self.target(field),
            None => Some(Target::All),
        };
        let Some(target) = target.filter(|_| found.is_mutable) else {
            return Vec::new();
        };
        if sure == Sure::Perhaps && !self.state.held.is_nothing() {
            let host = found.name.clone();
            self.doubt(target.clone());
            let targets = (!self.state.held.is_unknown).then_some(target);
            return self.careful_acts(&host, targets);
        }
        let mut acts = self.acts(found.name, [target]);
        // Behind a `*` the value may be shared, and only a certain change can borrow it.
        let is_asked = |inner: &&Expr| {
            // Fields that a cleared closure names were cleared before it, and it reads no property
            // of theirs. An index borrows the whole field in any case.
            let is_cleared = self.state.within == Within::ClearedClosure
                && is_of_fields(inner)
                && !self.state.used.include(inner);
            let is_whole = self.names.whole(inner).is_some();
            !is_cleared && !is_whole && (sure == Sure::Yes || !is_behind_star(inner))
        };
        let inner = inner_hosts(place).filter(is_asked);
        acts.extend(inner.map(|inner| Act::new(found.name, What::Inner(inner.clone()))));
        acts
    }

    /// The properties that a call makes stale if its method only looks by its name but in fact
    /// changes.
    pub(super) fn acts_of_look(&mut self, place: &Expr, class: &'static str) -> Vec<Act> {
        let acts = self.acts_of_change(place, Sure::Perhaps);
        by_type(acts, |target| {
            What::UnlessKnown(target, place.clone(), class)
        })
    }

    /// The properties that a use of a place makes stale if the place is a mutable reference.
    pub(super) fn acts_of_reference(&mut self, place: &Expr) -> Vec<Act> {
        let acts = self.acts_of_change(place, Sure::Yes);
        by_type(acts, |target| What::IfReference(target, place.clone()))
    }

    /// Clears before `expr`, or before the statement if nothing can have been computed since the
    /// statement began.
    pub(super) fn clear_before(&mut self, expr: &mut Expr, acts: &[Act]) {
        if acts.is_empty() {
            return;
        }
        if !self.clear_before_statement(acts) {
            self.sink.before(expr, acts);
        }
        self.note(acts);
    }

    /// Clears before the statement, if nothing can have been computed since it began.
    pub(super) fn clear_before_statement(&mut self, acts: &[Act]) -> bool {
        let is_early = self.state.uses_before == Some(self.state.uses);
        if is_early && !acts.is_empty() {
            let stmt = self.sink.statement(acts);
            self.before.extend(stmt);
        }
        is_early
    }

    /// Clears the properties that a change makes stale: before `expr`, or when the last operand
    /// that uses the whole host, or a borrow from it, has its value.
    pub(super) fn clear_for<'e>(
        &mut self,
        acts: &[Act],
        operands: impl IntoIterator<Item = (&'e mut Expr, bool)>,
    ) -> bool {
        let this = &*self;
        let is_used = |(operand, has_used): (&'e mut Expr, bool)| {
            // A closure would hold its names while the change happens, so this is not a loan.
            let is_value = !matches!(operand, Expr::Closure(_));
            let is_used = has_used
                || this.may_read_inner(operand, acts)
                || is_value && this.state.locals.are_in(operand.to_token_stream());
            is_used.then_some(operand)
        };
        let Some(last) = operands.into_iter().filter_map(is_used).last() else {
            return false;
        };
        if !acts.is_empty() {
            self.sink.behind(last, acts);
        }
        self.note(acts);
        true
    }

    /// Whether an operand may read a property of the inner host that is then changed.
    fn may_read_inner(&self, operand: &Expr, acts: &[Act]) -> bool {
        let is_closure = matches!(operand, Expr::Closure(_));
        reach_inner(acts) && !is_closure && self.names.are_in(&operand.to_token_stream())
    }

    pub(super) fn note(&mut self, acts: &[Act]) {
        for act in acts {
            if let (What::Clear(target), true) = (&act.what, act.unless.is_empty()) {
                self.state.cleared.insert(target.clone());
            }
        }
    }

    /// The host's name for code beside `expr`: the name in it, or the newest.
    pub(super) fn host_at(&self, expr: &Expr) -> Ident {
        let newest = || {
            let name = self.names.0.last().map_or("self", |name| &name.text);
            Ident::new(name, self.this.span())
        };
        self.names
            .first_in(expr.to_token_stream())
            .unwrap_or_else(newest)
    }
}

/// The acts on these targets, which depend on a type.
fn by_type(acts: Vec<Act>, what: impl Fn(Target) -> What) -> Vec<Act> {
    let by_type = acts.into_iter().filter_map(|act| match act.what {
        What::Clear(target) => Some(Act {
            what: what(target),
            ..act
        }),
        _ => None,
    });
    by_type.collect()
}
