//! Hosts inside of the host: the places that may be hosts themselves.

use quote::ToTokens;
use syn::Expr;

use crate::lazy::analysis::places::Names;
use crate::sorted::Set;
use crate::walk::{Part, Read};

/// The places that a closure uses, not only fields of them: it may read their properties.
#[derive(Clone, Default)]
pub(super) struct Used {
    places: Set<String>,
    /// It gives the host to a macro, or another name: `let this = &mut *self`.
    has_whole: bool,
}

impl Used {
    pub(super) fn by(code: &Expr, names: &Names) -> Self {
        let mut find = Find {
            names,
            used: Self::default(),
        };
        find.read(Part::Expr(code));
        find.used
    }

    /// Whether an inner host is among them, or a place that it is in.
    pub(super) fn include(&self, inner: &Expr) -> bool {
        let is_used = self.places.contains(&inner.to_token_stream().to_string());
        let outer = match inner {
            Expr::Field(field) => self.include(&field.base),
            Expr::Paren(inner) => self.include(&inner.expr),
            Expr::Group(inner) => self.include(&inner.expr),
            Expr::Unary(inner) => self.include(&inner.expr),
            _ => false,
        };
        self.has_whole || is_used || outer
    }
}

struct Find<'n> {
    names: &'n Names,
    used: Used,
}

impl Read for Find<'_> {
    fn read(&mut self, part: Part<'_>) {
        match part {
            Part::Expr(Expr::Field(field)) if self.names.whole(&field.base).is_some() => {
                self.used.places.insert(field.to_token_stream().to_string());
            }
            Part::Expr(Expr::Field(field)) if self.names.place(&field.base).is_some() => {
                // A field of a place: only the brackets in it are of interest.
                let base = field.base.to_token_stream().to_string();
                let was_used = self.used.places.contains(&base);
                self.read(Part::Expr(&field.base));
                if !was_used {
                    self.used.places.remove(&base);
                }
                let place = field.to_token_stream().to_string();
                self.used.places.insert(place);
            }
            Part::Expr(expr) if self.names.place(expr).is_some() => {
                self.used.places.insert(expr.to_token_stream().to_string());
                Part::Expr(expr).inside(self);
            }
            Part::Expr(expr) if self.names.whole(expr).is_some() => self.used.has_whole = true,
            Part::Macro(mac) => self.used.has_whole |= self.names.are_in(&mac.tokens),
            other => other.inside(self),
        }
    }
}

/// The prefixes of `place` that may themselves be hosts, such as `self.inner` of
/// `self.inner.items`, if they can be evaluated again.
pub(super) fn inner_hosts(place: &Expr) -> impl Iterator<Item = &Expr> {
    let mut hosts = Vec::new();
    let mut at = place;
    loop {
        at = match at {
            Expr::Field(field) => {
                if !matches!(&*field.base, Expr::Path(_)) && is_simple(&field.base) {
                    hosts.push(&*field.base);
                }
                &field.base
            }
            Expr::Index(inner) => &inner.expr,
            Expr::Paren(inner) => &inner.expr,
            Expr::Group(inner) => &inner.expr,
            Expr::Unary(inner) => &inner.expr,
            _ => return hosts.into_iter(),
        };
    }
}

/// Whether a place can be evaluated again: its indices are variables, fields or literals.
pub(super) fn is_simple(place: &Expr) -> bool {
    match place {
        Expr::Path(_) | Expr::Lit(_) => true,
        Expr::Field(inner) => is_simple(&inner.base),
        Expr::Index(inner) => is_simple(&inner.expr) && is_simple(&inner.index),
        Expr::Paren(inner) => is_simple(&inner.expr),
        Expr::Group(inner) => is_simple(&inner.expr),
        Expr::Binary(inner) => is_simple(&inner.left) && is_simple(&inner.right),
        Expr::Cast(inner) => is_simple(&inner.expr),
        Expr::Unary(inner) => is_simple(&inner.expr),
        _ => false,
    }
}

/// Whether a place is explicitly dereferenced: `(*self.inner).part`.
pub(super) fn is_behind_star(place: &Expr) -> bool {
    match place {
        Expr::Unary(_) => true,
        Expr::Field(inner) => is_behind_star(&inner.base),
        Expr::Index(inner) => is_behind_star(&inner.expr),
        Expr::Paren(inner) => is_behind_star(&inner.expr),
        Expr::Group(inner) => is_behind_star(&inner.expr),
        _ => false,
    }
}

/// A place of fields only, so that its type can be asked for anywhere.
pub(super) fn is_of_fields(place: &Expr) -> bool {
    match place {
        Expr::Path(_) => true,
        Expr::Field(inner) => is_of_fields(&inner.base),
        Expr::Paren(inner) => is_of_fields(&inner.expr),
        Expr::Group(inner) => is_of_fields(&inner.expr),
        Expr::Unary(inner) => is_of_fields(&inner.expr),
        _ => false,
    }
}
