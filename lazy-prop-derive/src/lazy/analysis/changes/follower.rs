//! The follower of the host through a body: the state at each point, and the clearings.

use crate::sorted::Set;

use proc_macro2::Ident;
use quote::{ToTokens, format_ident};
use syn::{Expr, Member, Pat, Stmt};

use super::inner::{Used, inner_hosts, is_behind_star, is_of_fields};
use super::sink::{Act, Record, Sink, What};
use crate::lazy::analysis::facts::Facts;
use crate::lazy::analysis::graph::{Graph, Target};
use crate::lazy::analysis::locals::{Held, Locals};
use crate::lazy::analysis::places::{Name, Names, Taken};
use crate::lazy::analysis::values::Bound;
use crate::lazy::analysis::verdict::Verdict;
use crate::lazy::syntax::text;
use crate::walk::{Node, Walk};

/// Follows the host through a body.
pub(super) struct Follower<'f> {
    pub(super) facts: &'f Facts,
    pub(super) graph: &'f Graph,
    pub(super) sink: &'f mut dyn Sink,
    /// The receiver's own token, because `self` is hygienic.
    pub(super) this: Ident,
    /// Whether the method owns its host.
    pub(super) is_owned: bool,
    /// Whether it lends a part of it.
    pub(super) lends: bool,
    pub(super) bound: &'f Bound,
    pub(super) names: Names,
    pub(super) state: State,
    pub(super) found: Verdict,
    /// Code for the place before the present statement.
    pub(super) before: Vec<Stmt>,
    /// Code for the place behind it.
    pub(super) behind: Vec<Stmt>,
    /// Variables that the next block can ask rustc for.
    pub(super) bound_before: Vec<Ident>,
}

/// The state at one point of a body.
#[derive(Clone, Default)]
pub(super) struct State {
    /// Properties that were cleared, and cannot have been computed since.
    pub(super) cleared: Set<Target>,
    /// Properties that may have become stale unseen.
    pub(super) doubt: Set<Target>,
    /// All doubts of the innermost loop or labelled block, which a jump may take to its end.
    pub(super) doubted: Set<Target>,
    /// The variables that may borrow the host.
    pub(super) locals: Locals,
    /// The variables that certainly borrow it.
    pub(super) borrowed: Locals,
    /// What those of them hold that are still needed.
    pub(super) held: Held,
    /// The number of loans so far.
    pub(super) loans: usize,
    /// Whether the host was lent in the statement.
    pub(super) is_lent: bool,
    /// The number of uses of the whole host. After each, any property may have been computed.
    pub(super) uses: usize,
    /// How often it went where it cannot be followed.
    pub(super) handed_over: usize,
    /// The number of uses at the start of the present statement, if that start always runs before
    /// this point.
    pub(super) uses_before: Option<usize>,
    /// The macros that the body defines, and that name `self`.
    pub(super) macros: Set<String>,
    pub(super) within: Within,
    /// The places that a cleared closure uses.
    pub(super) used: Used,
}

impl State {
    pub(super) fn new(bound: &Bound) -> Self {
        let locals = Locals::among(bound.may_borrow());
        Self {
            borrowed: locals.clone(),
            locals,
            ..Self::default()
        }
    }
}

/// The place of a part of a body.
#[derive(Clone, Copy, Default, PartialEq)]
pub(super) enum Within {
    #[default]
    Method,
    /// A closure or an async block, which `return` leaves alone.
    Closure,
    /// One that was cleared for, before it, with everything that it changes.
    ClearedClosure,
}

/// The use of an expression's value.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Then {
    /// The body goes on with it.
    Used,
    /// It is dropped.
    Dropped,
    /// The body ends with it. A `self` here, or a call that lends it, does not count as a use.
    Returned,
}

/// How certain a change is.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Sure {
    /// rustc treats it as a change.
    Yes,
    /// A change if the called method changes its receiver.
    Perhaps,
}

impl Walk for Follower<'_> {
    fn visit(&mut self, node: Node<'_>) {
        match node {
            Node::Expr(expr) => self.expr(expr),
            Node::Block(block) => self.body(block, Then::Used),
            Node::Local(local) => self.local(local),
            Node::Item(item) => self.item(item),
            // Patterns and types change nothing.
            Node::Pat(_) | Node::Type(_) => {}
            other => other.inside(self),
        }
    }
}

/// Where a clearing goes.
impl Follower<'_> {
    /// Clears before `expr`, or before the statement if nothing can have been computed since the
    /// statement began.
    pub(super) fn clear_before(&mut self, expr: &mut Expr, acts: &[Act]) {
        if acts.is_empty() {
            return;
        }
        if self.state.uses_before == Some(self.state.uses) {
            let stmt = self.sink.statement(acts);
            self.before.extend(stmt);
        } else {
            self.sink.before(expr, acts);
        }
        self.note(acts);
    }

    pub(super) fn note(&mut self, acts: &[Act]) {
        for act in acts {
            if let (What::Clear(target), true) = (&act.what, act.unless.is_empty()) {
                self.state.cleared.insert(target.clone());
            }
        }
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

    pub(super) fn is_to_clear(&self, target: &Target) -> bool {
        let cleared = &self.state.cleared;
        let is_cleared = cleared.contains(target) || cleared.contains(&Target::All);
        !is_cleared && !self.graph.stale_by(target).is_empty()
    }

    /// A field, or `None` for the hidden one, which users change by hand.
    pub(super) fn target(&self, field: &Member) -> Option<Target> {
        (*field != self.facts.hidden).then(|| Target::Field(text(field)))
    }

    /// The whole host is used: properties may be read, and so computed.
    pub(super) fn use_whole(&mut self, expr: &mut Expr, host: &Ident) {
        if !self.state.doubt.is_empty() && !self.state.held.is_unknown {
            let doubt = self.state.doubt.clone();
            self.state.cleared.clear();
            let acts = self.careful_acts(host, doubt);
            self.clear_before(expr, &acts);
            if self.state.held.is_nothing() {
                self.state.doubt.clear();
            }
        }
        self.state.uses += 1;
        self.state.cleared.clear();
    }

    /// The whole host goes where it cannot be followed, and may be changed there.
    pub(super) fn hand_over(&mut self, expr: &mut Expr, host: &Ident) {
        self.hand_over_to(expr, host, Target::All);
    }

    /// The same for a method that another block may know.
    pub(super) fn hand_over_to(&mut self, expr: &mut Expr, host: &Ident, target: Target) {
        if !self.state.held.is_unknown {
            let mut targets = self.state.doubt.clone();
            if !targets.is_empty() {
                self.state.cleared.clear();
            }
            targets.insert(target.clone());
            let acts = self.careful_acts(host, targets);
            self.clear_before(expr, &acts);
        }
        if self.state.held.is_nothing() {
            self.state.doubt.clear();
        } else {
            self.doubt(target.clone());
        }
        self.handed_over(target);
    }

    /// The state after unknown code had the host.
    pub(super) fn handed_over(&mut self, target: Target) {
        self.state.uses += 1;
        self.state.handed_over += 1;
        self.state.cleared.clear();
        self.state.is_lent = true;
        self.state.doubt.insert(target.clone());
        self.state.doubted.insert(target.clone());
        self.found.on_exit.insert(target);
    }

    /// A possible change where perhaps nothing can be cleared.
    pub(super) fn doubt(&mut self, target: Target) {
        if self.graph.stale_by(&target).is_empty() {
            return;
        }
        self.found.on_entry.insert(target.clone());
        self.found.on_exit.insert(target.clone());
        self.state.doubt.insert(target.clone());
        self.state.doubted.insert(target);
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

    /// An index of the host runs unknown code, so the host is doubtful from here on.
    pub(super) fn changed(&mut self, place: &Expr) {
        let place = self.names.place(place);
        if place.is_some_and(|place| place.field.is_none() && place.is_mutable) {
            self.handed_over(Target::All);
        }
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
    pub(super) fn may_read_inner(&self, operand: &Expr, acts: &[Act]) -> bool {
        let mut acts = acts.iter();
        let has_inner = acts.any(|act| matches!(act.what, What::Inner(_)));
        let is_closure = matches!(operand, Expr::Closure(_));
        has_inner && !is_closure && self.names.are_in(&operand.to_token_stream())
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

    /// Whether `visit` uses the whole host.
    pub(super) fn uses(&mut self, visit: impl FnOnce(&mut Self)) -> bool {
        let before = self.state.uses;
        visit(self);
        self.state.uses > before
    }

    /// From now on the host has this name too.
    pub(super) fn name(&mut self, text: String, is_mutable: bool) {
        self.state.locals.is_host(&text);
        self.state.borrowed.is_host(&text);
        self.names.0.push(Name { text, is_mutable });
    }

    /// From here on, the names in a pattern are new variables, which may borrow the host if
    /// `is_lent`.
    pub(super) fn bind(&mut self, pattern: &Pat, is_lent: bool) {
        self.state.locals.bind(pattern, is_lent);
        self.state.borrowed.bind(pattern, false);
    }

    /// Asks rustc whether a variable can borrow. The answer is a statement, beside the variable.
    pub(super) fn ask(&mut self, name: &Ident) -> Option<Stmt> {
        if !self.state.locals.lack_loan_of(name) {
            return None;
        }
        let loan = format_ident!("__loan{}", self.state.loans, span = name.span());
        self.state.loans += 1;
        self.state.locals.add_loan(name, loan.clone());
        self.sink.loan(&loan, name)
    }

    /// Code whose variables end with it.
    pub(super) fn scope(&mut self, visit: impl FnOnce(&mut Self)) {
        let outside = (self.state.locals.clone(), self.state.borrowed.clone());
        visit(self);
        self.state.locals.end_scope(outside.0);
        self.state.borrowed.end_scope(outside.1);
    }

    /// The findings of `visit`, without writing.
    pub(super) fn rehearse(&mut self, visit: impl FnOnce(&mut Follower)) -> (State, Record) {
        let mut record = Record::default();
        let mut follower = Follower {
            facts: self.facts,
            graph: self.graph,
            sink: &mut record,
            this: self.this.clone(),
            is_owned: self.is_owned,
            lends: self.lends,
            bound: self.bound,
            names: self.names.clone(),
            state: self.state.clone(),
            found: Verdict::default(),
            before: Vec::new(),
            behind: Vec::new(),
            bound_before: Vec::new(),
        };
        follower.state.uses_before = None;
        visit(&mut follower);
        let state = follower.state;
        (state, record)
    }

    /// The whole host, if only its value is wanted.
    pub(super) fn whole(&mut self, expr: &mut Expr) {
        let Some(whole) = self.names.whole(expr) else {
            return;
        };
        let (name, taken, is_mutable) = (whole.name.clone(), whole.taken, whole.is_mutable);
        // An owned host that was moved cannot be read here any more.
        let is_moved = self.is_owned && taken == Taken::Itself;
        if taken == Taken::Shared || is_moved || !is_mutable {
            self.state.is_lent = true;
            self.use_whole(expr, &name);
        } else {
            self.hand_over(expr, &name);
        }
    }
}
