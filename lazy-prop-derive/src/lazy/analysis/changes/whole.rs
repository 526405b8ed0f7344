//! The whole host: used by code that may read it, or handed over to code that may change it.

use std::mem;

use proc_macro2::Ident;
use quote::ToTokens;
use syn::{Expr, Stmt};

use super::follower::Follower;
use super::state::Within;
use crate::lazy::analysis::graph::Target;

impl Follower<'_> {
    /// The whole host, if only its value is wanted.
    pub(super) fn whole(&mut self, expr: &mut Expr) {
        let Some(whole) = self.names.whole(expr) else {
            return;
        };
        let (name, is_only_read) = (whole.name.clone(), whole.is_only_read());
        if is_only_read {
            self.state.is_lent = true;
            self.use_whole(expr, &name);
        } else {
            self.hand_over(expr, &name);
        }
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

    /// An index of the host runs unknown code, so the host is doubtful from here on.
    pub(super) fn changed(&mut self, place: &Expr) {
        let place = self.names.place(place);
        if place.is_some_and(|place| place.field.is_none() && place.is_mutable) {
            self.handed_over(Target::All);
        }
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

    /// Doubtful values are cleared before the host, or a part of it, is returned.
    pub(super) fn settle(&mut self, expr: &mut Expr) {
        if self.state.doubt.is_empty() || self.state.held.is_unknown {
            return;
        }
        let host = self.host_at(expr);
        self.use_whole(expr, &host);
    }

    /// A method that lends the host cannot clear when it ends, and a statement that names the host
    /// may start the loan.
    pub(super) fn settle_before(&mut self, stmt: &Stmt) {
        let is_lending = self.lends && self.state.within == Within::Method;
        let tokens = stmt.to_token_stream();
        let is_doubtful = !self.state.doubt.is_empty() && self.state.held.is_nothing();
        let Some(host) = self
            .names
            .first_in(tokens)
            .filter(|_| is_lending && is_doubtful)
        else {
            return;
        };
        let doubt = mem::take(&mut self.state.doubt);
        self.state.cleared.clear();
        let acts = self.acts(&host, doubt);
        let stmt = self.sink.statement(&acts);
        self.before.extend(stmt);
        self.note(&acts);
    }
}
