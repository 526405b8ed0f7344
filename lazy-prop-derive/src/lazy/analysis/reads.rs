//! The reads of a body that cannot change its host.

use proc_macro2::Ident;
use quote::ToTokens;
use syn::{
    Expr, ExprCall, ExprField, ExprMethodCall, FieldPat, ImplItemFn, Item, Local, Macro, Member,
    Pat,
};

use super::facts::Facts;
use super::places::Names;
use super::std_macros::known_macro;
use crate::lazy::syntax::{plain, text};
use crate::sorted::Set;
use crate::walk::{Part, Read};

/// One read of a body.
pub(crate) enum Event {
    Field(String),
    /// A method of the block is called on `self`.
    Call(Ident),
    /// A property's cell is looked at: `self.lazy.words`.
    Peek(Ident),
    /// `self` goes where it cannot be followed.
    Everything,
}

/// The reads of a method's body, in the order of the text.
pub(crate) fn of(method: &ImplItemFn, facts: &Facts) -> Vec<Event> {
    let mut reader = Reader {
        facts,
        names: Names::new(false, false),
        macros: Set::new(),
        events: Vec::new(),
    };
    reader.read(Part::Block(&method.block));
    reader.events
}

struct Reader<'r> {
    facts: &'r Facts,
    names: Names,
    /// The macros that the body defines, and that name `self`.
    macros: Set<String>,
    events: Vec<Event>,
}

impl Read for Reader<'_> {
    fn read(&mut self, part: Part<'_>) {
        match part {
            Part::Expr(expr) => self.expr(expr),
            Part::Local(local) => self.local(local),
            Part::Macro(mac) => self.macro_call(mac),
            Part::Item(Item::Macro(item)) => {
                if let (Some(name), true) = (&item.ident, self.names.are_in(&item.mac.tokens)) {
                    self.macros.insert(name.to_string());
                }
            }
            // Other items have no `self`.
            Part::Item(_) => {}
            other => other.inside(self),
        }
    }
}

impl Reader<'_> {
    fn expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Field(field) if self.names.whole(&field.base).is_some() => {
                self.field(&field.member);
            }
            Expr::Field(ExprField { base, member, .. }) if self.is_hidden(base) => {
                if let Member::Named(name) = member {
                    self.events.push(Event::Peek(name.clone()));
                }
            }
            Expr::MethodCall(call) => self.method_call(call),
            Expr::Call(call) => self.call(call),
            Expr::Let(binding) => self.scrutinee(&binding.expr, [&*binding.pat]),
            Expr::Match(branch) => {
                self.scrutinee(&branch.expr, branch.arms.iter().map(|arm| &arm.pat));
                for arm in &branch.arms {
                    self.read(Part::Pat(&arm.pat));
                    self.read(Part::Expr(&arm.body));
                }
            }
            Expr::Verbatim(tokens) if self.names.are_in(tokens) => {
                self.events.push(Event::Everything);
            }
            expr if self.names.whole(expr).is_some() => self.events.push(Event::Everything),
            other => Part::Expr(other).inside(self),
        }
    }

    fn is_hidden(&self, expr: &Expr) -> bool {
        matches!(expr, Expr::Field(ExprField { base, member, .. })
            if self.names.whole(base).is_some() && *member == self.facts.hidden)
    }

    fn field(&mut self, member: &Member) {
        if *member != self.facts.hidden {
            self.events.push(Event::Field(text(member)));
        }
    }

    fn method_call(&mut self, call: &ExprMethodCall) {
        if self.names.whole(&call.receiver).is_some() {
            self.call_of(&call.method);
        } else {
            self.read(Part::Expr(&call.receiver));
        }
        for argument in &call.args {
            self.read(Part::Expr(argument));
        }
    }

    fn call(&mut self, call: &ExprCall) {
        let on_self = call.args.first();
        let on_self = on_self.is_some_and(|first| self.names.whole(first).is_some());
        let method = self.facts.named_by_path(&call.func).filter(|_| on_self);
        if let Some(method) = method {
            self.call_of(method);
        } else {
            self.read(Part::Expr(&call.func));
        }
        for argument in call.args.iter().skip(usize::from(method.is_some())) {
            self.read(Part::Expr(argument));
        }
    }

    fn call_of(&mut self, name: &Ident) {
        let is_known = self.facts.methods.contains(&plain(name));
        if is_known {
            self.events.push(Event::Call(name.clone()));
        }
        // In a trait's block it may be an inherent method.
        if !is_known || self.facts.is_trait {
            self.events.push(Event::Everything);
        }
    }

    /// `let Self { text, .. } = self` reads the fields that it names.
    fn scrutinee<'p>(&mut self, expr: &Expr, patterns: impl IntoIterator<Item = &'p Pat>) {
        if self.names.whole(expr).is_none() {
            return self.read(Part::Expr(expr));
        }
        for pattern in patterns {
            match fields_of(pattern) {
                Some(fields) => fields.iter().for_each(|field| self.field(field)),
                None => self.events.push(Event::Everything),
            }
        }
    }

    fn local(&mut self, local: &Local) {
        let Some(init) = &local.init else { return };
        self.scrutinee(&init.expr, [&local.pat]);
        if let Some((_, diverge)) = &init.diverge {
            self.read(Part::Expr(diverge));
        }
    }

    fn macro_call(&mut self, mac: &Macro) {
        let known = known_macro(mac, &self.macros);
        if let Some(known) = known.filter(|known| !known.hides(&self.names)) {
            for argument in &known.arguments {
                match argument {
                    Expr::Lit(text) if self.names.are_in(&text.to_token_stream()) => {
                        self.events.push(Event::Everything);
                    }
                    argument => self.read(Part::Expr(argument)),
                }
            }
        } else if !self.macros.is_empty() || self.names.are_in(&mac.tokens) {
            self.events.push(Event::Everything);
        }
    }
}

/// The fields that a pattern of the host names, or `None` if they are unknown.
pub(crate) fn fields_of(pattern: &Pat) -> Option<Vec<Member>> {
    match pattern {
        Pat::Struct(pattern) => {
            let bound = pattern.fields.iter();
            let bound = bound.filter(|field| !matches!(*field.pat, Pat::Wild(_)));
            Some(
                bound
                    .map(|FieldPat { member, .. }| member.clone())
                    .collect(),
            )
        }
        Pat::Paren(inner) => fields_of(&inner.pat),
        Pat::Guard(inner) => fields_of(&inner.pat),
        Pat::Reference(inner) => fields_of(&inner.pat),
        Pat::Wild(_) => Some(Vec::new()),
        _ => None,
    }
}
