//! Patterns: the names that they bind, and their effect on a matched host or place.

use quote::ToTokens;
use syn::{Expr, Local, Pat};

use super::follower::{Follower, Sure};
use super::inner::is_simple;
use super::sink::{Act, What};
use crate::lazy::analysis::graph::Target;
use crate::lazy::analysis::places::{Name, Taken};
use crate::lazy::analysis::reads::fields_of;
use crate::lazy::analysis::values::{is_owned, is_value, names_in, plain_name};
use crate::walk::{Part, Read};

impl Follower<'_> {
    /// `let pattern = value else { … };`
    pub(super) fn local(&mut self, local: &mut Local) {
        let Some(init) = &mut local.init else {
            return self.bind(&local.pat, false);
        };
        let (name, ty) = match &local.pat {
            Pat::Type(typed) => (plain_name(&typed.pat), Some(&*typed.ty)),
            pattern => (plain_name(pattern), None),
        };
        let whole = self.names.whole(&init.expr);
        let is_copied = whole.is_some_and(|whole| whole.taken == Taken::Deref);
        let owns = is_copied || ty.is_some_and(is_owned) || is_value(&init.expr);
        let is_certain = match &*init.expr {
            Expr::MethodCall(call) => !owns && self.lends_for_certain(call),
            _ => false,
        };
        let is_closure = matches!(&*init.expr, Expr::Closure(_) | Expr::Async(_));
        let was_lent = self.state.is_lent;
        let is_host = name
            .as_ref()
            .is_some_and(|(name, is_mut)| self.is_host(name, *is_mut, &mut init.expr));
        let is_lent = !is_host
            && self.lends(&mut init.expr, |this, value| match name {
                Some(_) => this.expr(value),
                None => this.scrutinee(value, &[&local.pat]),
            });
        let acts = self.acts_of_taken(&init.expr, &[&local.pat]);
        if !acts.is_empty() {
            let stmt = self.sink.statement(&acts);
            self.before.extend(stmt);
        }
        if owns || is_host {
            self.state.is_lent = was_lent;
        }
        if let Some((_, diverge)) = &mut init.diverge {
            self.branch(|this| this.expr(diverge));
        }
        self.bind(&local.pat, is_lent && !owns);
        if is_certain {
            self.state.borrowed.bind(&local.pat, true);
        } else if !is_closure && !local.attrs.iter().any(|attr| attr.path().is_ident("cfg")) {
            for name in names_in(&local.pat) {
                let loan = self.ask(&name);
                self.behind.extend(loan);
            }
        }
    }

    /// `let this = self;`: whether it is followed as another name of the host.
    fn is_host(&mut self, name: &str, is_mut: bool, value: &mut Expr) -> bool {
        let Some(whole) = self.names.whole(value) else {
            return false;
        };
        if whole.taken == Taken::Deref || !self.bound.is_only(name) {
            return false;
        }
        let by_value = whole.is_moved();
        let is_mutable = match whole.taken {
            Taken::Shared => false,
            _ if by_value => is_mut,
            _ => whole.is_mutable,
        };
        if whole.taken == Taken::Shared || by_value {
            let host = whole.name.clone();
            self.use_whole(value, &host);
        }
        self.name(Name {
            text: name.to_owned(),
            is_mutable,
            is_owned: by_value,
        });
        true
    }

    /// `match`, `let` and `if let` of one value.
    pub(super) fn scrutinee(&mut self, expr: &mut Expr, patterns: &[&Pat]) {
        let has_ref_mut = patterns.iter().any(|pattern| binds_mutably(pattern));
        if let Some(whole) = self.names.whole(expr) {
            let by_reference = match whole.taken {
                Taken::Mutably => true,
                Taken::Itself => !whole.is_moved(),
                Taken::Deref | Taken::Shared => false,
            };
            let (host, is_shared) = (whole.name.clone(), whole.taken == Taken::Shared);
            let Some(fields) = patterns
                .iter()
                .map(|pattern| fields_of(pattern))
                .collect::<Option<Vec<_>>>()
            else {
                if is_shared {
                    self.use_whole(expr, &host);
                } else {
                    self.whole(expr);
                }
                return;
            };
            if !by_reference && !has_ref_mut {
                return;
            }
            let targets: Vec<Target> = fields
                .iter()
                .flatten()
                .filter_map(|field| self.target(field))
                .collect();
            let acts = self.acts(&host, targets);
            self.match_after(expr, &acts);
        } else if has_ref_mut && self.names.place(expr).is_some() {
            self.indices(expr);
            let acts = self.acts_of_change(expr, Sure::Yes);
            self.match_after(expr, &acts);
        } else {
            let acts = self.acts_of_opened(expr, patterns);
            self.look(expr);
            self.clear_before(expr, &acts);
        }
    }

    /// `let (one, _) = self.pair`: what is cleared before it, if the place is a mutable reference.
    pub(super) fn acts_of_taken(&mut self, expr: &Expr, patterns: &[&Pat]) -> Vec<Act> {
        let is_place = self.names.place(expr).is_some();
        if is_place && patterns.iter().any(|pattern| takes_apart(pattern)) {
            self.acts_of_reference(expr)
        } else {
            Vec::new()
        }
    }

    /// `let Inner { items, .. } = &mut self.inner`: the place may itself be a host.
    fn acts_of_opened(&self, expr: &Expr, patterns: &[&Pat]) -> Vec<Act> {
        let is_opened = |pattern: &&Pat| matches!(pattern, Pat::Struct(_) | Pat::TupleStruct(_));
        let Expr::Reference(reference) = expr else {
            return Vec::new();
        };
        let is_asked = reference.mutability.is_some()
            && is_simple(&reference.expr)
            && patterns.iter().any(is_opened);
        let place = self.names.place(&reference.expr).filter(|_| is_asked);
        let act = place.map(|place| {
            let what = What::Inner((*reference.expr).clone());
            Act::new(place.name, what)
        });
        act.into_iter().collect()
    }

    fn match_after(&mut self, expr: &mut Expr, acts: &[Act]) {
        if acts.is_empty() {
            return;
        }
        if self.state.uses_before == Some(self.state.uses) {
            self.clear_before(expr, acts);
        } else {
            self.sink.matched(expr, acts);
            self.note(acts);
        }
    }
}

/// `ref mut name`, anywhere in it.
fn binds_mutably(pattern: &Pat) -> bool {
    struct Find(bool);
    impl Read for Find {
        fn read(&mut self, part: Part<'_>) {
            if let Part::Pat(Pat::Ident(name)) = part {
                self.0 |= name.by_ref.is_some() && name.mutability.is_some();
            }
            if let Part::Macro(_) = part {
                self.0 = true;
            }
            part.inside(self);
        }
    }
    let mut find = Find(false);
    find.read(Part::Pat(pattern));
    find.0
}

/// Whether a pattern binds a part of what it matches.
fn takes_apart(pattern: &Pat) -> bool {
    fn binds(pattern: &Pat) -> bool {
        struct Find(bool);
        impl Read for Find {
            fn read(&mut self, part: Part<'_>) {
                match part {
                    // A name with a capital is a constant or a variant.
                    Part::Pat(Pat::Ident(name)) => {
                        let text = name.ident.to_string();
                        self.0 |= !text.starts_with(char::is_uppercase);
                    }
                    Part::FieldPat(field) => {
                        self.0 |= field.colon_token.is_none();
                        Part::FieldPat(field).inside(self);
                    }
                    other => other.inside(self),
                }
            }
        }
        let mut find = Find(false);
        find.read(Part::Pat(pattern));
        find.0
    }
    plain_name(pattern).is_none() && binds(pattern) && !pattern.to_token_stream().is_empty()
}
