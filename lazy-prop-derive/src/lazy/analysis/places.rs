//! The host in an expression: `self` as a whole, or a place in it.

use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::{Expr, ExprField, Member, UnOp};

/// A name of the host in a body: `self`, and `this` after `let this = self;`.
#[derive(Clone)]
pub(crate) struct Name {
    pub(crate) text: String,
    /// Whether its fields can be changed through it.
    pub(crate) is_mutable: bool,
    /// Whether it owns the host, so that it is gone where it is passed on.
    pub(crate) is_owned: bool,
}

/// The names of the host.
#[derive(Clone)]
pub(crate) struct Names(pub(crate) Vec<Name>);

/// How an expression takes the whole host.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Taken {
    /// `self`
    Itself,
    /// `*self`
    Deref,
    /// `&self`, `&*self`
    Shared,
    /// `&mut self`, `&mut *self`
    Mutably,
}

/// The whole host.
pub(crate) struct Whole<'e> {
    pub(crate) name: &'e Ident,
    pub(crate) is_mutable: bool,
    is_owned: bool,
    pub(crate) taken: Taken,
}

impl Whole<'_> {
    /// Whether the name loses the host.
    pub(crate) fn is_moved(&self) -> bool {
        self.is_owned && self.taken == Taken::Itself
    }

    /// Whether the code that gets it cannot change what this body sees later.
    pub(crate) fn is_only_read(&self) -> bool {
        self.taken == Taken::Shared || self.is_moved() || !self.is_mutable
    }
}

/// A place in the host: `self.text`, `self.rows[0].cells`, `self[0]`.
pub(crate) struct Place<'e> {
    pub(crate) name: &'e Ident,
    pub(crate) is_mutable: bool,
    /// The host's field, or `None` if the host itself is indexed: `self[0]`.
    pub(crate) field: Option<&'e Member>,
}

impl Names {
    pub(crate) fn new(is_mutable: bool, is_owned: bool) -> Self {
        Self(vec![Name {
            text: "self".to_owned(),
            is_mutable,
            is_owned,
        }])
    }

    fn find(&self, name: &Ident) -> Option<&Name> {
        self.0.iter().rev().find(|known| name == &known.text)
    }

    /// The whole host, if the expression is that.
    pub(crate) fn whole<'e>(&self, expr: &'e Expr) -> Option<Whole<'e>> {
        match expr {
            Expr::Path(path) => {
                let name = path.path.get_ident()?;
                let known = self.find(name)?;
                Some(Whole {
                    name,
                    is_mutable: known.is_mutable,
                    is_owned: known.is_owned,
                    taken: Taken::Itself,
                })
            }
            Expr::Paren(inner) => self.whole(&inner.expr),
            Expr::Group(inner) => self.whole(&inner.expr),
            Expr::Reference(inner) => {
                let taken = match inner.mutability {
                    Some(_) => Taken::Mutably,
                    None => Taken::Shared,
                };
                let whole = self.whole(&inner.expr)?;
                Some(Whole { taken, ..whole })
            }
            Expr::Unary(inner) if matches!(inner.op, UnOp::Deref(_)) => {
                let whole = self.whole(&inner.expr)?;
                Some(Whole {
                    taken: Taken::Deref,
                    ..whole
                })
            }
            _ => None,
        }
    }

    /// The place in the host, if the expression is one.
    pub(crate) fn place<'e>(&self, expr: &'e Expr) -> Option<Place<'e>> {
        match expr {
            Expr::Field(ExprField { base, member, .. }) => match self.whole(base) {
                Some(whole) => Some(Place {
                    name: whole.name,
                    is_mutable: whole.is_mutable,
                    field: Some(member),
                }),
                None => self.place(base),
            },
            Expr::Index(inner) => match self.whole(&inner.expr) {
                Some(whole) => Some(Place {
                    name: whole.name,
                    is_mutable: whole.is_mutable,
                    field: None,
                }),
                None => self.place(&inner.expr),
            },
            Expr::Paren(inner) => self.place(&inner.expr),
            Expr::Group(inner) => self.place(&inner.expr),
            Expr::Unary(inner) if matches!(inner.op, UnOp::Deref(_)) => self.place(&inner.expr),
            _ => None,
        }
    }

    /// The first of the names in these tokens, with its own span, because `self` is hygienic.
    pub(crate) fn first_in(&self, tokens: TokenStream) -> Option<Ident> {
        tokens.into_iter().find_map(|token| match token {
            TokenTree::Ident(word) => self.find(&word).is_some().then_some(word),
            TokenTree::Group(group) => self.first_in(group.stream()),
            _ => None,
        })
    }

    /// Whether one of the names is in these tokens, as a word or in a format string.
    pub(crate) fn are_in(&self, tokens: &TokenStream) -> bool {
        tokens.clone().into_iter().any(|token| match token {
            TokenTree::Ident(word) => self.find(&word).is_some(),
            TokenTree::Group(group) => self.are_in(&group.stream()),
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                text.contains('{') && self.0.iter().any(|name| is_captured(&text, &name.text))
            }
            TokenTree::Punct(_) => false,
        })
    }
}

/// Whether a format string names a variable: `{name}`, `{name:?}`, `{0:name$}`.
pub(crate) fn is_captured(text: &str, name: &str) -> bool {
    let ends = |rest: &str| rest.starts_with(['}', ':', '$', '.']);
    ["{", ":", "."].iter().any(|before| {
        let pattern = format!("{before}{name}");
        text.match_indices(&pattern)
            .any(|(at, found)| ends(&text[at + found.len()..]))
    })
}
